"""Stimuli at questions: shown with their question and not before, kept through stops and copies, rotated where asked."""

from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.flows.discussion.moderate import post
from semblance_core.reports.report import method_card, report_markdown
from semblance_core.workspace import Workspace, config_of
from tests.flows.test_converse import is_reply
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import asked_round, discussed, eventually, session

GUIDE = """## Warm-up
- When did you last buy oat milk?

## Concepts
- What comes to mind?
  show: concept a
- What comes to mind?
  show: Concept B.txt

## Close
- Anything else?
"""
ALPHA, BETA, FREE = "alphaword", "betaword", "freeword"


def with_files(workspace: Workspace, group: FocusGroup) -> FocusGroup:
    for name, word in (("Concept A.txt", ALPHA), ("Concept B.txt", BETA), ("Leaflet.txt", FREE)):
        workspace.stimuli.attach(group.id, name, f"It says {word}.".encode())
    return workspace.sessions.get(group.id)


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return with_files(workspace, session(workspace, guide=GUIDE, turn_limit=16))


def seen(asked: Asked) -> set[str]:
    return {word for word in (ALPHA, BETA, FREE) if word in asked.prompt}


def asked_and_seen(
    semblance: Semblance, workspace: Workspace, server: ScriptedServer, group: FocusGroup, text: str, **how: object
) -> tuple[Message, list[set[str]]]:
    """The moderator's message, and what each prompt of its round holds."""
    before = len(server.asked)
    message = asked_round(semblance, workspace, group.id, text, **how)[0]
    return message, [seen(asked) for asked in server.asked[before:]]


