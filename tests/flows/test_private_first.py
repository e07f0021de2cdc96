"""Private answers: each participant writes alone before the discussion, remembers it, and no other prompt ever holds it."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.turn_taking import Heard, next_speaker
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.costs.plans import discussion_plan, private_answers
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.converse import take_turn
from semblance_core.reports.exports import transcript_jsonl
from semblance_core.reports.talk import talk
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import asked_round, discussed, finished, session

GUIDE = "## First\n- What comes to mind?\n  private:\n- And then?\n## Later\n- What would you pay?\n  private:\n"
ALONE = "each of you writes down an answer alone"
SECRET = "my very own thought of"


def name_in(asked: Asked) -> str:
    """The participant who is to speak."""
    found = re.search(r"(?:Speak|Write) now as ([^.\n]+)\.", asked.prompt)
    return found[1] if found else ""


def script(asked: Asked) -> Reply:
    if ALONE in asked.prompt:
        return Reply(
            f"It is {SECRET} {name_in(asked)}, {'pay' if 'What would you pay?' in asked.prompt.split('Under discussion')[-1] else 'mind'}."
        )
    return Reply(chatter(asked.number, 30))


def secrets_in(text: str) -> set[str]:
    return set(re.findall(rf"{SECRET} ([^,]+),", text))


def private(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.role == "private"]


def test_each_answers_alone_and_only_their_own_prompts_hold_it(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    group = session(workspace, size=4, guide=GUIDE, probing=Probing.LIGHT, turn_limit=40)
    group, messages = discussed(semblance, workspace, group.id)
    people = {person.name for person in group.participants}
    assert Counter((message.question, message.speaker) for message in private(messages)) == {
        (question, name): 1 for question in (0, 2) for name in people
    }
    assert all(message.status is MessageStatus.SAID and message.reply_to for message in private(messages))
    for question in (0, 2):
        there = [message for message in messages if message.question == question]
        assert [message.role for message in there[:5]] == ["moderator", *["private"] * 4], (
            "before anybody talks about it"
        )
    asked_alone = [asked for asked in model_server.asked if ALONE in asked.prompt]
    assert sorted(map(name_in, asked_alone)) == sorted([*people] * 2)
    for asked in model_server.asked:
        assert secrets_in(asked.prompt) <= {name_in(asked)}, (
            "no other participant's, no moderator's, no notes' prompt holds it"
        )
    replies = [asked for asked in model_server.asked if name_in(asked) and ALONE not in asked.prompt]
    assert replies
    assert all(secrets_in(asked.prompt) == {name_in(asked)} for asked in replies), "it is that participant's own memory"
    assert [message.seq for message in messages] == list(range(1, len(messages) + 1))
    assert group.reason == "guide_covered"
    measured = talk(group, messages)
    assert measured
    assert sum(floor.turns for floor in group.course.floors.values()) == sum(m.role == "persona" for m in messages)
    assert group.course.persona_turns == sum(m.role == "persona" for m in messages), "they are no turns of the talk"
    assert transcript_jsonl(messages).count('"role": "private"') == 8, "and marked in the export"


def test_themes_are_found_without_what_was_written_alone(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    group = session(workspace, size=3, guide=GUIDE, turn_limit=16)
    group, _ = discussed(semblance, workspace, group.id)
    before = len(model_server.asked)
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    assert len(model_server.asked) > before
    assert not any(SECRET in asked.prompt for asked in model_server.asked[before:])


def test_a_killed_worker_asks_nobody_twice(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    groups = semblance.store.focus_groups
    group = session(workspace, size=4, guide=GUIDE, turn_limit=20)
    assert groups.start(workspace.sessions.get(group.id), semblance.clock())
    claimed = groups.claim(group.id, lease_s=60)
    assert claimed
    asked = take_turn(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    assert asked
    assert asked.group.pending == 4
    groups._transcript_writer.wait(group.id)
    first, second, *_ = groups.pending(group.id)
    for message in (first, second):  # answered and stored, and then the worker died
        assert groups.fill(replace(message, status=MessageStatus.SAID, text=f"It is {SECRET} {message.speaker}, mind."))
    groups.claims.release(group.id, claimed.epoch)
    semblance.engine.submit("focus_group", group.id)
    semblance.engine.wait("focus_group", group.id)
    messages = workspace.sessions.messages(group.id)
    assert [message.speaker for message in private(messages) if message.question == 0] == [
        person.name for person in group.participants
    ]
    again = [
        name_in(each)
        for each in model_server.asked
        if ALONE in each.prompt and "mind?" in each.prompt.split("Under discussion")[-1]
    ]
    assert sorted(again) == sorted(person.name for person in group.participants[2:])
    late = replace(first, status=MessageStatus.SAID, text="late", epoch=claimed.epoch)
    assert not groups.fill(late), "and a worker that wakes up late writes nothing"
    assert workspace.sessions.get(group.id).reason == "guide_covered"


def test_a_question_and_its_private_answers_are_asked_for_by_one_write(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    groups = semblance.store.focus_groups
    group = session(workspace, size=3, guide=GUIDE, turn_limit=20)
    assert groups.start(workspace.sessions.get(group.id), semblance.clock())
    claimed = groups.claim(group.id, lease_s=60)
    assert claimed
    assert take_turn(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    groups._transcript_writer.wait(group.id)
    groups._messages.delete_many(
        {"focus_group_id": group.id, "seq": {"$gt": 2}}
    )  # as where the process died during the copy
    groups.claims.release(group.id, claimed.epoch)
    again = groups.claim(group.id, lease_s=60)
    assert again
    assert [message.speaker for message in groups.pending(group.id)] == [person.name for person in group.participants]
    assert {message.epoch for message in groups.pending(group.id)} == {again.epoch}


def test_a_stop_discards_private_answers_that_are_awaited(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    groups = semblance.store.focus_groups
    group = session(workspace, size=3, guide=GUIDE, turn_limit=20)
    assert groups.start(workspace.sessions.get(group.id), semblance.clock())
    claimed = groups.claim(group.id, lease_s=60)
    assert claimed
    assert take_turn(claimed, TurnContext.of(claimed, groups, semblance.gateway, semblance.clock))
    workspace.sessions.stop(group.id)
    assert {message.status for message in private(workspace.sessions.messages(group.id))} == {MessageStatus.DISCARDED}
    assert workspace.sessions.get(group.id).pending == 0


def test_a_person_who_moderates_has_them_written_first_and_said_after(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    group = session(workspace, size=3, guide=GUIDE)
    first = asked_round(semblance, workspace, group.id, "What comes to mind?")
    assert [message.role for message in first] == ["moderator", *["private"] * 3]
    second = asked_round(semblance, workspace, group.id, "What comes to mind?")
    assert [message.role for message in second] == ["moderator", *["persona"] * 3]
    for asked in model_server.asked:
        assert secrets_in(asked.prompt) <= {name_in(asked)}
    assert all(message.text for message in (*first, *second))


def test_what_was_written_alone_cannot_be_quoted_to_the_others(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    group = session(workspace, size=2, guide=GUIDE)
    wrote = private(asked_round(semblance, workspace, group.id, "What comes to mind?"))[0]
    with pytest.raises(InvalidInput, match=f"{wrote.speaker} wrote message {wrote.seq} alone"):
        workspace.sessions.post(group.id, "What do you others think of this?", quote=wrote.seq)


def test_the_sessions_switch_asks_for_it_at_every_question_and_the_estimate_counts_it(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = script
    plain = session(workspace, size=3, guide="- One thing?\n- Another?\n", turn_limit=16)
    group = session(workspace, size=3, guide="- One thing?\n- Another?\n", turn_limit=16, private_first=True)
    assert private_answers(group) == 6
    (without, *_), (planned, *_) = (discussion_plan(each, semblance.gateway) for each in (plain, group))
    assert (planned.least - without.least, planned.most - without.most) == (6, 6)
    _, messages = discussed(semblance, workspace, group.id)
    assert Counter(message.question for message in private(messages)) == {0: 3, 1: 3}


def test_who_speaks_first_is_drawn_alike() -> None:
    from tests.conversation.test_turn_taking import group_of, under

    group: FocusGroup = replace(group_of([90, 10, 10, 10]), guide=parse_guide("- Why?\n  private:\n"))
    group = replace(group, course=replace(group.course, question=0))
    rng = random.Random(3)
    first = Counter(next_speaker(group, Heard(), rng) for _ in range(2_000))
    assert all(400 < first[one] < 600 for one in "ABCD")
    later = Counter(next_speaker(under(group, 0, 1), Heard(), rng) for _ in range(2_000))
    assert later["A"] > 600


@pytest.mark.parametrize("course", [DiscussionState(), DiscussionState(question=7)])
def test_no_question_outside_the_guide_is_answered_alone(course: DiscussionState) -> None:
    from tests.conversation.test_turn_taking import group_of

    group = replace(group_of([50] * 3), private_first=True, course=course)
    assert not group.answered_alone(course.question)
