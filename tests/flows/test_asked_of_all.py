"""What a participant is told of a moderator's question to everybody, of own words, and a moderator of choices. Pure."""

from dataclasses import replace

import pytest

from semblance_core.conversation.tokens import whole_within
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.findings.theme import Verbatim
from semblance_core.flows.requests.coding import Item, theme_request
from semblance_core.flows.requests.moderating import boundary_request
from semblance_core.flows.requests.recruiting import Brief, Sketch, cells_of, persona_request
from semblance_core.flows.requests.replies import reply_request
from semblance_core.llm.request import CompletionRequest
from tests.flows.test_agenda import group_of

ASKED = Line(1, "Moderator", "When did you last buy oat milk?", "moderator")
PROBE = "Some of you named a shop. Who decides at home?"
CLOSING = "Thank you all. Did we miss anything?"


def group(turns: int = 3) -> FocusGroup:
    drawn = replace(group_of(3, 1, 20), guide=parse_guide("- When did you last buy oat milk?\n"))
    course = replace(drawn.course, question=0, question_turns=turns, turns=turns + 1)
    return replace(drawn, state=FocusGroupState.AUTONOMOUS, course=course)


def prompt_of(request: CompletionRequest) -> str:
    return "\n".join(message.content for message in request.messages)


def turn(*lines: Line) -> str:
    drawn = group()
    return prompt_of(
        reply_request(drawn, drawn.participants[0], lines, "When did you last buy oat milk?", len(lines) + 1)
    )


@pytest.mark.parametrize("words", [PROBE, CLOSING])
def test_a_follow_up_or_closing_question_to_all_stands_beside_the_question_until_one_has_answered(words: str) -> None:
    me, other = (person.name for person in group().participants[:2])
    said = Line(2, other, "On Friday.", "persona")
    put = Line(3, "Moderator", words, "moderator")
    assert f'The moderator then asked everybody: "{words}" Answer that first.' in turn(ASKED, said, put)
    assert "then asked everybody" not in turn(ASKED, said, put, Line(4, me, "I do.", "persona"))
    assert "then asked everybody" not in turn(ASKED, said)
    to_one = Line(3, "Moderator", f"{other.split()[0]}, you said Friday. Why then?", "moderator")
    assert "then asked everybody" not in turn(ASKED, said, to_one)


def test_a_moderator_is_offered_to_invite_only_where_somebody_is_unheard() -> None:
    everybody = tuple(person.id for person in group().participants)
    heard = replace(group(), course=replace(group().course, speakers=everybody))
    for drawn, offered in ((heard, False), (replace(heard, course=replace(heard.course, question_turns=1)), True)):
        prompt = prompt_of(boundary_request(drawn, (ASKED,), (), may_probe=True))
        assert ('- "invite"' in prompt, '- "probe"' in prompt) == (offered, True)


def test_a_moderator_is_told_of_follow_ups_only_where_one_is_offered_and_of_planned_ones_where_some_are_left() -> None:
    plain, guide = group(), parse_guide("- When did you last buy oat milk?\n  probe: Where was it?\n")
    for drawn, may_probe, told in (
        (plain, False, (False, False)),
        (plain, True, (True, False)),
        (replace(plain, guide=guide), False, (False, False)),
        (replace(plain, guide=guide), True, (True, True)),
    ):
        prompt = prompt_of(boundary_request(drawn, (ASKED,), (), may_probe=may_probe))
        assert ("follow-up" in prompt, "lanned probe" in prompt) == told


def test_words_that_do_not_fit_end_with_a_sentence() -> None:
    assert whole_within("I called in March. They sent the second bill all the same.", 10) == "I called in March."
    sketches = [
        Sketch(name="Ann Lee", sketch="x"),
        Sketch(name="Bo Ek", sketch="A short one. " + "And so on and on " * 20),
    ]
    brief = Brief("Öl- und Gasheizer", 2)
    prompt = prompt_of(persona_request(brief, cells_of(brief)[0], sketches, 0, redraw=False))
    assert "- Bo Ek: A short one.\n" in prompt
    assert "in the language of the brief" in prompt


def test_themes_are_asked_for_with_who_said_what() -> None:
    quotes = tuple(Verbatim(at, f"Person {at % 8}", f"Quote {at}.", None) for at in range(9))
    prompt = prompt_of(theme_request(group(), [Item("Price", quotes, (0,))], "English"))
    quotes = "\n".join(f"   [{seq}] Person {seq % 8}: Quote {seq}." for seq in range(9))
    assert f"0. Price\n{quotes}\n" in prompt
