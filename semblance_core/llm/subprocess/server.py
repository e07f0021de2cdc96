"""The process that makes model calls: `python -m semblance_core.llm.subprocess.server`, started by subprocess/process.py.

It reads pickles from its parent: first the model's settings and the model to warm up for, then number, request and
arguments. It writes number, outcome (`DONE`, `FAILED`, `SENT` when a request goes out to its provider, `MORE` as its
answer is written, `BUSY` while it is starting) and result or error. It ends with its parent. It ignores signals that are
sent to the whole group, because its parent may want the calls under way to be finished.
"""

import asyncio
import gc
import logging
import os
import pickle
import signal
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from typing import IO, Any

from semblance_core.domain.discussion.asset import Picture
from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.call_loop import new_loop
from semblance_core.llm.catalogue.access import NO_ACCESS, ProviderAccess
from semblance_core.llm.providers.litellm_model import LitellmModel
from semblance_core.llm.providers.pictures import Shown, with_pictures
from semblance_core.llm.providers.sending import WATCHED, telling, watch
from semblance_core.llm.request import CompletionRequest, EncodedPicture, SentPicture
from semblance_core.llm.subprocess.wire import (
    BUSY,
    CALL,
    DONE,
    DROP_PICTURE,
    FAILED,
    FORGET,
    KEEP_PICTURE,
    MORE,
    READY,
    SENT,
    USE,
)

BEAT_S = 1.0
log = logging.getLogger(__name__)


class Replies:
    """Writes to the parent, from any thread."""

    def __init__(self, pipe: IO[bytes]):
        self._pipe = pipe
        self._writing = threading.Lock()

    def write(self, number: int, came: str, result: object) -> None:
        reply = pickle.dumps((number, came, result))
        with self._writing:
            self._pipe.write(reply)
            self._pipe.flush()


def main(requests: IO[bytes], replies: Replies) -> None:
    """Serves until the parent closes the pipe."""
    started = threading.Event()
    threading.Thread(target=_show_life, args=(replies, started), name="life", daemon=True).start()
    settings, warm = pickle.load(requests)
    held = HeldAccess()
    model = LitellmModel(**settings, stored=held.now)
    if not is_simulated(warm):
        model.load()
    if warm:
        model.warm_up(warm)
    watch()
    # All modules stay until the end. Left out of later collections, because one over all of them stops every call for
    # 0.3 s.
    gc.collect()
    gc.freeze()
    started.set()
    loop = new_loop()
    call_server = CallServer(model, loop, replies, held)
    threading.Thread(target=_read, args=(requests, call_server, loop), name="requests", daemon=True).start()
    loop.run_forever()


def _show_life(replies: Replies, started: threading.Event) -> None:
    """Reports the processor time of all other threads once a second; it grows as long as the start goes on."""
    while not started.wait(BEAT_S):
        with suppress(OSError):
            replies.write(0, BUSY, time.process_time() - time.thread_time())


def _read(requests: IO[bytes], call_server: "CallServer", loop: asyncio.AbstractEventLoop) -> None:
    try:
        while True:
            loop.call_soon_threadsafe(call_server.take, *pickle.load(requests))
    finally:  # the parent ended, perhaps in the middle of a request
        os._exit(0)  # at once, which closes all connections, so that providers stop answers that nobody waits for


class HeldAccess:
    """Keys and addresses that the parent handed over last."""

    def __init__(self) -> None:
        self.access = NO_ACCESS

    def now(self) -> ProviderAccess:
        return self.access


class CallServer:
    """Takes requests on the event loop, and writes each reply when it is done."""

    def __init__(self, model: LitellmModel, loop: asyncio.AbstractEventLoop, replies: Replies, held: HeldAccess):
        self._model = model
        self._held = held
        self._loop = loop
        self._replies = replies
        self._open: dict[int, asyncio.Task[None]] = {}
        self._sent: set[int] = set()
        self._pictures: dict[str, EncodedPicture] = {}

    def take(self, number: int, what: str, arguments: tuple[Any, ...]) -> None:
        """Begins a request, ends the one with this number, takes over keys, or keeps or drops a picture."""
        if what == KEEP_PICTURE:
            digest, media_type, content = arguments
            self._pictures[digest] = EncodedPicture(Picture(content, media_type).address)
        elif what == DROP_PICTURE:
            self._pictures.pop(arguments[0], None)
        elif what == USE:
            self._held.access = arguments[0]
        elif what != FORGET:
            if what == CALL:
                arguments = self._with_pictures(*arguments)
            self._open[number] = self._loop.create_task(self._answer(number, what, arguments))
        elif begun := self._open.pop(number, None):
            begun.cancel()

    def _with_pictures(self, model: str, request: CompletionRequest, *others: Any) -> tuple[Any, ...]:
        def encoded(picture: Shown) -> Shown:
            return self._pictures.get(picture.digest, picture) if isinstance(picture, SentPicture) else picture

        return model, with_pictures(request, encoded), *others

    async def _answer(self, number: int, what: str, arguments: tuple[Any, ...]) -> None:
        came, result = DONE, None
        try:
            result = await self._done(number, what, arguments)
        except ModelFailed as failed:
            came, result = FAILED, self._unsent(failed) if number not in self._sent and what == CALL else failed
        except (Exception, asyncio.CancelledError) as broken:  # the process's boundary: the caller is told
            if number not in self._open:
                raise  # it was forgotten, so nobody waits for a reply
            log.exception("%s failed", what)
            came, result = FAILED, RuntimeError(f"{type(broken).__name__}: {broken}")  # `broken` itself may not pickle
        finally:
            self._sent.discard(number)
        self._open.pop(number, None)
        self._replies.write(number, came, result)

    async def _done(self, number: int, what: str, arguments: tuple[Any, ...]) -> object:
        if what == CALL:
            return await self._completed(number, *arguments)
        if what == READY:
            return None
        return await asyncio.to_thread(getattr(self._model, what), *arguments)

    async def _completed(
        self, number: int, model: str, request: CompletionRequest, timeout_s: float, *others: Any
    ) -> object:
        attempt, send_by, shows = others
        tell = partial(self._tell, number, send_by)
        if (
            model.partition("/")[0] not in WATCHED
        ):  # its requests cannot be seen going out, so it counts as sent from here on
            tell()
        telling.set(tell)
        show = partial(self._show, number) if shows else None
        return await self._model.acomplete(model, request, timeout_s, attempt, show=show)

    def _show(self, number: int, text: str) -> None:
        if number in self._open:
            self._replies.write(number, MORE, text)

    def _tell(self, number: int, send_by: float) -> None:
        """Tells the parent that the request goes out now; raises where nobody waits for it any more.

        The parent takes a request that it was not told of by the deadline for unsent, which costs nothing. So the
        parent is told first and the time is checked afterwards: this process may be stopped for any time between the
        two.
        """
        if number in self._open:
            self._sent.add(number)
            self._replies.write(number, SENT, None)
        if number not in self._open or time.monotonic() > send_by:
            raise RuntimeError("It is too late to send this request.")

    @staticmethod
    def _unsent(failed: ModelFailed) -> ModelFailed:
        """The failure of a request that never went out, as one of a kind that costs nothing."""
        if failed.kind not in ("timeout", "connection"):
            return failed
        return ModelFailed(f"Nothing was sent to the provider. {failed}", kind="unreachable", transient=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # text that a library prints must not get between the replies
    main(sys.stdin.buffer, Replies(own))
