"""Model calls in a process of their own: the same answers and failures, and nothing that process does can hold a caller up."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from semblance_core.domain.errors import Interrupted
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.providers.litellm_model import BLOCKED_S, LitellmModel
from semblance_core.llm.request import CompletionRequest, Picture, PromptMessage
from semblance_core.llm.subprocess.model import ANSWERS_S, ENDED, SubprocessModel
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import REPOSITORY, eventually, process_environment
from tests.zygote import freeze

MODEL = "openai/gpt-4o-mini"
KEY = "sk-a-key-of-the-test"
ASKED = CompletionRequest("reply", (PromptMessage("user", "What do you drink?"),), max_tokens=100)
PICTURE = CompletionRequest(
    "describe_picture", (PromptMessage("user", "?", (Picture(bytes(3_000_000), "image/png"),)),), max_tokens=50
)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def settings(server: ScriptedServer) -> dict[str, Any]:
    return {"base_urls": {"openai": f"{server.url}/v1"}, "keys": {"openai": KEY}}


@pytest.fixture(scope="module")
def started(settings: dict[str, Any]) -> Iterator[SubprocessModel]:
    subprocess_model = SubprocessModel(**settings)
    subprocess_model.warm_up(MODEL)
    yield subprocess_model
    subprocess_model.close()


@pytest.fixture
def subprocess_model(started: SubprocessModel, server: ScriptedServer) -> SubprocessModel:
    server.script = lambda asked: Reply("Mostly tea.", reasoning=3)
    server.forget()
    return started


def outcome(model: LitellmModel | SubprocessModel, request: CompletionRequest = ASKED) -> tuple[Any, ...]:
    """What came of one attempt, whichever way it ended."""
    try:
        answer = model.complete(MODEL, request, timeout_s=1.0)
    except ModelFailed as failed:
        left = getattr(failed.answer, "tokens", None)
        return str(failed), failed.kind, failed.transient, failed.retry_after_s, left, failed.latency_s > 0
    return answer.text, answer.tokens, answer.estimated, answer.truncated, answer.latency_s > 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Mostly tea.", reasoning=3),
        Reply("Mostly tea.", reasoning=3, beside=True),
        Reply("Mostly tea.", in_parts=True),
        Reply("Mostly tea.", usage=False),
        Reply("Mostly tea, and", finish_reason="length"),
        Reply(f"wrong key {KEY}", status=401),
        Reply("slow", status=429, headers={"retry-after": "7"}),
        Reply("down", status=500),
        Reply("x" * 400, cut=True),
        Reply(None),
        Reply("…", finish_reason="content_filter"),
        Reply(None, finish_reason="length", reasoning=60),
        Reply("x" * 4_000, drip_s=0.1),
        Reply(choices=False),
        Reply(body=b"no JSON"),
    ],
    ids=[
        "ok",
        "thought beside it",
        "in parts",
        "no usage",
        "length",
        "401",
        "429",
        "500",
        "cut",
        "null",
        "filtered",
        "all thought",
        "drip",
        "none",
        "?",
    ],
)
def test_every_answer_and_every_failure_is_what_it_is_in_this_process(
    subprocess_model: SubprocessModel, settings: dict[str, Any], server: ScriptedServer, reply: Reply
) -> None:
    server.script = lambda asked: reply
    here = LitellmModel(**settings)
    here.warm_up(MODEL)
    assert outcome(subprocess_model) == outcome(here)
    assert len(server.asked) == 2


def test_a_deadline_is_kept_where_the_call_is_made(subprocess_model: SubprocessModel, server: ScriptedServer) -> None:
    server.script = lambda asked: Reply("x" * 4_000, drip_s=0.1)
    assert subprocess_model._child
    before = subprocess_model._child._last
    assert outcome(subprocess_model)[1] == "timeout"
    assert subprocess_model._child._last == before + 1, "nobody had to ask whether it lives"


def test_a_large_picture_gets_through_and_tokens_are_counted(
    subprocess_model: SubprocessModel, settings: dict[str, Any]
) -> None:
    assert outcome(subprocess_model, PICTURE)[0] == "Mostly tea."
    assert subprocess_model.count_tokens(MODEL, ASKED, "Tea.") == LitellmModel(**settings).count_tokens(
        MODEL, ASKED, "Tea."
    )


def test_many_calls_wait_side_by_side(subprocess_model: SubprocessModel, server: ScriptedServer) -> None:
    server.script = lambda asked: Reply(f"Answer to {asked.prompt}", delay_s=0.5)
    asked = [CompletionRequest("reply", (PromptMessage("user", f"number {n}"),), max_tokens=9) for n in range(30)]
    with ThreadPoolExecutor(30) as threads:
        answers = list(threads.map(lambda request: subprocess_model.complete(MODEL, request, 20.0).text, asked))
    assert answers == [f"Answer to number {n}" for n in range(30)]
    assert server.most_at_once > 15


def test_something_broken_inside_is_raised_where_it_was_asked_and_breaks_nothing_else(
    subprocess_model: SubprocessModel,
) -> None:
    broken = CompletionRequest("reply", (PromptMessage("user", "?", ("no picture",)),), max_tokens=9)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="AttributeError"):
        subprocess_model.complete(MODEL, broken, 1.0)
    assert outcome(subprocess_model)[0] == "Mostly tea."


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_does_not_end_a_call(
    subprocess_model: SubprocessModel, server: ScriptedServer, sent: signal.Signals
) -> None:
    server.script = lambda asked: Reply("Mostly tea.", delay_s=0.6)
    threading.Timer(0.3, os.kill, (process_of(subprocess_model), sent)).start()
    assert outcome(subprocess_model)[0] == "Mostly tea."


def test_one_that_dies_fails_what_it_was_asked_and_the_next_call_has_a_new_one(
    subprocess_model: SubprocessModel, server: ScriptedServer
) -> None:
    server.script = lambda asked: Reply(delay_s=30.0)
    held = held_by_us()
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(subprocess_model.complete, MODEL, ASKED, 60.0) for _ in range(2)]
        eventually(lambda: server.in_flight == 2)
        os.kill(first := process_of(subprocess_model), signal.SIGKILL)
        for call in calls:
            with pytest.raises(ModelFailed, match=ENDED) as failed:
                call.result(5)
            assert (failed.value.kind, failed.value.transient) == ("connection", True)
    server.script = lambda asked: Reply("Mostly tea.")
    assert outcome(subprocess_model)[0] == "Mostly tea."
    assert process_of(subprocess_model) != first
    eventually(lambda: held_by_us() == held)


def test_one_that_hangs_keeps_nobody_beyond_the_deadline_and_is_replaced(subprocess_model: SubprocessModel) -> None:
    freeze(first := process_of(subprocess_model))
    began = time.monotonic()
    with pytest.raises(ModelFailed) as failed:
        subprocess_model.complete(
            MODEL, PICTURE, timeout_s=0.1
        )  # it fills the pipe, and whoever writes there would wait for ever
    assert failed.value.kind == "unreachable"  # it never went out, so it costs nothing
    assert time.monotonic() - began < 5
    eventually(lambda: not Path(f"/proc/{first}").exists(), ANSWERS_S + 5)
    assert outcome(subprocess_model)[0] == "Mostly tea."
    assert process_of(subprocess_model) != first


def test_one_that_was_only_held_up_for_a_moment_stays(subprocess_model: SubprocessModel) -> None:
    freeze(first := process_of(subprocess_model))
    threading.Timer(BLOCKED_S + 1.5, os.kill, (first, signal.SIGCONT)).start()
    with pytest.raises(ModelFailed):
        subprocess_model.complete(MODEL, ASKED, timeout_s=0.1)
    time.sleep(ANSWERS_S + 0.5)
    assert outcome(subprocess_model)[0] == "Mostly tea."
    assert process_of(subprocess_model) == first


def test_one_that_cannot_be_had_is_said_at_once_and_costs_nothing() -> None:
    broken = SubprocessModel(no_such_setting=1)
    said = []
    for _ in range(2):
        with pytest.raises(ModelFailed) as failed:
            broken.complete(MODEL, ASKED, 60.0)
        said.append(failed.value)
    assert [(failed.kind, failed.transient) for failed in said] == [("unreachable", True)] * 2
    assert said[0] is not said[1]  # whoever waits writes into its own


def test_what_is_called_off_while_it_begins_is_not_waited_for(settings: dict[str, Any]) -> None:
    beginning = SubprocessModel(**settings)
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(beginning.complete, MODEL, ASKED, 60.0)
        eventually(lambda: beginning._child is not None)
        beginning.call_off()
        with pytest.raises(Interrupted):
            call.result(1)
    process = process_of(beginning)
    beginning.close()
    assert not Path(f"/proc/{process}").exists()


def test_what_is_called_off_ends_at_once_and_at_the_provider_too(
    subprocess_model: SubprocessModel, settings: dict[str, Any], server: ScriptedServer
) -> None:
    server.script = lambda asked: Reply("x" * 6_000, drip_s=0.05)
    streaming = SubprocessModel(stream=True, **settings)
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(streaming.complete, MODEL, ASKED, 60.0)
        eventually(lambda: server.streamed > 3, 60)
        streaming.call_off()
        with pytest.raises(Interrupted):
            call.result(1)
    with pytest.raises(Interrupted):
        streaming.complete(MODEL, ASKED, 60.0)
    eventually(lambda: server.streamed == sent_after(server, 0.5))
    process = process_of(streaming)
    streaming.close()
    assert not Path(f"/proc/{process}").exists()


ALONE = """
import sys, threading, time
from semblance_core.bootstrap import open_semblance
from tests.llm.test_subprocess import ASKED, MODEL, PICTURE
model = open_semblance(calls_in_subprocess=True).gateway.model
model.complete(MODEL, ASKED, 20.0)
print(model._child._process.pid, "litellm" in sys.modules, flush=True)
sys.stdin.readline()
threading.Thread(target=model.complete, args=(MODEL, PICTURE, 20.0)).start()
time.sleep(60)
"""


def test_it_ends_with_its_parent_which_never_imports_litellm_and_keys_stand_in_no_command_line(
    subprocess_model: SubprocessModel, server: ScriptedServer, data_dir: Path
) -> None:
    own = {"SEMBLANCE_DATA_DIR": data_dir, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{server.url}/v1"}
    environment = process_environment(
        own | {"SEMBLANCE_DATABASE": "test-subprocess_model", "PYTHONPATH": str(REPOSITORY)}
    )
    command, pipe = [sys.executable, "-c", ALONE], subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdin
        assert parent.stdout
        process, imported = parent.stdout.readline().split()
        assert imported == "False"
        assert KEY not in Path(f"/proc/{process}/cmdline").read_text()
        freeze(int(process))
        print("on", file=parent.stdin, flush=True)
        time.sleep(1.0)  # so that it dies in the middle of a request
        parent.kill()
        os.kill(int(process), signal.SIGCONT)
    eventually(lambda: not Path(f"/proc/{process}").exists())


def held_by_us() -> tuple[int, int]:
    """Pipes of this process, and threads that calls are made with."""
    files = []
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that of the folder itself
            files.append(os.readlink(file))
    threads = [thread for thread in threading.enumerate() if thread.name == "calls-subprocess_model"]
    return sum(file.startswith("pipe:") for file in files), len(threads)


def process_of(subprocess_model: SubprocessModel) -> int:
    assert subprocess_model._child
    return subprocess_model._child._process.pid


def sent_after(server: ScriptedServer, wait_s: float) -> int:
    time.sleep(wait_s)
    return server.streamed
