"""Requests that a server refuses for a part of them: asked once more without it, and remembered."""

from dataclasses import replace
from decimal import Decimal

import pytest

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.refusals import is_too_long, refused_argument, tokens_taken
from tests.llm.harness import ASKED, Drink, GatewayHarness
from tests.llm.test_learning import DRINK, UNKNOWN, other_process
from tests.scripted_server import Asked, Reply

REFUSALS = (
    (400, "response_format is not supported by this model"),
    (400, "json_schema unsupported"),
    (400, "This response_format type is unavailable now"),
    (422, "body.response_format: Extra inputs are not permitted"),
    (400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
    (400, "Structured outputs are not supported"),
    (404, "No endpoints found that support structured_outputs"),
)


@pytest.mark.parametrize(("status", "words"), REFUSALS, ids=[words for _, words in REFUSALS])
def test_a_server_without_json_schema_is_asked_once_more_without_it_and_remembered(
    harness: GatewayHarness, status: int, words: str
) -> None:
    harness.server.script = lambda asked: Reply(words, status=status) if asked.schema else Reply(DRINK)
    once = replace(harness.semblance.gateway, attempts=1)
    completed = once.structured(ASKED, Drink, UNKNOWN, harness.caller)
    assert (completed.content.name, completed.spent.calls) == ("oat", 2)
    assert [asked.schema is None for asked in harness.server.asked] == [False, True]
    assert "It must meet this JSON schema" in harness.server.asked[1].prompt
    assert [event.cost_usd == 0 or event.cost_usd is None for event in harness.events] == [True, True]
    once.structured(ASKED, Drink, UNKNOWN, harness.caller)
    assert [asked.schema is None for asked in harness.server.asked[2:]] == [True]
    assert not other_process(harness).of(UNKNOWN).takes_response_format


def test_a_server_that_refuses_everything_is_asked_twice_and_nothing_is_remembered(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("response_format is not supported", status=400)
    with pytest.raises(ModelFailed) as caught:
        harness.ask_for_drink(UNKNOWN)
    assert caught.value.kind == "bad_request"
    assert len(harness.server.asked) == 2
    assert other_process(harness).of(UNKNOWN).takes_response_format


@pytest.mark.parametrize("words", ["Messages must not be empty", "Invalid model", "You are out of credits"])
def test_a_refusal_for_another_reason_stays_final(harness: GatewayHarness, words: str) -> None:
    harness.server.script = lambda asked: Reply(words, status=400)
    with pytest.raises(ModelFailed):
        harness.ask_for_drink(UNKNOWN)
    assert len(harness.server.asked) == 1


def test_an_argument_that_a_server_refuses_is_left_out_from_then_on(harness: GatewayHarness) -> None:
    sent: list[set[str]] = []

    def script(asked: Asked) -> Reply:
        sent.append({name for name in ("temperature", "seed") if name in asked.arguments})
        if "temperature" in asked.arguments:
            return Reply("Unsupported value: 'temperature' does not support 0.9 with this model.", status=400)
        return Reply("Fine.")

    harness.server.script = script
    harness.ask(UNKNOWN)
    harness.ask(UNKNOWN)
    assert sent == [{"temperature", "seed"}, {"seed"}, {"seed"}]


def test_what_litellm_says_of_arguments_is_known_to_every_process(harness: GatewayHarness) -> None:
    harness.ask("openai/gpt-5-mini")
    assert len(harness.server.asked) == 1
    assert "temperature" not in harness.server.asked[0].arguments
    assert not other_process(harness).of("openai/gpt-5-mini").takes_temperature


TOO_LONG: tuple[tuple[str, int | None], ...] = (
    (
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the messages, 1000 in the completion).",
        8_192,
    ),
    ("This model's maximum context length is 32,768 tokens, however you requested 40000 tokens", 32_768),
    ("the request exceeds the available context size (4096 tokens), try increasing it", 4_096),
    ("request (9000 tokens) exceeds the available context size (4096 tokens)", 4_096),
    ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
    ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1_048_576),
    ("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 32_768),
    ("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193", 8_193),
    ("Please reduce the length of the messages or completion.", None),
)


@pytest.mark.parametrize(("words", "takes"), TOO_LONG, ids=[words[:40] for words, _ in TOO_LONG])
def test_a_prompt_that_is_too_long_is_told_from_other_refusals(words: str, takes: int | None) -> None:
    assert is_too_long(words)
    assert tokens_taken(words) == takes
    assert not refused_argument(words)


@pytest.mark.parametrize(
    "words", ["Invalid model", "max_tokens is too large: 7000", "Rate limit reached: Limit 6000, Requested 9000"]
)
def test_other_refusals_are_not_taken_for_a_long_prompt(words: str) -> None:
    assert not is_too_long(words)


def test_how_much_a_model_takes_is_learned_and_a_prompt_that_cannot_be_shortened_is_asked_once(
    harness: GatewayHarness,
) -> None:
    harness.server.script = lambda asked: Reply(TOO_LONG[0][0], status=400)
    failed = harness.fail(UNKNOWN)
    assert failed.kind == "too_long"
    assert len(harness.server.asked) == 1
    assert other_process(harness).of(UNKNOWN).context_tokens == 8_192
    assert harness.events[0].cost_usd in (0, Decimal(0), None)
