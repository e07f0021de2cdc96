"""Every prompt is bounded, and so is every answer, at the longest session with the longest texts that are allowed, in any language."""

import json
from dataclasses import replace
from itertools import product

import pytest

from semblance_core.analysis.panel import Margin
from semblance_core.conversation.window import HIGH_TOKENS, Line, cut
from semblance_core.domain.discussion.asset import MOST_ASSETS, Picture, Stimulus
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, MAX_TURNS, TOPIC_CHARS, FocusGroup
from semblance_core.domain.discussion.guide import MAX_QUESTIONS, QUESTION_CHARS, Guide, Section
from semblance_core.domain.discussion.moderation.whisper import MOST_WAITING, WHISPER_CHARS
from semblance_core.domain.findings.claims import Claim
from semblance_core.domain.findings.theme import Code, Theme, Verbatim
from semblance_core.domain.personas.persona import Persona
from semblance_core.flows.discussion.moderate import MESSAGE_CHARS
from semblance_core.flows.discussion.stimuli import PART_TOKENS, SHARED_TOKENS, within
from semblance_core.flows.requests import checking, coding, recruiting, summing_up
from semblance_core.flows.requests import replies as asking
from semblance_core.flows.requests.fitting import prompt_tokens
from semblance_core.flows.requests.recruiting import Brief, Sketch
from semblance_core.flows.requests.steering import steer_request, suggest_request
from semblance_core.llm.request import PICTURE_TOKENS, CompletionRequest
from semblance_core.requests.recruiting import Cell
from tests.flows.test_agenda import NOW
from tests.languages import MAIN, TALK, said_at_length, tokens

LANGUAGES = ("English", "Finnish", "Hindi", "Japanese", "Thai", "Tamil")
SMALL = 8_192
"""Tokens that a small model takes, prompt and answer together."""


