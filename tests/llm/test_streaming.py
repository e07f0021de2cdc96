"""Answers taken as a stream: the same text, the same counts, the same failures, and an abandoned one ends."""

from dataclasses import replace
from typing import cast

import pytest

from semblance_core.domain.usage import TokenCounts
from semblance_core.llm.litellm_model import LitellmModel
from tests.llm.desk import GEMINI, OPENAI, PROVIDERS, Desk
from tests.scripted_server import Reply
from tests.studies import eventually


@pytest.fixture
def desk(desk: Desk) -> Desk:
    streaming = replace(cast(LitellmModel, desk.semblance.gateway.model), stream=True)
    return replace(desk, semblance=replace(desk.semblance, gateway=replace(desk.semblance.gateway, model=streaming)))


@PROVIDERS
def test_a_streamed_answer_is_read_and_counted_like_a_whole_one(desk: Desk, model: str) -> None:
    desk.server.script = lambda asked: Reply("Mostly oat milk, and tea.", reasoning=11)
    desk.ask(model)
    assert desk.ask(model) == "Mostly oat milk, and tea."
    assert desk.server.streamed > 4
    event = desk.events[-1]
    assert event.tokens == TokenCounts(prompt=180, cached=160, completion=18, reasoning=11)
    assert (event.status, event.estimated) == ("ok", False)


@PROVIDERS
def test_a_stream_without_usage_is_counted_here_and_flagged(desk: Desk, model: str) -> None:
    desk.server.script = lambda asked: Reply("Mostly oat milk.", usage=False)
    assert desk.ask(model) == "Mostly oat milk."
    (event,) = desk.events
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
    desk: Desk, model: str, reply: Reply, kind: str, requests: int
) -> None:
    desk.server.script = lambda asked: reply
    failed = desk.fail(model)
    if kind == "truncated":  # with room to think, which a listed model has at once, and with twice that
        requests = 2 if model == GEMINI else 3
    assert failed.kind == kind, str(failed)
    assert [event.status for event in desk.events] == [kind] * requests
    assert len(desk.server.asked) == requests
    assert desk.status.held_tokens == 0


def test_a_stream_that_ends_before_its_answer_does_is_not_taken_for_whole(desk: Desk) -> None:
    """Of Gemini, litellm keeps no reason that tells the two apart."""
    desk.server.script = lambda asked: Reply("x" * 400, ends_early=True)
    assert desk.fail(OPENAI).kind == "connection"


def test_a_stream_that_nobody_waits_for_any_more_is_closed(desk: Desk) -> None:
    desk.server.script = lambda asked: Reply("x" * 6_000, drip_s=0.05)
    single = replace(desk.semblance.gateway, attempts=1)
    desk = replace(desk, semblance=replace(desk.semblance, gateway=single))
    desk.fail(OPENAI)
    before = desk.server.streamed
    eventually(lambda: desk.server.streamed == before or not _still_counting(desk), within_s=5)
    assert desk.server.streamed < 60


def _still_counting(desk: Desk) -> bool:
    import time

    before = desk.server.streamed
    time.sleep(0.4)
    return desk.server.streamed > before
