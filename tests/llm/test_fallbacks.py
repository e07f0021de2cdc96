"""Models that stand in for one that fails: only where they are configured, never after a refused key, each paid for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.domain.errors import SetupError
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Gateway
from semblance_core.settings import load_settings
from tests.llm.harness import ASKED, GEMINI, OPENAI, Drink, GatewayHarness
from tests.scripted_server import Asked, Reply

BARE = GEMINI.partition("/")[2]


def with_fallbacks(harness: GatewayHarness, *models: str) -> Gateway:
    return replace(harness.semblance.gateway, fallbacks=models)


def only_gemini(asked: Asked) -> Reply:
    return Reply("From the other.") if asked.model == BARE else Reply("down", status=500)


def test_a_fallback_answers_where_the_model_failed_at_every_attempt(harness: GatewayHarness) -> None:
    harness.server.script = only_gemini
    completed = with_fallbacks(harness, OPENAI, GEMINI).text(ASKED, OPENAI, harness.caller)
    assert (completed.content, completed.model, completed.spent.calls) == ("From the other.", GEMINI, 3)
    assert [(event.model, event.status) for event in harness.events] == [
        *((OPENAI, "server"), (OPENAI, "server"), (GEMINI, "ok")),
    ]
    assert harness.events[-1].cost_usd == completed.spent.cost_usd
    assert harness.status.held_tokens == 0


def test_without_a_configured_fallback_none_is_asked(harness: GatewayHarness) -> None:
    harness.server.script = only_gemini
    assert harness.fail(OPENAI).kind == "server"
    assert {asked.model for asked in harness.server.asked} == {"gpt-4o-mini"}


@pytest.mark.parametrize("status", [401, 403, 400, 404])
def test_a_refused_key_or_request_is_never_taken_to_another_model(harness: GatewayHarness, status: int) -> None:
    harness.server.script = lambda asked: Reply("no", status=status)
    with pytest.raises(ModelFailed):
        with_fallbacks(harness, GEMINI).text(ASKED, OPENAI, harness.caller)
    assert [asked.model for asked in harness.server.asked] == ["gpt-4o-mini"]


def test_a_filtered_answer_is_not_asked_of_another_model(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("…", finish_reason="content_filter")
    with pytest.raises(ModelFailed):
        with_fallbacks(harness, GEMINI).text(ASKED, OPENAI, harness.caller)
    assert len(harness.server.asked) == 1


def test_a_provider_that_asks_for_a_long_wait_is_left_at_once(harness: GatewayHarness) -> None:
    def busy(asked: Asked) -> Reply:
        return Reply("Here.") if asked.model == BARE else Reply("", status=429, headers={"retry-after": "600"})

    harness.server.script = busy
    assert with_fallbacks(harness, GEMINI).text(ASKED, OPENAI, harness.caller).model == GEMINI
    assert len(harness.server.asked) == 2


def test_json_that_never_fits_is_asked_of_the_fallback(harness: GatewayHarness) -> None:
    fits = '{"name": "oat", "litres": 1}'
    harness.server.script = lambda asked: Reply(fits if asked.model == BARE else "No JSON from me.")
    completed = with_fallbacks(harness, GEMINI).structured(ASKED, Drink, OPENAI, harness.caller)
    assert (completed.content.name, completed.model, completed.spent.calls) == ("oat", GEMINI, 3)
    assert "could not be used" not in harness.server.asked[-1].prompt


def test_a_fallback_that_the_quota_does_not_allow_leaves_the_first_failure(harness: GatewayHarness) -> None:
    harness.limit(usd=Decimal(1))
    harness.server.script = only_gemini
    with pytest.raises(ModelFailed) as caught:
        with_fallbacks(harness, "openai/nobodys-model").text(ASKED, OPENAI, harness.caller)
    assert caught.value.kind == "server"


def test_the_simulator_never_stands_in_for_a_model_nor_a_model_for_it(harness: GatewayHarness) -> None:
    assert with_fallbacks(harness, GEMINI).models_for("simulator/v1") == ("simulator/v1",)
    with pytest.raises(SetupError, match=r"SEMBLANCE_FALLBACK_MODELS.*simulator cannot stand in"):
        load_settings(SEMBLANCE_FALLBACK_MODELS="openai/gpt-4o, simulator/v1")
    assert load_settings(SEMBLANCE_FALLBACK_MODELS=" openai/gpt-4o,, ").fallback_models == ("openai/gpt-4o",)
