"""The process of model calls is waited for as long as it does something, before anything is held for a call; one that hangs is replaced."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from semblance_core import bootstrap
from semblance_core.conversation.acts import Acts, Band
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.subprocess import model as apart_module
from semblance_core.llm.subprocess.model import SubprocessModel
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.settings import SIMULATOR
from tests.llm.harness import ASKED, OPENAI, GatewayHarness
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import eventually
from tests.zygote import freeze

SLOW = """
import os, sys, threading, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "litellm":
            sys.meta_path.remove(self)
            {held_up}
if "semblance_core.llm.subprocess.server" in sys.orig_argv:
    sys.meta_path.insert(0, Slow())
"""
Slow = Callable[[str], None]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(lambda asked: Reply("Mostly tea.")) as server:
        yield server


@pytest.fixture
def settings(server: ScriptedServer) -> dict[str, Any]:
    return {"base_urls": {"openai": f"{server.url}/v1"}, "keys": {"openai": "sk-of-the-test"}}


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Has litellm's import held up in every process of model calls that begins from now on."""

    def hold_up(how: str) -> None:
        (tmp_path / "sitecustomize.py").write_text(SLOW.format(held_up=how))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))

    return hold_up


def test_one_that_stands_still_for_a_while_is_waited_for_and_nothing_is_held_meanwhile(
    harness: GatewayHarness, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart_module, "STARTS_S", 0.2)
    with closing(SubprocessModel(**settings)) as subprocess_model, ThreadPoolExecutor(1) as thread:
        gateway = replace(harness.semblance.gateway, model=subprocess_model, timeout_s=60.0, attempts=1)
        call = thread.submit(gateway.text, ASKED, OPENAI, harness.caller)
        eventually(lambda: subprocess_model._child is not None)
        assert subprocess_model._child
        process = subprocess_model._child._process.pid
        freeze(process)
        threading.Event().wait(1.5)  # longer than a call would wait that has something held for it
        assert not call.done()
        assert harness.status.held_tokens == 0
        os.kill(process, signal.SIGCONT)
        assert call.result(120).content == "Mostly tea."
        assert subprocess_model._child._process.pid == process
    assert [event.status for event in harness.events] == ["ok"]


def test_one_that_works_is_given_time_by_what_it_does(settings: dict[str, Any], slow: Slow, tmp_path: Path) -> None:
    go = tmp_path / "go"
    slow(f"while not os.path.exists({str(go)!r}): sum(range(1000))")
    with closing(SubprocessModel(**settings)) as subprocess_model, ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(subprocess_model.ready, OPENAI)
        eventually(lambda: subprocess_model._child is not None and subprocess_model._child._busy_s > 0, 60)
        assert subprocess_model._child
        before = subprocess_model._child._lived_at
        eventually(lambda: subprocess_model._child is not None and subprocess_model._child._lived_at > before + 0.9, 60)
        assert not waiting.done()
        go.touch()
        waiting.result(120)


@pytest.mark.parametrize("how", ["threading.Event().wait()", "os.kill(os.getpid(), 19)"], ids=["waits", "is stopped"])
def test_one_that_does_nothing_any_more_is_replaced(settings: dict[str, Any], slow: Slow, how: str) -> None:
    slow(how)
    with closing(SubprocessModel(silent_s=3.0, **settings)) as subprocess_model:
        with pytest.raises(ModelFailed, match="did nothing for 3 s") as failed:
            subprocess_model.ready(OPENAI)
        assert (failed.value.kind, failed.value.transient) == ("unreachable", True)
        assert subprocess_model._child
        first = subprocess_model._child._process.pid
        eventually(lambda: not Path(f"/proc/{first}").exists())
        subprocess_model._silent_s = 120.0
        slow("pass")
        assert subprocess_model.complete(OPENAI, ASKED, 60.0).text == "Mostly tea."
        assert subprocess_model._child._process.pid != first


def test_warming_up_that_fails_is_said_in_a_line_and_tried_again(
    harness: GatewayHarness, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bootstrap, "WARM_UP_AGAIN_S", 0.05)
    broken = SubprocessModel(no_such_setting=1, **settings)
    semblance = replace(
        harness.semblance, gateway=replace(harness.semblance.gateway, model=broken, closing=threading.Event())
    )
    with closing(broken), caplog.at_level(logging.WARNING):
        thread = semblance.warm_up_later()
        eventually(lambda: "model calls are not warmed up yet" in caplog.messages, 60)
        del broken._settings["no_such_setting"]
        thread.join(120)
        assert not thread.is_alive()
        assert not any(record.exc_info for record in caplog.records)
        assert broken.complete(OPENAI, ASKED, 60.0).text == "Mostly tea."


def test_one_that_began_for_the_simulator_loads_what_other_models_need_before_anything_is_held_for_them(
    harness: GatewayHarness, settings: dict[str, Any], slow: Slow, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    slow(f"while not os.path.exists({str(go)!r}): time.sleep(0.01)")
    with closing(SubprocessModel(**settings)) as subprocess_model, ThreadPoolExecutor(1) as thread:
        gateway = replace(harness.semblance.gateway, model=subprocess_model, timeout_s=60.0, attempts=1)
        simulated = replace(
            ASKED, asked=ReplyRequest(Persona("Maya"), "Oat milk", "Do you like it?", Acts(Band.FEW_WORDS, 12))
        )
        subprocess_model.warm_up(SIMULATOR)
        assert gateway.text(simulated, SIMULATOR, harness.caller).content
        call = thread.submit(gateway.text, ASKED, OPENAI, harness.caller)
        threading.Event().wait(0.5)
        assert not call.done()
        assert harness.status.held_tokens == 0
        go.touch()
        assert call.result(120).content == "Mostly tea."
    assert [event.status for event in harness.events] == ["ok", "ok"]
