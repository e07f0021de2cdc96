"""What a provider sends in place of an answer: a refusal, an error inside the choice, other people's lines; said, and paid for."""

from dataclasses import replace
from functools import partial
from typing import cast

import pytest

from semblance_core.conversation.speech.own_words import own_words
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.litellm_model import LitellmModel
from tests.llm.harness import ASKED, OPENAI, GatewayHarness
from tests.scripted_server import Reply

CANNOT = "I cannot help with that."
SCRIPT = "Ben Cole: I would buy it at once!"
as_maya = partial(own_words, speaker="Maya Rao", others=["Ben Cole"])


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def either(harness: GatewayHarness, request: pytest.FixtureRequest) -> GatewayHarness:
    model = replace(cast(LitellmModel, harness.semblance.gateway.model), stream=request.param)
    return replace(
        harness, semblance=replace(harness.semblance, gateway=replace(harness.semblance.gateway, model=model))
    )


def hears(harness: GatewayHarness, *texts: str) -> str:
    harness.server.script = lambda asked: Reply(texts[min(asked.number, len(texts) - 1)])
    return harness.semblance.gateway.text(ASKED, OPENAI, harness.caller, as_maya).content


def test_a_refusal_is_said_with_its_words_paid_for_and_not_asked_again(either: GatewayHarness) -> None:
    either.server.script = lambda asked: Reply(None, refusal=CANNOT)
    failed = either.fail(OPENAI)
    assert (failed.kind, failed.transient) == ("refusal", False)
    assert str(failed) == f"The model refused to answer: “{CANNOT}”"
    (event,) = either.events
    assert (event.status, event.provider_said, event.estimated) == ("refusal", CANNOT, False)
    assert event.cost_usd
    assert event.cost_usd > 0


@pytest.mark.parametrize(
    ("reply", "kind", "requests"),
    [
        (Reply("Half of", finish_reason="error", error={"code": 502, "message": "Provider disconnected"}), "server", 2),
        (Reply("Half of", error={"code": 429, "message": "Slow down"}), "rate_limit", 2),
        (Reply("Half of", error={"code": 403, "message": "Flagged"}), "bad_request", 1),
        (Reply("Half of", error={"message": "Overloaded"}), "server", 2),
        (Reply("Half of", finish_reason="error"), "server", 2),
        (Reply("Half of", finish_reason="abort"), "server", 2),
        (Reply("Half of", finish_reason="insufficient_system_resource"), "server", 2),
        (Reply("Half of", finish_reason="sensitive"), "content_filter", 1),
    ],
    ids=["502", "429", "403", "no code", "error", "abort", "resources", "sensitive"],
)
def test_an_error_inside_the_choice_is_no_answer_and_its_cost_is_kept(
    harness: GatewayHarness, reply: Reply, kind: str, requests: int
) -> None:
    harness.server.script = lambda asked: reply
    failed = harness.fail(OPENAI)
    assert failed.kind == kind
    assert "Half" not in str(failed)
    assert len(harness.server.asked) == requests
    assert all(event.cost_usd and not event.estimated for event in harness.events)


@pytest.mark.parametrize("reason", ["error", "abort", "insufficient_system_resource"])
def test_a_stream_that_ends_in_an_error_is_no_answer(harness: GatewayHarness, reason: str) -> None:
    model = replace(cast(LitellmModel, harness.semblance.gateway.model), stream=True)
    harness = replace(
        harness, semblance=replace(harness.semblance, gateway=replace(harness.semblance.gateway, model=model))
    )
    harness.server.script = lambda asked: Reply("Half of", finish_reason=reason, error={"code": 502, "message": "Gone"})
    assert harness.fail(OPENAI).transient
    assert len(harness.server.asked) == 2
    assert all(event.cost_usd for event in harness.events)


def test_other_peoples_lines_are_asked_again_with_what_was_wrong(either: GatewayHarness) -> None:
    assert hears(either, SCRIPT, "Maya: Too dear.") == "Too dear."
    assert "no words of Maya Rao" in either.server.asked[1].prompt
    assert [event.status for event in either.events] == ["not_speech", "ok"]
    assert all(event.cost_usd for event in either.events)


def test_an_answer_that_is_never_speech_fails_in_words_after_two_calls(either: GatewayHarness) -> None:
    with pytest.raises(ModelFailed, match="holds only what others say, and no words of Maya Rao") as caught:
        hears(either, SCRIPT)
    assert caught.value.kind == "not_speech"
    assert [event.status for event in either.events] == ["not_speech", "not_speech"]


def test_what_was_cut_behind_other_peoples_lines_is_whole(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("It is 3.50, no more\n\nModerator: And you, B", finish_reason="length")
    assert harness.semblance.gateway.text(ASKED, OPENAI, harness.caller, as_maya).content == "It is 3.50, no more"


def test_an_answer_cut_in_a_number_keeps_its_words(harness: GatewayHarness) -> None:
    said = "I would pay 3.50 euros for a litre if it were"
    harness.server.script = lambda asked: Reply(said, finish_reason="length")
    assert harness.ask(OPENAI) == f"{said}…"


def test_a_summary_loses_what_stands_around_it(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("Here is the summary:\n\n```\nThey find it dear.\n```")
    assert harness.ask(OPENAI) == "They find it dear."
    harness.server.script = lambda asked: Reply("{}")
    assert harness.fail(OPENAI).kind == "not_speech"


@pytest.mark.parametrize("text", ["I'm sorry, but I can't help with that request.", "很抱歉，我无法提供相关内容。"])
def test_a_refusal_in_plain_words_is_a_refusal_with_its_words_paid_once(either: GatewayHarness, text: str) -> None:
    for asks in (
        lambda: hears(either, f"Maya Rao: {text}"),
        lambda: hears(either, text),
        lambda: either.ask_for_drink(OPENAI),
    ):
        before = len(either.events)
        either.server.script = lambda asked: Reply(text)
        with pytest.raises(ModelFailed) as caught:
            asks()
        assert (caught.value.kind, caught.value.transient) == ("refusal", False)
        assert str(caught.value) == f"The model refused to answer: “{text}”"
        (event,) = either.events[before:]
        assert (event.status, event.provider_said) == ("refusal", text)
        assert event.cost_usd


def test_thinking_alone_is_said_to_be_that_and_paid_for_twice_at_most(either: GatewayHarness) -> None:
    gateway = replace(either.semblance.gateway, attempts=5)
    harness = replace(either, semblance=replace(either.semblance, gateway=gateway))
    thoughts = (
        Reply("<think>They want it short.</think>"),
        Reply("<think>They"),
        Reply(None, reasoning=40),
    )
    for paid, only_thinking in enumerate(thoughts, start=1):
        harness.server.script = lambda asked, only_thinking=only_thinking: only_thinking
        failed = harness.fail(OPENAI)
        assert str(failed) == "The model's answer held only thinking, and no words besides."
        assert len(harness.events) == 2 * paid
        assert "only thinking" in harness.server.asked[-1].prompt


def test_thinking_alone_is_asked_again_for_the_answer(either: GatewayHarness) -> None:
    assert hears(either, "<think>They want it short.</think>", "Too dear.") == "Too dear."
    assert hears(either, "Okay, the user wants me to answer as Maya.", "Too dear.") == "Too dear."
