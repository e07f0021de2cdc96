"""What calls are charged by what providers report of them, over real litellm and HTTP, whole and as a stream."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.usage import UsageEvent
from tests.llm.booth import Booth
from tests.raw_server import Raw, chat_events

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
