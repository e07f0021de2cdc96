"""Every model call goes through here: hold → complete → check → price → settle → record, once for each attempt."""

import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import Spent, TokenCounts, UsageEvent
from semblance_core.llm import structured
from semblance_core.llm.clerk import Clerk
from semblance_core.llm.prices import PriceTable
from semblance_core.llm.request import Answer, CompletionRequest
from semblance_core.store.ledger import Hold

Shape = TypeVar("Shape", bound=BaseModel)
Content = TypeVar("Content")
LONGEST_WAIT_S = 30.0
OUTCOME_UNKNOWN = ("timeout", "connection", "empty", "malformed")


class Model(Protocol):
    """What answers requests; `LitellmModel` is the one that ships."""

    def complete(self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0) -> Answer: ...
    def warm_up(self, model: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose account a call is made, and for what."""

    user_id: str
    project_id: str | None = None
    focus_group_id: str | None = None
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class Completed(Generic[Content]):
    """A checked answer, and what all attempts at it used."""

    content: Content
    spent: Spent


@dataclass(frozen=True)
class Gateway:
    """timeout_s: hard limit of one attempt. attempts: at most so many, each with a hold of its own.

    first_wait_s: how long to wait before the second attempt; about twice as long before each further one.
    executor: where calls that belong together run side by side.
    """

    clerk: Clerk
    model: Model
    prices: PriceTable
    clock: Callable[[], datetime]
    executor: Executor
    timeout_s: float = 60.0
    attempts: int = 3
    reasoning_tokens: int = 2_000
    first_wait_s: float = 1.0

    def text(self, request: CompletionRequest, model: str, caller: Caller) -> Completed[str]:
        """A plain answer; raises `ModelFailed` (with what was spent), `QuotaExceeded` or `PriceUnknown`."""
        return self._complete(request, model, caller, _whole_sentences)

    def structured(
        self, request: CompletionRequest, shape: type[Shape], model: str, caller: Caller
    ) -> Completed[Shape]:
        """An answer that must be JSON of this shape; what does not fit is asked for again."""
        asked = structured.asking_for(request, shape)
        return self._complete(asked, model, caller, lambda answer: structured.read(answer.text, shape))

    def _complete(
        self, request: CompletionRequest, model: str, caller: Caller, check: Callable[[Answer], Content]
    ) -> Completed[Content]:
        if self.prices.thinks(model):
            request = replace(request, max_tokens=request.max_tokens + self.reasoning_tokens)
        spent: list[Spent] = []
        retrying = Retrying(
            stop=stop_after_attempt(self.attempts),
            wait=lambda state: _wait(state, self.first_wait_s),
            retry=retry_if_exception(lambda failed: isinstance(failed, ModelFailed) and failed.transient),
            reraise=True,
        )
        try:
            content = retrying(lambda: self._attempt(request, model, caller, check, spent))
        except ModelFailed as failed:
            failed.spent = sum(spent, Spent())
            raise
        return Completed(content, sum(spent, Spent()))

    def _attempt(
        self,
        request: CompletionRequest,
        model: str,
        caller: Caller,
        check: Callable[[Answer], Content],
        spent: list[Spent],
    ) -> Content:
        hold = self._hold(request, model, caller)
        answer: Answer | None = None
        failure: ModelFailed | None = None
        try:
            answer = self.model.complete(model, request, self.timeout_s, attempt=len(spent))
            return check(answer)
        except ModelFailed as failed:
            failure = failed
            answer = failed.answer if isinstance(failed.answer, Answer) else answer
            raise
        finally:
            event = self._event(hold, answer, failure)
            self.clerk.settle(hold, event)
            spent.append(Spent(event.tokens, event.cost_usd, 1))

    def _hold(self, request: CompletionRequest, model: str, caller: Caller) -> Hold:
        """Sets the worst case aside: no tokeniser makes more tokens than there are bytes, nor an answer more than its bound."""
        price = self.prices.price_of(model)
        size = sum(len(message.content.encode()) + 16 for message in request.messages) + len(str(request.schema or ""))
        worst = TokenCounts(prompt=size, completion=request.max_tokens)
        hold = Hold(
            call_id=secrets.token_hex(12),
            user_id=caller.user_id,
            month=month_of(self.clock()),
            usd=price.cost_usd(worst) if price else None,
            tokens=worst,
            feature=request.feature,
            model=model,
            project_id=caller.project_id,
            focus_group_id=caller.focus_group_id,
            task_id=caller.task_id,
        )
        self.clerk.hold(hold, lasts_s=self.timeout_s + 60)
        return hold

    def _event(self, hold: Hold, answer: Answer | None, failure: ModelFailed | None) -> UsageEvent:
        tokens, estimated, latency_s = TokenCounts(), False, 0.0
        if answer:
            tokens, estimated, latency_s = answer.tokens, answer.estimated, answer.latency_s
        elif failure is None or failure.kind in OUTCOME_UNKNOWN:
            # Nobody knows what the provider did with it: all that was held is charged, rather than too little.
            tokens, estimated = hold.tokens, True
        price = self.prices.price_of(hold.model)
        return UsageEvent(
            id=hold.call_id,
            user_id=hold.user_id,
            feature=hold.feature,
            model=hold.model,
            tokens=tokens,
            cost_usd=Decimal(0) if not tokens.total else price.cost_usd(tokens) if price else None,
            latency_s=latency_s,
            status=failure.kind if failure else "ok" if answer else "unknown",
            estimated=estimated,
            at=self.clock(),
            project_id=hold.project_id,
            focus_group_id=hold.focus_group_id,
            task_id=hold.task_id,
            error=str(failure) if failure else "",
        )


def _wait(state: RetryCallState, first_s: float) -> float:
    """As long as the provider asked for, else longer each time."""
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.retry_after_s if isinstance(failed, ModelFailed) else None
    if isinstance(failed, ModelFailed) and failed.kind in ("malformed", "schema", "empty", "truncated"):
        return 0.0
    if asked is not None:
        return min(asked, LONGEST_WAIT_S)
    return float(wait_exponential_jitter(initial=first_s, max=8 * first_s, jitter=first_s)(state))


def _whole_sentences(answer: Answer) -> str:
    """A spoken answer; one that hit its bound ends with its last whole sentence."""
    if not answer.truncated:
        return answer.text
    end = max(answer.text.rfind(mark) for mark in ".!?…")
    return answer.text[: end + 1] if end > 0 else answer.text + "…"
