"""Requests to the model that reads a transcript: codes, themes, summary; each bounded, whatever the session's length. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, model_validator

from semblance_core.conversation.language import answer_tokens, asked_length, usual_tokens
from semblance_core.conversation.tokens import TOKENS_A_WORD, shares, tokens_at_most, within
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.theme import Code, Sentiment, Theme, Verbatim
from semblance_core.flows.asking import samples
from semblance_core.flows.fitting import Room, any_room, room_for
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render

CHUNK_TOKENS = 6_000
CODES_A_CHUNK, FEWEST_CODES = 14, 3
CODES_ANSWER = 4_000
CODES_A_BATCH = 60
THEMES_TOKENS, SESSION_TOKENS = 8_000, 6_000
"""What the prompts for themes and for the summary are estimated at, at most."""
LEAST_TOKENS, TOPIC_TOKENS, SCHEMA_TOKENS, SLACK_TOKENS = 300, 1_500, 700, 200
WESTERN_TOKENS_A_WORD = 2.0
MOST_THEMES, THEME_WORDS, NAME_WORDS = 6, 70, 8
SUMMARY_LEAST, SUMMARY_MOST, QUOTES_A_THEME = 120, 220, 4
NUMBER_TOKENS = 8
LABEL_CHARS, QUOTE_CHARS = 300, 160
LINES_SAMPLED, SAMPLE_CHARS = 20, 4_000


def _one_of(words: Iterable[str]) -> Callable[[dict[str, Any]], None]:
    """Asks for one of these words; any other that comes is taken for no answer, and not for a mistake of the whole."""

    def narrowed(schema: dict[str, Any]) -> None:
        del schema["default"]
        schema["enum"] = [*words]

    return narrowed


class QuoteForm(BaseModel):
    seq: int = 0
    speaker: str = ""
    quote: str = ""
    sentiment: str = Field("", json_schema_extra=_one_of(Sentiment))


class CodeForm(BaseModel):
    label: str = ""
    verbatims: list[QuoteForm] = Field(default_factory=list)


class CodesForm(BaseModel):
    codes: list[CodeForm] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> "CodesForm":
        if self.codes and not any(code.label.strip() for code in self.codes):
            raise ValueError("the codes are empty")
        return self


class ThemeForm(BaseModel):
    name: str = ""
    summary: str = ""
    code_ids: list[int] = Field(default_factory=list)


class ThemesForm(BaseModel):
    themes: list[ThemeForm] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> "ThemesForm":
        if self.themes and not any(theme.name.strip() for theme in self.themes):
            raise ValueError("the themes are empty")
        return self


def language_of(lines: Sequence[Line]) -> str:
    """A sample of what participants said, from all over the transcript."""
    spoken = [line.text for line in lines if line.role == "persona"]
    return " ".join(spoken[:: max(1, len(spoken) // LINES_SAMPLED)])[:SAMPLE_CHARS]


def chunks_of(group: FocusGroup, lines: Sequence[Line], room: Room = any_room) -> list[list[Line]]:
    """The transcript in parts that bound a prompt's size; a part begins with the moderator where it can."""
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
    free = there - tokens_at_most(_coding_prompt(group, (), CODES_A_CHUNK)) - SCHEMA_TOKENS
    chunk = min(CHUNK_TOKENS, max(LEAST_TOKENS, round(free * 0.55)))
    return chunk, min(CODES_ANSWER, max(LEAST_TOKENS, free - chunk))


def _coding_prompt(group: FocusGroup, chunk: Sequence[Line], most: int) -> str:
    return render("code_transcript", topic=_topic(group), transcript=as_data(transcript_lines(chunk)), most=most)


def _topic(group: FocusGroup) -> str:
    return as_data(within(group.topic or group.title, TOPIC_TOKENS))


def code_request(
    group: FocusGroup, chunk: Sequence[Line], questions: Mapping[int, int | None], room: Room = any_room
) -> CompletionRequest:
    """Asks for the codes of a part of the transcript. questions: the guide's question under discussion, by seq.

    How many codes depends on how many words the part can hold, which in some scripts are few.
    """
    size, answer = _chunk_bounds(group, room)
    a_word = usual_tokens(1_000, language_of(chunk), *samples(group)) / 1_000
    density = size / CHUNK_TOKENS * (1.0 if a_word < WESTERN_TOKENS_A_WORD else TOKENS_A_WORD / a_word)
    most = min(CODES_A_CHUNK, max(FEWEST_CODES, round(CODES_A_CHUNK * density)))
    guide = group.guide.questions
    return CompletionRequest(
        feature="code_transcript",
        messages=(PromptMessage("user", _coding_prompt(group, chunk, most)),),
        max_tokens=answer,
        temperature=0.2,
        seed=group.seed,
        context={
            "topic": group.topic or group.title,
            "messages": [
                {
                    "seq": line.seq,
                    "speaker": line.speaker,
                    "role": line.role,
                    "text": line.text,
                    "question": _put(questions[line.seq], guide),
                }
                for line in chunk
            ],
        },
    )


