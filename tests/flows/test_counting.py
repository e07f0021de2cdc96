"""What a session's course counts of participants' turns: each once, whoever answered, however often it was asked for."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.turn_policy import Turn, after_reply, recounted
from semblance_core.domain.discussion.discussion_state import DiscussionState, SpeakerStats
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.flows.discussion.moderate import post
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.flows.test_agenda import NOW
from tests.scripted_server import Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, discussed, session

WORDS = 20


def turns_of(messages: list[Message]) -> list[Turn]:
    return [
        Turn(each.seq, each.persona_id, each.question, len(each.text.split()), each.status is MessageStatus.SAID)
        for each in messages
        if each.persona_id and each.status in (MessageStatus.SAID, MessageStatus.FAILED)
    ]


def assert_counted_once(workspace: Workspace, group: FocusGroup) -> DiscussionState:
    """Fails unless the course is what the messages tell."""
    course = workspace.sessions.get(group.id).course
    spoken = turns_of(workspace.sessions.messages(group.id))
    assert course.persona_turns == len(spoken)
    assert course.question_turns == sum(turn.question == course.question for turn in spoken)
    assert course.speakers == tuple(turn.persona_id for turn in spoken[-40:])
    words = {turn.persona_id: 0 for turn in spoken}
    for turn in spoken:
        words[turn.persona_id] += turn.words
    assert {key: floor.words for key, floor in course.floors.items()} == words
    return course


def test_a_failed_turn_that_is_asked_for_again_counts_once(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: (
        Reply("down", status=400) if asked.number == 1 else Reply(chatter(asked.number, WORDS))
    )
    group = session(workspace, turn_limit=12)
    discussed(semblance, workspace, group.id)
    (failed,) = [message for message in workspace.sessions.messages(group.id) if message.status is MessageStatus.FAILED]
    before = assert_counted_once(workspace, group)
    workspace.sessions.retry(group.id, failed.seq)
    semblance.engine.wait("focus_group", group.id)
    after = assert_counted_once(workspace, group)
    assert (after.persona_turns, after.question_turns, after.speakers) == (
        *(before.persona_turns, before.question_turns, before.speakers),
    )
    assert after.failures_in_a_row == 0
    assert sum(floor.words for floor in after.floors.values()) == WORDS * after.persona_turns


def test_a_reply_that_fails_twice_and_is_then_given_counts_once(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1)
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    model_server.script = lambda asked: Reply("down", status=500)
    failed = asked_round(semblance, workspace, group.id, "Well?")[1]
    for script in (lambda asked: Reply("down", status=500), sensible):
        model_server.script = script
        workspace.sessions.retry(group.id, failed.seq)
        semblance.engine.wait("focus_group", group.id)
        assert assert_counted_once(workspace, group).persona_turns == 2


def test_who_answered_before_a_worker_died_is_counted_by_the_next(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    groups = semblance.store.focus_groups
    group = session(workspace, 3)
    group = post(group, semblance.store.users.get("user"), "Well?", None, groups, semblance.clock())
    claimed = groups.claim(group.id, 0.0)
    assert claimed
    first = next(message for message in groups.messages(group.id) if message.status is MessageStatus.PENDING)
    said = replace(first, status=MessageStatus.SAID, text="one two three four", epoch=claimed.epoch)
    assert groups.fill(said)  # and then its worker died
    model_server.script = lambda asked: Reply("five six")
    semblance.engine.worker.run("focus_group", group.id)
    course = assert_counted_once(workspace, group)
    assert sorted(floor.words for floor in course.floors.values()) == [2, 2, 4]


def test_who_answered_before_a_round_was_stopped_is_counted(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    groups = semblance.store.focus_groups
    group = session(workspace, 3)
    group = post(group, semblance.store.users.get("user"), "Well?", None, groups, semblance.clock())
    claimed = groups.claim(group.id, 60.0)
    assert claimed
    first = next(message for message in groups.messages(group.id) if message.status is MessageStatus.PENDING)
    assert groups.fill(replace(first, status=MessageStatus.SAID, text="one two three", epoch=claimed.epoch))
    sessions = semblance.connection.database["focus_groups"]
    sessions.update_one({"_id": group.id}, {"$set": {"course.of_a_newer_one": 1}})
    workspace.sessions.stop(group.id)
    found = sessions.find_one({"_id": group.id})
    assert found is not None
    assert found["course"]["of_a_newer_one"] == 1
    course = assert_counted_once(workspace, group)
    assert (course.persona_turns, [floor.words for floor in course.floors.values()]) == (1, [3])
    assert workspace.sessions.get(group.id).pending == 0


def test_a_session_whose_turns_were_counted_twice_before_is_right_after_its_next_round(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "Well?")
    twice = {"course.persona_turns": 4, "course.question_turns": 4, "course.speakers": ["persona-0", "persona-1"] * 2}
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": twice})
    asked_round(semblance, workspace, group.id, "And now?")
    assert assert_counted_once(workspace, group).persona_turns == 4


def test_a_question_put_by_a_person_starts_with_no_answers_of_the_one_before(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, 2)
    first, second, _ = group.guide.questions
    asked_round(semblance, workspace, group.id, first)
    assert assert_counted_once(workspace, group).question_turns == 2
    asked_round(semblance, workspace, group.id, second)
    assert assert_counted_once(workspace, group).question_turns == 2


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 30)), max_size=60))
def test_counting_turn_by_turn_and_counting_all_again_come_to_the_same(drawn: list[tuple[int, bool, int]]) -> None:
    course = DiscussionState(question=0)
    turns = []
    for seq, (who, said, words) in enumerate(drawn, start=1):
        status = MessageStatus.SAID if said else MessageStatus.FAILED
        text = "word " * words if said else ""
        message = Message("g", seq, "persona", "Maya", text, status, "reply", NOW, f"persona-{who}", question=0)
        course = after_reply(course, message)
        turns.append(Turn(seq, f"persona-{who}", 0, words if said else 0, said))
    assert recounted(replace(course, persona_turns=99, floors={"x": SpeakerStats()}), turns) == course
