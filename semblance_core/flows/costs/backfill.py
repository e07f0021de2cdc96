"""Reconstructs the usage of messages that have none on record, from the context that their prompts must have had.

What was said is known, and so is how prompts are built; so the prompt of each message is built again, with the window and
summary of its time, and counted here. What no record tells is left at nothing: cached and reasoning tokens, attempts that
failed. Every such event is flagged as estimated and has an id that follows from its message, so that it is written once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from semblance_core.conversation.window import Line, cut, extract_summary
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import BACKFILLED, Spent, TokenCounts, UsageEvent
from semblance_core.flows.costs.reprice import PriceOf
from semblance_core.flows.discussion.compaction import SUMMARY_CHARS
from semblance_core.flows.discussion.stimuli import shown_stimuli
from semblance_core.flows.requests.replies import lines_of, question_request, reply_request
from semblance_core.llm.request import CompletionRequest
from semblance_core.store.files.assets import Assets
from semblance_core.store.store import Store

CountTokens = Callable[[str, CompletionRequest, str], TokenCounts]
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Backfilled:
    """Usage that was (or would be) reconstructed, by model, and the number of earlier estimates removed before."""

    removed: int = 0
    by_model: dict[str, Spent] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        return sum(spent.calls for spent in self.by_model.values())


def backfill(
    store: Store,
    count_tokens: CountTokens,
    price_of: PriceOf,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    dry_run: bool = False,
    delete_existing: bool = False,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> Backfilled:
    """Writes an estimated event for each message in that time that a model said and no event tells of.

    delete_existing: first removes the estimates that an earlier backfill wrote in that time. Doing it again changes nothing.
    report: hears after each session how many of how many are read, and may raise to stop.
    """
    removed = 0
    for estimates in store.usage.backfilled(since, until) if delete_existing else ():
        removed += len(estimates if dry_run else _each_or_all(estimates, lambda events: store.usage.amend(events, [])))
    by_model: dict[str, Spent] = {}
    sessions = store.transcripts.spoken_in(since, until)
    for done, group_id in enumerate(sessions):
        report(done, len(sessions))
        forgets = delete_existing and dry_run
        events = _reconstructed(group_id, store, count_tokens, price_of, since, until, forgets=forgets)
        for batch in _parts(events):
            written = batch if dry_run else _each_or_all(batch, lambda events: store.usage.amend([], events))
            for event in written:
                spent = by_model.get(event.model, Spent(cost_usd=Decimal(0)))
                by_model[event.model] = spent + Spent(event.tokens, event.cost_usd, 1)
    return Backfilled(removed, dict(sorted(by_model.items())))


def _each_or_all(batch: Sequence[UsageEvent], amend: Callable[[Sequence[UsageEvent]], int]) -> Sequence[UsageEvent]:
    """Returns the events that could be amended: all, or those that are not being settled at this moment."""
    return batch if amend(batch) else [event for event in batch if amend([event])]


def _reconstructed(
    group_id: str,
    store: Store,
    count_tokens: CountTokens,
    price_of: PriceOf,
    since: datetime | None,
    until: datetime | None,
    *,
    forgets: bool,
) -> list[UsageEvent]:
    """forgets: as if the estimates of that time were removed already."""

    def is_within(at: datetime) -> bool:
        return (since is None or at >= since) and (until is None or at < until)

    group = store.focus_groups.get(group_id)
    messages = store.focus_groups.messages(group_id)
    on_record = store.usage.events(focus_group_id=group_id)
    gone = {event.id for event in on_record if forgets and event.id.startswith(BACKFILLED) and is_within(event.at)}
    told = {event.seq for event in on_record if event.seq is not None and event.id not in gone}
    # Events of before messages were numbered in them tell of messages with attempts, without saying of which.
    unnumbered = any(event.seq is None and event.feature in ("reply", "moderate") for event in on_record)
    events = []
    for message, request in _prompts(group, messages, store.assets):
        is_recorded = message.seq <= group.recorded_through  # its calls were never made here
        if is_recorded or not is_within(message.at) or message.seq in told or (unnumbered and message.attempts):
            continue
        model = message.model or group.model
        measured = message.tokens if message.attempts and message.tokens.total else None
        tokens = measured or count_tokens(model, request, message.text)
        price = price_of(model, message.at)
        events.append(
            UsageEvent(
                id=f"{BACKFILLED}{group_id}/{message.seq}",
                user_id=group.owner_id,
                feature=request.feature,
                model=model,
                tokens=tokens,
                cost_usd=price.cost_usd(tokens) if price else None,
                latency_s=0.0,
                status="ok",
                estimated=True,
                at=message.at,
                project_id=group.project_id,
                focus_group_id=group_id,
                seq=message.seq,
            )
        )
    return events


def _prompts(
    group: FocusGroup, messages: Sequence[Message], assets: Assets
) -> Iterator[tuple[Message, CompletionRequest]]:
    """Every message that a model said, with the request that must have led to it."""
    lines = {line.seq: line for line in lines_of(messages)}
    window: list[Line] = []
    summary, asked, due, seen = "", "", 0, 0
    for message in messages:
        if message.seq not in lines:
            continue
        alone = message.reply_to is None
        # An autonomous reply cuts the window that it needs; a moderated round is cut behind, for what comes next.
        drop = due if alone and due else cut(window) if alone and message.role == "persona" else 0
        if drop:
            summary = extract_summary(summary, window[:drop], SUMMARY_CHARS)
            window, due = window[drop:], 0
        question = -1 if message.question is None else message.question
        at_the_time = replace(
            group,
            simulated=False,  # whose requests carry a second copy for the simulator
            state=FocusGroupState.AUTONOMOUS if alone else FocusGroupState.MODERATED,
            course=replace(group.course, question=question, summary=summary, stimuli_shown=seen),
        )
        heard = [line for line in window if alone or line.seq <= (message.reply_to or 0)]
        if message.role == "persona":
            put = asked or group.topic
            shown = shown_stimuli(at_the_time, put, assets)
            yield message, reply_request(at_the_time, _speaker(group, message), heard, put, message.seq, shown)
        elif message.feature == "moderate" and question >= 0:
            yield message, question_request(_before(at_the_time, question), heard, question)
        window.append(lines[message.seq])
        seen += len(message.stimuli)
        if message.role == "moderator":
            asked = message.text
        if message.feature == "moderated":
            due = cut(window)


def _before(group: FocusGroup, question: int) -> FocusGroup:
    return replace(group, course=replace(group.course, question=question - 1))


def _speaker(group: FocusGroup, message: Message) -> Persona:
    known = (
        person for person in group.participants if message.persona_id == person.id or message.speaker == person.name
    )
    return next(known, Persona(message.speaker or "Participant"))


def _parts(events: Sequence[UsageEvent]) -> Iterator[Sequence[UsageEvent]]:
    return (events[start : start + AT_ONCE] for start in range(0, len(events), AT_ONCE))
