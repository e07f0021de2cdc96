"""Calls models in a child process, so that a call's 4 ms of Python take no time from a process that serves many.

Requests go to subprocess/server.py as pickles through its stdin, results come back through its stdout; both ends run
this program. The child ends with its pipe, however its parent died. A child that died or hangs is replaced by the next
call.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as DeadlinePassed
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

from semblance_core.domain.discussion.asset import Picture
from semblance_core.domain.errors import Interrupted
from semblance_core.domain.usage.events import TokenCounts, is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.catalogue.access import ProviderAccess, no_access
from semblance_core.llm.providers.litellm_model import BLOCKED_S, SHUTTING_DOWN, too_late
from semblance_core.llm.providers.pictures import Shown, pictures_of, with_pictures
from semblance_core.llm.request import Completion, CompletionRequest, SentPicture
from semblance_core.llm.subprocess.process import ANSWERS_S, ENDED, SILENT_S, ModelProcess, absent
from semblance_core.llm.subprocess.wire import CALL, COUNT, WARM_UP
from semblance_core.llm.writing import Show
from semblance_core.readiness import READY
from semblance_core.requests.discussion import ReplyRequest

__all__ = ["ANSWERS_S", "ENDED", "SubprocessModel"]
STARTS_S = 45.0
"""Longest wait of a call for a child that is starting. The hold of a call outlives its deadline by a minute, and this
has to fit into that. `ready` is called before there is a hold, so it waits as long as the child does something."""
ALIVE_S = 1.5
"""Longest wait of a readiness check for an answer."""


class SubprocessModel:
    """A `LitellmModel` in a child process, which starts with the first call or `warm_up`.

    silent_s: how long a child that is starting may do nothing before it is replaced. stored: as in `LitellmModel`; read here, and
    handed over before the next call. settings: its other arguments.
    """

    def __init__(
        self, *, silent_s: float = SILENT_S, stored: Callable[[], ProviderAccess] = no_access, **settings: Any
    ):
        self._settings = settings
        self._stored = stored
        self._readings = count(1)
        self._silent_s = silent_s
        self._warm = ""
        self._starting, self._warming = threading.Lock(), threading.Lock()
        self._child: ModelProcess | None = None
        self._off = threading.Event()

    def ready(self, model: str) -> None:
        """Returns once the child can be asked; waits as long as it does something. See `LitellmModel.ready`."""
        if not self._warm and is_simulated(model):
            self._warm = model  # a child that begins for the simulator does not load litellm
        self._running(None)
        if is_simulated(self._warm) and not is_simulated(model):
            with self._warming:
                if is_simulated(self._warm):  # the child began for the simulator, without litellm
                    self.warm_up(model)

    def check(self) -> str:
        """`READY` while the child answers, starts, or was not needed yet; else what is wrong. Replaces a dead one."""
        child = self._child
        if child is None or self._off.is_set():
            return READY
        if not child.is_over:
            return READY if child.is_starting or child.answers(ALIVE_S) else "does not answer"
        threading.Thread(target=self._begin_again, name="calls-again", daemon=True).start()
        return "ended; another one is starting"

    def _begin_again(self) -> None:
        with suppress(ModelFailed, Interrupted):  # the next call and the next check report it
            self._running(None)

    def complete(
        self, model: str, request: CompletionRequest, timeout_s: float, attempt: int = 0, show: Show | None = None
    ) -> Completion:
        """Makes one attempt, which ends `timeout_s` seconds after the child is there, whatever happens.

        Raises:
            ModelFailed: Of kind `unreachable`, which costs nothing, where the request did not go out to the provider.
        """
        started = time.monotonic()
        pictures = pictures_of(request)
        try:
            child = self._running(STARTS_S)
            if not is_simulated(model):
                child.use(next(self._readings), self._stored())
            # Both processes read the same clock. The child must not send after this: by then the parent may have taken
            # the request for unsent, and asked again.
            send_by = time.monotonic() + timeout_s
            arguments = (model, as_sent(model, request), timeout_s, attempt, send_by, show is not None)
            answer = self._ask(child, CALL, arguments, timeout_s, pictures, show)
        except ModelFailed as failed:
            failed.latency_s = time.monotonic() - started
            raise
        assert isinstance(answer, Completion)
        return answer

    def count_tokens(self, model: str, request: CompletionRequest, text: str) -> TokenCounts:
        """See `LitellmModel.count_tokens`."""
        arguments = (model, as_sent(model, request), text)  # only the number of pictures is counted
        counted = self._ask(self._running(None), COUNT, arguments, STARTS_S)
        assert isinstance(counted, TokenCounts)
        return counted

    def warm_up(self, model: str) -> None:
        """Has this child and every later one import at its start what the first call would otherwise wait for."""
        self._warm = model
        self._ask(self._running(None), WARM_UP, (model,), STARTS_S)

    def call_off(self) -> None:
        """Ends all waiting for answers: `complete` raises `Interrupted` from now on."""
        self._off.set()
        if child := self._child:
            child.forget_all()

    def close(self) -> None:
        """Ends the child, and with it the calls under way."""
        with self._starting:
            child, self._child = self._child, None
        if child:
            child.close()

    def _ask(
        self,
        child: ModelProcess,
        what: str,
        arguments: tuple[Any, ...],
        within_s: float,
        pictures: tuple[Picture, ...] = (),
        show: Show | None = None,
    ) -> object:
        number, outcome = child.ask(what, arguments, pictures, show)
        if self._off.is_set():  # `call_off` may have run between `_running` and `ask`, and missed this call
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

    def _running(self, within_s: float | None) -> ModelProcess:
        """Returns the child once it can be asked; raises `ModelFailed` of a kind that costs nothing."""
        if self._off.is_set():
            raise Interrupted(SHUTTING_DOWN)
        try:
            with self._starting:
                if self._child is None or self._child.is_over:
                    self._child = ModelProcess(self._settings, self._warm, self._silent_s)
                child = self._child
            if self._off.is_set():  # as in `_ask`: `call_off` may have missed the new child
                child.forget_all()
            child.await_start(within_s)
        except CancelledError:
            raise Interrupted(SHUTTING_DOWN) from None
        except (OSError, RuntimeError) as failed:
            raise absent(f"could not be started ({failed})") from None
        return child


def as_sent(model: str, request: CompletionRequest) -> CompletionRequest:
    """The request as it travels: pictures by name, and what it was rendered from only for the simulator, which reads nothing else."""
    asked = request.asked if is_simulated(model) else None
    if isinstance(asked, ReplyRequest):
        asked = asked.without_pictures()
    return with_pictures(replace(request, asked=asked), _named)


def _named(picture: Shown) -> Shown:
    return SentPicture(picture.digest) if isinstance(picture, Picture) else picture
