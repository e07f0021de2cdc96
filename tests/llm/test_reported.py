"""What calls are charged by what providers report of them, over real litellm and HTTP, whole and as a stream."""

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.costs.reprice import reprice
from tests.llm.booth import Booth
from tests.raw_server import Raw, chat, chat_events

DATA = Path(__file__).parents[1] / "data" / "providers"


@dataclass(frozen=True)
class Case:
    """A response as providers send it (responses.json), and what it costs. cost_usd None: unknown. flagged: the counts contradict."""

    name: str
    model: str
    response: dict[str, Any]
    prompt: int
    completion: int
    cost_usd: str | None
    cached: int = 0
    reasoning: int = 0
    estimated: bool = False
    served: str = ""
    tier: str = ""
    flagged: bool = False


CASES = [Case(**row) for row in json.loads((DATA / "responses.json").read_text(encoding="utf-8"))]


def as_events(body: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    more = {name: value for name, value in body.items() if name not in ("choices", "usage", "object")}
    return chat_events("Too dear.", body.get("usage"), **more)


def wrong(case: Case, event: UsageEvent) -> list[str]:
    wanted = {
        "prompt": (case.prompt, event.tokens.prompt),
        "completion": (case.completion, event.tokens.completion),
        "cached": (case.cached, event.tokens.cached),
        "reasoning": (case.reasoning, event.tokens.reasoning),
        "cost_usd": (None if case.cost_usd is None else Decimal(case.cost_usd), event.cost_usd),
        "estimated": (case.estimated, event.estimated),
        "tier": (case.tier, event.served.tier),
        "served": (case.served, event.served.model),
        "flagged": (case.flagged, "in all and" in event.error),
        "model": (case.model, event.model),
        "status": ("ok", event.status),
    }
    return [f"{case.name}: {name} {got}, not {due}" for name, (due, got) in wanted.items() if due != got]


def test_calls_cost_what_was_used_and_served(booth: Booth) -> None:
    found: list[str] = []
    for case in CASES:
        booth.server.script = lambda sent, case=case: Raw(case.response)
        try:
            answer = booth.ask(case.model)
        except ModelFailed as failed:
            found.append(f"{case.name}: {failed} {failed.provider_said}")
            continue
        found += [] if answer == "Too dear." else [f"{case.name}: {answer!r}"]
        found += wrong(case, booth.event)
    assert not found, "\n".join(found)


def test_a_hold_covers_the_dearest_way_to_be_served(booth: Booth) -> None:
    """All of the prompt written to a cache for an hour, at the dearest tier, and by a model that answered in its place before."""
    used = {"input_tokens": 0, "cache_creation_input_tokens": 750, "output_tokens": 2_060}
    hour = {**used, "cache_creation": {"ephemeral_1h_input_tokens": 750}}
    thought = {"completion_tokens_details": {"reasoning_tokens": 60}}
    priority = {
        "prompt_tokens": 750,
        "completion_tokens": 60,
        "total_tokens": 810,
        "service_tier": "priority",
        **thought,
    }
    text = [{"type": "text", "text": "Too dear."}]
    claude = {"id": "1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "content": text}
    for model, body in (
        ("anthropic/claude-sonnet-4-5", {**claude, "stop_reason": "end_turn", "usage": hour}),
        ("openai/gpt-4o-mini", chat("Too dear.", priority)),
    ):
        booth.forget()
        booth.server.script = lambda sent, body=body: Raw(body)
        booth.limit(Decimal("0.0000001"))
        with pytest.raises(QuotaExceeded) as refused:
            booth.ask(model)
        needed = refused.value.needs_usd
        booth.limit(None)
        booth.ask(model)
        assert booth.event.cost_usd == needed, model
    booth.server.script = lambda sent: Raw(chat("Too dear.", priority, model="gpt-4o-2024-08-06"))
    booth.ask("openai/gpt-4o-mini")
    booth.limit(Decimal("0.0000001"))
    with pytest.raises(QuotaExceeded) as refused:
        booth.ask("openai/gpt-4o-mini")
    assert refused.value.needs_usd >= (booth.event.cost_usd or 0), "what answered before is held for"


def test_computing_costs_anew_changes_nothing_where_no_price_did(booth: Booth) -> None:
    for case in CASES[:40]:
        booth.server.script = lambda sent, case=case: Raw(case.response)
        booth.ask(case.model)
    booth.server.script = lambda sent: Raw(b"<html>")
    with pytest.raises(ModelFailed):
        booth.ask("openai/gpt-4o-mini")
    before = [(event.id, event.cost_usd) for event in booth.events]
    assert booth.event.served.at_most, "nobody knows what it used"
    booth.gateway.prices.forget()
    changed = reprice(
        booth.semblance.store.usage,
        booth.gateway.prices.price_of,
        since=booth.semblance.clock() - timedelta(days=1),
    )
    assert not [each for each in changed if each.user_id == booth.user]
    assert [(event.id, event.cost_usd) for event in booth.events] == before


def test_streams_cost_the_same(booth: Booth) -> None:
    found: list[str] = []
    for case in CASES:
        if "choices" not in case.response or case.name == "usage in the choice":
            continue
        booth.server.script = lambda sent, case=case: Raw(events=as_events(case.response))
        try:
            answer = booth.ask(case.model, stream=True)
        except ModelFailed as failed:
            found.append(f"{case.name}: {failed} {failed.provider_said}")
            continue
        found += [] if answer == "Too dear." else [f"{case.name}: {answer!r}"]
        found += wrong(case, booth.event)
    assert not found, "\n".join(found)
