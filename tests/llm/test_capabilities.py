"""What models do not take, by the words in which real servers refuse it: it is left out or said otherwise, once, and remembered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.request import CompletionRequest, PromptMessage
from tests.llm.booth import Booth
from tests.llm.harness import ASKED
from tests.raw_server import Raw, Sent, chat, chat_events

DATA = Path(__file__).parents[1] / "data" / "providers"
ANY = "openai/any"
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
TWICE = replace(
    ASKED,
    messages=(
        PromptMessage("system", "Rules."),
        PromptMessage("user", "What was shown."),
        PromptMessage("user", "What do you drink?"),
    ),
)


def roles(body: dict[str, Any]) -> list[str]:
    return [message["role"] for message in body.get("messages", [])]


def repeats(body: dict[str, Any]) -> bool:
    said = [role for role in roles(body) if role != "system"]
    return any(one == other for one, other in zip(said, said[1:], strict=False))


def is_refused(rule: str, body: dict[str, Any]) -> bool:
    """Whether a server that refuses by this rule (of refusals.json) refuses such a request."""
    kind, *names = rule.split()
    if rule == "repeats or rules":
        return repeats(body) or "system" in roles(body)
    if kind == "has":
        return any(name in body for name in names)
    if kind == "form":
        return (body.get("response_format") or {}).get("type") in names
    if kind == "above":
        return (body.get("max_tokens") or body.get("max_completion_tokens") or 0) > int(names[0])
    return {"repeats": repeats(body), "rules": "system" in roles(body)}[kind]


@dataclass(frozen=True)
class Refusal:
    """error: the body that real servers of that kind send. refuses: which requests it refuses. tries: requests until one is taken."""

    name: str
    model: str
    status: int
    refuses: str
    tries: int
    error: dict[str, Any]
    wants_json: bool = False
    thinks: bool = False


REFUSALS = [Refusal(**row) for row in json.loads((DATA / "refusals.json").read_text(encoding="utf-8"))]


def server_of(case: Refusal) -> Callable[[Sent], Raw]:
    def script(sent: Sent) -> Raw:
        if is_refused(case.refuses, sent.body):
            return Raw(case.error, case.status)
        text = '{"name": "oat", "litres": 1}' if case.wants_json else "Fine by me."
        return Raw(chat(text, USAGE, model=case.model.partition("/")[2]))

    return script


def asks(booth: Booth, case: Refusal, request: CompletionRequest) -> None:
    if case.wants_json:
        assert booth.ask_for_drink(case.model, request).name == "oat"
    else:
        assert booth.ask(case.model, request) == "Fine by me."


def test_what_a_model_refuses_is_left_out_once_and_remembered(booth: Booth) -> None:
    found: list[str] = []
    for case in REFUSALS:
        booth.forget()
        booth.server.script = server_of(case)
        if case.thinks:
            booth.gateway.traits.learn(case.model, thinks=True)
        before = len(booth.events)
        try:
            asks(booth, case, TWICE)
            asks(booth, case, TWICE)
        except ModelFailed as failed:
            found.append(f"{case.name}: {failed} {failed.provider_said}; {len(booth.server.sent)} requests")
            continue
        if len(booth.server.sent) != case.tries + 1:
            found.append(f"{case.name}: {len(booth.server.sent)} requests, not {case.tries + 1}")
        events = booth.events[before:]
        if len(events) != len(booth.server.sent):
            found.append(f"{case.name}: {len(events)} events of {len(booth.server.sent)} requests")
        if any(event.tokens.total for event in events if event.status != "ok"):
            found.append(f"{case.name}: a refusal was charged")
    assert not found, "\n".join(found)


def test_messages_of_one_role_are_sent_as_one_and_nothing_is_lost(booth: Booth) -> None:
    booth.server.script = server_of(REFUSALS[2])
    booth.ask(ANY, TWICE)
    assert [roles(sent.body) for sent in booth.server.sent] == [
        ["system", "user", "user"],
        ["system", "user"],
        ["user"],
    ]
    said = [[message["content"] for message in sent.body["messages"]] for sent in booth.server.sent]
    assert said[-1] == ["Rules.\n\nWhat was shown.\n\nWhat do you drink?"]


def test_a_refusal_that_names_nothing_that_was_sent_stays_final(booth: Booth) -> None:
    final = (
        "Invalid model",
        "You are out of credits",
        "logit_bias is not supported",
        "Your card was declined",
        "Messages must not be empty",
    )
    for words in final:
        booth.forget()
        booth.server.script = lambda sent, words=words: Raw({"error": {"message": words, "param": None}}, 400)
        with pytest.raises(ModelFailed, match="refused the request"):
            booth.ask(ANY, TWICE)
        assert len(booth.server.sent) == 1, words


def test_ollama_is_told_how_much_it_has_to_hold(booth: Booth) -> None:
    said = {"message": {"role": "assistant", "content": "Too dear."}, "response": "Too dear.", "done_reason": "stop"}
    counts = {"prompt_eval_count": 9, "eval_count": 3}
    booth.server.script = lambda sent: Raw({"model": "llama3", "done": True, **said, **counts})
    long = replace(ASKED, messages=(PromptMessage("user", "é" * 5_000),))
    for model in ("ollama_chat/llama3", "ollama/llama3"):
        booth.server.sent.clear()
        for request in (ASKED, ASKED, long):
            try:
                booth.ask(model, request)
            except ModelFailed as failed:
                raise AssertionError(f"{model}: {failed} {failed.provider_said}") from None
        options = [sent.body["options"] for sent in booth.server.sent if sent.body.get("options")]
        contexts = [each["num_ctx"] for each in options]
        assert contexts[0] == contexts[1] >= 750 + 60, model
        assert contexts[2] >= 10_000 + 60, model


def test_a_stream_that_is_refused_is_asked_for_whole(booth: Booth) -> None:
    for words, name in (
        ("Your organization must be verified to stream this model. Please go to the settings.", "stream"),
        ("Unsupported value: 'stream' does not support true with this model.", "stream"),
        ("Streaming is not supported for this model", "stream"),
        ("Unrecognized request argument supplied: stream_options", "stream_options"),
        ("stream_options: Extra inputs are not permitted", "stream_options"),
    ):
        booth.forget()

        def script(sent: Sent, words: str = words, name: str = name) -> Raw:
            if name in sent.body:
                return Raw({"error": {"message": words, "param": None}}, 400)
            return (
                Raw(events=chat_events("Fine by me.", USAGE))
                if "stream" in sent.body
                else Raw(chat("Fine by me.", USAGE))
            )

        booth.server.script = script
        assert booth.ask(ANY, TWICE, stream=True) == "Fine by me.", words
        assert booth.ask(ANY, TWICE, stream=True) == "Fine by me.", words
        assert [name in sent.body for sent in booth.server.sent] == [True, False, False], words
