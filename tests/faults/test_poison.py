"""Work that ends whoever works on it, as a memory limit does: after three workers in a row it fails, in words."""

from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.faults.conftest import assert_whole, calls_on_record
from tests.scripted_server import Asked, Reply, ScriptedServer, sensible
from tests.studies import eventually, session
from tests.zygote import Zygote, kill

WORDS = "Its worker ended three times in a row"
HANGING = 5
"""Calls under way when a worker is killed: one of the discussion, two of the round, two of the panel."""


class Hangs:
    """Answers neither in a discussion nor what personas are written, and one of three in a round, until it is told to."""

    def __init__(self) -> None:
        self.answers = False
        self.hanging = 0

    def __call__(self, asked: Asked) -> Reply:
        in_the_round = "About tea" not in asked.prompt
        if self.answers or asked.feature == "recruit_sketch" or (in_the_round and "Speak now as Ben" in asked.prompt):
            return sensible(asked)
        self.hanging += 1
        return Reply("Too late.", delay_s=600.0)


def test_work_that_kills_three_workers_in_a_row_fails_in_words_and_can_be_begun_again(
    zygote: Zygote,
    elsewhere: dict[str, Any],
    onlooker: tuple[Semblance, Workspace],
    model_server: ScriptedServer,
) -> None:
    semblance, workspace = onlooker
    model_server.script = hangs = Hangs()
    talk = session(workspace, size=2, guide="- What do you drink?", turn_limit=6, topic="About tea")
    workspace.sessions.start(talk.id)
    asked = session(workspace, size=3)
    workspace.sessions.post(asked.id, "What do you drink?")
    panel = workspace.personas.recruit(workspace.projects.create("Panel").id, "Anybody", 2)

    def nothing_under_way() -> bool:
        busy = any(workspace.sessions.get(group_id).is_busy for group_id in (talk.id, asked.id))
        # Nothing new begins between the two writes of a stop; a person is told to try again.
        stopping = semblance.connection.database["focus_groups"].count_documents({"stop_unfinished": {"$exists": True}})
        return not busy and not stopping and workspace.tasks.get(panel.id).state.is_over

    def all_hang(tries: int) -> bool:
        first_reply = workspace.sessions.messages(asked.id, first=2)
        return hangs.hanging == tries * HANGING and any(each.status is MessageStatus.SAID for each in first_reply)

    for tries in (1, 2, 3):
        worker = zygote.start(elsewhere)
        eventually(lambda tries=tries: all_hang(tries), within_s=60)
        assert not nothing_under_way()
        kill(worker)
    zygote.start(elsewhere)
    eventually(nothing_under_way, within_s=30)

    assert hangs.hanging == 3 * HANGING, "and not once more"
    for group_id in (talk.id, asked.id):
        stopped = workspace.sessions.get(group_id)
        assert (stopped.state, stopped.reason) == (FocusGroupState.MODERATED, "failed")
        assert WORDS in stopped.reason_in_words
    replies = workspace.sessions.messages(asked.id, first=2)
    assert [each.speaker for each in replies if each.status is MessageStatus.SAID] == ["Ben Cole"]
    failed = [each for each in replies if each.status is MessageStatus.FAILED]
    assert len(failed) == 2
    assert all(WORDS in each.error for each in failed)
    over = workspace.tasks.get(panel.id)
    assert over.state is TaskState.FAILED
    assert WORDS in over.error
    assert len(model_server.asked) <= len(calls_on_record(semblance)), "what was held for them is charged"

    hangs.answers = True
    for each in failed:
        workspace.sessions.retry(asked.id, each.seq)
        eventually(nothing_under_way, within_s=30)
    assert {each.status for each in workspace.sessions.messages(asked.id)} == {MessageStatus.SAID}
    workspace.sessions.start(talk.id)
    workspace.tasks.rerun(panel.id)
    eventually(nothing_under_way, within_s=30)
    assert workspace.tasks.get(panel.id).state is TaskState.DONE
    assert len(workspace.personas.of_project(panel.project_id)) == 2
    talked = workspace.sessions.get(talk.id)
    assert talked.reason != "failed"
    assert_whole(talked, workspace.sessions.messages(talk.id))
    eventually(lambda: semblance.store.reconciliation.check().differences == (), within_s=10)
