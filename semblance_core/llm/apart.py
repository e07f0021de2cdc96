"""Model calls in a process of their own, for processes that serve many: a call's work (4 ms) then takes nothing from theirs.

What is asked goes to apart_child.py as pickles through its stdin, what came of it comes back through its stdout; both are
our own values. The child ends with its pipe, however its parent died; one that died or hangs is replaced by the next call.
"""

import threading
import time
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as DeadlinePassed
from contextlib import suppress
from typing import Any

from semblance_core.domain.asset import Picture
from semblance_core.domain.errors import Interrupted, ModelFailed
from semblance_core.domain.usage import TokenCounts, is_simulated
from semblance_core.llm.calls_process import ANSWERS_S, ENDED, SILENT_S, CallsProcess, absent
from semblance_core.llm.litellm_model import BLOCKED_S, SHUTTING_DOWN, too_late
from semblance_core.llm.pictures import Shown, pictures_of, with_pictures
from semblance_core.llm.request import Answer, CompletionRequest, SentPicture
from semblance_core.llm.wire import CALL, COUNT, WARM_UP
from semblance_core.readiness import READY

__all__ = ["ANSWERS_S", "ENDED", "ModelApart"]
STARTS_S = 45.0
"""How long a call waits for a child that is starting: with the call itself it stays within the minute by which a hold outlives a
deadline. `ready`, before there is a hold, waits as long as the child does something."""
ALIVE_S = 1.5


class ModelApart:
    """A `LitellmModel` in a process of its own, which begins with the first call or `warm_up`. settings: the model's arguments.

    silent_s: how long a child that is starting may do nothing before it is replaced.
    """

    def __init__(self, *, silent_s: float = SILENT_S, **settings: Any):
        self._settings = settings
        self._silent_s = silent_s
        self._warm = ""
        self._starting, self._warming = threading.Lock(), threading.Lock()
        self._child: CallsProcess | None = None
        self._off = threading.Event()

    def ready(self, model: str) -> None:
        """See `LitellmModel.ready`: waits for the child however long it takes, as long as it does something."""
        if not self._warm and is_simulated(model):
            self._warm = model  # a child that begins for the simulator need not load what other models need
        self._running(None)
        if is_simulated(self._warm) and not is_simulated(model):
            with self._warming:
                if is_simulated(self._warm):  # the child began for the simulator alone, without what other models need
                    self.warm_up(model)

    def check(self) -> str:
        """`READY` while the child answers, is starting, or was not needed yet; else what is the matter, and another one is begun."""
        child = self._child
        if child is None or self._off.is_set():
            return READY
        if not child.is_over:
            return READY if child.is_starting or child.answers(ALIVE_S) else "does not answer"
        threading.Thread(target=self._begin_again, name="calls-again", daemon=True).start()
        return "ended; another one is starting"

    def _begin_again(self) -> None:
        with suppress(ModelFailed, Interrupted):  # whoever makes a call is told, and the next check says so too
            self._running(None)

    def complete(self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0) -> Answer:
        """One attempt, over after `timeout_s` seconds whatever happens, once the child is there; raises `ModelFailed`.

        Of kind `unreachable`, which costs nothing, where the request did not go out to the provider.
        """
        started = time.monotonic()
        pictures = pictures_of(request)
        try:
            child = self._running(STARTS_S)
            send_by = time.monotonic() + timeout_s
            arguments = (model, with_pictures(request, _named), timeout_s, attempt, send_by)
            answer = self._ask(child, CALL, arguments, timeout_s, pictures)
        except ModelFailed as failed:
            failed.latency_s = time.monotonic() - started
            raise
        assert isinstance(answer, Answer)
        return answer

    def count_tokens(self, model: str, request: CompletionRequest, text: str) -> TokenCounts:
        """See `LitellmModel.count_tokens`."""
        arguments = (model, with_pictures(request, _named), text)  # whose number is all that counts
        counted = self._ask(self._running(None), COUNT, arguments, STARTS_S)
        assert isinstance(counted, TokenCounts)
        return counted

    def warm_up(self, model: str) -> None:
        """Has the child import what the first call would otherwise wait for, and every child after it."""
        self._warm = model
        self._ask(self._running(None), WARM_UP, (model,), STARTS_S)

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

    def _ask(
        self,
        child: CallsProcess,
        what: str,
        arguments: tuple[Any, ...],
        within_s: float,
        pictures: tuple[Picture, ...] = (),
    ) -> object:
        number, outcome = child.ask(what, arguments, pictures)
        if self._off.is_set():
            child.forget_all()
        try:
            return outcome.result(within_s + BLOCKED_S)
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except DeadlinePassed:
            is_unsent = child.forget(number)
            child.look_after()
            raise (
                absent(f"did not send this one within {within_s:.0f} s") if is_unsent else too_late(within_s)
            ) from None

    def _running(self, within_s: float | None) -> CallsProcess:
        """The child, once it can be asked; raises `ModelFailed` of a kind that costs nothing where there is none."""
        if self._off.is_set():
            raise Interrupted(SHUTTING_DOWN)
        try:
            with self._starting:
                if self._child is None or self._child.is_over:
                    self._child = CallsProcess(self._settings, self._warm, self._silent_s)
                child = self._child
            if self._off.is_set():
                child.forget_all()
            child.await_start(within_s)
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except (OSError, RuntimeError) as failed:
            raise absent(f"could not be started ({failed})") from None
        return child


def _named(picture: Shown) -> Shown:
    return SentPicture(picture.digest) if isinstance(picture, Picture) else picture
