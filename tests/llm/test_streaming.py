"""Answers taken as a stream: the same text, the same counts, the same failures, and an abandoned one ends."""

from dataclasses import replace
from typing import cast

import pytest

from semblance_core.domain.usage.events import TokenCounts
from semblance_core.llm.providers.litellm_model import LitellmModel
from tests.llm.harness import GEMINI, OPENAI, PROVIDERS, GatewayHarness
from tests.scripted_server import Reply
from tests.studies import eventually


@pytest.fixture
def harness(harness: GatewayHarness) -> GatewayHarness:
    streaming = replace(cast(LitellmModel, harness.semblance.gateway.model), stream=True)
    return replace(
        harness, semblance=replace(harness.semblance, gateway=replace(harness.semblance.gateway, model=streaming))
    )


@PROVIDERS
def test_a_streamed_answer_is_read_and_counted_like_a_whole_one(harness: GatewayHarness, model: str) -> None:
    harness.server.script = lambda asked: Reply("Mostly oat milk, and tea.", reasoning=11)
    harness.ask(model)
    assert harness.ask(model) == "Mostly oat milk, and tea."
    assert harness.server.streamed > 4
    event = harness.events[-1]
    assert event.tokens == TokenCounts(prompt=180, cached=160, completion=18, reasoning=11)
    assert (event.status, event.estimated) == ("ok", False)


@PROVIDERS
def test_a_stream_without_usage_is_counted_here_and_flagged(harness: GatewayHarness, model: str) -> None:
    harness.server.script = lambda asked: Reply("Mostly oat milk.", usage=False)
    assert harness.ask(model) == "Mostly oat milk."
    (event,) = harness.events
    assert event.estimated
    assert 150 <= event.tokens.prompt <= 260
    assert 3 <= event.tokens.completion <= 6


@PROVIDERS
@pytest.mark.parametrize(
    ("reply", "kind", "requests"),
    [
        (Reply("wrong key", status=401), "auth", 1),
        (Reply("slow", status=429, headers={"retry-after": "0"}), "rate_limit", 2),
        (Reply("down", status=500), "server", 2),
        (Reply("x" * 400, cut=True), "connection", 2),
        (Reply(None), "empty", 2),
        (Reply(None, finish_reason="length", reasoning=60), "truncated", 3),
        (Reply("…", finish_reason="content_filter"), "content_filter", 1),
        (Reply("x" * 4_000, drip_s=0.1), "timeout", 2),
        (Reply(delay_s=3.0), "timeout", 2),
        (Reply(choices=False), "empty", 2),
    ],
    ids=["401", "429", "500", "cut", "null", "all thought", "filtered", "drip", "hang", "no choices"],
)
def test_a_fault_in_a_stream_has_the_same_name_and_one_request_an_attempt(
    harness: GatewayHarness, model: str, reply: Reply, kind: str, requests: int
) -> None:
    harness.server.script = lambda asked: reply
    harness = harness.hurried if kind == "timeout" else harness
    failed = harness.fail(model)
    if kind == "truncated":  # with room to think, which a listed model has at once, and with twice that
        requests = 2 if model == GEMINI else 3
    assert failed.kind == kind, str(failed)
    assert [event.status for event in harness.events] == [kind] * requests
    assert len(harness.server.asked) == requests
    assert harness.status.held_tokens == 0


def test_a_stream_that_ends_before_its_answer_does_is_not_taken_for_whole(harness: GatewayHarness) -> None:
    """Of Gemini, litellm keeps no reason that tells the two apart."""
    harness.server.script = lambda asked: Reply("x" * 400, ends_early=True)
    assert harness.fail(OPENAI).kind == "connection"


def test_a_stream_that_nobody_waits_for_any_more_is_closed(harness: GatewayHarness) -> None:
    harness.server.script = lambda asked: Reply("x" * 6_000, drip_s=0.05)
    harness = harness.hurried
    single = replace(harness.semblance.gateway, attempts=1)
    harness = replace(harness, semblance=replace(harness.semblance, gateway=single))
    harness.fail(OPENAI)
    before = harness.server.streamed
    eventually(lambda: harness.server.streamed == before or not _still_counting(harness), within_s=5)
    assert harness.server.streamed < 60


def _still_counting(harness: GatewayHarness) -> bool:
    import time

    before = harness.server.streamed
    time.sleep(0.4)
    return harness.server.streamed > before
