"""The gateway over real litellm and HTTP: what is counted, what is charged, and what each fault becomes."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from semblance_core.domain.errors import AccessDenied, PriceUnknown, QuotaExceeded
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller
from tests.conftest import KEY, OpenPlatform
from tests.llm.harness import ASKED, GEMINI, GEMINI_KEY, OPENAI, PROVIDERS, Drink, GatewayHarness
from tests.scripted_server import Reply


@PROVIDERS
def test_usage_is_counted_as_the_provider_reports_it_and_priced_exactly(harness: GatewayHarness, model: str) -> None:
    harness.server.script = lambda asked: Reply("Mostly oat milk.", reasoning=11)
    harness.ask(model)
    assert harness.ask(model) == "Mostly oat milk."
    first, second = harness.events
    assert first.tokens == TokenCounts(prompt=180, cached=0, completion=15, reasoning=11)
    assert second.tokens == TokenCounts(prompt=180, cached=160, completion=15, reasoning=11)
    price = harness.semblance.gateway.prices.price_of(model, harness.semblance.clock())
    assert price is not None
    rates = price.base
    assert second.cost_usd == (20 * rates.prompt + 160 * rates.cached + 15 * rates.completion) / 1_000_000
    assert (second.status, second.estimated, second.feature, second.model) == ("ok", False, "reply", model)
    assert (second.user_id, second.project_id, second.focus_group_id, second.task_id) == (
        *(harness.user, "project", "session", "task"),
    )
    assert 0 < second.latency_s < 5
    assert harness.status.spent_usd == (first.cost_usd or 0) + second.cost_usd
    assert harness.status.held_usd == harness.status.held_tokens == 0


def test_a_known_call_costs_what_the_price_list_says(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("x" * 400)
    harness.ask(OPENAI)
    assert (
        harness.events[0].cost_usd == (180 * Decimal("0.15") + 100 * Decimal("0.6")) / 1_000_000 == Decimal("0.000087")
    )


def test_usage_that_is_missing_is_counted_here_and_flagged(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("Mostly oat milk.", usage=False)
    assert harness.ask(OPENAI) == "Mostly oat milk."
    (event,) = harness.events
    assert event.estimated
    assert 150 <= event.tokens.prompt <= 260
    assert 3 <= event.tokens.completion <= 6
    assert event.cost_usd


@pytest.mark.parametrize(
    ("reported", "prompt", "completion"),
    [
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, range(150, 260), range(3, 7)),
        ({"prompt_tokens": 180, "completion_tokens": 0, "total_tokens": 180}, range(180, 181), range(3, 7)),
        ({"prompt_tokens": 0, "completion_tokens": 44, "total_tokens": 44}, range(150, 260), range(44, 45)),
    ],
    ids=["nothing", "no completion", "no prompt"],
)
def test_usage_reported_as_zero_is_counted_here_for_the_part_that_is_zero(
    harness: GatewayHarness, reported: dict[str, int], prompt: range, completion: range
) -> None:
    message = {"role": "assistant", "content": "Mostly oat milk."}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    answer = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": reported,
    }
    harness.server.script = lambda asked: Reply(body=json.dumps(answer).encode())
    harness.ask(OPENAI)
    (event,) = harness.events
    assert event.estimated
    assert event.tokens.prompt in prompt
    assert event.tokens.completion in completion


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("I would rather not.", "malformed"),
        ('{"name": "oat"}', "schema"),
        ("[1, 2]", "malformed"),
        ('{"name": ', "schema"),
    ],
)
@PROVIDERS
def test_json_that_does_not_fit_is_asked_for_again_then_given_up_and_paid_for(
    harness: GatewayHarness, model: str, answer: str, kind: str
) -> None:
    harness.server.script = lambda asked: Reply(answer)
    with pytest.raises(ModelFailed) as caught:
        harness.ask_for_drink(model)
    assert caught.value.kind == kind
    assert [(event.status, event.estimated) for event in harness.events] == [(kind, False)] * 2
    first, second = harness.server.asked
    assert [event.tokens.prompt for event in harness.events] == [
        -(-len(asked.prompt) // 4) for asked in (first, second)
    ]
    assert str(caught.value) in second.prompt
    assert second.prompt.startswith(first.prompt)


def test_json_that_does_not_fit_is_asked_for_once_more_and_no_oftener(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("I would rather not.")
    patient = replace(harness.semblance.gateway, attempts=5)
    with pytest.raises(ModelFailed):
        patient.structured(ASKED, Drink, OPENAI, harness.caller)
    assert len(harness.server.asked) == 2


def test_what_did_not_fit_is_set_right_when_it_is_asked_for_again(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply('{"name": "oat", "litres": 2}' if asked.number else "Oat, two litres.")
    assert harness.ask_for_drink(OPENAI) == Drink(name="oat", litres=2)


@PROVIDERS
def test_json_is_asked_for_by_schema_and_read_into_its_shape(harness: GatewayHarness, model: str) -> None:
    harness.server.script = lambda asked: Reply('{"name": "oat", "litres": 1.5}')
    drink = harness.ask_for_drink(model)
    assert drink == Drink(name="oat", litres=1.5)
    schema = harness.server.asked[0].schema or {}
    assert schema["properties"].keys() == {"name", "litres"}


@pytest.mark.parametrize("text", ['```json\n{"name": "oat", "litres": 1}\n```', '{"name": "oat", "litres": 1,}'])
def test_json_that_is_nearly_right_is_repaired(harness: GatewayHarness, text: str) -> None:
    harness.server.script = lambda asked: Reply(text)
    assert harness.ask_for_drink(OPENAI).litres == 1


def test_a_spoken_answer_that_hits_its_bound_ends_with_its_last_whole_sentence(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("I like it. It is a bit", finish_reason="length")
    assert harness.ask(OPENAI) == "I like it."


def test_json_that_hits_its_bound_is_not_taken_for_whole(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply('{"name": "oat", "litres": 1}', finish_reason="length")
    with pytest.raises(ModelFailed) as caught:
        harness.ask_for_drink(OPENAI)
    assert caught.value.kind == "truncated"


@PROVIDERS
@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_provider_that_echoes_the_key_does_not_get_it_into_anything_stored(
    harness: GatewayHarness, model: str, status: int
) -> None:
    def echo(asked: Any) -> Reply:
        return Reply(f"Incorrect API key provided: {json.dumps(asked.headers)}", status=status)

    harness.server.script = echo
    failed = harness.fail(model)
    keys = (KEY, GEMINI_KEY)
    assert any(key in json.dumps(harness.server.asked[0].headers) for key in keys)
    assert not any(key in str(failed) or key in str(harness.events) for key in keys)
    database = harness.semblance.connection.database
    stored = str([list(database[name].find()) for name in database.list_collection_names()])
    assert not any(key in stored for key in keys)


def test_an_empty_response_without_usage_is_charged_as_held(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply(choices=False, usage=False)
    assert harness.fail(OPENAI).kind == "empty"
    assert [(event.estimated, event.tokens.completion) for event in harness.events] == [(True, 60)] * 2


def test_an_answer_that_hit_its_bound_without_usage_used_all_of_it(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("I like it. It", finish_reason="length", usage=False)
    harness.ask(OPENAI)
    harness.server.script = lambda asked: Reply(None, finish_reason="length", usage=False)
    assert harness.fail(OPENAI).kind == "truncated"
    bounds = [asked.max_tokens for asked in harness.server.asked]
    assert bounds == [60, 60, 2_060, 4_060]
    assert [(event.tokens.completion, event.estimated) for event in harness.events] == [(most, True) for most in bounds]


def test_a_count_that_cannot_be_is_as_good_as_missing_and_takes_no_other_call_with_it(harness: GatewayHarness) -> None:
    def absurd(asked: Any) -> Reply:
        message = {"role": "assistant", "content": "Mostly oat milk."}
        usage = {"prompt_tokens": 10**19, "completion_tokens": 5, "total_tokens": 10**19}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
        return Reply(body=json.dumps(answer).encode()) if asked.number == 0 else Reply("Fine.")

    harness.server.script = absurd
    harness.ask(OPENAI)
    harness.ask(OPENAI)
    first, second = harness.events
    assert first.estimated
    assert first.tokens.prompt < 1_000
    assert (second.status, second.tokens.prompt) == ("ok", 180)


def test_a_quota_that_refuses_another_attempt_leaves_what_the_first_one_cost(harness: GatewayHarness) -> None:
    price = harness.semblance.gateway.prices.price_of(OPENAI, harness.semblance.clock())
    assert price
    harness.limit(usd=price.most_usd(750, 60) + Decimal("0.000001"))
    harness.server.script = lambda asked: Reply(None)
    failed = harness.fail(OPENAI)
    assert (failed.kind, len(harness.server.asked)) == ("empty", 1)
    assert failed.spent.cost_usd == harness.events[0].cost_usd > 0  # type: ignore[attr-defined]


def test_a_malformed_response_is_not_blamed_on_the_models_form(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: (
        Reply(body=b"<html>") if asked.number == 0 else Reply('{"name": "oat", "litres": 1}')
    )
    assert harness.ask_for_drink(OPENAI).name == "oat"
    assert "could not be used" not in harness.server.asked[1].prompt


def test_json_nested_beyond_measure_is_a_wrong_form_and_nothing_worse(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("[" * 50_000)
    with pytest.raises(ModelFailed) as caught:
        harness.ask_for_drink(OPENAI)
    assert caught.value.kind in ("malformed", "schema")
    assert len(harness.server.asked) == 2


def test_arguments_that_a_model_does_not_take_are_left_out_without_a_second_request(harness: GatewayHarness) -> None:
    assert harness.ask("openai/gpt-5-mini") is not None
    assert len(harness.server.asked) == 1


def test_a_server_that_cannot_be_reached_costs_nothing(open_platform: OpenPlatform) -> None:
    semblance = open_platform(OPENAI_BASE_URL="http://127.0.0.1:9/v1", SEMBLANCE_CALL_ATTEMPTS=1)
    with pytest.raises(ModelFailed) as caught:
        semblance.gateway.text(ASKED, OPENAI, Caller("user"))
    assert caught.value.kind == "unreachable"
    semblance.gateway.batcher.flush()
    (event,) = semblance.store.usage.events()
    assert (event.cost_usd, event.estimated) == (0, False)


def test_a_quota_is_checked_against_the_worst_case_before_the_call(harness: GatewayHarness) -> None:
    price = harness.semblance.gateway.prices.price_of(OPENAI, harness.semblance.clock())
    assert price is not None
    worst = price.most_usd(750, 60)
    assert worst > price.cost_usd(TokenCounts(prompt=750, completion=60)), "the dearest tier is held"
    harness.limit(usd=worst - Decimal("0.000000001"))
    with pytest.raises(QuotaExceeded, match=r"\$0.00 of \$0.0002\d* is used this month.*this call may need \$0.0002"):
        harness.ask(OPENAI)
    assert harness.server.asked == []
    assert harness.events == []
    harness.limit(usd=worst)
    assert harness.ask(OPENAI)


def test_a_quota_in_tokens_needs_no_price(harness: GatewayHarness) -> None:
    harness.limit(tokens=1_500)
    assert harness.ask("openai/nobodys-model")
    assert harness.events[0].cost_usd is None
    assert harness.status.unpriced_calls == 1
    for _ in range(2):
        harness.ask("openai/nobodys-model")
    with pytest.raises(QuotaExceeded, match=r"of 1,500 tokens are used"):
        harness.ask("openai/nobodys-model")


def test_a_quota_in_dollars_refuses_a_model_without_a_price(harness: GatewayHarness) -> None:
    harness.limit(usd=Decimal(10))
    with pytest.raises(PriceUnknown, match="nobodys-model"):
        harness.ask("openai/nobodys-model")
    assert harness.server.asked == []


def test_an_account_that_is_disabled_makes_no_further_call(harness: GatewayHarness) -> None:
    harness.ask(OPENAI)
    harness.semblance.workspace("admin").accounts.set_disabled(harness.user, True)
    with pytest.raises(AccessDenied, match="disabled"):
        harness.ask(OPENAI)
    assert len(harness.server.asked) == 1


def test_a_model_that_thinks_gets_room_to_think(harness: GatewayHarness) -> None:
    harness.ask(GEMINI)
    harness.ask(OPENAI)
    assert [asked.max_tokens for asked in harness.server.asked] == [2_060, 60]
