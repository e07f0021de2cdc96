"""From transcript to findings: codes, then themes, then a summary; only quotes that are really there survive."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass

from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Code, Sentiment, Theme, Verbatim
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.requests.coding import (
    CODES_A_BATCH,
    Item,
    as_items,
    chunks_of,
    code_request,
    item_batches,
    language_of,
    merged,
    summary_of_session,
    theme_request,
)
from semblance_core.flows.requests.coding_forms import CodeForm, CodesForm, ThemeForm, ThemesForm
from semblance_core.flows.requests.fitting import TOO_MUCH
from semblance_core.flows.requests.replies import lines_of

VERBATIMS_A_THEME = 8


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
    ask: CheckpointedModel,
    executor: Callable[[int], Executor],
    report: Callable[[int, int, str], None],
) -> Analysis:
    """Themes and summary of what was said; `report` hears done, total and what is done now, and may raise to stop.

    executor: of so many calls in all: where the transcript's parts are coded side by side. Raises what the gateway raises, once nothing is in flight
    any more: what was answered by then is kept.
    """
    spoken = [message for message in messages if message.status is MessageStatus.SAID]
    if not any(message.role == "persona" for message in spoken):
        raise InvalidInput("Nothing has been said yet, so there are no themes to find.")
    lines = lines_of(spoken)
    language = language_of(lines)
    chunks = chunks_of(group, lines, ask.room)
    total = len(chunks) + 2
    report(0, total, "Coding the transcript")
    coded: list[CodeForm] = []
    side_by_side = executor(total)
    calls = [side_by_side.submit(_coded, group, chunk, ask) for chunk in chunks]
    try:
        for done, call in enumerate(calls, start=1):
            coded.extend(call.result())
            report(done, total, "Coding the transcript")
    finally:
        wait([call for call in calls if not call.cancel()])
    codes, dropped = _grounded(coded, {message.seq: message for message in spoken})
    if not codes:
        return Analysis((), "No theme could be traced to what was said.", dropped, 0)
    formed = _formed(group, codes, language, ask, lambda: report(total - 2, total, "Forming themes"))
    themes = [_theme(form, codes) for form in formed]
    kept = tuple(theme for theme in themes if theme.verbatims and theme.name)
    if not kept:
        return Analysis((), "No theme could be traced to what was said.", dropped, len(themes), tuple(codes))
    report(total - 1, total, "Writing the summary")
    summary = ask.fitting_text(lambda: summary_of_session(group, kept, language, ask.room))
    return Analysis(kept, summary, dropped, len(themes) - len(kept), tuple(codes))


def _coded(group: FocusGroup, chunk: Sequence[Line], ask: CheckpointedModel) -> list[CodeForm]:
    """The codes of a part of the transcript; of one that is too long for the model or its answer, those of its halves."""
    try:
        return ask.structured(code_request(group, chunk, ask.room), CodesForm).codes
    except ModelFailed as failed:
        if failed.kind not in TOO_MUCH or len(chunk) < 2:
            raise
    parts = chunks_of(group, chunk, ask.room)
    if len(parts) < 2:
        parts = [list(chunk[: len(chunk) // 2]), list(chunk[len(chunk) // 2 :])]
    return [code for part in parts for code in _coded(group, part, ask)]


def _formed(
    group: FocusGroup, codes: Sequence[Code], language: str, ask: CheckpointedModel, report: Callable[[], None]
) -> list[ThemeForm]:
    """The themes of any number of codes: in batches groups of what belongs together, and of these again, until one batch is left."""
    items, most = as_items(codes), CODES_A_BATCH
    while True:
        batches = item_batches(items, group, language, most, ask.room)
        answers: list[list[ThemeForm]] = []
        for batch in batches:
            report()
            try:
                answers.append(ask.structured(theme_request(group, batch, language), ThemesForm).themes)
            except ModelFailed as failed:
                if failed.kind not in TOO_MUCH or len(batch) < 2:
                    raise
                most = len(batch) // 2
                break
        else:
            if len(batches) == 1:
                return [_of_codes(form, items) for form in answers[0]]
            above = [item for batch, forms in zip(batches, answers, strict=True) for item in merged(batch, forms)]
            if len(above) >= len(items):  # it does not group them
                named = [item for item in above if len(item.codes) > 1]
                return [_as_theme(item) for item in named or above]
            items = above


def _of_codes(form: ThemeForm, items: Sequence[Item]) -> ThemeForm:
    """A theme of items as one of the codes that they hold."""
    codes = [code for number in form.code_ids if 0 <= number < len(items) for code in items[number].codes]
    return form.model_copy(update={"code_ids": codes})


def _as_theme(item: Item) -> ThemeForm:
    name, _, summary = item.label.partition(": ")
    return ThemeForm(name=name, summary=summary, code_ids=list(item.codes))


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
    """Returns the model's judgement, or None where that is none of the words it was given."""
    word = given.strip().casefold()
    return Sentiment(word) if word in list(Sentiment) else None


def _distinct(verbatims: Sequence[Verbatim]) -> tuple[Verbatim, ...]:
    """Each quote once, as it was judged first."""
    first: dict[tuple[str, int, str], Verbatim] = {}
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
