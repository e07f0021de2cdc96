"""Requests to the model that reads a transcript: codes, themes, summary; each bounded, whatever the session's length. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.conversation.language import answer_tokens, asked_length, usual_tokens
from semblance_core.conversation.tokens import TOKENS_A_WORD, shares, tokens_at_most, within
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Code, Theme, Verbatim
from semblance_core.flows.requests.coding_forms import ThemeForm
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import people as named_people
from semblance_core.flows.requests.language import setting, written
from semblance_core.flows.requests.replies import samples
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.analysis import CodeRequest, SessionSummaryRequest, ThemeRequest

CHUNK_TOKENS = 6_000
CODES_A_CHUNK, FEWEST_CODES = 14, 3
CODES_ANSWER = 4_000
CODES_A_BATCH = 60
THEMES_TOKENS, SESSION_TOKENS = 8_000, 6_000
"""Most tokens that the prompts for themes and for the summary are estimated at."""
LEAST_TOKENS, TOPIC_TOKENS, SCHEMA_TOKENS, SLACK_TOKENS = 300, 1_500, 700, 200
WESTERN_TOKENS_A_WORD = 2.0
MOST_THEMES, THEME_WORDS, NAME_WORDS = 6, 70, 8
SUMMARY_LEAST, SUMMARY_MOST, QUOTES_A_THEME = 120, 220, 4
NUMBER_TOKENS = 8
LABEL_CHARS, QUOTE_CHARS, MOST_NAMED = 300, 160, 6
LINES_SAMPLED, SAMPLE_CHARS = 20, 4_000


def language_of(lines: Sequence[Line]) -> str:
    """A sample of what participants said, from all over the transcript."""
    spoken = [line.text for line in lines if line.role == "persona"]
    return " ".join(spoken[:: max(1, len(spoken) // LINES_SAMPLED)])[:SAMPLE_CHARS]


def chunks_of(group: FocusGroup, lines: Sequence[Line], room: Room = any_room) -> list[list[Line]]:
    """Returns the transcript in parts that bound a prompt's size; a part begins with the moderator where it can.

    Args:
        group: the session; its topic stands in each prompt.
        lines: the transcript, oldest first.
        room: gives the tokens that the model takes for a prompt; where they are few, parts are smaller.
    """
    most, _ = _chunk_bounds(group, room)
    chunks: list[list[Line]] = [[]]
    size = 0
    for line in lines:
        tokens = tokens_at_most(transcript_lines([line])) + 1
        full = size + tokens > most or (line.role == "moderator" and size > most * 0.8)
        if chunks[-1] and full:
            chunks.append([])
            size = 0
        chunks[-1].append(line)
        size += tokens
    return chunks


def _chunk_bounds(group: FocusGroup, room: Room) -> tuple[int, int]:
    """Tokens of a part of the transcript, and of the answer to it: both smaller where the model takes little."""
    there = room(0)
    if there is None:
        return CHUNK_TOKENS, CODES_ANSWER
    free = (
        there
        - tokens_at_most(written(group, _coding_prompt(group, CodeRequest(_topic(group), (), CODES_A_CHUNK))))
        - SCHEMA_TOKENS
    )
    chunk = min(CHUNK_TOKENS, max(LEAST_TOKENS, round(free * 0.55)))
    return chunk, min(CODES_ANSWER, max(LEAST_TOKENS, free - chunk))


def _coding_prompt(group: FocusGroup, asked: CodeRequest) -> str:
    transcript = as_data(transcript_lines(asked.lines))
    what, topic = setting(group), _quoted_topic(asked.topic)
    return render("code_transcript", setting=what, topic=topic, transcript=transcript, most=asked.most)


def _topic(group: FocusGroup) -> str:
    return group.topic or group.title


def _quoted_topic(topic: str) -> str:
    return as_data(within(topic, TOPIC_TOKENS))


def code_request(group: FocusGroup, chunk: Sequence[Line], room: Room = any_room) -> CompletionRequest:
    """Builds the request for the codes of a part of the transcript.

    The number of codes depends on how many words the part can hold; in some scripts those are few.

    Args:
        group: the session, for its topic, language and seed.
        chunk: the part, one of `chunks_of`.
        room: as for `chunks_of`.
    """
    size, answer = _chunk_bounds(group, room)
    a_word = usual_tokens(1_000, language_of(chunk), *samples(group)) / 1_000
    density = size / CHUNK_TOKENS * (1.0 if a_word < WESTERN_TOKENS_A_WORD else TOKENS_A_WORD / a_word)
    most = min(CODES_A_CHUNK, max(FEWEST_CODES, round(CODES_A_CHUNK * density)))
    asked = CodeRequest(_topic(group), tuple(chunk), most)
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", written(group, _coding_prompt(group, asked))),),
        max_tokens=answer,
        asked=asked,
        temperature=0.2,
        seed=group.seed,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """A code, or codes that belong together. codes: their numbers."""

    label: str
    verbatims: tuple[Verbatim, ...]
    codes: tuple[int, ...]


def as_items(codes: Sequence[Code]) -> list[Item]:
    return [Item(code.label, code.verbatims, (number,)) for number, code in enumerate(codes)]


def item_batches(items: Sequence[Item], group: FocusGroup, language: str, most: int, room: Room) -> list[list[Item]]:
    """Returns the items in batches of about one size that bound a prompt's size.

    Args:
        items: codes, or groups of codes.
        group: the session, for its topic and language.
        language: a sample of what was said.
        most: items in a batch, at most.
        room: gives the tokens that the model takes for a prompt.
    """
    answer = _themes_answer(most, group, language)
    empty = written(group, _themes_prompt(group, ThemeRequest(_topic(group), ()), language))
    budget = max(LEAST_TOKENS, room_for(room, answer, THEMES_TOKENS) - tokens_at_most(empty))
    sizes = [tokens_at_most(_line_of(0, _code(item))) + 2 for item in items]
    parts = max(-(-len(items) // most), -(-sum(sizes) // budget), 1)
    while True:
        each = -(-len(items) // parts)
        starts = range(0, len(items), each)
        if each == 1 or all(sum(sizes[start : start + each]) <= budget for start in starts):
            return [list(items[start : start + each]) for start in starts]
        parts += 1


def merged(items: Sequence[Item], themes: Sequence[ThemeForm]) -> list[Item]:
    """The groups that a model formed of items, and each item that it left out by itself: nothing is lost on the way up."""
    taken: set[int] = set()
    groups: list[Item] = []
    for theme in themes:
        own = [number for number in dict.fromkeys(theme.code_ids) if 0 <= number < len(items) and number not in taken]
        taken.update(own)
        if own and theme.name.strip():
            label = f"{theme.name.strip()}: {theme.summary.strip()}"[:LABEL_CHARS]
            verbatims = tuple(verbatim for number in own for verbatim in items[number].verbatims)
            groups.append(Item(label, verbatims, tuple(code for number in own for code in items[number].codes)))
        else:
            taken.difference_update(own)
    return [*groups, *(item for number, item in enumerate(items) if number not in taken)]


def theme_request(group: FocusGroup, items: Sequence[Item], language: str) -> CompletionRequest:
    """Builds the request for three to six themes of these items.

    Args:
        group: the session, for its topic, language and seed.
        items: one of `item_batches`.
        language: a sample of what was said.
    """
    asked = ThemeRequest(_topic(group), tuple(map(_code, items)))
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", written(group, _themes_prompt(group, asked, language))),),
        max_tokens=_themes_answer(len(items), group, language),
        asked=asked,
        temperature=0.3,
        seed=group.seed,
    )


def _code(item: Item) -> Code:
    return Code(item.label, item.verbatims)


def _name_length(group: FocusGroup, language: str) -> str:
    return asked_length(NAME_WORDS, language, *samples(group))


def _themes_prompt(group: FocusGroup, asked: ThemeRequest, language: str) -> str:
    lines = [_line_of(number, code) for number, code in enumerate(asked.codes)]
    return render(
        "build_themes",
        setting=setting(group),
        topic=_quoted_topic(asked.topic),
        codes=as_data("\n".join(lines)),
        length=_name_length(group, language),
    )


def _line_of(number: int, code: Code) -> str:
    people = list(dict.fromkeys(verbatim.speaker for verbatim in code.verbatims))
    others = f" +{len(people) - MOST_NAMED}" if len(people) > MOST_NAMED else ""
    return f"{number}. {code.label} ({', '.join(people[:MOST_NAMED])}{others}): {code.verbatims[0].quote[:QUOTE_CHARS]}"


def _themes_answer(items: int, group: FocusGroup, language: str) -> int:
    """Room for six themes with name and summary, and for each item's number once or twice."""
    return answer_tokens(MOST_THEMES * THEME_WORDS, language, *samples(group)) + NUMBER_TOKENS * items + SLACK_TOKENS


