"""The parent's side of a process that makes model calls (subprocess/server.py): requests, results, signs of life."""

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

from semblance_core.domain.discussion.asset import Picture
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.access import NO_ACCESS, ProviderAccess
from semblance_core.llm.subprocess.outbox import Outbox
from semblance_core.llm.subprocess.wire import BUSY, FAILED, FORGET, MORE, READY, SENT, USE
from semblance_core.llm.writing import Show

ROOT = Path(__file__).parents[3]
ANSWERS_S = 5.0
"""A child that missed a deadline and does not answer within this time hangs."""
LEAVES_S = 2.0
LOOKS_S = 0.5
SILENT_S = 45.0
"""A child that is starting and used no processor time for so long hangs."""
MOST_BUSY_S = 300.0
"""Most processor time for a start; loading litellm takes about 6 s of it."""
ENDED = "The process that makes the model calls ended in the middle of this one."
log = logging.getLogger(__name__)
SMALL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}
"""Settings by which glibc gives memory back after a large request."""


@dataclass(slots=True)
class _Asked:
    outcome: "Future[object]" = field(default_factory=Future)
    is_sent: bool = False
    """Its request went out to the provider, or may have: it has to be charged then."""
    show: Show | None = None


class ModelProcess:
    """A child process that makes model calls. warm: the model that it warms up for before it answers anything."""

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
            [sys.executable, "-m", "semblance_core.llm.subprocess.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**SMALL, **os.environ, "PYTHONPATH": path},
        )
        assert self._process.stdin
        assert self._process.stdout
        # Settings hold keys, and every account of the machine can read a command line. So they go through the pipe.
        self._outbox.put(0, pickle.dumps((settings, warm)))
        try:
            _start(self._send, self._process.stdin)
            _start(self._hear, self._process.stdout)
        except RuntimeError:
            self._process.kill()
            raise
        self._ready = self.ask(READY, ())[1]
        self._reading, self._uses = 0, NO_ACCESS

    def ask(
        self,
        what: str,
        arguments: tuple[Any, ...],
        pictures: Sequence[Picture] = (),
        show: Show | None = None,
    ) -> "tuple[int, Future[object]]":
        """Queues a request.

        Args:
            what: One of the words in wire.py.
            pictures: The pictures that the arguments name by their hashes.
            show: Takes the answer so far.

        Returns:
            The request's number, and its future result, which is `ModelFailed` where the process dies first.
        """
        asked = _Asked(show=show)
        with self._lock:
            self._last = number = self._last + 1
        message = pickle.dumps((number, what, arguments))
        with self._lock:
            if self.is_over:  # `_end` has failed all open requests by now, and would miss this one
                asked.outcome.set_exception(absent("had ended"))
                return number, asked.outcome
            self._open[number] = asked
        self._outbox.put(number, message, pictures)
        return number, asked.outcome

    def use(self, reading: int, access: ProviderAccess) -> None:
        """Hands over keys and addresses for the calls after it, where they are others than before.

        Args:
            reading: The number of this reading of what is stored. One that began before another that was handed over is left out.
            access: What was read.
        """
        with self._lock:
            if reading < self._reading:
                return
            self._reading = reading
            if access != self._uses:
                self._uses = access
                self._outbox.put(0, pickle.dumps((0, USE, (access,))))

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
        """True until it can be asked."""
        return not self._ready.done()

    def answers(self, within_s: float) -> bool:
        """Returns whether it answers in this time."""
        number, outcome = self.ask(READY, ())
        try:
            outcome.result(within_s)
        except (DeadlinePassed, CancelledError, ModelFailed):
            self.forget(number)
            return False
        return True

    def forget(self, number: int) -> bool:
        """Gives up a call; whether its request did not go out to the provider, and never will."""
        with self._lock:
            asked = self._open.pop(number, None)
        if asked is None:
            return False
        if not self._outbox.withdraw(number):  # the child has it already, or is just being sent it
            self._outbox.put(0, pickle.dumps((number, FORGET, ())))
        asked.outcome.cancel()
        # The child says that it sends before it sends (`CallServer._tell`), and sends nothing after the deadline.
        return not asked.is_sent

    def forget_all(self) -> None:
        for number in list(self._open):
            self.forget(number)

    def look_after(self) -> None:
        """Returns at once, and kills the process unless it answers within 5 s: it missed a deadline of its own."""
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
            pass  # the process ends by itself
        finally:
            self._is_looked_after = False

    def _send(self, pipe: IO[bytes]) -> None:
        with suppress(OSError), pipe:  # of a broken pipe `_hear` tells those who wait
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
            if result > self._busy_s:  # a beat alone is no sign of life: the thread that starts may wait for ever
                self._busy_s, self._lived_at = result, time.monotonic()
            return
        with self._lock:
            asked = self._open.get(number) if came in (SENT, MORE) else self._open.pop(number, None)
        if asked is None:
            return
        if came == SENT:
            asked.is_sent = True
        elif came == MORE:
            with suppress(Exception):  # what is only shown may not end the calls
                if asked.show:
                    asked.show(result)
        elif came == FAILED:
            asked.outcome.set_exception(result)
        else:
            asked.outcome.set_result(result)

    def _end(self) -> None:
        """Fails all open requests, because nothing more can come."""
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
    """The failure of a call whose request reached no provider; it costs nothing."""
    return ModelFailed(f"The process that makes the model calls {why}.", kind="unreachable", transient=True)


def _start(work: Any, *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, name="subprocess-calls", daemon=True).start()