def long(language: str, characters: int) -> str:
    talk = TALK[language]
    return (f"{talk} " * (characters // len(talk) + 1))[:characters]


def longest_session(language: str) -> FocusGroup:
    """24 participants, 100 questions, everything as long as it may be."""
    people = tuple(
        Persona(
            f"Person Number {number}",
            age=30,
            occupation=long(language, 300),
            location=long(language, 300),
            backstory=long(language, 4_000),
            id=f"p{number}",
        )
        for number in range(MAX_PARTICIPANTS)
    )
    questions = tuple(f"{number}. {long(language, QUESTION_CHARS - 5)}" for number in range(MAX_QUESTIONS))
    guide = Guide((Section("All", questions),))
    group = FocusGroup("g", "p", "u", "Oat", long(language, TOPIC_CHARS), guide, people, "m/1", MAX_TURNS, 0, NOW)
    return replace(
        group,
        course=DiscussionState(question=0, summary=long(language, 1_200), stimuli_shown=MOST_ASSETS),
        next_seq=4_001,
    )


def longest_round(group: FocusGroup, language: str) -> list[Line]:
    """What a moderated reply may have to quote: a full window, a round of long replies, a long message."""
    said = [Line(1, "Moderator", long(language, MESSAGE_CHARS), "moderator")]
    said += [
        Line(seq, group.participants[seq % MAX_PARTICIPANTS].name, long(language, 1_200), "persona")
        for seq in range(2, 50)
    ]
    return [*said, Line(50, "Moderator", long(language, MESSAGE_CHARS), "moderator")]


PICTURE = Picture(b"-", "image/png")


def shown(language: str) -> tuple[Stimulus, ...]:
    text = within(long(language, 8_000), SHARED_TOKENS // MOST_ASSETS)
    part = within(long(language, 8_000), PART_TOKENS // MOST_ASSETS)
    return tuple(Stimulus(f"Sheet {number}.pdf", text, False, part, PICTURE) for number in range(MOST_ASSETS))


def room_of(takes: int):  # type: ignore[no-untyped-def]
    return lambda answer: int(takes * 0.8) - answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_replys_prompt_is_bounded(language: str) -> None:
    group = longest_session(language)
    lines = longest_round(group, language)
    request = asking.reply_request(
        group, group.participants[0], lines, long(language, MESSAGE_CHARS), 51, shown(language)
    )
    assert prompt_tokens(request) <= asking.REPLY_TOKENS + MOST_ASSETS * PICTURE_TOKENS
    assert lines[-1].text[:40] in "".join(message.content for message in request.messages)


@pytest.mark.parametrize("language", ["English", "Japanese"])
def test_a_replys_prompt_fits_a_small_model(language: str) -> None:
    group = longest_session(language)
    lines = longest_round(group, language)
    request = asking.reply_request(
        group, group.participants[0], lines, long(language, MESSAGE_CHARS), 51, shown(language), room_of(SMALL)
    )
    assert sum(tokens(message.content) for message in request.messages) + request.max_tokens <= SMALL
    whole = asking.reply_request(group, group.participants[0], lines[-4:], "Why?", 51)
    assert whole == asking.reply_request(group, group.participants[0], lines[-4:], "Why?", 51, (), room_of(10**6))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("takes", [None, SMALL])
def test_the_moderators_and_the_notes_prompts_are_bounded(language: str, takes: int | None) -> None:
    group = longest_session(language)
    lines = longest_round(group, language)
    room = room_of(takes) if takes else lambda _: None
    asked = asking.question_request(group, lines, 1, room)
    assert prompt_tokens(asked) <= asking.QUESTION_TOKENS
    whispers = [long(language, WHISPER_CHARS)] * (MOST_WAITING + 1)
    steered, suggested = steer_request(group, lines, whispers, room), suggest_request(group, lines, room)
    assert max(map(prompt_tokens, (steered, suggested))) <= asking.QUESTION_TOKENS
    notes = asking.summary_request(group, lines, room)
    assert prompt_tokens(notes) <= asking.SUMMARY_TOKENS
    assert all(line.speaker in notes.messages[0].content for line in lines)
    if takes:
        assert all(prompt_tokens(each) + each.max_tokens <= takes for each in (asked, steered, suggested, notes))


def transcript(group: FocusGroup, language: str, messages: int) -> list[Line]:
    return [
        Line(seq, group.participants[seq % MAX_PARTICIPANTS].name, long(language, 600), "persona")
        for seq in range(1, messages + 1)
    ]


@pytest.mark.parametrize(("language", "messages"), [("English", 4_000), ("Tamil", 2_000), ("Japanese", 2_000)])
def test_every_prompt_of_an_analysis_is_bounded(language: str, messages: int) -> None:
    group = longest_session(language)
    lines = transcript(group, language, messages)
    chunks = coding.chunks_of(group, lines)
    assert [line for chunk in chunks for line in chunk] == lines
    most_coding = coding.CHUNK_TOKENS + coding.TOPIC_TOKENS + 400
    codings = [coding.code_request(group, chunk) for chunk in chunks[::10]]
    assert all(prompt_tokens(each) <= most_coding for each in codings)
    quotes = tuple(Verbatim(seq, group.participants[seq % 24].name, long(language, 600)) for seq in range(1, 5))
    codes = [Code(long(language, 160), quotes)] * (coding.CODES_A_CHUNK * len(chunks))
    items = coding.as_items(codes)
    batches = coding.item_batches(items, group, TALK[language], coding.CODES_A_BATCH, lambda _: None)
    assert sum(map(len, batches)) == len(codes)
    for batch in (batches[0], batches[-1]):
        request = coding.theme_request(group, batch, TALK[language])
        assert prompt_tokens(request) <= coding.THEMES_TOKENS
        assert_holds(request, answer_for(language, len(batch)))
    themes = [Theme(long(language, 160), long(language, 1_000), quotes * 2)] * 20
    summary = summing_up.summary_of_session(group, themes, TALK[language])
    assert prompt_tokens(summary) <= summing_up.SESSION_TOKENS
    claims = [Claim(long(language, 1_000))] * 40
    for shown in (lines, lines[:30]):
        assert prompt_tokens(checking.check_request(group, claims, shown)) <= checking.CHECK_TOKENS


def answer_for(language: str, items: int) -> str:
    """Six themes that name each item once, with names and summaries as long as they are asked for."""
    name = said_at_length(language, f"in about {coding.asked_length(8, TALK[language])}")
    summary = said_at_length(language, f"in about {coding.asked_length(50, TALK[language])}")
    ids = [list(range(start, items, 6)) for start in range(6)]
    themes = [{"name": name, "summary": summary, "code_ids": own} for own in ids]
    return json.dumps({"themes": themes}, ensure_ascii=False)


def assert_holds(request: CompletionRequest, answer: str) -> None:
    assert tokens(answer) <= request.max_tokens


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_and_answer_of_recruiting_is_bounded(language: str) -> None:
    margins = (Margin("gender", (("women", 0.5), ("men", 0.5))), Margin("age", (("25-34", 0.5), ("35-45", 0.5))))
    brief = Brief(long(language, 4_000), 100, margins)
    count = min(100, recruiting.sketches_at_once(brief, None))
    cells = [Cell((("gender", "women"),), (25, 34))] * 100
    before = [Sketch(name=long(language, 80), sketch=long(language, 900))] * 100
    request = recruiting.sketch_request(brief, cells, before[: 100 - count], count)
    sketch = said_at_length(language, f"in about {coding.asked_length(28, TALK[language])}")
    answer = {"personas": [{"name": "Aino Virtanen", "sketch": sketch}] * count}
    assert_holds(request, json.dumps(answer, ensure_ascii=False))
    assert request.max_tokens <= recruiting.SKETCHES_ANSWER + recruiting.SKETCHES_SLACK
    one = recruiting.persona_request(brief, cells[0], before, 0, redraw=False)
    assert prompt_tokens(one) <= recruiting.PERSONA_TOKENS


def test_the_longest_panel_in_english_is_still_sketched_in_one_call() -> None:
    assert recruiting.sketches_at_once(Brief("UK shoppers aged 25–45 who buy oat milk", 100), None) >= 100


# Languages

SETTINGS = list(product(range(8), (2, 9, 17)))


def session_in(language: str) -> FocusGroup:
    talk = TALK[language]
    guide = Guide((Section("All", (talk[: len(talk) // 2],)),))
    people = tuple(Persona(f"Person {number}", talkativeness=10 + 10 * number, id=f"p{number}") for number in range(8))
    return FocusGroup(
        "g", "p", "u", "Oat milk", "", guide, people, "m/1", 40, 0, NOW, course=DiscussionState(question=0)
    )


@pytest.mark.parametrize("language", TALK)
def test_no_reply_of_the_asked_length_hits_its_bound(language: str) -> None:
    group = session_in(language)
    question = group.guide.questions[0]
    for place, seq in SETTINGS:
        request = asking.reply_request(group, group.participants[place], (), question, seq)
        said = said_at_length(language, request.messages[-1].content)
        assert tokens(said) < request.max_tokens, request.messages[-1].content[-60:]


@pytest.mark.parametrize("language", MAIN)
def test_the_bound_follows_what_is_spoken_under_an_english_guide(language: str) -> None:
    group = replace(session_in("English"), topic="Oat milk")
    heard = [Line(1, "Moderator", "When do you buy it?", "moderator"), Line(2, "Person 1", TALK[language], "persona")]
    for place, seq in SETTINGS:
        request = asking.reply_request(group, group.participants[place], heard, "Why?", seq)
        assert tokens(said_at_length(language, request.messages[-1].content)) < request.max_tokens


@pytest.mark.parametrize("language", sorted(set(MAIN) - {"Tamil", "Bengali", "Japanese", "Thai", "Chinese"}))
def test_the_first_replies_have_room_in_most_languages_whatever_the_guides(language: str) -> None:
    group = session_in("English")
    for place, seq in SETTINGS:
        request = asking.reply_request(group, group.participants[place], (), "Why?", seq)
        assert tokens(said_at_length(language, request.messages[-1].content)) < request.max_tokens


@pytest.mark.parametrize("language", ["English", "Tamil", "Japanese"])
def test_a_window_is_cut_at_the_same_size_in_every_language(language: str) -> None:
    lines = transcript(longest_session(language), language, 60)
    kept = lines[cut(lines) :]
    assert sum(tokens(line.text) for line in kept) <= HIGH_TOKENS