def test_each_comes_with_its_question_and_stays_for_all_that_follows(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    warm_up, concept, again, close = group.guide.questions
    told = []
    for text in (warm_up, concept, again, close):
        message, prompts = asked_and_seen(semblance, workspace, model_server, group, text)
        told.append((message.question, message.stimuli, *prompts))
    all_three = {FREE, ALPHA, BETA}
    assert told == [
        (0, ("Leaflet.txt",), {FREE}, {FREE}, {FREE}),
        (1, ("Concept A.txt",), *[{FREE, ALPHA}] * 3),
        (2, ("Concept B.txt",), *[all_three] * 3),
        (3, (), *[all_three] * 3),
    ]
    assert not any("show:" in asked.prompt or "Concept B.txt" in asked.prompt for asked in model_server.asked[:6])


def test_a_question_in_other_words_shows_it_when_it_is_said_to_be_that_one(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    message, prompts = asked_and_seen(semblance, workspace, model_server, group, "Tell me of it.")
    assert (message.question, message.stimuli, prompts[0]) == (None, ("Leaflet.txt",), {FREE})
    message, prompts = asked_and_seen(semblance, workspace, model_server, group, "And of this?", question=2)
    assert (message.question, message.stimuli, prompts[0]) == (2, ("Concept B.txt",), {FREE, BETA})
    with pytest.raises(InvalidInput, match="no question 5"):
        workspace.sessions.post(group.id, "And?", question=4)


def test_a_skipped_question_shows_nothing_and_one_that_is_put_twice_shows_it_once(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    *_, close = group.guide.questions
    _, prompts = asked_and_seen(semblance, workspace, model_server, group, close)
    assert prompts[0] == {FREE}
    for shows in (("Concept A.txt",), ()):
        message, prompts = asked_and_seen(semblance, workspace, model_server, group, "Well?", question=1)
        assert (message.stimuli, prompts[0]) == (shows, {FREE, ALPHA})


def test_one_is_brought_forward_to_be_shown_with_whatever_is_asked_next(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    a, b, free = (asset.id for asset in workspace.stimuli.of_session(group.id))
    with pytest.raises(InvalidInput, match="not being moderated"):
        workspace.stimuli.show_next(a)  # nothing was asked yet: the guide can be changed
    asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[0])
    workspace.stimuli.show_next(b)
    for asset_id in (b, free):
        with pytest.raises(InvalidInput, match="with the next question already, or was shown"):
            workspace.stimuli.show_next(asset_id)
    message, prompts = asked_and_seen(semblance, workspace, model_server, group, "What of this?")
    assert (message.stimuli, prompts[0]) == (("Concept B.txt",), {FREE, BETA})
    assert asked_and_seen(semblance, workspace, model_server, group, "Then?", question=2)[0].stimuli == ()
    assert asked_and_seen(semblance, workspace, model_server, group, "And?", question=1)[0].stimuli == (
        "Concept A.txt",
    )


def test_a_message_that_was_written_when_one_was_brought_forward_is_not_sent_without_it(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    asked_round(semblance, workspace, group.id, group.guide.questions[0])
    read, author = workspace.sessions.get(group.id), semblance.store.users.get("user")
    workspace.stimuli.show_next(workspace.stimuli.of_session(group.id)[2].id)
    with pytest.raises(Conflict, match="Somebody else"):
        post(read, author, "What of this?", None, semblance.store.focus_groups, semblance.clock())


def test_a_question_that_waited_brings_its_own_when_it_is_asked(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.latency_s = 0.3
    workspace.sessions.post(group.id, group.guide.questions[0])
    workspace.sessions.post(group.id, "In my own words?", question=1, queues=True)
    eventually(lambda: not workspace.sessions.get(group.id).is_busy, within_s=30)
    asked = [message for message in workspace.sessions.messages(group.id) if message.role == "moderator"]
    assert [(message.question, message.stimuli) for message in asked] == [
        (0, ("Leaflet.txt",)),
        (1, ("Concept A.txt",)),
    ]


def test_a_reply_that_is_asked_for_again_sees_what_it_was_asked_about_and_no_more(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.script = lambda _: Reply(status=400)
    failed = asked_round(semblance, workspace, group.id, "Hello?", to=["persona-0"])[1]
    model_server.script = lambda asked: Reply(f"I buy it now and then, number {asked.number}.")
    asked_and_seen(semblance, workspace, model_server, group, "Well?", question=1, to=["persona-1"])
    before = len(model_server.asked)
    workspace.sessions.retry(group.id, failed.seq)
    semblance.engine.wait("focus_group", group.id)
    assert [seen(asked) for asked in model_server.asked[before:]] == [{FREE}]
    _, prompts = asked_and_seen(semblance, workspace, model_server, group, "And now?", to=["persona-0"])
    assert prompts == [{FREE, ALPHA}]


def test_a_discussion_that_runs_by_itself_shows_each_with_its_question(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    _, messages = discussed(semblance, workspace, group.id)
    told = [(message.question, message.stimuli) for message in messages if message.stimuli]
    assert told == [(0, ("Leaflet.txt",)), (1, ("Concept A.txt",)), (2, ("Concept B.txt",))]
    at = {message.question: message.seq for message in messages if message.role == "moderator"}
    replies = [message for message in messages if message.role == "persona"]
    prompts = [asked for asked in model_server.asked if is_reply(asked)]
    for message, asked in zip(replies, prompts, strict=True):
        wanted = {FREE} | ({ALPHA} if message.seq > at[1] else set()) | ({BETA} if message.seq > at[2] else set())
        assert seen(asked) == wanted
    moderating = [asked for asked in model_server.asked if not is_reply(asked)]
    assert not any(word in asked.prompt for asked in moderating for word in ("concept a", "show:"))
    linked = [message.question for message in messages if message.role == "moderator" and message.model]
    at_hand = [{FREE}, {ALPHA}, {BETA}]
    assert linked
    assert [seen(asked) for asked in moderating] == [at_hand[(question or 0) - 1] for question in linked]


def test_a_session_that_is_stopped_goes_on_with_what_it_has_not_shown(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[0])
    asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[1])
    workspace.stimuli.attach(group.id, "Late.txt", b"It came late.")
    _, messages = discussed(semblance, workspace, group.id)
    told = [(message.question, message.stimuli) for message in messages if message.stimuli]
    assert told[2:] == [(2, ("Late.txt", "Concept B.txt"))]
    now = workspace.sessions.get(group.id)
    names = [asset.name for asset in workspace.stimuli.of_session(group.id)]
    assert (names, now.course.stimuli_shown) == (["Leaflet.txt", "Concept A.txt", "Late.txt", "Concept B.txt"], 4)


@pytest.mark.parametrize(
    ("shows", "words"),
    [
        (["Concept C"], "Question 1 shows “Concept C”, but no stimulus has this name"),
        (["Pack"], "Question 1 shows “Pack”, which may be “Pack.txt” or “Pack.md”"),
        (["Concept A", "concept a.TXT"], "Question 1 shows “Concept A.txt” twice"),
    ],
)
def test_a_name_that_does_not_mean_one_stimulus_is_said_before_anybody_is_asked(
    workspace: Workspace, model_server: ScriptedServer, shows: list[str], words: str
) -> None:
    guide = "- Well?\n" + "".join(f"  show: {name}\n" for name in shows)
    group = with_files(workspace, session(workspace, guide=guide))
    workspace.stimuli.attach(group.id, "Pack.txt", b"One.")
    workspace.stimuli.attach(group.id, "Pack.md", b"Two.")
    assert words in workspace.stimuli.plan(group.id)[1][0]
    for begin in (lambda: workspace.sessions.post(group.id, "Hello?"), lambda: workspace.sessions.start(group.id)):
        with pytest.raises(InvalidInput, match=words):
            begin()
    assert not model_server.asked
    assert workspace.sessions.get(group.id).next_seq == 1


def test_one_that_two_questions_show_is_said(workspace: Workspace) -> None:
    group = with_files(workspace, session(workspace, guide=GUIDE + "  show: CONCEPT B\n"))
    assert "Questions 3 and 4 both show “Concept B.txt”" in workspace.stimuli.plan(group.id)[1][0]


def test_one_that_is_taken_away_after_the_start_is_not_shown_and_keeps_nobody_from_asking(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[0])
    removed = next(asset for asset in workspace.stimuli.of_session(group.id) if asset.name == "Concept A.txt")
    workspace.stimuli.remove(removed.id)
    message, prompts = asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[1])
    assert (message.stimuli, prompts[0]) == ((), {FREE})
    message, prompts = asked_and_seen(semblance, workspace, model_server, group, group.guide.questions[2])
    assert (message.stimuli, prompts[0]) == (("Concept B.txt",), {FREE, BETA})


def test_one_that_is_taken_away_before_the_start_is_said(workspace: Workspace, group: FocusGroup) -> None:
    workspace.stimuli.remove(workspace.stimuli.of_session(group.id)[0].id)
    with pytest.raises(InvalidInput, match="no stimulus has this name"):
        workspace.sessions.start(group.id)
    workspace.stimuli.attach(group.id, "Concept A.md", b"Another file.")
    assert workspace.stimuli.plan(group.id)[1] == ()


def test_a_duplicate_shows_the_same_at_the_same_questions(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    discussed(semblance, workspace, group.id)
    copied = workspace.sessions.duplicate(group.id)
    assert copied.guide == group.guide
    assert copied.stimulus_plan is None
    plan, problems = workspace.stimuli.plan(copied.id)
    assert ([(each.question, each.name) for each in plan.placed], problems) == (
        [(1, "Concept A.txt"), (2, "Concept B.txt")],
        (),
    )
    assert not {each.asset_id for each in plan.placed} & set(group.stimuli)
    ws_copy = workspace.projects.duplicate(group.project_id).project
    assert workspace.sessions.of_project(ws_copy.id)[0].guide == group.guide


def test_groups_of_a_project_are_shown_them_in_turn_and_the_order_is_on_record(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    guide = parse_guide(
        GUIDE.replace("- Anything else?", "- Anything else?\n  show: Leaflet").replace("## Close\n", "")
    )
    workspace.sessions.change(group.id, replace(config_of(group), guide=guide, rotate_stimuli=True))
    second = workspace.sessions.duplicate(group.id)
    third = workspace.sessions.duplicate(group.id)
    a, b, c = ("Concept A.txt", "Concept B.txt", "Leaflet.txt")
    orders = []
    for each in (group, second, third):
        after, messages = discussed(semblance, workspace, each.id)
        orders.append([name for message in messages for name in message.stimuli])
        assert after.stimulus_plan
        assert [placed.question for placed in after.stimulus_plan.placed] == [1, 2, 3]
    assert orders == [[a, b, c], [b, c, a], [c, a, b]]
    after, messages = workspace.sessions.get(third.id), workspace.sessions.messages(third.id)
    words = (
        "rotated between groups, here as for group 3: Leaflet.txt at question 2, Concept A.txt at question 3, "
        "Concept B.txt at question 4"
    )
    assert f"| Order of stimuli | {words} |" in method_card(after, messages, None).replace("\\", "")
    assert words in report_markdown(after, messages, None, []).replace("\\", "")
    workspace.sessions.delete(group.id)
    fourth = workspace.sessions.duplicate(third.id)
    assert workspace.stimuli.plan(fourth.id)[0].group_number == 4
    kept_order = workspace.sessions.change(fourth.id, replace(config_of(fourth), rotate_stimuli=False))
    assert [each.name for each in workspace.stimuli.plan(kept_order.id)[0].placed] == [a, b, c]


def test_an_estimate_of_a_round_counts_no_stimulus_of_a_later_question(workspace: Workspace) -> None:
    group = session(workspace, guide="- Hello?\n- Well?\n  show: Long\n")
    workspace.stimuli.attach(group.id, "Long.txt", b"It costs 2.10 a litre, and more on Sundays.\n" * 90)
    before = workspace.sessions.estimate_round(group.id)
    workspace.sessions.change(group.id, replace(config_of(group), guide=parse_guide("- Hello?\n- Well?\n")))
    assert workspace.sessions.estimate_round(group.id).p50_tokens > before.p50_tokens + 1_000
