"""Model calls in a process of their own, for processes that serve many: a call's work (4 ms) then takes nothing from theirs.

What is asked goes to apart_child.py as pickles through its stdin, what came of it comes back through its stdout; both are
our own values. The child ends with its pipe, however its parent died; one that died or hangs is replaced by the next call.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as DeadlinePassed
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from semblance_core.domain.errors import Interrupted, ModelFailed
from semblance_core.domain.usage import TokenCounts
from semblance_core.llm.litellm_model import BLOCKED_S, SHUTTING_DOWN, too_late
from semblance_core.llm.request import Answer, CompletionRequest

ROOT = Path(__file__).parents[2]
STARTS_S = 45.0
"""How long a child may take until it can be asked: it imports litellm, which takes seconds, on a busy machine many. With the call
itself it stays within the minute by which a hold outlives a deadline."""
ANSWERS_S = 5.0
"""A child that missed a deadline and does not answer within this time hangs."""
LEAVES_S = 2.0


class ModelApart:
    """A `LitellmModel` in a process of its own, which begins with the first call or `warm_up`. settings: the model's arguments."""

    def __init__(self, **settings: Any):
        self._settings = settings
        self._warm = ""
        self._starting = threading.Lock()
        self._child: _Child | None = None
        self._off = threading.Event()

    def complete(self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0) -> Answer:
        """One attempt, over after `timeout_s` seconds whatever happens, once the child is there; raises `ModelFailed`."""
        started = time.monotonic()
        try:
            answer = self._ask("acomplete", (model, request, timeout_s, attempt), timeout_s)
        except ModelFailed as failed:
            failed.latency_s = time.monotonic() - started
            raise
        assert isinstance(answer, Answer)
        return answer

    def count_tokens(self, model: str, request: CompletionRequest, text: str) -> TokenCounts:
        """See `LitellmModel.count_tokens`."""
        counted = self._ask("count_tokens", (model, request, text), STARTS_S)
        assert isinstance(counted, TokenCounts)
        return counted

    def warm_up(self, model: str) -> None:
        """Has the child import what the first call would otherwise wait for, and every child after it."""
        self._warm = model
        self._ask("warm_up", (model,), STARTS_S)

    def call_off(self) -> None:
        """Lets nobody wait any longer for an answer: `complete` raises `Interrupted`, now and from now on."""
        self._off.set()
        if child := self._child:
            child.forget_all()

    def close(self) -> None:
        """Ends the child and with it the calls that are still under way."""
        with self._starting:
            child, self._child = self._child, None
        if child:
            child.close()

    def _ask(self, what: str, arguments: tuple[Any, ...], within_s: float) -> object:
        child = self._running()
        number, outcome = child.ask(what, arguments)
        if self._off.is_set():
            child.forget_all()
        try:
            return outcome.result(within_s + BLOCKED_S)
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except DeadlinePassed:
            child.forget(number)
            child.look_after()
            raise too_late(within_s) from None

    def _running(self) -> "_Child":
        """The child, once it can be asked; raises `ModelFailed` of a kind that costs nothing where there is none."""
        if self._off.is_set():
            raise Interrupted(SHUTTING_DOWN)
        try:
            with self._starting:
                if self._child is None or self._child.is_over:
                    self._child = _Child(self._settings, self._warm)
                child = self._child
            if self._off.is_set():
                child.forget_all()
            child.ready.result(STARTS_S)
        except DeadlinePassed:
            child.kill()
            raise _absent(f"was not there within {STARTS_S:.0f} s") from None
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except ModelFailed:
            raise _absent("ended before it could be asked") from None
        except (OSError, RuntimeError) as failed:
            raise _absent(f"could not be started ({failed})") from None
        return child


class _Child:
    """One process, and what it was asked and has not answered yet. warm: a model to be warmed up for before anything is asked."""

    def __init__(self, settings: Mapping[str, Any], warm: str):
        self.is_over = False
        self._lock = threading.Lock()
        self._last = 0
        self._is_looked_after = False
        self._open: dict[int, Future[object]] = {}
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "semblance_core.llm.apart_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._process.stdin
        assert self._process.stdout
        # Settings go through the pipe, because everybody can read a command line.
        self._to_send.put(pickle.dumps((settings, warm)))
        try:
            _start(self._send, self._process.stdin)
            _start(self._hear, self._process.stdout)
        except RuntimeError:
            self._process.kill()
            raise
        self.ready = self.ask("ready", ())[1]

    def ask(self, what: str, arguments: tuple[Any, ...]) -> "tuple[int, Future[object]]":
        """Its number, and what will come of it: a result, or `ModelFailed` where the child dies before."""
        outcome: Future[object] = Future()
        with self._lock:
            self._last = number = self._last + 1
        message = pickle.dumps((number, what, arguments))
        with self._lock:
            if self.is_over:
                outcome.set_exception(_absent("had ended"))
                return number, outcome
            self._open[number] = outcome
        self._to_send.put(message)
        return number, outcome

    def forget(self, number: int) -> None:
        """Ends a call that nobody waits for any more."""
        with self._lock:
            outcome = self._open.pop(number, None)
        if outcome:
            outcome.cancel()
            self._to_send.put(pickle.dumps((number, "forget", ())))

    def forget_all(self) -> None:
        for number in list(self._open):
            self.forget(number)

    def look_after(self) -> None:
        """Kills it unless it answers in a moment: it missed a deadline that it keeps itself. Returns at once."""
        with self._lock:
            is_looked_after, self._is_looked_after = self._is_looked_after, True
        if not is_looked_after:
            _start(self._kill_if_silent)

    def kill(self) -> None:
        self.is_over = True
        self._process.kill()

    def close(self) -> None:
        self._to_send.put(None)
        try:
            self._process.wait(LEAVES_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _kill_if_silent(self) -> None:
        try:
            self.ask("ready", ())[1].result(ANSWERS_S)
        except DeadlinePassed:
            self.kill()
        except (CancelledError, ModelFailed):
            pass  # it is being ended, or has
        finally:
            self._is_looked_after = False

    def _send(self, pipe: IO[bytes]) -> None:
        with suppress(OSError), pipe:  # whoever waits for an answer hears of a broken pipe from the other one
            while (message := self._to_send.get()) is not None:
                pipe.write(message)
                pipe.flush()

    def _hear(self, pipe: IO[bytes]) -> None:
        try:
            with suppress(EOFError, OSError, pickle.UnpicklingError), pipe:
                self._take_answers(pipe)
        finally:
            self._end()

    def _take_answers(self, pipe: IO[bytes]) -> None:
        while True:
            number, failed, result = pickle.load(pipe)
            with self._lock:
                outcome = self._open.pop(number, None)
            if outcome and failed:
                outcome.set_exception(result)
            elif outcome:
                outcome.set_result(result)

    def _end(self) -> None:
        """Whatever is still waited for has failed: nothing more can come."""
        with self._lock:
            self.is_over = True
            left, self._open = list(self._open.values()), {}
        for outcome in left:
            outcome.set_exception(ModelFailed(ENDED, kind="connection", transient=True))
        self._to_send.put(None)
        self._process.kill()
        self._process.wait()


ENDED = "The process that makes the model calls ended in the middle of this one."


def _absent(why: str) -> ModelFailed:
    """What is raised where nothing was asked of anybody."""
    return ModelFailed(f"The process that makes the model calls {why}.", kind="unreachable", transient=True)


def _start(work: Any, *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, name="calls-apart", daemon=True).start()
