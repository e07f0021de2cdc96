"""The parts of a design with their states, as the store has them now."""

from decimal import Decimal

from semblance_core.domain.designs.design import Cell, Design, Part, PartKind, PartState
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.reasons import BY_PERSON
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.flows.themes_at_end import themes_id
from semblance_core.store.store import Store

OVER = {"guide_covered", "turn_limit", "no_new_codes", "goodbyes", "repetition"}
"""Reasons with which a discussion has come to its end, whatever its state."""


def parts_of(design: Design, store: Store) -> list[Part]:
    """Panels first, then run by run and arm by arm."""
    sessions = store.designs.sessions(design)
    ended = {group.id: themes_id(group) for group in sessions.values() if is_over(group)}
    tasks = store.designs.tasks(design, tuple(ended.values()))
    found = [_panel(place, design, tasks) for place in range(len(design.panels))]
    for place, cell in enumerate(design.cells):
        if cell.before_id:
            found.append(_of_task(PartKind.BEFORE, place, cell.before_id, tasks.get(cell.before_id)))
        if cell.session_id:
            found.append(_discussion(place, cell, sessions.get(cell.session_id)))
            themes = ended.get(cell.session_id, "")
            found.append(_of_task(PartKind.THEMES, place, themes, tasks.get(themes)))
        if cell.after_id:
            found.append(_of_task(PartKind.AFTER, place, cell.after_id, tasks.get(cell.after_id)))
    return found


def is_over(group: FocusGroup) -> bool:
    """Returns whether a discussion has come to its end by itself, or a person ended it."""
    return group.next_seq > 1 and not group.is_busy and (group.state is FocusGroupState.ENDED or group.reason in OVER)


def _panel(place: int, design: Design, tasks: dict[str, Task]) -> Part:
    panel = design.panels[place]
    if panel.persona_ids:
        return Part(PartKind.PANEL, place, "", PartState.DONE, done=panel.size, total=panel.size)
    return _of_task(PartKind.PANEL, place, panel.task_id, tasks.get(panel.task_id))


def _of_task(kind: PartKind, place: int, task_id: str, task: Task | None) -> Part:
    if task is None:
        return Part(kind, place, task_id, PartState.WAITING)
    states = {
        TaskState.DONE: PartState.DONE,
        TaskState.FAILED: PartState.STOPPED,
        TaskState.CANCELLED: PartState.STOPPED,
    }
    words = task.error or ("Cancelled by a person." if task.state is TaskState.CANCELLED else "")
    state = states.get(task.state, PartState.RUNNING)
    return Part(kind, place, task.id, state, words, task.done, task.total, _expected(task.estimate))


def _discussion(place: int, cell: Cell, group: FocusGroup | None) -> Part:
    about = (PartKind.DISCUSSION, place, cell.session_id)
    if group is None:
        return Part(*about, PartState.GONE, "The session was deleted.")
    if group.is_busy or group.is_waiting:
        return Part(*about, PartState.RUNNING, group.reason_in_words, group.next_seq - 1, 0, _expected(group.estimate))
    if is_over(group):
        return Part(*about, PartState.DONE, group.reason_in_words, group.next_seq - 1, 0, _expected(group.estimate))
    if group.state is FocusGroupState.DRAFT or (
        group.next_seq == 1 and group.reason not in BY_PERSON and not group.reason
    ):
        return Part(*about, PartState.WAITING)
    return Part(*about, PartState.STOPPED, group.reason_in_words, group.next_seq - 1, 0, _expected(group.estimate))


def _expected(estimate: Estimate | None) -> Decimal | None:
    return estimate.p50_usd if estimate else None
