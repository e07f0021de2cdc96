"""Every model call goes through here: hold → complete → check → price → settle → record, once for each attempt."""

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel
from tenacity import Retrying, sleep_using_event, stop_after_attempt

from semblance_core.conversation.speech.own_words import Spoken, plain_words
from semblance_core.domain.errors import Interrupted, PriceUnknown, QuotaExceeded
from semblance_core.domain.fair_queue import Place
from semblance_core.domain.usage.events import Spent, TokenCounts, is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.domain.usage.price import ModelPrice
from semblance_core.domain.usage.served import Served
from semblance_core.llm import structured
from semblance_core.llm.call_log import log_call
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.catalogue.prices import PriceBook
from semblance_core.llm.catalogue.traits import TraitBook
from semblance_core.llm.charging import charged
from semblance_core.llm.providers.adapting import Adapted, room_to_think
from semblance_core.llm.reading import can_be_told, value_of, value_or_failure
from semblance_core.llm.request import Completion, CompletionRequest
from semblance_core.llm.retries import is_worth_another, wait_s
from semblance_core.llm.slots import CallSlots
from semblance_core.llm.worst_case import worst_case
from semblance_core.llm.writing import Show, Writing
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.usage.holds import Hold
from semblance_core.store.usage.ledger_batcher import LedgerBatcher

Shape = TypeVar("Shape", bound=BaseModel)
Content = TypeVar("Content")
MOST_MISFITS = 2
log = logging.getLogger(__name__)
FINAL = ("auth", "bad_request", "too_long", "content_filter", "refusal", "not_allowed")
"""Failures that say something about the request or the key: no other model is asked instead."""
CERTAIN_SHARE = 0.8
"""Of what a model takes, the share that is filled: tokens are estimated before the call."""


