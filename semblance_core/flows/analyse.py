"""From transcript to findings: codes, then themes, then a summary; only quotes that are really there survive."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.conversation.window import Line, tokens_at_most, transcript_lines
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.focus_group import FocusGroup, Message, MessageStatus
from semblance_core.domain.theme import Code, Sentiment, Theme, Verbatim
from semblance_core.flows.asking import lines_of
from semblance_core.flows.kept import KeptAnswers
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render

CHUNK_TOKENS = 6_000
CODES_A_CHUNK = 14
VERBATIMS_A_THEME = 8


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


class ThemeForm(BaseModel):
    name: str = ""
    summary: str = ""
    code_ids: list[int] = Field(default_factory=list)


class ThemesForm(BaseModel):
    themes: list[ThemeForm] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Analysis:
    """dropped_quotes: given by the model but not in the message cited; dropped_themes: left without any quote.

    codes: what the themes were formed from.
    """

    themes: tuple[Theme, ...]
    summary: str
    dropped_quotes: int
    dropped_themes: int
    codes: tuple[Code, ...] = ()


def analyse(
    group: FocusGroup,
    messages: Sequence[Message],
    ask: KeptAnswers,
    executor: Callable[[int], Executor],
    report: Callable[[int, int, str], None],
) -> Analysis:
    """Themes and summary of what was said; `report` hears done, total and what is done now, and may raise to stop.

    executor: of so many calls in all: where the transcript's parts are coded side by side. Raises what the gateway raises, once nothing is in flight
    any more: what was answered by then is kept.
    """
    spoken = [message for message in messages if message.status is MessageStatus.SAID]
    if not any(message.role == "persona" for message in spoken):
        raise InvalidInput("Nobody has said anything yet, so there are no themes to find.")
    chunks = _chunks(lines_of(spoken))
    total = len(chunks) + 2
    report(0, total, "Coding the transcript")
    questions = {message.seq: message.question for message in spoken}
    requests = [code_request(group, chunk, questions) for chunk in chunks]
    coded: list[CodeForm] = []
    side_by_side = executor(total)
    calls = [side_by_side.submit(ask.structured, request, CodesForm) for request in requests]
    try:
        for done, call in enumerate(calls, start=1):
            coded.extend(call.result().codes)
            report(done, total, "Coding the transcript")
    finally:
        wait([call for call in calls if not call.cancel()])
    codes, dropped = _grounded(coded, {message.seq: message for message in spoken})
    if not codes:
        return Analysis((), "No theme could be traced to what was said.", dropped, 0)
    report(total - 2, total, "Forming themes")
    formed = ask.structured(_theme_request(group, codes), ThemesForm).themes
    themes = [_theme(form, codes) for form in formed]
    kept = tuple(theme for theme in themes if theme.verbatims and theme.name)
    if not kept:
        return Analysis((), "No theme could be traced to what was said.", dropped, len(themes), tuple(codes))
    report(total - 1, total, "Writing the summary")
    summary = ask.text(_summary_request(group, kept))
    return Analysis(kept, summary, dropped, len(themes) - len(kept), tuple(codes))


def _chunks(lines: Sequence[Line]) -> list[list[Line]]:
    """The transcript in parts that bound a prompt's size; a part begins with the moderator where it can."""
    chunks: list[list[Line]] = [[]]
    size = 0
    for line in lines:
        tokens = tokens_at_most(transcript_lines([line]))
        full = size + tokens > CHUNK_TOKENS or (line.role == "moderator" and size > CHUNK_TOKENS * 0.8)
        if chunks[-1] and full:
            chunks.append([])
            size = 0
        chunks[-1].append(line)
        size += tokens
    return chunks


