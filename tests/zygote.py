"""Processes for tests to kill, freeze and stop: `python -m tests.zygote` forks one for each line it reads and says its id.

It has litellm imported, so that a process is there in a moment. A line is JSON: `settings`, and what to do with them:
nothing more (work on whatever nobody works on), `work` (kind and id: that alone), `spends` (a folder: tests/faults/spender.py),
or `arguments` (a command line, in the folder `folder`, with its words in said.txt, its results in out.txt and its exit code in
code.txt there). `die_after`: is
killed right after its so manieth write to the database was acknowledged. `log`: the file that its log lines go to.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo.monitoring import CommandListener, register

from tests.studies import process_environment

WRITES = {"insert", "update", "delete", "findAndModify", "findandmodify", "commitTransaction"}


class Zygote:
    """`with Zygote() as zygote:` stands ready. under: environment variables for all its processes."""

    def __init__(self, under: dict[str, str] | None = None):
        self._started: list[int] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.zygote"],
            env=process_environment({}) | (under or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, settings: dict[str, Any], **what: Any) -> int:
        """Starts a process and returns its id."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"settings": settings, **what}, default=str) + "\n")
        self._process.stdin.flush()
        self._started.append(int(self._process.stdout.readline()))
        return self._started[-1]

    def end_all(self) -> None:
        """Kills every process that it started."""
        for process in self._started:
            kill(process)
        self._started.clear()

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *_: object) -> None:
        self.end_all()
        self._process.kill()
        self._process.wait()


def kill(process: int, how: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, how)


def freeze(process: int) -> None:
    """Stops the process as a machine that is moved would; returns once it stands.

    One of its threads hears the signal, and the others go on until that one was given the processor.
    """
    os.kill(process, signal.SIGSTOP)
    threads = Path(f"/proc/{process}/task")
    while not all(_state(thread) in "TtZX" for thread in threads.iterdir()):
        time.sleep(0.001)


def _state(thread: Path) -> str:
    try:
        return (thread / "stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return "X"


def is_alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


class DiesAfter(CommandListener):
    """Kills this process right after so many writes were acknowledged; those of `endings` that nobody made yet, not counted."""

    def __init__(self, writes: int):
        self._left = writes

    def started(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass

    def succeeded(self, event: Any) -> None:
        if event.command_name in WRITES:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _live(settings: dict[str, Any], work: Sequence[str] = (), die_after: int = 0, log: str = "") -> None:
    from semblance_core import logs
    from semblance_core.bootstrap import open_semblance
    from semblance_core.settings import load_settings

    if die_after:
        register(DiesAfter(die_after))
    if log:
        lines = open(log, "a")  # noqa: SIM115 - as long as this process lives, which is killed
        logs.configure("json", stream=lines)
    semblance = open_semblance(load_settings(**settings))
    if not work:
        semblance.engine.start()
        time.sleep(600)
    kind, work_id = work
    semblance.engine.worker.run(kind, work_id)  # type: ignore[arg-type]
    semblance.gateway.batcher.flush()


def _spend(settings: dict[str, Any], spends: str) -> None:
    from tests.faults.spender import spend_all

    spend_all(settings, Path(spends))


def _command(settings: dict[str, Any], arguments: Sequence[str], folder: str) -> None:
    from semblance_core.cli import main

    os.chdir(folder)
    os.environ.update({name: str(value) for name, value in settings.items()})
    for number, name in ((1, "out.txt"), (2, "said.txt")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    code: Any = 1
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        Path("code.txt").write_text(str(code))


if __name__ == "__main__":
    import litellm  # noqa: F401

    if "FAKETIME" in os.environ:
        # Under libfaketime 0.9.10 the system call behind Python's sleep refuses every time; waiting for an event works.
        time.sleep = lambda seconds: threading.Event().wait(seconds) and None
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            told = json.loads(line)
            (_command if "arguments" in told else _spend if "spends" in told else _live)(**told)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
