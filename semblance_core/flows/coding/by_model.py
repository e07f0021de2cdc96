"""Codes a session by a model: applies a codebook, after proposing further codes where that is asked for. Only words that stand there count."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import dataclass

from semblance_core.analysis.grounding import span_of
from semblance_core.conversation.window import Line
from semblance_core.domain.coding.codebook import CODE_NAME_CHARS, CODE_TEXT_CHARS, name_key
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Verbatim
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.requests.codebook import (
    AppliedCodesForm,
    AppliedForm,
    ProposedCodesForm,
    apply_request,
    batches_of,
    parts_of,
    propose_request,
)
from semblance_core.flows.requests.fitting import TOO_MUCH
from semblance_core.flows.requests.replies import lines_of
from semblance_core.requests.codebook import AskedCode

PROPOSING, APPLYING = "Proposing codes", "Coding the transcript"


@dataclass(frozen=True, slots=True)
class CodedSpan:
    """A span of a message with a code. code: its place among the codes, those of the codebook first."""

    code: int
    seq: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ModelCoding:
    """proposed: codes beyond the codebook's. dropped: codings whose quote nobody said, or of no code."""

    proposed: tuple[AskedCode, ...]
    spans: tuple[CodedSpan, ...]
    dropped: int


def code_session(
    group: FocusGroup,
    messages: Sequence[Message],
    codes: Sequence[AskedCode],
    ask: CheckpointedModel,
    executor: Callable[[int], Executor],
    report: Callable[[int, int, str], None],
    *,
    propose: bool = False,
) -> ModelCoding:
    """Codes what participants said.

    Args:
        group: the session.
        messages: its transcript.
        codes: the codebook.
        ask: the model; what it raises is raised once nothing is in flight any more.
        executor: of so many calls in all: where the transcript's parts are coded side by side.
        report: hears done, total and what is done now, and may raise to stop.
        propose: asks for further codes first, part by part, so that each part knows those of the parts before.

    Raises:
        InvalidInput: nothing was said yet, or there is no code.
    """
    spoken = {message.seq: message for message in messages if message.status is MessageStatus.SAID}
    if not any(message.role == "persona" for message in spoken.values()):
        raise InvalidInput("Nothing has been said yet, so there is nothing to code.")
    parts = parts_of(group, lines_of(list(spoken.values())), ask.room)
    proposed: list[AskedCode] = []
    proposals = len(parts) if propose else 0
    for done, part in enumerate(parts if propose else ()):
        report(done, proposals + len(parts), PROPOSING)
        proposed += _proposed(group, part, [*codes, *proposed], ask)
    every = [*codes, *proposed]
    if not every:
        raise InvalidInput("There is no code to apply: add codes, or let the model propose some.")
    batches = batches_of(every, ask.room)
    calls_in_all = len(parts) * len(batches)
    total = proposals + calls_in_all
    report(proposals, total, APPLYING)
    side_by_side = executor(calls_in_all)
    calls = []
    first = 0
    for batch in batches:
        calls += [(first, len(batch), side_by_side.submit(_applied, group, part, batch, ask)) for part in parts]
        first += len(batch)
    spans: list[CodedSpan] = []
    dropped = 0
    try:
        for done, (offset, size, call) in enumerate(calls, start=1):
            for form in call.result():
                span = _checked(form, offset, size, spoken)
                dropped += span is None
                spans += [span] if span and span not in spans else []
            report(proposals + done, total, APPLYING)
    finally:
        wait([call for _, _, call in calls if not call.cancel()])
    return ModelCoding(tuple(proposed), tuple(spans), dropped)


def _proposed(
    group: FocusGroup, part: Sequence[Line], there: Sequence[AskedCode], ask: CheckpointedModel
) -> list[AskedCode]:
    taken = {name_key(code.name) for code in there}
    found: list[AskedCode] = []
    form = ask.structured(propose_request(group, part, [code.name for code in there]), ProposedCodesForm)
    for each in form.codes:
        name = " ".join(each.name.split())[:CODE_NAME_CHARS].strip()
        if name and name_key(name) not in taken:
            taken.add(name_key(name))
            texts = (text.strip()[:CODE_TEXT_CHARS] for text in (each.definition, each.when, each.when_not))
            found.append(AskedCode(name, *texts))
    return found


def _applied(
    group: FocusGroup, part: Sequence[Line], codes: Sequence[AskedCode], ask: CheckpointedModel
) -> list[AppliedForm]:
    """The codings of a part of the transcript; of one that is too long for the model or its answer, those of its halves."""
    try:
        return ask.structured(apply_request(group, part, codes), AppliedCodesForm).codings
    except ModelFailed as failed:
        if failed.kind not in TOO_MUCH or len(part) < 2:
            raise
    halves = (part[: len(part) // 2], part[len(part) // 2 :])
    return [form for half in halves for form in _applied(group, half, codes, ask)]


def _checked(form: AppliedForm, offset: int, size: int, messages: Mapping[int, Message]) -> CodedSpan | None:
    """The span that a model's quote really has; None where it names no code, or nobody said it there."""
    if not 1 <= form.code <= size:
        return None
    span = span_of(Verbatim(form.seq, form.speaker, form.quote), messages)
    return CodedSpan(offset + form.code - 1, form.seq, *span) if span else None
