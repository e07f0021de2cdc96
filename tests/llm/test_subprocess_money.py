"""When the process that makes the model calls dies, what had not gone out to the provider costs nothing and is asked again."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Gateway
from semblance_core.llm.request import CompletionRequest, Picture, PromptMessage
from semblance_core.llm.subprocess.model import SubprocessModel
from tests.llm.harness import OPENAI, GatewayHarness
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import eventually
from tests.zygote import freeze

CALLS = 12


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def subprocess_model(server: ScriptedServer) -> Iterator[SubprocessModel]:
    subprocess_model = SubprocessModel(base_urls={"openai": f"{server.url}/v1"}, keys={"openai": "sk-of-the-test"})
    subprocess_model.warm_up(OPENAI)
    yield subprocess_model
    subprocess_model.close()


@pytest.fixture
def gateway(harness: GatewayHarness, subprocess_model: SubprocessModel, server: ScriptedServer) -> Gateway:
    server.forget()
    server.script = lambda asked: Reply("Mostly tea.")
    subprocess_model.ready(OPENAI)
    return replace(harness.semblance.gateway, model=subprocess_model, timeout_s=60.0, attempts=3, first_wait_s=0.01)


def asked(number: int, picture_bytes: int = 0) -> CompletionRequest:
    pictures = (Picture(bytes([number]) * picture_bytes, "image/png"),) if picture_bytes else ()
    return CompletionRequest("reply", (PromptMessage("user", f"No. {number}", pictures),), max_tokens=50)


def all_answered(harness: GatewayHarness, gateway: Gateway, picture_bytes: int = 0) -> "list[str]":
    def ask(number: int) -> str:
        try:
            return gateway.text(asked(number, picture_bytes), OPENAI, harness.caller).content
        except ModelFailed as failed:
            return failed.kind

    with ThreadPoolExecutor(CALLS) as threads:
        return list(threads.map(ask, range(CALLS)))


def process_of(subprocess_model: SubprocessModel) -> int:
    assert subprocess_model._child
    return subprocess_model._child._process.pid


def test_what_waits_for_a_process_that_stands_still_is_not_paid_for_when_it_is_killed(
    harness: GatewayHarness, gateway: Gateway, subprocess_model: SubprocessModel, server: ScriptedServer
) -> None:
    freeze(process_of(subprocess_model))
    child = subprocess_model._child
    assert child

    def kill() -> None:
        eventually(lambda: len(child._open) == CALLS, 30)
        os.kill(child._process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert all_answered(harness, gateway, 300_000) == ["Mostly tea."] * CALLS  # more than its pipe holds
    killer.join()
    statuses = [event.status for event in harness.events]
    assert statuses.count("ok") == CALLS == len(server.asked)
    assert statuses.count("unreachable") == CALLS
    assert len(statuses) == 2 * CALLS
    assert not any(event.tokens.total or event.estimated for event in harness.events if event.status != "ok")


@pytest.mark.parametrize("sent", [1, 4, CALLS])
@pytest.mark.parametrize("picture_bytes", [0, 300_000])
def test_what_was_sent_is_charged_and_nothing_else(
    harness: GatewayHarness,
    gateway: Gateway,
    subprocess_model: SubprocessModel,
    server: ScriptedServer,
    sent: int,
    picture_bytes: int,
) -> None:
    process, killed = process_of(subprocess_model), threading.Event()
    server.script = lambda asked: Reply("Mostly tea.", delay_s=0.0 if killed.is_set() else 30.0)
    child = subprocess_model._child
    assert child
    with ThreadPoolExecutor(CALLS) as threads:

        def ask(number: int) -> str:
            return gateway.text(asked(number, picture_bytes), OPENAI, harness.caller).content

        answers = [threads.submit(ask, number) for number in range(sent)]
        eventually(lambda: len(server.asked) == sent, 30)
        freeze(process)
        answers += [threads.submit(ask, number) for number in range(sent, CALLS)]
        eventually(lambda: len(child._open) == CALLS, 30)
        killed.set()
        os.kill(process, signal.SIGKILL)
        assert [answer.result() for answer in answers] == ["Mostly tea."] * CALLS
    events = harness.events
    counted = Counter(event.status for event in events)
    assert counted == Counter({"ok": CALLS, "connection": sent, "unreachable": CALLS - sent})
    charged = [event for event in events if event.tokens.total]
    assert len(charged) == len(server.asked) == CALLS + sent
    assert all(event.estimated for event in charged if event.status == "connection")


def test_what_is_killed_between_questions_costs_nobody_anything(
    harness: GatewayHarness, gateway: Gateway, subprocess_model: SubprocessModel, server: ScriptedServer
) -> None:
    for _ in range(2):
        os.kill(process_of(subprocess_model), signal.SIGKILL)
        assert gateway.text(asked(1), OPENAI, harness.caller).content == "Mostly tea."
    assert len(server.asked) == 2
    assert [event.status for event in harness.events if event.tokens.total] == ["ok", "ok"]


def test_a_new_process_is_sent_the_pictures_again(
    harness: GatewayHarness, gateway: Gateway, subprocess_model: SubprocessModel, server: ScriptedServer
) -> None:
    for _ in range(2):
        for _ in range(2):
            gateway.text(asked(7, 300_000), OPENAI, harness.caller)
        os.kill(process_of(subprocess_model), signal.SIGKILL)
    addresses = [each.messages[0]["content"][1]["image_url"]["url"] for each in server.asked]  # type: ignore[index]
    assert addresses == [Picture(bytes([7]) * 300_000, "image/png").address] * 4
