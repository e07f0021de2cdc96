"""Events in a project, as its page lists them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.accounts.project import Activity, Event, edits_of
from semblance_core.domain.discussion.session_list import SessionRow
from semblance_core.domain.findings.shared_report import SharedReport
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks.stored import brief_of


def activity(
    project: Project,
    sessions: Iterable[SessionRow],
    panels: Iterable[Task],
    shared: Iterable[SharedReport],
    limit: int,
) -> list[Activity]:
    """Returns the newest events: edits of the project, its sessions, its recruiting runs, its shared reports."""
    events = [*edits_of(project), *_of_sessions(sessions), *_of_panels(panels), *_of_shared(shared)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:limit]


def _of_sessions(sessions: Iterable[SessionRow]) -> Iterator[Activity]:
    for row in sessions:
        yield Activity(row.created_at, Event.SET_UP, row.title, session_id=row.id)
        if row.messages:
            yield Activity(row.active_at, Event.DISCUSSED, row.title, session_id=row.id)


def _of_panels(panels: Iterable[Task]) -> Iterator[Activity]:
    for task in panels:
        is_done = task.state is TaskState.DONE
        at: datetime = task.finished_at if is_done and task.finished_at else task.created_at
        yield Activity(at, Event.RECRUITED if is_done else Event.RECRUITING, brief_of(task))


def _of_shared(shared: Iterable[SharedReport]) -> Iterator[Activity]:
    for report in shared:
        yield Activity(report.created_at, Event.SHARED, report.title, session_id=report.focus_group_id)
        if report.revoked_at:
            yield Activity(report.revoked_at, Event.REVOKED, report.title, session_id=report.focus_group_id)