def _put(question: int | None, guide: Sequence[str]) -> str:
    return guide[question] if question is not None and question < len(guide) else ""


@dataclass(frozen=True, slots=True)
class Item:
    """A code, or codes that belong together. codes: their numbers."""

    label: str
    verbatims: tuple[Verbatim, ...]
    codes: tuple[int, ...]


def as_items(codes: Sequence[Code]) -> list[Item]:
    return [Item(code.label, code.verbatims, (number,)) for number, code in enumerate(codes)]


def item_batches(items: Sequence[Item], group: FocusGroup, language: str, most: int, room: Room) -> list[list[Item]]:
    """The items in parts of about one size that bound a prompt's size, each of at most so many."""
    answer = _themes_answer(most, group, language)
    budget = max(
        LEAST_TOKENS, room_for(room, answer, THEMES_TOKENS) - tokens_at_most(_themes_prompt(group, (), language))
    )
    sizes = [tokens_at_most(_line_of(0, item)) + 2 for item in items]
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
    """Asks for three to six themes of these items. language: a sample of what was said."""
    return CompletionRequest(
        feature="build_themes",
        messages=(PromptMessage("user", _themes_prompt(group, items, language)),),
        max_tokens=_themes_answer(len(items), group, language),
        temperature=0.3,
        seed=group.seed,
        context={
            "topic": group.topic or group.title,
            "codes": [
                {"id": number, "label": item.label, "verbatims": [_plain(verbatim) for verbatim in item.verbatims]}
                for number, item in enumerate(items)
            ],
        },
    )


def _themes_prompt(group: FocusGroup, items: Sequence[Item], language: str) -> str:
    lines = [_line_of(number, item) for number, item in enumerate(items)]
    length = asked_length(NAME_WORDS, language, *samples(group))
    return render("build_themes", topic=_topic(group), codes=as_data("\n".join(lines)), length=length)


def _line_of(number: int, item: Item) -> str:
    people = len({verbatim.speaker for verbatim in item.verbatims})
    return f"{number}. {item.label} ({people}) e.g. {item.verbatims[0].quote[:QUOTE_CHARS]}"


def _themes_answer(items: int, group: FocusGroup, language: str) -> int:
    """Room for six themes with name and summary, and for each item's number once or twice."""
    return answer_tokens(MOST_THEMES * THEME_WORDS, language, *samples(group)) + NUMBER_TOKENS * items + SLACK_TOKENS


def summary_of_session(
    group: FocusGroup, themes: Sequence[Theme], language: str, room: Room = any_room
) -> CompletionRequest:
    """Asks for the summary that stands above the themes."""
    answer = answer_tokens(SUMMARY_MOST, language, *samples(group))
    people = ", ".join(f"{person.name} ({person.age or 'age not stated'})" for person in group.participants)
    blocks = [
        f"{theme.name}\n{theme.summary}\n"
        + "\n".join(f"- {verbatim.speaker}: {verbatim.quote}" for verbatim in theme.verbatims[:QUOTES_A_THEME])
        for theme in themes
    ]

    def prompt(blocks: Sequence[str]) -> str:
        return render(
            "summarise_session",
            topic=_topic(group),
            participants=as_data(people),
            themes=as_data("\n\n".join(blocks)),
            length=asked_length(SUMMARY_MOST, language, *samples(group), least=SUMMARY_LEAST),
        )

    left = max(LEAST_TOKENS, room_for(room, answer, SESSION_TOKENS) - tokens_at_most(prompt(())))
    sizes = [tokens_at_most(block) + 2 for block in blocks]
    cut = [within(block, share - 2) for block, share in zip(blocks, shares(sizes, left), strict=True)]
    return CompletionRequest(
        feature="summarise_session",
        messages=(PromptMessage("user", prompt(cut)),),
        max_tokens=answer,
        temperature=0.4,
        seed=group.seed,
        context={
            "topic": group.topic or group.title,
            "themes": [
                {
                    "name": theme.name,
                    "summary": theme.summary,
                    "verbatims": [_plain(verbatim) for verbatim in theme.verbatims],
                }
                for theme in themes
            ],
            "participants": [
                {"name": person.name, "age": person.age, "occupation": person.occupation}
                for person in group.participants
            ],
        },
    )


def _plain(verbatim: Verbatim) -> dict[str, Any]:
    return {"seq": verbatim.seq, "speaker": verbatim.speaker, "quote": verbatim.quote}
