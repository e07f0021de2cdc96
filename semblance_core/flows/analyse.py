"""From transcript to findings: codes, then themes, then a summary; only quotes that are really there survive."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass

from semblance_core.analysis.claims.sentences import cited
from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.claims import Claim
from semblance_core.domain.findings.theme import Code, Sentiment, Theme, Verbatim
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.claims import checked, checked_themes, with_claims
from semblance_core.flows.requests.coding import (
    CODES_A_BATCH,
    Item,
    as_items,
    chunks_of,
    code_request,
    item_batches,
    language_of,
    merged,
    theme_request,
)
from semblance_core.flows.requests.coding_forms import CodeForm, CodesForm, ThemeForm, ThemesForm
from semblance_core.flows.requests.fitting import TOO_MUCH
from semblance_core.flows.requests.replies import lines_of
from semblance_core.flows.requests.summing_up import summary_of_session

VERBATIMS_A_THEME = 8
"""More where more people are quoted: one for each, so that who holds a theme can be counted."""
MOST_SUMMARY = 1_000
STEPS_BESIDE_CODING = 4
CODING, FORMING, CHECKING, SUMMING_UP = (
    "Coding the transcript",
    "Forming themes",
    "Checking claims",
    "Writing the summary",
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """dropped_quotes: given by the model but not in the message cited; dropped_themes: left without any quote.

    codes: what the themes were formed from. claims: the summary's sentences as they were checked.
    """

    themes: tuple[Theme, ...]
    summary: str
    dropped_quotes: int
    dropped_themes: int
    codes: tuple[Code, ...] = ()
    claims: tuple[Claim, ...] = ()


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
    total = len(chunks) + STEPS_BESIDE_CODING
    report(0, total, CODING)
    coded: list[CodeForm] = []
    side_by_side = executor(total)
    calls = [side_by_side.submit(_coded, group, chunk, ask) for chunk in chunks]
    try:
        for done, call in enumerate(calls, start=1):
            coded.extend(call.result())
            report(done, total, CODING)
    finally:
        wait([call for call in calls if not call.cancel()])
    codes, dropped = _grounded(coded, {message.seq: message for message in spoken})
    if not codes:
        return Analysis((), "No theme could be traced to what was said.", dropped, 0)
    spoken_by = {line.seq: line for line in lines if line.role == "persona"}
    formed = _formed(group, codes, language, ask, lambda: report(total - 4, total, FORMING))
    themes = [(_theme(form, codes, spoken_by), _codes_of(form, codes)) for form in formed]
    kept = [(theme, own) for theme, own in themes if theme.verbatims and theme.name]
    if not kept:
        return Analysis((), "No theme could be traced to what was said.", dropped, len(themes), tuple(codes))
    report(total - 3, total, CHECKING)
    final = tuple(checked_themes(group, kept, spoken_by, ask, side_by_side))
    report(total - 2, total, SUMMING_UP)
    written = ask.fitting_text(lambda: summary_of_session(group, final, language, ask.room))
    summary, claims = with_claims(written, spoken_by)
    report(total - 1, total, CHECKING)
    quoted = {said.seq for theme in final for said in theme.verbatims}
    claims = checked(group, claims, quoted, spoken_by, ask)
    return Analysis(final, summary, dropped, len(themes) - len(final), tuple(codes), claims)


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


def _codes_of(form: ThemeForm, codes: Sequence[Code]) -> list[Code]:
    return [codes[number] for number in dict.fromkeys(form.code_ids) if 0 <= number < len(codes)]


def _theme(form: ThemeForm, codes: Sequence[Code], lines: Mapping[int, Line]) -> Theme:
    """A theme with the quotes of its codes, speakers taking turns so that none crowds the others out."""
    by_speaker: dict[str, list[Verbatim]] = {}
    for verbatim in _distinct([verbatim for code in _codes_of(form, codes) for verbatim in code.verbatims]):
        by_speaker.setdefault(verbatim.speaker, []).append(verbatim)
    rounds = max(map(len, by_speaker.values()), default=0)
    dealt = [own[place] for place in range(rounds) for own in by_speaker.values() if place < len(own)]
    summary, claims = with_claims(form.summary.strip()[:MOST_SUMMARY], lines)
    name = cited(form.name)[0].strip()[:160]
    return Theme(name, summary, tuple(dealt[: max(VERBATIMS_A_THEME, len(by_speaker))]), claims)