class Model(Protocol):
    """The protocol of a model that answers requests; `LitellmModel` is the one that ships."""

    def ready(self, model: str) -> None: ...
    def complete(
        self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0, show: Show | None = None
    ) -> Completion: ...
    def count_tokens(self, model: str, request: CompletionRequest, text: str) -> TokenCounts: ...
    def warm_up(self, model: str) -> None: ...
    def call_off(self) -> None: ...
    def close(self) -> None: ...
    def check(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose account a call is made, and for what. seq: the message that it is made for. show: takes its answer so far.

    check: raises before an attempt whose answer nobody wants any more; is told whether it is another one at the same.
    """

    user_id: str
    project_id: str | None = None
    focus_group_id: str | None = None
    task_id: str | None = None
    seq: int | None = None
    check: Callable[[bool], None] = field(default=lambda _again: None, compare=False, repr=False)
    show: Show | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CheckedCompletion(Generic[Content]):
    """A checked answer, what all attempts at it used, and the model that gave it."""

    content: Content
    spent: Spent
    model: str


@dataclass(frozen=True)
class Gateway:
    """timeout_s: hard limit of one attempt. attempts: at most so many for each model, each with a hold of its own.

    first_wait_s: how long to wait before the second attempt; about twice as long before each further one.
    slots: where calls that belong together run side by side. fallbacks: models that are asked, in this order, where one
    failed at every attempt in a way that may pass; never after a failure that is `FINAL`. refusal: why a model may not be asked.
    """

    batcher: LedgerBatcher
    model: Model
    prices: PriceBook
    catalogue: Catalogue
    clock: Callable[[], datetime]
    slots: CallSlots
    traits: TraitBook
    timeout_s: float = 60.0
    attempts: int = 3
    reasoning_tokens: int = 2_000
    first_wait_s: float = 1.0
    fallbacks: tuple[str, ...] = ()
    refusal: Callable[[str], str] = lambda _: ""
    closing: threading.Event = field(default_factory=threading.Event)
    writing: Writing = field(default_factory=Writing)

    def call_off(self) -> None:
        """Calls off what is in flight or waits for another attempt: whoever waits for it gets `Interrupted`.

        What those calls cost nobody knows, so all that was held for them is charged.
        """
        self.closing.set()
        self.model.call_off()

    def side_by_side(self, caller: Caller, *, waited_for: bool) -> Executor:
        """Returns the executor on which this piece of work's calls run side by side. waited_for: whether a person waits for them."""
        return self.slots.of(Place(caller.user_id, caller.task_id or caller.focus_group_id or "", waited_for))

    def text(
        self, request: CompletionRequest, model: str, caller: Caller, hear: Callable[[str], Spoken] = plain_words
    ) -> CheckedCompletion[str]:
        """A plain answer; raises `ModelFailed` (with what was spent), `QuotaExceeded` or `PriceUnknown`.

        hear: what of it was asked for; where nothing is, it is asked for once more, with what was wrong.
        """
        return self._complete(request, model, caller, lambda answer: value_or_failure(answer, hear))

    def structured(
        self, request: CompletionRequest, shape: type[Shape], model: str, caller: Caller
    ) -> CheckedCompletion[Shape]:
        """An answer that must be JSON of this shape; what does not fit is asked for once more, with what was wrong."""
        asked = structured.asking_for(request, shape)
        return self._complete(asked, model, caller, lambda answer: value_of(answer, shape))

    def models_for(self, model: str) -> tuple[str, ...]:
        """The model and those that stand in for it; real answers are never mixed with simulated ones."""
        return (model, *(other for other in self.fallbacks if other != model and not is_simulated(model)))

    def may_see(self, model: str) -> bool:
        """Returns whether the model or one that stands in for it takes pictures."""
        return any(self.traits.of(each).sees for each in self.models_for(model))

    def room_to_think(self, model: str) -> int:
        """Tokens that the model may spend on thinking before it answers."""
        return room_to_think(self.traits.of(model), self.reasoning_tokens)

    def prompt_room(self, model: str, answer_tokens: int) -> int | None:
        """Estimated tokens that a prompt may have besides such an answer; None where nobody knows how much the model takes."""
        takes = self.traits.of(model).context_tokens
        return None if takes is None else max(0, int(takes * CERTAIN_SHARE) - answer_tokens - self.room_to_think(model))

    def _complete(
        self, request: CompletionRequest, model: str, caller: Caller, check: Callable[[Completion], Content]
    ) -> CheckedCompletion[Content]:
        spent: list[Spent] = []
        failure: ModelFailed | None = None
        for candidate in self.models_for(model):
            try:
                content = self._insist(request, candidate, caller, check, spent)
                return CheckedCompletion(content, sum(spent, Spent()), candidate)
            except ModelFailed as failed:
                failure = failed
                if failed.kind in FINAL:
                    break
            except (QuotaExceeded, PriceUnknown):
                if failure is None:
                    raise
                break  # what the model itself failed of says more than that its fallback could not be paid
        assert failure is not None
        failure.spent = sum(spent, Spent())
        raise failure

    def _insist(
        self,
        request: CompletionRequest,
        model: str,
        caller: Caller,
        check: Callable[[Completion], Content],
        spent: list[Spent],
    ) -> Content:
        """Asks one model until it answers, within what its failures make sensible."""
        adapted = Adapted(request, model, self.traits, self.reasoning_tokens)
        misfits, may_ask = 0, True
        last: ModelFailed | None = None

        def hear(answer: Completion) -> Content:
            adapted.heard(answer)
            return check(answer)

        def attempt() -> Content:
            nonlocal misfits, last, may_ask
            while True:
                asked = adapted.asked()
                try:
                    return self._attempt(asked, model, caller, hear, adapted.explain, spent)
                except ModelFailed as failed:
                    last = failed
                    if adapted.adapts_to(failed, asked):
                        continue
                    if can_be_told(failed):
                        misfits += 1
                        adapted.request = structured.asking_again(adapted.request, failed)
                    if failed.kind == "truncated":  # the same again is cut at the same place, more often than not
                        misfits += 1
                    raise
                except (QuotaExceeded, PriceUnknown) as refused:
                    if last is None:
                        raise
                    adapted.deny(last, str(refused))
                    may_ask = False  # another attempt does not fit the quota; the failure says more, and what it cost
                    raise last from None

        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=lambda state: wait_s(state, self.first_wait_s),
            sleep=sleep_using_event(self.closing),
            retry=lambda state: may_ask and misfits < MOST_MISFITS and is_worth_another(state),
            reraise=True,
        )
        return retrying(attempt)

    def _attempt(
        self,
        request: CompletionRequest,
        model: str,
        caller: Caller,
        check: Callable[[Completion], Content],
        explain: Callable[[ModelFailed], None],
        spent: list[Spent],
    ) -> Content:
        if self.closing.is_set():
            raise Interrupted("Semblance is shutting down; this continues when it restarts.")
        caller.check(bool(spent))
        if why := self.refusal(model):
            raise ModelFailed(why, kind="not_allowed", transient=False)
        self.model.ready(model)  # before there is a hold, which would run out while a slow machine gets there
        at = self.clock()
        price = self.prices.price_of(model, at)
        hold = self._hold(request, model, caller, price, at)
        answer, failure = None, None
        show = caller.show if self.traits.of(model).streams_usage else None
        try:
            answer = self.model.complete(model, request, self.timeout_s, len(spent), show)
            if show and answer.estimated:  # the next ones are taken whole, which providers count
                self.traits.learn(model, streams_usage=False)
            return check(answer)
        except ModelFailed as failed:
            failure = failed
            answer = failed.answer = failed.answer if isinstance(failed.answer, Completion) else answer
            explain(failed)
            raise
        finally:
            event = charged(hold, self._priced(model, at, price, answer), answer, failure)
            self.batcher.settle(hold, event)
            log_call(event)
            spent.append(Spent(event.tokens, event.cost_usd, 1))

    def _priced(
        self, model: str, at: datetime, price: ModelPrice | None, answer: Completion | None
    ) -> ModelPrice | None:
        """The price by what was served; that of the model asked for where a database that fails keeps the other to itself."""
        if answer is None or not answer.served.model:
            return price
        try:
            return self.prices.price_of(model, at, answer.served)
        except DatabaseFailed as failed:
            log.warning("The price of %s could not be read: %s", answer.served.model, failed)
            return price

    def _hold(
        self, request: CompletionRequest, model: str, caller: Caller, price: ModelPrice | None, at: datetime
    ) -> Hold:
        """Sets the worst case aside (worst_case.py)."""
        beyond, traits = self.batcher.held_beyond(model), self.traits.of(model)
        prices = [price, self.prices.price_of(model, at, Served(traits.answers_as))] if price else []
        worst = worst_case(request, beyond, traits, [each for each in prices if each])
        hold = Hold(
            call_id=secrets.token_hex(12),
            user_id=caller.user_id,
            at=at,
            usd=worst.usd,
            tokens=worst.tokens,
            feature=request.feature,
            model=model,
            project_id=caller.project_id,
            focus_group_id=caller.focus_group_id,
            task_id=caller.task_id,
            seq=caller.seq,
            beyond=beyond,
            at_limit_tokens=worst.at_limit_tokens,
            at_limit_usd=worst.at_limit_usd,
        )
        self.batcher.hold(hold, self.timeout_s + 60, self.closing)
        return hold
