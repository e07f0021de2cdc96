"""Nothing is added to what is gone, and what a frozen worker brings late is swept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import NotFound
from semblance_core.domain.task import ATTACH, Task
from semblance_core.flows.delete import finish_deletions
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.flows.deleting import SECRET, before_the_next_write, counts, holding, talked
from tests.studies import found_themes, panel, session

pytestmark = pytest.mark.usefixtures("secret_answers")


def late(semblance: Semblance, group: FocusGroup) -> dict[str, Callable[[], object]]:
    """What a worker or another window may add to a session or project that is gone."""
    store, now = semblance.store, semblance.clock()
    request = {"focus_group_id": group.id, "files": [{"name": SECRET}]}
    findings = found_themes(semblance, group, [])
    return {
        "themes": lambda: store.themes.add(findings, new_id()),
        "an edit": lambda: store.themes.add_version(findings),
        "a task of the session": lambda: store.tasks.add(Task(new_id(), ATTACH, "user", "", request, now)),
        "a task of the project": lambda: store.tasks.add(Task(new_id(), "recruit", "user", group.project_id, {}, now)),
        "personas": lambda: store.personas.add(group.project_id, panel(2), now),
        "a session": lambda: semblance.workspace("user").sessions.duplicate(group.id),
    }


LATE = ("themes", "an edit", "a task of the session", "a task of the project", "personas", "a session")


@pytest.mark.parametrize("what", LATE)
@pytest.mark.parametrize("meanwhile", [False, True])
def test_nothing_is_added_to_what_is_gone(
    semblance: Semblance, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, what: str, meanwhile: bool
) -> None:
    """meanwhile: it goes right before the write, so that only a look after it can tell."""
    group = session(workspace)
    add = late(semblance, group)[what]
    delete = lambda: workspace.projects.delete(group.project_id)  # noqa: E731
    if meanwhile:
        before_the_next_write(monkeypatch, delete)
    else:
        delete()
    with pytest.raises(NotFound):
        add()
    assert counts(semblance) == {}


def test_what_a_frozen_worker_brings_late_is_swept(semblance: Semblance, workspace: Workspace) -> None:
    group = talked(semblance, workspace)
    database = semblance.connection.database
    message = database["focus_group_messages"].find_one({"focus_group_id": group.id, "seq": 2})
    workspace.sessions.delete(group.id)
    now, offset = semblance.clock, [timedelta()]
    for passed in (timedelta(minutes=1), timedelta(minutes=20), timedelta(days=2)):
        database["focus_group_messages"].insert_one(message)
        offset[0] += passed
        finish_deletions(semblance.store, lambda: now() + offset[0])
        assert holding(semblance, SECRET) == []
    assert database["deletions"].count_documents({}) == 0
