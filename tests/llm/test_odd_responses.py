"""Responses that clients cannot read or that break off: said in words, never a traceback, and never free where they were paid for."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.failures import scrubbed
from semblance_core.llm.waits import seconds_told
from tests.llm.booth import Booth
from tests.llm.harness import ASKED
from tests.raw_server import Raw, Sent, chat, chat_events

MINI = "openai/gpt-4o-mini"
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
PAID = 1_100


def text(said: str) -> dict[str, str]:
    return {"type": "text", "text": said}


PARTS: tuple[tuple[str, Any, str], ...] = (
    ("one part", [text("Too dear for me.")], "Too dear for me."),
    ("two sentences", [text("Too dear for me."), text("I would pass.")], "Too dear for me. I would pass."),
    ("a word in two", [text("Too de"), text("ar for me.")], "Too dear for me."),
    ("a number in two", [text("I would pay 3."), text("50 euros.")], "I would pay 3.50 euros."),
    ("spaces of their own", [text("Too dear. "), text("I would pass.")], "Too dear. I would pass."),
    ("texts without a type", ["Too dear", " for me."], "Too dear for me."),
    ("one part, not in a list", text("Too dear for me."), "Too dear for me."),
    ("names of the Responses API", [{"type": "output_text", "text": "Too dear."}], "Too dear."),
    (
        "text of an assistant's message",
        [{"type": "text", "text": {"value": "Too dear.", "annotations": []}}],
        "Too dear.",
    ),
    ("thinking before it", [{"type": "thinking", "thinking": [text("Hm.")]}, text("Too dear.")], "Too dear."),
    ("thinking as a text", [{"type": "thinking", "thinking": "Hm."}, text("Too dear.")], "Too dear."),
    ("reasoning before it", [{"type": "reasoning", "text": "Hm."}, text("Too dear.")], "Too dear."),
    ("a part of another kind", [{"type": "image_url", "image_url": {"url": "x"}}, text("Too dear.")], "Too dear."),
    ("no part at all", [None, text("Too dear.")], "Too dear."),
)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_in_parts_is_read_and_paid_for(booth: Booth, stream: bool) -> None:
    for name, content, said in PARTS:
        booth.forget()
        raw = Raw(events=chat_events(content, USAGE)) if stream else Raw(chat(content, USAGE))
        booth.server.script = lambda sent, raw=raw: raw
        assert booth.ask(MINI, stream=stream) == said, name
        assert [(event.status, event.tokens.total) for event in booth.events[-1:]] == [("ok", PAID)], name
        assert len(booth.server.sent) == 1, name


NOTHING_TO_SAY: tuple[tuple[str, Any], ...] = (
    ("null", chat(None, USAGE)),
    ("blank", chat("  \n", USAGE)),
    ("an empty list of parts", chat([], USAGE)),
    ("parts without text", chat([{"type": "image_url", "image_url": {"url": "x"}}], USAGE)),
    ("no choices", chat("", USAGE, choices=[])),
    ("choices that are null", chat("", USAGE, choices=None)),
    ("a choice without a message", chat("", USAGE, choices=[{"index": 0, "finish_reason": "stop"}])),
    ("a message that is null", chat("", USAGE, choices=[{"index": 0, "message": None, "finish_reason": "stop"}])),
    ("a message that is a text", chat("", USAGE, choices=[{"index": 0, "message": "Hm.", "finish_reason": "stop"}])),
    ("a choice that is a number", chat("", USAGE, choices=[7])),
    ("nothing but usage", {"usage": USAGE}),
    ("a role that does not exist", chat("", USAGE, choices=[{"index": 0, "message": {"role": 7, "content": None}}])),
)


def test_a_response_with_usage_is_never_free_whatever_else_is_in_it(booth: Booth) -> None:
    found: list[str] = []
    for name, body in NOTHING_TO_SAY:
        booth.forget()
        before = len(booth.events)
        booth.server.script = lambda sent, body=body: Raw(body)
        with pytest.raises(ModelFailed) as caught:
            booth.ask(MINI)
        for event in booth.events[before:]:
            if event.tokens.total != PAID or not event.cost_usd:
                found.append(f"{name}: {event.status}, {event.tokens}, {event.cost_usd}")
        said = f"{caught.value} {caught.value.provider_said}"
        if "Traceback" in said or ".py" in said or "site-packages" in said:
            found.append(f"{name}: {said}")
        if caught.value.kind not in ("empty", "malformed"):
            found.append(f"{name}: {caught.value.kind}, {said}")
    assert not found, "\n".join(found)


def test_a_server_that_answers_a_stream_with_a_whole_response_is_read_all_the_same(booth: Booth) -> None:
    booth.server.script = lambda sent: Raw(chat("Too dear.", USAGE))
    assert booth.ask(MINI, stream=True) == "Too dear."
    assert booth.event.tokens.total == PAID


def test_a_stream_that_ends_in_an_error_is_not_free(booth: Booth) -> None:
    """What it used nobody knows, so all that was held is charged."""
    said = chat_events("Too dear for", None)[:1]
    error = {"error": {"message": "The server had an error", "type": "server_error", "code": 500}}
    booth.server.script = lambda sent: Raw(events=(*said, error))
    with pytest.raises(ModelFailed):
        replace(booth.streaming(), attempts=1).text(ASKED, MINI, booth.caller)
    assert (booth.event.tokens.total, booth.event.estimated) == (810, True)
    assert booth.event.cost_usd


def test_a_stream_that_ends_early_is_charged_in_full_also_where_it_counted_as_it_went(booth: Booth) -> None:
    said = {
        **chat_events("Too dear for", None)[0],
        "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
    }
    booth.server.script = lambda sent: Raw(events=(said,))
    with pytest.raises(ModelFailed) as caught:
        replace(booth.streaming(), attempts=1).text(ASKED, MINI, booth.caller)
    assert caught.value.kind == "connection"
    assert (booth.event.tokens.total, booth.event.estimated) == (810, True)


def test_an_error_told_with_status_200_costs_nothing(booth: Booth) -> None:
    booth.server.script = lambda sent: Raw({"error": {"message": "Provider returned error", "code": 502}})
    with pytest.raises(ModelFailed) as caught:
        booth.ask(MINI)
    assert "Traceback" not in f"{caught.value} {caught.value.provider_said}"


def test_a_server_that_failed_is_asked_again_whatever_it_calls_its_failure(booth: Booth) -> None:
    said = [
        {"message": "Something went wrong", "type": "invalid_request_error"},
        {"message": "Internal error", "type": "invalid_request_error", "code": "invalid_api_key"},
        {"message": "The model is not found in the cache yet", "type": "not_found_error"},
        {"message": "litellm.BadRequestError: upstream failed", "type": "BadRequestError", "code": 400},
        {"message": "out of memory", "type": "server_error"},
    ]
    for status in (500, 502, 503, 529):
        for error in said:
            booth.forget()
            booth.server.script = lambda sent, error=error, status=status: Raw({"error": error}, status=status)
            with pytest.raises(ModelFailed) as caught:
                booth.ask(MINI)
            assert (caught.value.kind, caught.value.transient) == ("server", True), (status, error, str(caught.value))
            assert len(booth.server.sent) == booth.gateway.attempts
            assert booth.event.cost_usd == 0


def test_no_traceback_and_no_path_of_the_server_is_kept() -> None:
    for words in (
        'X\nTraceback (most recent call last):\n  File "/usr/lib/python3/x.py", line 3, in f\n    raise Y\nY: no',
        'X File "/opt/semblance/semblance_core/llm/x.py", line 12, in f',
        "X at /work/venv/lib/python3.11/site-packages/litellm/main.py",
        r"X at C:\Users\me\semblance\main.py",
    ):
        clean = scrubbed(words)
        assert clean.startswith("X"), words
        assert not any(part in clean for part in ("Traceback", "/usr", "/opt", "/work", "Users")), clean


WAITS: tuple[tuple[dict[str, str], Any, float | None], ...] = (
    (
        {},
        {
            "error": {
                "code": 429,
                "message": "Quota exceeded. Please retry in 6.5s.",
                "details": [{"retryDelay": "6.5s"}],
            }
        },
        6.5,
    ),
    ({}, {"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "6s"}]}}, 6.0),
    (
        {},
        "Rate limit reached for model `x` on tokens per minute (TPM): Limit 15000, Used 11972. Please try again in 5.289s.",
        5.289,
    ),
    ({}, "Please try again in 7m12.345s.", 432.345),
    ({}, "Rate limit reached. Please try again in 20ms.", 0.02),
    ({}, "Rate limit reached. Please try again in 1h2m3s.", 3_723.0),
    (
        {},
        "have exceeded call rate limit of your current OpenAI S0 pricing tier. Please retry after 3 seconds. Please go here",
        3.0,
    ),
    ({}, "Your requests have exceeded the token rate limit. Try again in 86400 seconds.", 86_400.0),
    ({}, "Too many requests, please wait 12 seconds", 12.0),
    ({}, "Please wait for about 2 minutes before the next request", 120.0),
    ({}, {"error": "Model x is currently loading", "estimated_time": 20.5}, 20.5),
    ({}, {"detail": "Rate limited", "retry_after": 9}, 9.0),
    ({}, {"error": {"message": "Slow down", "metadata": {"retry_after_seconds": 8}}}, 8.0),
    ({}, {"message": "slow down", "retryAfter": "4"}, 4.0),
    ({}, {"error": {"message": "Your quota resets in 1 minute"}}, 60.0),
    ({}, {"error": {"metadata": {"headers": {"X-RateLimit-Reset": "1767225605000"}}}}, 5.0),
    ({"retry-after": "2"}, {"error": {"message": "Please retry in 6.5s."}}, 6.5),
    ({"retry-after-ms": "1500"}, "slow down", 1.5),
    ({"Retry-After": "7"}, "slow down", 7.0),
    ({"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT"}, "slow down", 9.0),
    ({"retry-after": "soon"}, "slow down", None),
    ({}, "Rate limit reached: Limit 6000, Requested 9000", None),
    ({}, "Rate limit is 10 requests per 60 seconds", None),
)


def test_a_wait_is_read_wherever_it_is_told() -> None:
    for headers, body, seconds in WAITS:
        words = body if isinstance(body, str) else json.dumps(body)
        assert seconds_told(headers, words, datetime(2026, 1, 1, tzinfo=UTC)) == seconds, words


def test_a_wait_in_the_body_of_a_refusal_is_waited(booth: Booth) -> None:
    asked = {"code": 429, "message": "Quota exceeded. Please retry in 1.2s.", "status": "RESOURCE_EXHAUSTED"}
    body = {"error": {**asked, "details": [{"retryDelay": "1.2s"}]}}
    parts = {"parts": [{"text": "Too dear."}], "role": "model"}
    candidate = {"content": parts, "finishReason": "STOP", "index": 0}
    counts = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    answer = {"candidates": [candidate], "usageMetadata": counts, "modelVersion": "gemini-2.5-flash"}

    def script(sent: Sent) -> Raw:
        if not sent.number:
            return Raw(body, 429)
        return Raw(events=(answer,)) if "stream" in sent.path else Raw(answer)

    booth.server.script = script
    for stream in (False, True):
        booth.forget()
        assert booth.ask("gemini/gemini-2.5-flash", stream=stream) == "Too dear."
        first, second = booth.server.sent
        assert second.at - first.at >= 1.2
