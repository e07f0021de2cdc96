"""One process that makes model calls (apart_child.py): what it was asked, what came of it, and whether it lives."""

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as DeadlinePassed
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from semblance_core.domain.asset import Picture
from semblance_core.domain.errors import ModelFailed
from semblance_core.llm.outbox import Outbox
from semblance_core.llm.wire import BUSY, FAILED, FORGET, READY, SENT

ROOT = Path(__file__).parents[2]
ANSWERS_S = 5.0
"""One that missed a deadline and does not answer within this time hangs."""
LEAVES_S = 2.0
LOOKS_S = 0.5
SILENT_S = 45.0
"""One that is starting and has done nothing for so long hangs: it is stopped, or waits for what never comes."""
MOST_BUSY_S = 300.0
"""Processor time within which one has started, or goes round in circles: litellm takes about 6 s of it."""
ENDED = "The process that makes the model calls ended in the middle of this one."
log = logging.getLogger(__name__)
SMALL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}
"""Has glibc give memory back that a large request took."""


@dataclass(slots=True)
class _Asked:
    outcome: "Future[object]" = field(default_factory=Future)
    is_sent: bool = False
    """Its request went out to the provider, or may have."""


class CallsProcess:
    """warm: a model to be warmed up for before anything is asked. silent_s: see `SILENT_S`."""

    def __init__(self, settings: Mapping[str, Any], warm: str, silent_s: float = SILENT_S):
        self.is_over = False
        self._silent_s = silent_s
        self._lock = threading.Lock()
        self._last = 0
        self._is_looked_after = False
        self._open: dict[int, _Asked] = {}
        self._outbox = Outbox()
        self._busy_s, self._lived_at = 0.0, time.monotonic()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "semblance_core.llm.apart_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**SMALL, **os.environ, "PYTHONPATH": path},
        )
        assert self._process.stdin
        assert self._process.stdout
        # Settings go through the pipe, because everybody can read a command line.
        self._outbox.put(0, pickle.dumps((settings, warm)))
        try:
            _start(self._send, self._process.stdin)
            _start(self._hear, self._process.stdout)
        except RuntimeError:
            self._process.kill()
            raise
        self._ready = self.ask(READY, ())[1]

    def ask(
        self, what: str, arguments: tuple[Any, ...], pictures: Sequence[Picture] = ()
    ) -> "tuple[int, Future[object]]":
        """Its number, and what will come of it: a result, or `ModelFailed` where the process dies before.

        pictures: what the arguments name by their hashes.
        """
        asked = _Asked()
        with self._lock:
            self._last = number = self._last + 1
        message = pickle.dumps((number, what, arguments))
        with self._lock:
            if self.is_over:
                asked.outcome.set_exception(absent("had ended"))
                return number, asked.outcome
            self._open[number] = asked
        self._outbox.put(number, message, pictures)
        return number, asked.outcome

    def await_start(self, within_s: float | None = None) -> None:
        """Returns once it can be asked; raises `ModelFailed` of a kind that costs nothing.

        It is waited for as long as it does something, at most `within_s` seconds. One that does nothing any more is killed.
        """
        began = time.monotonic()
        while True:
            try:
                self._ready.result(LOOKS_S)
                return
            except DeadlinePassed:
                self._kill_if_stuck()
            except CancelledError:
                raise
            except ModelFailed:
                raise absent("ended before it could be asked") from None
            if within_s is not None and time.monotonic() - began > within_s:
                raise absent(f"is still starting after {within_s:.0f} s")

    @property
    def is_starting(self) -> bool:
        """Whether it cannot be asked yet."""
        return not self._ready.done()

    def answers(self, within_s: float) -> bool:
        """Whether it answers in this time."""
        number, outcome = self.ask(READY, ())
        try:
            outcome.result(within_s)
        except (DeadlinePassed, CancelledError, ModelFailed):
            self.forget(number)
            return False
        return True

    def forget(self, number: int) -> bool:
        """Ends a call that nobody waits for any more; whether its request never went out, and never will."""
        with self._lock:
            asked = self._open.pop(number, None)
        if asked is None:
            return False
        if not self._outbox.withdraw(number):
            self._outbox.put(0, pickle.dumps((number, FORGET, ())))
        asked.outcome.cancel()
        return not asked.is_sent

    def forget_all(self) -> None:
        for number in list(self._open):
            self.forget(number)

    def look_after(self) -> None:
        """Kills it unless it answers in a moment: it missed a deadline that it keeps itself. Returns at once."""
        with self._lock:
            is_looked_after, self._is_looked_after = self._is_looked_after, True
        if not is_looked_after:
            _start(self._kill_if_silent)

    def kill(self, why: str) -> None:
        log.warning("calls process is replaced", extra={"why": why, "pid": self._process.pid})
        self.is_over = True
        self._process.kill()

    def close(self) -> None:
        self._outbox.close()
        try:
            self._process.wait(LEAVES_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _kill_if_stuck(self) -> None:
        if time.monotonic() - self._lived_at > self._silent_s:
            self.kill(why := f"did nothing for {self._silent_s:.0f} s while it was starting")
            raise absent(why)
        if self._busy_s > MOST_BUSY_S:
            self.kill(why := f"was still starting after {MOST_BUSY_S:.0f} s of processor time")
            raise absent(why)

    def _kill_if_silent(self) -> None:
        try:
            self.ask(READY, ())[1].result(ANSWERS_S)
        except DeadlinePassed:
            self.kill(f"did not answer within {ANSWERS_S:.0f} s")
        except (CancelledError, ModelFailed):
            pass  # it is being ended, or has
        finally:
            self._is_looked_after = False

    def _send(self, pipe: IO[bytes]) -> None:
        with suppress(OSError), pipe:  # whoever waits for an answer hears of a broken pipe from the other one
            while (message := self._outbox.take()) is not None:
                pipe.write(message)
                pipe.flush()

    def _hear(self, pipe: IO[bytes]) -> None:
        try:
            with suppress(EOFError, OSError, pickle.UnpicklingError), pipe:
                while True:
                    self._take(*pickle.load(pipe))
        finally:
            self._end()

    def _take(self, number: int, came: str, result: Any) -> None:
        if came == BUSY:
            if result > self._busy_s:
                self._busy_s, self._lived_at = result, time.monotonic()
            return
        with self._lock:
            asked = self._open.get(number) if came == SENT else self._open.pop(number, None)
        if asked is None:
            return
        if came == SENT:
            asked.is_sent = True
        elif came == FAILED:
            asked.outcome.set_exception(result)
        else:
            asked.outcome.set_result(result)

    def _end(self) -> None:
        """Whatever is still waited for has failed: nothing more can come."""
        with self._lock:
            self.is_over = True
            left, self._open = list(self._open.values()), {}
        for asked in left:
            ended = ModelFailed(ENDED, kind="connection", transient=True)
            asked.outcome.set_exception(ended if asked.is_sent else absent("ended before it had sent this one"))
        self._outbox.close()
        self._process.kill()
        self._process.wait()


def absent(why: str) -> ModelFailed:
    """What is raised where nothing was asked of any provider."""
    return ModelFailed(f"The process that makes the model calls {why}.", kind="unreachable", transient=True)


def _start(work: Any, *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, name="calls-apart", daemon=True).start()
