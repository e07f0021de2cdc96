"""Themes that are found by themselves once a session ends: once for a transcript, whoever dies when."""

from collections.abc import Callable

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.sweep import Sweeper
from semblance_core.flows.themes_at_end import begin_themes
from semblance_core.workspace import Workspace
from tests.studies import asked_round, discussed, finished, session


@pytest.fixture
def swept(semblance: Semblance) -> Callable[[], None]:
    """One look of the sweeper, by the engine of the test."""
    sweeper = Sweeper(semblance.engine.worker, semblance.engine.submit, every_s=3_600)
    return sweeper._find_themes


def analyses(semblance: Semblance, group: FocusGroup) -> list[Task]:
    return list(semblance.store.tasks.of_session("analyse", group.id))


def wanted(workspace: Workspace, semblance: Semblance) -> FocusGroup:
    group = session(workspace, size=2)
    workspace.findings.at_end(group.id, True)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    return group


def test_themes_are_found_once_a_session_ends_and_not_before(
    semblance: Semblance, workspace: Workspace, swept: Callable[[], None]
) -> None:
    group = wanted(workspace, semblance)
    swept()
    assert analyses(semblance, group) == []
    workspace.sessions.end(group.id)
    swept()
    (task,) = analyses(semblance, group)
    assert finished(semblance, workspace, task).state is TaskState.DONE
    found = workspace.findings.get(group.id)
    assert found
    assert found.through_seq == 3
    for _ in range(2):
        swept()
    assert len(analyses(semblance, group)) == 1


def test_a_discussion_whose_guide_is_covered_counts_and_one_that_goes_on_is_read_again_when_it_ends(
    semblance: Semblance, workspace: Workspace, swept: Callable[[], None]
) -> None:
    group = session(workspace, size=2, guide="- What do you drink?", turn_limit=6)
    workspace.findings.at_end(group.id, True)
    ended, _ = discussed(semblance, workspace, group.id)
    swept()
    (first,) = analyses(semblance, group)
    finished(semblance, workspace, first)
    asked_round(semblance, workspace, group.id, "Anything else?")
    swept()
    assert len(analyses(semblance, group)) == 1
    workspace.sessions.end(group.id)
    swept()
    second, again = analyses(semblance, group)
    assert again.id == first.id
    finished(semblance, workspace, second)
    found = workspace.findings.get(group.id)
    assert found
    assert found.through_seq == ended.next_seq + 2


def test_nothing_is_begun_where_nobody_asked_or_it_was_taken_back(
    semblance: Semblance, workspace: Workspace, swept: Callable[[], None]
) -> None:
    groups = [session(workspace, size=2), wanted(workspace, semblance)]
    asked_round(semblance, workspace, groups[0].id, "What do you drink?")
    workspace.findings.at_end(groups[1].id, False)
    for group in groups:
        workspace.sessions.end(group.id)
    swept()
    assert [analyses(semblance, group) for group in groups] == [[], []]


@pytest.mark.parametrize("dies_before", ["add", "begun"])
def test_a_process_that_dies_in_between_begins_none_twice_and_loses_none(
    semblance: Semblance,
    workspace: Workspace,
    swept: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    dies_before: str,
) -> None:
    group = wanted(workspace, semblance)
    workspace.sessions.end(group.id)

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    where = semblance.store.tasks if dies_before == "add" else semblance.store.themes_due
    with monkeypatch.context() as dying:
        dying.setattr(type(where), dies_before, die)
        with pytest.raises(Killed):
            begin_themes(semblance.store, semblance.clock)
    assert len(analyses(semblance, group)) == (0 if dies_before == "add" else 1)
    swept()
    (task,) = analyses(semblance, group)
    semblance.engine.submit("task", task.id)
    finished(semblance, workspace, task)
    swept()
    assert [each.state for each in analyses(semblance, group)] == [TaskState.DONE]


def test_an_analysis_that_a_person_made_of_the_whole_transcript_counts(
    semblance: Semblance, workspace: Workspace, swept: Callable[[], None]
) -> None:
    group = wanted(workspace, semblance)
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    workspace.sessions.end(group.id)
    swept()
    assert len(analyses(semblance, group)) == 1


def test_a_task_that_is_done_already_is_found_by_its_id(
    semblance: Semblance, workspace: Workspace, swept: Callable[[], None]
) -> None:
    """Two processes may look at the same moment, and one of them may be so late that the other's task is done."""
    group = wanted(workspace, semblance)
    workspace.sessions.end(group.id)
    swept()
    (task,) = analyses(semblance, group)
    done = finished(semblance, workspace, task)
    assert semblance.store.tasks.add(task).state is done.state is TaskState.DONE
