"""Replies that are shown while they are written: the same answers, counts and charges, and nothing of it where nobody watches."""

from dataclasses import replace
from typing import Any

import pytest

from semblance_core.conversation.speech.own_words import plain_words
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.simulated import SimulatedModel
from semblance_core.llm.subprocess.model import SubprocessModel
from semblance_core.llm.writing import Writing
from semblance_core.requests.discussion import QuestionRequest
from tests.llm.harness import ASKED, OPENAI, PROVIDERS, GatewayHarness
from tests.scripted_server import Reply
from tests.studies import on_a_loop

SAID = "Mostly oat milk, and tea where there is some, because the shop on the corner has both of them."


def shown_while(harness: GatewayHarness, model: str) -> tuple[str, list[str]]:
    """The answer, and what was shown of it before it was there."""
    shown: list[str] = []
    content = harness.semblance.gateway.text(ASKED, model, replace(harness.caller, show=shown.append)).content
    return content, shown


@PROVIDERS
def test_an_answer_is_shown_as_it_is_written_and_counted_like_a_whole_one(harness: GatewayHarness, model: str) -> None:
    harness.server.script = lambda _: Reply(SAID, reasoning=11)
    harness.ask(model)  # from here on the provider has the prompt in its cache
    whole = harness.ask(model)
    streamed_before = harness.server.streamed
    content, shown = shown_while(harness, model)
    assert content == whole == SAID
    assert harness.server.streamed > streamed_before == 0
    assert shown
    assert all(SAID.startswith(each) for each in shown)
    _, plain, streamed = harness.events
    for what in ("tokens", "cost_usd", "estimated", "status", "error"):
        assert getattr(streamed, what) == getattr(plain, what)
    assert not streamed.estimated


@PROVIDERS
def test_each_failed_attempt_is_charged_and_repeated_as_without_being_shown(
    harness: GatewayHarness, model: str
) -> None:
    harness.server.script = lambda _: Reply("x" * 400, cut=True)
    shown: list[str] = []
    with pytest.raises(ModelFailed) as failed:
        harness.semblance.gateway.text(ASKED, model, replace(harness.caller, show=shown.append))
    assert failed.value.kind == "connection"
    streamed = [(event.status, event.estimated, event.cost_usd) for event in harness.events]
    assert len(streamed) == 2
    assert all(estimated for _, estimated, _ in streamed)


@PROVIDERS
def test_after_a_stream_that_reports_no_usage_answers_of_the_model_are_taken_whole(
    harness: GatewayHarness, model: str
) -> None:
    harness.server.script = lambda _: Reply(SAID, usage=False)
    shown_while(harness, model)
    assert harness.events[-1].estimated
    harness.server.script = lambda _: Reply(SAID)
    streamed_before = harness.server.streamed
    content, shown = shown_while(harness, model)
    assert (content, shown, harness.server.streamed) == (SAID, [], streamed_before)
    assert not harness.events[-1].estimated


def test_what_cannot_be_shown_ends_no_call(harness: GatewayHarness) -> None:
    def broken(_: str) -> None:
        raise RuntimeError("no window")

    writing = Writing(on_more=broken)
    with writing.watched("session"), writing.of_reply("session", 2, "Maya", plain_words) as show:
        assert show
        harness.server.script = lambda _: Reply(SAID)
        content = harness.semblance.gateway.text(ASKED, OPENAI, replace(harness.caller, show=show)).content
        assert SAID.startswith(writing.of_session("session")[2].words())
    assert content == SAID
    assert writing.of_session("session") == {}


def test_nothing_is_shown_where_nobody_watches() -> None:
    for writing in (Writing(), Writing(is_shown=False)):
        with writing.of_reply("session", 2, "Maya", plain_words) as show:
            assert show is None
    with Writing(is_shown=False).watched("session"):
        pass


def test_answers_so_far_come_out_of_the_process_that_makes_the_calls(harness: GatewayHarness) -> None:
    harness.server.script = lambda _: Reply(SAID, reasoning=11)
    shown: list[str] = []
    apart = SubprocessModel(base_urls={"openai": f"{harness.server.url}/v1"}, keys={"openai": "sk-a-key"})
    try:
        apart.warm_up(OPENAI)
        apart.complete(OPENAI, ASKED, 20.0)
        streamed = apart.complete(OPENAI, ASKED, 20.0, 0, shown.append)
        whole = apart.complete(OPENAI, ASKED, 20.0)
    finally:
        apart.close()
    assert (streamed.text, streamed.tokens) == (whole.text, whole.tokens)
    assert shown
    assert all(SAID.startswith(each) for each in shown)


def test_the_simulator_writes_its_answer_bit_by_bit() -> None:
    asked = replace(ASKED, feature="moderate", asked=QuestionRequest("Oat milk", "What do you drink, and why?"))

    def answered(show: Any) -> Any:
        return on_a_loop(SimulatedModel(2.0).acomplete("simulator/default", asked, 0, show))

    shown: list[str] = []
    answer = answered(shown.append)
    assert answer.text == answered(None).text
    assert shown
    assert all(answer.text.startswith(each) for each in shown)
    assert answer.tokens == TokenCounts(prompt=answer.tokens.prompt, completion=answer.tokens.completion)