def _grounded(coded: Sequence[CodeForm], messages: Mapping[int, Message]) -> tuple[list[Code], int]:
    """The codes with the quotes that are really there, and how many quotes were dropped."""
    codes, dropped = [], 0
    for form in coded:
        given = [
            Verbatim(quote.seq, quote.speaker, quote.quote, _sentiment(quote.sentiment)) for quote in form.verbatims
        ]
        found = [exact_quote(verbatim, messages) for verbatim in given if is_grounded(verbatim, messages)]
        dropped += len(given) - len(found)
        if found and form.label.strip():
            codes.append(Code(form.label.strip()[:160], _distinct(found)))
    return codes, dropped


def _sentiment(given: str) -> Sentiment | None:
    """What the model judged, or None where that is none of the words it was given."""
    word = given.strip().casefold()
    return Sentiment(word) if word in list(Sentiment) else None


def _distinct(verbatims: Sequence[Verbatim]) -> tuple[Verbatim, ...]:
    """Each quote once, as it was judged first."""
    first: dict[tuple[int, str], Verbatim] = {}
    for verbatim in verbatims:
        first.setdefault(verbatim.place, verbatim)
    return tuple(first.values())


def _theme(form: ThemeForm, codes: Sequence[Code]) -> Theme:
    """A theme with the quotes of its codes, speakers taking turns so that none crowds the others out."""
    mine = [
        verbatim
        for code_id in dict.fromkeys(form.code_ids)
        if 0 <= code_id < len(codes)
        for verbatim in codes[code_id].verbatims
    ]
    by_speaker: dict[str, list[Verbatim]] = {}
    for verbatim in _distinct(mine):
        by_speaker.setdefault(verbatim.speaker, []).append(verbatim)
    rounds = max(map(len, by_speaker.values()), default=0)
    dealt = [own[place] for place in range(rounds) for own in by_speaker.values() if place < len(own)]
    return Theme(form.name.strip()[:160], form.summary.strip()[:1_000], tuple(dealt[:VERBATIMS_A_THEME]))


def code_request(group: FocusGroup, chunk: Sequence[Line], questions: Mapping[int, int | None]) -> CompletionRequest:
    """Asks for the codes of a part of the transcript. questions: the guide's question under discussion, by seq."""
    topic = group.topic or group.title
    prompt = render(
        "code_transcript", topic=as_data(topic), transcript=as_data(transcript_lines(chunk)), most=CODES_A_CHUNK
    )
    guide = group.guide.questions
    return CompletionRequest(
        feature="code_transcript",
        messages=(PromptMessage("user", prompt),),
        max_tokens=4_000,
        temperature=0.2,
        seed=group.seed,
        context={
            "topic": topic,
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


def _theme_request(group: FocusGroup, codes: Sequence[Code]) -> CompletionRequest:
    lines = [
        f"{index}. {code.label} ({len({verbatim.speaker for verbatim in code.verbatims})}) e.g. {code.verbatims[0].quote[:160]}"
        for index, code in enumerate(codes)
    ]
    prompt = render("build_themes", topic=as_data(group.topic or group.title), codes=as_data("\n".join(lines)))
    return CompletionRequest(
        feature="build_themes",
        messages=(PromptMessage("user", prompt),),
        max_tokens=1_500,
        temperature=0.3,
        seed=group.seed,
        context={
            "topic": group.topic or group.title,
            "codes": [
                {"id": index, "label": code.label, "verbatims": [_plain(verbatim) for verbatim in code.verbatims]}
                for index, code in enumerate(codes)
            ],
        },
    )


def _summary_request(group: FocusGroup, themes: Sequence[Theme]) -> CompletionRequest:
    blocks = [
        f"{theme.name}\n{theme.summary}\n"
        + "\n".join(f"- {verbatim.speaker}: {verbatim.quote}" for verbatim in theme.verbatims[:4])
        for theme in themes
    ]
    people = ", ".join(f"{person.name} ({person.age or 'age not stated'})" for person in group.participants)
    prompt = render(
        "summarise_session",
        topic=as_data(group.topic or group.title),
        participants=as_data(people),
        themes=as_data("\n\n".join(blocks)),
    )
    return CompletionRequest(
        feature="summarise_session",
        messages=(PromptMessage("user", prompt),),
        max_tokens=600,
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