def summary_of_session(
    group: FocusGroup, themes: Sequence[Theme], language: str, room: Room = any_room
) -> CompletionRequest:
    """Builds the request for the summary that stands above the themes.

    Args:
        group: the session, for its topic, participants, language and seed.
        themes: the themes, each with its quotes; the longest are cut where they do not fit.
        language: a sample of what was said.
        room: gives the tokens that the model takes for a prompt.
    """
    asked = SessionSummaryRequest(_topic(group), tuple(themes), group.participants)
    answer = answer_tokens(SUMMARY_MOST, language, *samples(group))
    people = ", ".join(f"{person.name} ({person.age or 'age not stated'})" for person in asked.participants)
    blocks = [
        f"{theme.name}\n{theme.summary}\n"
        + "\n".join(f"- {verbatim.speaker}: {verbatim.quote}" for verbatim in theme.verbatims[:QUOTES_A_THEME])
        for theme in asked.themes
    ]

    def prompt(blocks: Sequence[str]) -> str:
        text = render(
            "summarise_session",
            setting=setting(group),
            people=named_people(group),
            topic=_quoted_topic(asked.topic),
            participants=as_data(people),
            themes=as_data("\n\n".join(blocks)),
            length=asked_length(SUMMARY_MOST, language, *samples(group), least=SUMMARY_LEAST),
        )
        return written(group, text)

    left = max(LEAST_TOKENS, room_for(room, answer, SESSION_TOKENS) - tokens_at_most(prompt(())))
    sizes = [tokens_at_most(block) + 2 for block in blocks]
    cut = [within(block, share - 2) for block, share in zip(blocks, shares(sizes, left), strict=True)]
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(cut)),),
        max_tokens=answer,
        asked=asked,
        temperature=0.4,
        seed=group.seed,
    )
