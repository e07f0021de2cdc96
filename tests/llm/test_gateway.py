"""The gateway over real litellm and HTTP: what is counted, what is charged, and what each fault becomes."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from semblance_core.domain.errors import AccessDenied, ModelFailed, PriceUnknown, QuotaExceeded
from semblance_core.domain.usage import TokenCounts
from semblance_core.llm.gateway import Caller
from tests.conftest import KEY, OpenPlatform
from tests.llm.desk import ASKED, GEMINI, GEMINI_KEY, OPENAI, PROVIDERS, Desk, Drink
from tests.scripted_server import Reply


@PROVIDERS
def test_usage_is_counted_as_the_provider_reports_it_and_priced_exactly(desk: Desk, model: str) -> None:
    desk.server.script = lambda asked: Reply("Mostly oat milk.", reasoning=11)
    desk.ask(model)
    assert desk.ask(model) == "Mostly oat milk."
    first, second = desk.events
    assert first.tokens == TokenCounts(prompt=180, cached=0, completion=15, reasoning=11)
    assert second.tokens == TokenCounts(prompt=180, cached=160, completion=15, reasoning=11)
    price = desk.semblance.gateway.prices.price_of(model, desk.semblance.clock())
    assert price is not None
    rates = price.base
    assert second.cost_usd == (20 * rates.prompt + 160 * rates.cached + 15 * rates.completion) / 1_000_000
    assert (second.status, second.estimated, second.feature, second.model) == ("ok", False, "reply", model)
    assert (second.user_id, second.project_id, second.focus_group_id, second.task_id) == (
        *(desk.user, "project", "session", "task"),
    )
    assert 0 < second.latency_s < 5
    assert desk.status.spent_usd == (first.cost_usd or 0) + second.cost_usd
    assert desk.status.held_usd == desk.status.held_tokens == 0


def test_a_known_call_costs_what_the_price_list_says(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("x" * 400)
    desk.ask(OPENAI)
    assert desk.events[0].cost_usd == (180 * Decimal("0.15") + 100 * Decimal("0.6")) / 1_000_000 == Decimal("0.000087")


def test_usage_that_is_missing_is_counted_here_and_flagged(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("Mostly oat milk.", usage=False)
    assert desk.ask(OPENAI) == "Mostly oat milk."
    (event,) = desk.events
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
    desk: Desk, reported: dict[str, int], prompt: range, completion: range
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
    desk.server.script = lambda asked: Reply(body=json.dumps(answer).encode())
    desk.ask(OPENAI)
    (event,) = desk.events
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
    desk: Desk, model: str, answer: str, kind: str
) -> None:
    desk.server.script = lambda asked: Reply(answer)
    with pytest.raises(ModelFailed) as caught:
        desk.ask_for_drink(model)
    assert caught.value.kind == kind
    assert [(event.status, event.estimated) for event in desk.events] == [(kind, False)] * 2
    first, second = desk.server.asked
    assert [event.tokens.prompt for event in desk.events] == [-(-len(asked.prompt) // 4) for asked in (first, second)]
    assert str(caught.value) in second.prompt
    assert second.prompt.startswith(first.prompt)


def test_json_that_does_not_fit_is_asked_for_once_more_and_no_oftener(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("I would rather not.")
    patient = replace(desk.semblance.gateway, attempts=5)
    with pytest.raises(ModelFailed):
        patient.structured(ASKED, Drink, OPENAI, desk.caller)
    assert len(desk.server.asked) == 2


def test_what_did_not_fit_is_set_right_when_it_is_asked_for_again(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply('{"name": "oat", "litres": 2}' if asked.number else "Oat, two litres.")
    assert desk.ask_for_drink(OPENAI) == Drink(name="oat", litres=2)


@PROVIDERS
def test_json_is_asked_for_by_schema_and_read_into_its_shape(desk: Desk, model: str) -> None:
    desk.server.script = lambda asked: Reply('{"name": "oat", "litres": 1.5}')
    drink = desk.ask_for_drink(model)
    assert drink == Drink(name="oat", litres=1.5)
    schema = desk.server.asked[0].schema or {}
    assert schema["properties"].keys() == {"name", "litres"}


@pytest.mark.parametrize("text", ['```json\n{"name": "oat", "litres": 1}\n```', '{"name": "oat", "litres": 1,}'])
def test_json_that_is_nearly_right_is_repaired(desk: Desk, text: str) -> None:
    desk.server.script = lambda asked: Reply(text)
    assert desk.ask_for_drink(OPENAI).litres == 1


def test_a_spoken_answer_that_hits_its_bound_ends_with_its_last_whole_sentence(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("I like it. It is a bit", finish_reason="length")
    assert desk.ask(OPENAI) == "I like it."


def test_json_that_hits_its_bound_is_not_taken_for_whole(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply('{"name": "oat", "litres": 1}', finish_reason="length")
    with pytest.raises(ModelFailed) as caught:
        desk.ask_for_drink(OPENAI)
    assert caught.value.kind == "truncated"


@PROVIDERS
@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_provider_that_echoes_the_key_does_not_get_it_into_anything_stored(
    desk: Desk, model: str, status: int
) -> None:
    def echo(asked: Any) -> Reply:
        return Reply(f"Incorrect API key provided: {json.dumps(asked.headers)}", status=status)

    desk.server.script = echo
    failed = desk.fail(model)
    keys = (KEY, GEMINI_KEY)
    assert any(key in json.dumps(desk.server.asked[0].headers) for key in keys)
    assert not any(key in str(failed) or key in str(desk.events) for key in keys)
    database = desk.semblance.connection.database
    stored = str([list(database[name].find()) for name in database.list_collection_names()])
    assert not any(key in stored for key in keys)


def test_an_empty_response_without_usage_is_charged_as_held(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply(choices=False, usage=False)
    assert desk.fail(OPENAI).kind == "empty"
    assert [(event.estimated, event.tokens.completion) for event in desk.events] == [(True, 60)] * 2


def test_an_answer_that_hit_its_bound_without_usage_used_all_of_it(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("I like it. It", finish_reason="length", usage=False)
    desk.ask(OPENAI)
    desk.server.script = lambda asked: Reply(None, finish_reason="length", usage=False)
    assert desk.fail(OPENAI).kind == "truncated"
    bounds = [asked.max_tokens for asked in desk.server.asked]
    assert bounds == [60, 60, 2_060, 4_060]
    assert [(event.tokens.completion, event.estimated) for event in desk.events] == [(most, True) for most in bounds]


def test_a_count_that_cannot_be_is_as_good_as_missing_and_takes_no_other_call_with_it(desk: Desk) -> None:
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

    desk.server.script = absurd
    desk.ask(OPENAI)
    desk.ask(OPENAI)
    first, second = desk.events
    assert first.estimated
    assert first.tokens.prompt < 1_000
    assert (second.status, second.tokens.prompt) == ("ok", 180)


def test_a_quota_that_refuses_another_attempt_leaves_what_the_first_one_cost(desk: Desk) -> None:
    price = desk.semblance.gateway.prices.price_of(OPENAI, desk.semblance.clock())
    assert price
    desk.limit(usd=price.most_usd(750, 60) + Decimal("0.000001"))
    desk.server.script = lambda asked: Reply(None)
    failed = desk.fail(OPENAI)
    assert (failed.kind, len(desk.server.asked)) == ("empty", 1)
    assert failed.spent.cost_usd == desk.events[0].cost_usd > 0  # type: ignore[attr-defined]


def test_a_malformed_response_is_not_blamed_on_the_models_form(desk: Desk) -> None:
    desk.server.script = lambda asked: (
        Reply(body=b"<html>") if asked.number == 0 else Reply('{"name": "oat", "litres": 1}')
    )
    assert desk.ask_for_drink(OPENAI).name == "oat"
    assert "could not be used" not in desk.server.asked[1].prompt


def test_json_nested_beyond_measure_is_a_wrong_form_and_nothing_worse(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("[" * 50_000)
    with pytest.raises(ModelFailed) as caught:
        desk.ask_for_drink(OPENAI)
    assert caught.value.kind in ("malformed", "schema")
    assert len(desk.server.asked) == 2


def test_arguments_that_a_model_does_not_take_are_left_out_without_a_second_request(desk: Desk) -> None:
    assert desk.ask("openai/gpt-5-mini") is not None
    assert len(desk.server.asked) == 1


def test_a_server_that_cannot_be_reached_costs_nothing(open_platform: OpenPlatform) -> None:
    semblance = open_platform(OPENAI_BASE_URL="http://127.0.0.1:9/v1", SEMBLANCE_CALL_ATTEMPTS=1)
    with pytest.raises(ModelFailed) as caught:
        semblance.gateway.text(ASKED, OPENAI, Caller("user"))
    assert caught.value.kind == "unreachable"
    semblance.gateway.clerk.flush()
    (event,) = semblance.store.usage.events()
    assert (event.cost_usd, event.estimated) == (0, False)


def test_a_quota_is_checked_against_the_worst_case_before_the_call(desk: Desk) -> None:
    price = desk.semblance.gateway.prices.price_of(OPENAI, desk.semblance.clock())
    assert price is not None
    worst = price.most_usd(750, 60)
    assert worst > price.cost_usd(TokenCounts(prompt=750, completion=60)), "the dearest tier is held"
    desk.limit(usd=worst - Decimal("0.000000001"))
    with pytest.raises(QuotaExceeded, match=r"\$0.00 of \$0.0002\d* is used this month.*this call may need \$0.0002"):
        desk.ask(OPENAI)
    assert desk.server.asked == []
    assert desk.events == []
    desk.limit(usd=worst)
    assert desk.ask(OPENAI)


def test_a_quota_in_tokens_needs_no_price(desk: Desk) -> None:
    desk.limit(tokens=1_500)
    assert desk.ask("openai/nobodys-model")
    assert desk.events[0].cost_usd is None
    assert desk.status.unpriced_calls == 1
    for _ in range(2):
        desk.ask("openai/nobodys-model")
    with pytest.raises(QuotaExceeded, match=r"of 1,500 tokens are used"):
        desk.ask("openai/nobodys-model")


def test_a_quota_in_dollars_refuses_a_model_without_a_price(desk: Desk) -> None:
    desk.limit(usd=Decimal(10))
    with pytest.raises(PriceUnknown, match="nobodys-model"):
        desk.ask("openai/nobodys-model")
    assert desk.server.asked == []


def test_an_account_that_is_disabled_makes_no_further_call(desk: Desk) -> None:
    desk.ask(OPENAI)
    desk.semblance.workspace("admin").set_disabled(desk.user, True)
    with pytest.raises(AccessDenied, match="disabled"):
        desk.ask(OPENAI)
    assert len(desk.server.asked) == 1


def test_a_model_that_thinks_gets_room_to_think(desk: Desk) -> None:
    desk.ask(GEMINI)
    desk.ask(OPENAI)
    assert [asked.max_tokens for asked in desk.server.asked] == [2_060, 60]
