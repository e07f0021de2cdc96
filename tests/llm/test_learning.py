"""What a model's own answers teach: that it thinks, which arguments it does not take, how much it takes at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from semblance_core.domain.usage.model_traits import BELIEVED_FOR
from semblance_core.llm.catalogue.traits import TraitBook
from semblance_core.llm.providers.thinking import without_thinking
from tests.llm.harness import ASKED, GEMINI, GatewayHarness
from tests.scripted_server import Asked, Reply

UNKNOWN = "openai/qwen3-32b"
UNKNOWN_MODELS = (UNKNOWN, "openai/gpt-oss-120b", "openai/deepseek-r1")
DRINK = '{"name": "oat", "litres": 1}'


def thinking(needs: int, text: str = "I like it a lot.") -> Callable[[Asked], Reply]:
    """A model that thinks so many tokens before it says anything."""

    def script(asked: Asked) -> Reply:
        if asked.max_tokens <= needs:
            return Reply(None, finish_reason="length", reasoning=asked.max_tokens)
        return Reply(text, reasoning=needs)

    return script


def other_process(harness: GatewayHarness) -> TraitBook:
    """A fresh copy of the table, as another process or a restart has it."""
    gateway = harness.semblance.gateway
    return TraitBook(harness.semblance.store.model_traits, gateway.catalogue, harness.semblance.clock)


@pytest.mark.parametrize("model", UNKNOWN_MODELS)
def test_a_thinking_model_that_no_list_knows_is_learned_from_its_first_answer(
    harness: GatewayHarness, model: str
) -> None:
    assert not harness.semblance.gateway.catalogue.thinks(model)
    harness.server.script = thinking(700)
    assert harness.ask(model) == "I like it a lot."
    assert [asked.max_tokens for asked in harness.server.asked] == [60, 2_060]
    assert [event.status for event in harness.events] == ["truncated", "ok"]
    assert harness.status.held_tokens == 0
    harness.ask(model)
    assert harness.server.asked[-1].max_tokens == 2_060
    assert len(harness.server.asked) == 3
    assert other_process(harness).of(model).thinks
    assert harness.semblance.gateway.room_to_think(model) == 2_000


def test_it_is_asked_again_at_once_also_where_one_attempt_is_all(harness: GatewayHarness) -> None:
    harness.server.script = thinking(700)
    once = replace(harness.semblance.gateway, attempts=1)
    completed = once.text(ASKED, UNKNOWN, harness.caller)
    assert (completed.content, completed.spent.calls) == ("I like it a lot.", 2)
    assert sum(event.tokens.total for event in harness.events) == completed.spent.tokens.total


def test_an_answer_with_reasoning_tokens_teaches_without_another_request(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("Fine by me.", reasoning=9)
    assert harness.ask(UNKNOWN) == "Fine by me."
    assert len(harness.server.asked) == 1
    assert other_process(harness).of(UNKNOWN).thinks


def test_words_that_were_cut_for_the_thinking_are_asked_for_again_with_room(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: (
        Reply("I like it and I", finish_reason="length", reasoning=50)
        if asked.max_tokens == 60
        else Reply("I like it and I buy it.", reasoning=50)
    )
    assert harness.ask(UNKNOWN) == "I like it and I buy it."
    assert [asked.max_tokens for asked in harness.server.asked] == [60, 2_060]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "<think>They want it short.</think>\n\nToo dear.",
        "<thinking>They want it short.</thinking>Too dear.",
        "They want it short.\n</think>\n\nToo dear.",
        "[THINK]They want it short.[/THINK]Too dear.",
    ],
)
def test_thinking_in_the_text_is_never_spoken_and_teaches(harness: GatewayHarness, text: str, stream: bool) -> None:
    harness.server.script = lambda asked: Reply(text)
    model = harness.semblance.gateway.model
    answer = replace(model, stream=stream).complete(UNKNOWN, ASKED, 30)  # type: ignore[type-var]
    assert (answer.text, answer.thought) == ("Too dear.", True)
    assert harness.ask(UNKNOWN) == "Too dear."
    assert other_process(harness).of(UNKNOWN).thinks


def test_thinking_that_does_not_end_leaves_no_answer_and_gets_room(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: (
        Reply("<think>They want", finish_reason="length")
        if asked.max_tokens == 60
        else Reply("<think>They want it short.</think>Too dear.")
    )
    assert harness.ask(UNKNOWN) == "Too dear."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("<think>\n\n</think>\n\nToo dear.", "Too dear."),
        (
            "<|channel|>analysis<|message|>Short.<|end|><|start|>assistant<|channel|>final<|message|>Too dear.<|return|>",
            "Too dear.",
        ),
        ("<|channel|>analysis<|message|>Short, they", ""),
        ("◁think▷Short.◁/think▷Too dear.", "Too dear."),
        ("I think <b>so</b>.", "I think <b>so</b>."),
        ('{"name": "<think>"}', '{"name": "<think>"}'),
    ],
)
def test_thinking_is_told_from_speech(text: str, spoken: str) -> None:
    assert without_thinking(text)[0] == spoken


def test_an_empty_block_of_a_model_that_was_told_not_to_think_teaches_nothing() -> None:
    assert without_thinking("<think>\n\n</think>\n\nToo dear.") == ("Too dear.", "")


def test_room_that_is_spent_too_is_doubled_once_and_remembered(harness: GatewayHarness) -> None:
    harness.server.script = thinking(3_000)
    assert harness.ask(UNKNOWN) == "I like it a lot."
    assert [asked.max_tokens for asked in harness.server.asked] == [60, 2_060, 4_060]
    harness.ask(UNKNOWN)
    assert harness.server.asked[-1].max_tokens == 4_060
    assert len(harness.server.asked) == 4


def test_a_model_that_thinks_beyond_the_doubled_room_fails_with_the_setting_that_helps_and_its_value(
    harness: GatewayHarness,
) -> None:
    harness.server.script = thinking(10**6)
    failed = harness.fail(UNKNOWN)
    assert failed.kind == "truncated"
    assert "Raise SEMBLANCE_REASONING_TOKENS, which is 2,000 now. This answer had 4,000 to think" in str(failed)
    assert [asked.max_tokens for asked in harness.server.asked] == [60, 2_060, 4_060]
    roomier = replace(harness.semblance.gateway, reasoning_tokens=2_000_000)
    assert roomier.text(ASKED, UNKNOWN, harness.caller).content == "I like it a lot."


def test_a_listed_thinking_model_has_its_room_doubled_too(harness: GatewayHarness) -> None:
    harness.server.script = thinking(3_000)
    assert harness.ask(GEMINI) == "I like it a lot."
    assert [asked.max_tokens for asked in harness.server.asked] == [2_060, 4_060]


def test_a_quota_without_room_for_thinking_is_named_and_not_passed(harness: GatewayHarness) -> None:
    harness.limit(tokens=2_000)
    harness.server.script = thinking(700)
    failed = harness.fail(UNKNOWN)
    assert "a longer one was not to be had" in str(failed)
    assert "2,000 tokens" in str(failed)
    assert len(harness.server.asked) == 1
    assert harness.status.spent_tokens <= 2_000


def test_json_that_was_cut_for_the_thinking_is_asked_for_with_room(harness: GatewayHarness) -> None:
    harness.server.script = thinking(500, DRINK)
    assert harness.ask_for_drink(UNKNOWN).name == "oat"
    assert [asked.max_tokens for asked in harness.server.asked] == [60, 2_060]


def test_what_was_learned_is_believed_for_a_time_and_no_longer(harness: GatewayHarness) -> None:
    at, traits = harness.semblance.clock(), harness.semblance.store.model_traits
    traits.learn(UNKNOWN, at, thinks=True)
    catalogue = harness.semblance.gateway.catalogue
    assert TraitBook(traits, catalogue, lambda: at).of(UNKNOWN).thinks
    assert not TraitBook(traits, catalogue, lambda: at + 2 * BELIEVED_FOR).of(UNKNOWN).thinks


def test_what_another_process_learned_is_known_here_after_a_few_seconds_and_a_later_programs_facts_do_no_harm(
    harness: GatewayHarness,
) -> None:
    now = [0.0]
    book = replace(other_process(harness), now_s=lambda: now[0], _read={})
    assert not book.of(UNKNOWN).thinks
    harness.semblance.store.model_traits.learn(UNKNOWN, harness.semblance.clock(), thinks=True, sings=True)
    assert not book.of(UNKNOWN).thinks
    now[0] += 5.0
    assert book.of(UNKNOWN).thinks


# Arguments that are refused


# How much it takes
