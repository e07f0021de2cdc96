"""What calls are charged by what providers report of them, over real litellm and HTTP, whole and as a stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.people import Role, User
from semblance_core.domain.usage import UsageEvent
from semblance_core.llm.gateway import Gateway
from semblance_core.llm.litellm_model import LitellmModel
from semblance_core.store.ids import new_id
from tests.conftest import opened, settings_for
from tests.llm.desk import ASKED, Desk
from tests.raw_server import Raw, RawServer, chat, chat_events
from tests.scripted_server import ScriptedServer

MINI, SONNET, FLASH = "openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash"


@pytest.fixture(scope="module")
def raw(data_dir: Path) -> Iterator[tuple[Semblance, RawServer]]:
    """A platform all of whose providers are one raw server."""
    with RawServer() as server, ScriptedServer() as unused, opened(settings_for(data_dir, unused)) as semblance:
        names = ("openai", "anthropic", "gemini", "openrouter", "ollama", "xai", "azure", "deepseek", "groq", "mistral")
        model = LitellmModel(
            base_urls={name: server.url for name in names}, keys=dict.fromkeys(names, "key-of-nobody")
        )
        gateway = replace(
            semblance.gateway, model=model, refusal=lambda _: "", timeout_s=30.0, first_wait_s=0.0, attempts=2
        )
        yield replace(semblance, gateway=gateway), server


@dataclass
class Booth:
    semblance: Semblance
    server: RawServer
    user: str
    gateway: Gateway

    def ask(self, model: str, *, stream: bool = False) -> str:
        how = replace(self.gateway.model, stream=stream)  # type: ignore[type-var]
        desk = Desk(replace(self.semblance, gateway=replace(self.gateway, model=how)), None, self.user)  # type: ignore[arg-type]
        return desk.ask(model, ASKED)

    @property
    def event(self) -> UsageEvent:
        self.gateway.clerk.flush()
        return self.semblance.store.usage.events(user_id=self.user)[0]


@pytest.fixture
def booth(raw: tuple[Semblance, RawServer]) -> Booth:
    semblance, server = raw
    user = new_id()
    semblance.store.users.add(User(user, "Somebody", Role.RESEARCHER, semblance.clock()), "no password fits")
    semblance.store.model_traits.forget()
    semblance.gateway.traits.forget()
    server.sent.clear()
    return Booth(semblance, server, user, semblance.gateway)


def anthropic(usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"id": "1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "end_turn"}
    return {**base, "content": [{"type": "text", "text": "Too dear."}], "usage": usage, **more}


def gemini(usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": "Too dear."}]}
    candidate = {"content": content, "finishReason": "STOP", "index": 0}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "gemini-2.5-flash", **more}


def ollama(**counts: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": "Too dear."}
    return {"model": "llama3", "message": message, "done": True, "done_reason": "stop", **counts}


@dataclass(frozen=True)
class Case:
    """A response, and what it costs. cost_usd None: unknown."""

    name: str
    model: str
    body: dict[str, Any]
    prompt: int
    completion: int
    cost_usd: str | None
    cached: int = 0
    reasoning: int = 0
    estimated: bool = False
    served: str = ""
    tier: str = ""
    flagged: bool = False
    more: dict[str, Any] = field(default_factory=dict)


def said(usage: dict[str, Any], **more: Any) -> dict[str, Any]:
    return chat("Too dear.", usage, **more)


def used(prompt: int = 1_000, completion: int = 100, total: int | None = None, **more: Any) -> dict[str, Any]:
    total = prompt + completion if total is None else total
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total, **more}


def thought(tokens: int) -> dict[str, Any]:
    return {"completion_tokens_details": {"reasoning_tokens": tokens}}


PLAIN = "0.00021"
"""What 1,000 and 100 tokens of gpt-4o-mini cost."""
CASES = (
    Case("plain", MINI, said(used()), 1_000, 100, PLAIN),
    Case("reasoning beside the completion", MINI, said(used(total=1_900, **thought(800))), 1_000, 900, "0.00069", reasoning=800),
    Case("reasoning inside the completion", MINI, said(used(1_000, 900, **thought(800))), 1_000, 900, "0.00069", reasoning=800),
    Case("reasoning above the completion, no total", MINI, said({"prompt_tokens": 1_000, "completion_tokens": 100, **thought(800)}), 1_000, 900, "0.00069", reasoning=800),
    Case("total above its parts", MINI, said(used(total=1_900)), 1_000, 900, "0.00069", estimated=True, flagged=True),
    Case("total below its parts", MINI, said(used(total=600)), 1_000, 100, PLAIN, estimated=True, flagged=True),
    Case("no completion but a total", MINI, said(used(1_000, 0, total=1_100)), 1_000, 100, PLAIN),
    Case("no prompt but a total", MINI, said(used(0, 100, total=1_100)), 1_000, 100, PLAIN),
    Case("names of the Responses API", MINI, said({"input_tokens": 1_000, "output_tokens": 100, "total_tokens": 1_100, "output_tokens_details": {"reasoning_tokens": 40}}), 1_000, 100, PLAIN, reasoning=40),
    Case("counts as floats", MINI, said({"prompt_tokens": 1_000.0, "completion_tokens": 100.0, "total_tokens": 1_100.0}), 1_000, 100, PLAIN),
    Case("counts as texts", MINI, said({"prompt_tokens": "1000", "completion_tokens": "100", "total_tokens": "1100"}), 1_000, 100, PLAIN),
    Case("cached", MINI, said(used(prompt_tokens_details={"cached_tokens": 400})), 1_000, 100, "0.00018", cached=400),
    Case("cached, as DeepSeek says it", MINI, said(used(prompt_cache_hit_tokens=400, prompt_cache_miss_tokens=600)), 1_000, 100, "0.00018", cached=400),
    Case("cached at the top, as Moonshot says it", MINI, said(used(cached_tokens=400)), 1_000, 100, "0.00018", cached=400),
    Case("cached beside the prompt", MINI, said(used(600, 100, total=1_100, prompt_tokens_details={"cached_tokens": 400})), 1_000, 100, "0.00018", cached=400),
    Case("the usual tier by name", MINI, said(used(), service_tier="default"), 1_000, 100, PLAIN),
    Case("priority", MINI, said(used(1_000_000, 1_000), service_tier="priority"), 1_000_000, 1_000, "0.251", tier="priority"),
    Case("priority inside the usage", MINI, said(used(1_000_000, 1_000, service_tier="priority")), 1_000_000, 1_000, "0.251", tier="priority"),
    Case("flex", "openai/o3", said(used(), service_tier="flex", model="o3"), 1_000, 100, "0.0014", tier="flex"),
    Case("a tier that no list knows", MINI, said(used(), service_tier="scale"), 1_000, 100, PLAIN, tier="scale"),
    Case("another model", MINI, said(used(), model="gpt-4o-2024-08-06"), 1_000, 100, "0.0035", served="gpt-4o-2024-08-06"),
    Case("a dated edition", MINI, said(used(), model="gpt-4o-mini-2024-07-18"), 1_000, 100, PLAIN, served="gpt-4o-mini-2024-07-18"),
    Case("another model without a price", MINI, said(used(), model="models/llama.gguf"), 1_000, 100, PLAIN, served="llama.gguf"),
    Case("another name of a listed provider", "openai/my-alias", said(used(), model="gpt-4o-2024-08-06"), 1_000, 100, "0.0035", served="gpt-4o-2024-08-06"),
    Case("a router", "openrouter/auto", said(used(), model="anthropic/nobodys"), 1_000, 100, None, served="anthropic/nobodys"),
    Case("OpenRouter's own cost", "openrouter/auto", said(used(cost=0.0123)), 1_000, 100, "0.0123", served="gpt-4o-mini"),
    Case("its own cost over a price", MINI, said(used(cost=0.0123)), 1_000, 100, "0.0123"),
    Case("cost of one's own key there", "openrouter/auto", said(used(cost=0.0001, is_byok=True, cost_details={"upstream_inference_cost": 0.002})), 1_000, 100, "0.0021", served="gpt-4o-mini"),
    Case("cost in ticks, as xAI says it", "xai/grok-nobody-knows", said(used(cost_in_usd_ticks=123_000_000), model="grok-nobody-knows"), 1_000, 100, "0.0123"),
    Case("cost by parts, as Perplexity says it", "openai/sonar-nobody", said(used(cost={"input_tokens_cost": 0.001, "total_cost": 0.0062}), model="sonar-nobody"), 1_000, 100, "0.0062"),
    Case("cost as an estimate, as DeepInfra says it", "openai/nobodys", said(used(estimated_cost=0.0005), model="nobodys"), 1_000, 100, "0.0005"),
    Case("cost of a gateway, as Vercel says it", "openai/nobodys", said(used(), model="nobodys", provider_metadata={"gateway": {"cost": "0.0042"}}), 1_000, 100, "0.0042"),
    Case("a cost of 0 of a model that has a price", MINI, said(used(cost=0)), 1_000, 100, PLAIN),
    Case("a cost of 0 of a model without a price", "openai/nobodys", said(used(cost=0), model="nobodys"), 1_000, 100, None),
    Case("a cost of 0 of a free model", "openrouter/x/y:free", said(used(cost=0), model="x/y:free"), 1_000, 100, "0"),
    Case("a cost that is no number", MINI, said(used(cost="NaN")), 1_000, 100, PLAIN),
    Case("a cost below 0", MINI, said(used(cost=-5)), 1_000, 100, PLAIN),
    Case("usage in the choice", MINI, chat("Too dear.", choices=[{"index": 0, "message": {"role": "assistant", "content": "Too dear."}, "finish_reason": "stop", "usage": used()}]), 1_000, 100, PLAIN),
    Case("cache written for 5 minutes", SONNET, anthropic({"input_tokens": 3, "cache_creation_input_tokens": 12_304, "cache_read_input_tokens": 0, "output_tokens": 550}), 12_307, 550, "0.054399"),
    Case("cache written for an hour", SONNET, anthropic({"input_tokens": 3, "cache_creation_input_tokens": 10_000, "cache_creation": {"ephemeral_5m_input_tokens": 4_000, "ephemeral_1h_input_tokens": 6_000}, "output_tokens": 100}), 10_003, 100, "0.052509"),
    Case("cache read", SONNET, anthropic({"input_tokens": 3, "cache_read_input_tokens": 10_000, "output_tokens": 100}), 10_003, 100, "0.004509", cached=10_000),
    Case("a batch of Anthropic's", SONNET, anthropic({"input_tokens": 1_000, "output_tokens": 100, "service_tier": "batch"}), 1_000, 100, "0.00225", tier="batches"),
    Case("Anthropic's usual tier", SONNET, anthropic({"input_tokens": 1_000, "output_tokens": 100, "service_tier": "standard"}), 1_000, 100, "0.0045"),
    Case("inference in the US", "anthropic/claude-opus-4-6", anthropic({"input_tokens": 1_000, "output_tokens": 100, "inference_geo": "us"}, model="claude-opus-4-6"), 1_000, 100, "0.00825", tier="us"),
    Case("Gemini's thinking", FLASH, gemini({"promptTokenCount": 1_000, "candidatesTokenCount": 100, "thoughtsTokenCount": 800, "totalTokenCount": 1_900}), 1_000, 900, "0.00255", reasoning=800),
    Case("Gemini's priority", FLASH, gemini({"promptTokenCount": 1_000, "candidatesTokenCount": 100, "totalTokenCount": 1_100, "trafficType": "ON_DEMAND_PRIORITY"}), 1_000, 100, "0.00099", tier="ON_DEMAND_PRIORITY"),
    Case("Gemini's cache", FLASH, gemini({"promptTokenCount": 1_000, "cachedContentTokenCount": 400, "candidatesTokenCount": 100, "totalTokenCount": 1_100, "trafficType": "ON_DEMAND"}), 1_000, 100, "0.000442", cached=400),
    Case("Ollama", "ollama_chat/llama3", ollama(prompt_eval_count=1_000, eval_count=100), 1_000, 100, "0"),
)  # fmt: skip


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
        "served": (case.served, event.served.model),
        "flagged": (case.flagged, "in all and" in event.error),
        "model": (case.model, event.model),
        "status": ("ok", event.status),
    }
    return [f"{case.name}: {name} {got}, not {due}" for name, (due, got) in wanted.items() if due != got]


def test_calls_cost_what_was_used_and_served(booth: Booth) -> None:
    found: list[str] = []
    for case in CASES:
        booth.server.script = lambda sent, case=case: Raw(case.body)
        try:
            answer = booth.ask(case.model)
        except ModelFailed as failed:
            found.append(f"{case.name}: {failed} {failed.provider_said}")
            continue
        found += [] if answer == "Too dear." else [f"{case.name}: {answer!r}"]
        found += wrong(case, booth.event)
    assert not found, "\n".join(found)


def test_streams_cost_the_same(booth: Booth) -> None:
    found: list[str] = []
    for case in CASES:
        if "choices" not in case.body or case.name == "usage in the choice":
            continue
        booth.server.script = lambda sent, case=case: Raw(events=as_events(case.body))
        try:
            answer = booth.ask(case.model, stream=True)
        except ModelFailed as failed:
            found.append(f"{case.name}: {failed} {failed.provider_said}")
            continue
        found += [] if answer == "Too dear." else [f"{case.name}: {answer!r}"]
        found += wrong(case, booth.event)
    assert not found, "\n".join(found)
