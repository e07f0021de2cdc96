"""A provider that ignores the bound of an answer passes a quota by one call at most, however many calls wait beside it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.answer_bounds import TRIAL_CALLS
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.llm.gateway import Caller, CheckedCompletion
from semblance_core.llm.request import CompletionRequest, PromptMessage
from tests.conftest import MODEL, OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer

ASKED = CompletionRequest("reply", (PromptMessage("user", "What do you drink?"),), max_tokens=60)
AT_ONCE = 24
QUOTA = UsageQuota(usd=Decimal("0.05"))
TOO_LONG = 200_000
EXCESS = Decimal("0.12006")
"""What one answer of so many tokens costs at most, $0.60 a million, with its prompt."""


def counting(completion: int) -> Callable[[Asked], Reply]:
    """A provider that counts so many completion tokens, whatever it was told."""

    def reply(asked: Asked) -> Reply:
        choice = {"index": 0, "message": {"role": "assistant", "content": "Tea."}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 12, "completion_tokens": completion, "total_tokens": 12 + completion}
        answer = {"id": "x", "object": "chat.completion", "created": 1, "model": asked.model, "choices": [choice]}
        return Reply(body=json.dumps({**answer, "usage": usage}).encode())

    return reply


@pytest.fixture
def processes(open_platform: OpenPlatform, model_server: ScriptedServer) -> list[Semblance]:
    """Two of them on one database, each with a ledger and calls of its own."""
    model_server.latency_s = 0.3
    both = [open_platform(SEMBLANCE_CALL_ATTEMPTS=1) for _ in range(2)]
    both[0].warm_up()
    both[0].workspace("admin").accounts.set_quota("user", QUOTA)
    return both


def asked_at_once(processes: list[Semblance]) -> list[CheckedCompletion[str] | QuotaExceeded]:
    def ask(number: int) -> CheckedCompletion[str] | QuotaExceeded:
        try:
            return processes[number % len(processes)].gateway.text(ASKED, MODEL, Caller("user"))
        except QuotaExceeded as refused:
            return refused

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answered = list(threads.map(ask, range(AT_ONCE)))
    for process in processes:
        process.gateway.batcher.flush()
    return answered


def test_one_call_passes_the_quota_and_no_other_is_made(
    processes: list[Semblance], model_server: ScriptedServer
) -> None:
    model_server.script = counting(TOO_LONG)
    answered = asked_at_once(processes)
    assert len(model_server.asked) == 1
    assert sum(isinstance(each, QuotaExceeded) for each in answered) == AT_ONCE - 1
    status = processes[0].workspace("user").me.quota()
    assert status.spent_usd <= QUOTA.usd + EXCESS
    assert status.held_usd == 0
    assert processes[0].store.reconciliation.check().wrong == 0


def test_a_quota_with_room_for_some_is_passed_by_one_at_most(
    processes: list[Semblance], model_server: ScriptedServer
) -> None:
    quota = UsageQuota(usd=Decimal("0.3"))
    processes[0].workspace("admin").accounts.set_quota("user", quota)
    model_server.script = counting(TOO_LONG)
    asked_at_once(processes)
    spent = processes[0].workspace("user").me.quota().spent_usd
    assert quota.usd - EXCESS < spent <= quota.usd + EXCESS
    assert asked_at_once(processes), "and later"
    assert processes[0].workspace("user").me.quota().spent_usd == spent


def test_what_was_seen_is_said_and_held_from_then_on(
    processes: list[Semblance], model_server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    model_server.script = counting(TOO_LONG)
    asked_at_once(processes)
    (event,) = processes[0].store.usage.events()
    said = "200,000 completion tokens where at most 60 were possible"
    assert event.status == "ok"
    assert said in event.error
    assert said in caplog.text
    (row,) = processes[1].workspace("admin").prices.called_models()
    assert row.beyond == TokenCounts(0, 0, TOO_LONG - 60)
    other = processes[1].workspace("admin")
    other.accounts.set_quota("other", UsageQuota(usd=Decimal("0.11")))
    with pytest.raises(QuotaExceeded, match=r"this call may need \$0\.20"):
        processes[1].gateway.text(ASKED, MODEL, Caller("other"))


def test_a_model_that_keeps_its_bound_is_soon_asked_by_many_at_once(
    processes: list[Semblance], model_server: ScriptedServer
) -> None:
    model_server.script = counting(50)
    answered = asked_at_once(processes)
    assert all(isinstance(each, CheckedCompletion) for each in answered)
    assert model_server.most_at_once > 1
    assert processes[0].store.ledger.bounds.of(MODEL).kept >= TRIAL_CALLS
    model_server.forget()
    asked_at_once(processes)
    assert model_server.most_at_once > AT_ONCE / 4


def test_who_has_no_quota_waits_for_nobody(processes: list[Semblance], model_server: ScriptedServer) -> None:
    processes[0].workspace("admin").accounts.set_quota("user", UsageQuota())
    model_server.script = counting(50)
    asked_at_once(processes)
    assert model_server.most_at_once > AT_ONCE / 4
