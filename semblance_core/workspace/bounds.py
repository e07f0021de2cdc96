"""Bounds on the open work of one account, whoever begins it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import ATTACH
from semblance_core.workspace.context import OperationContext

RECRUIT = "recruit"
DOING = {
    RECRUIT: "recruiting",
    "analyse": "finding themes",
    "analyse_interviews": "finding themes in interviews",
    "code_session": "coding a session",
    "suggest": "suggesting follow-ups",
    ATTACH: "reading files",
    "example": "making an example",
    "survey": "asking a survey",
    "ballot": "putting a ballot",
}


@contextmanager
def room_for_task(context: OperationContext, owner_id: str, kind: str, exclusive: str = "") -> Iterator[None]:
    """For one more task in a project of this owner that is begun inside; raises `Conflict` in words where as many as may be are open already."""
    panels = context.settings.open_panels if kind == RECRUIT else 0
    tasks = context.settings.open_tasks
    if not panels and not tasks:
        yield
        return
    with context.store.open_work.one_at_a_time(owner_id):
        if exclusive and context.store.tasks.doing(exclusive):
            yield  # another click was quicker, and nothing is begun
            return
        projects = [project.id for project in context.store.projects.of_owner(owner_id)]
        kinds = Counter(context.store.open_work.tasks(projects))
        if panels and kinds[RECRUIT] >= panels:
            raise Conflict(
                f"{_count(kinds[RECRUIT], 'panel is', 'panels are')} being recruited already, and at most {panels:,} of one "
                "account are at once. Wait until one is done, or cancel one on Home."
            )
        if tasks and kinds.total() >= tasks:
            doing = ", ".join(f"{DOING.get(kind, kind)}: {count:,}" for kind, count in kinds.most_common())
            raise Conflict(
                f"{_count(kinds.total(), 'task is', 'tasks are')} under way already ({doing}), and at most {tasks:,} of one "
                "account are at once. Wait until one is done, or cancel one on Home."
            )
        yield


@contextmanager
def room_for_session(context: OperationContext, group: FocusGroup) -> Iterator[None]:
    """For the session to begin to run inside, or to be answered in; raises `Conflict` where as many as may run do already."""
    most = context.settings.running_sessions
    if not most:
        yield
        return
    with context.store.open_work.one_at_a_time(group.owner_id):
        running = context.store.open_work.sessions(group.owner_id, besides=group.id)
        if running >= most:
            raise Conflict(
                f"{_count(running, 'session is', 'sessions are')} running already, and at most {most:,} of one account do at "
                "once. Wait until one is over, or pause or stop one."
            )
        yield


@contextmanager
def room_for_sessions(context: OperationContext, owner_id: str, number: int) -> Iterator[Callable[[], None]]:
    """For several sessions to begin to run inside, while nothing else of this account is begun.

    Hands over a check that raises `Conflict` in words where so many more may not run.
    """
    most = context.settings.running_sessions

    def check() -> None:
        running = context.store.open_work.sessions(owner_id, besides="") if most and number else 0
        if most and running + number > most:
            raise Conflict(
                f"{_count(running, 'session is', 'sessions are')} running already, and at most {most:,} of one account do "
                f"at once, so {number:,} more cannot begin. Wait until some are over, or stop some, or choose fewer people."
            )

    with context.store.open_work.one_at_a_time(owner_id):
        yield check


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
