"""The process that makes model calls: `python -m semblance_core.llm.apart_child`, started by calls_process.py.

It reads pickles from its parent (first a model's settings and what to warm up for, then number, what, arguments) and writes
number, what came (`DONE`, `FAILED`, `SENT` when a request goes out to its provider, `BUSY` while it is starting), result or error. It
ends when its parent does; signals that are sent to the whole group are its parent's to answer, who may want the calls under
way to be finished.
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

from semblance_core.domain.asset import Picture
from semblance_core.domain.errors import ModelFailed
from semblance_core.domain.usage import is_simulated
from semblance_core.llm.call_loop import new_loop
from semblance_core.llm.litellm_model import LitellmModel
from semblance_core.llm.pictures import Shown, with_pictures
from semblance_core.llm.request import CompletionRequest, EncodedPicture, SentPicture
from semblance_core.llm.sending import WATCHED, telling, watch
from semblance_core.llm.wire import BUSY, CALL, DONE, DROP_PICTURE, FAILED, FORGET, KEEP_PICTURE, READY, SENT

BEAT_S = 1.0
log = logging.getLogger(__name__)


class Replies:
    """Writes to the parent, from whichever thread."""

    def __init__(self, pipe: IO[bytes]):
        self._pipe = pipe
        self._writing = threading.Lock()

    def write(self, number: int, came: str, result: object) -> None:
        reply = pickle.dumps((number, came, result))
        with self._writing:
            self._pipe.write(reply)
            self._pipe.flush()


def main(requests: IO[bytes], replies: Replies) -> None:
    """Serves until there is nothing more to read."""
    started = threading.Event()
    threading.Thread(target=_show_life, args=(replies, started), name="life", daemon=True).start()
    settings, warm = pickle.load(requests)
    model = LitellmModel(**settings)
    if not is_simulated(warm):
        model.load()
    if warm:
        model.warm_up(warm)
    watch()
    gc.collect()
    gc.freeze()  # what is imported by now stays; a collection over all of it would stop every call for a third of a second
    started.set()
    loop = new_loop()
    desk = Desk(model, loop, replies)
    threading.Thread(target=_read, args=(requests, desk, loop), name="requests", daemon=True).start()
    loop.run_forever()


def _show_life(replies: Replies, started: threading.Event) -> None:
    """Tells how much processor time all but this thread has used, which grows as long as something is being done."""
    while not started.wait(BEAT_S):
        with suppress(OSError):
            replies.write(0, BUSY, time.process_time() - time.thread_time())


def _read(requests: IO[bytes], desk: "Desk", loop: asyncio.AbstractEventLoop) -> None:
    try:
        while True:
            loop.call_soon_threadsafe(desk.take, *pickle.load(requests))
    finally:  # its parent ended, perhaps in the middle of a request
        os._exit(0)  # with all connections, so that providers see that nobody waits any more


class Desk:
    """Takes what is asked, on the loop, and answers it when it is done."""

    def __init__(self, model: LitellmModel, loop: asyncio.AbstractEventLoop, replies: Replies):
        self._model = model
        self._loop = loop
        self._replies = replies
        self._open: dict[int, asyncio.Task[None]] = {}
        self._sent: set[int] = set()
        self._pictures: dict[str, EncodedPicture] = {}

    def take(self, number: int, what: str, arguments: tuple[Any, ...]) -> None:
        """Begins it, or ends what was begun under this number, or keeps a picture for later requests."""
        if what == KEEP_PICTURE:
            digest, media_type, content = arguments
            self._pictures[digest] = EncodedPicture(Picture(content, media_type).address)
        elif what == DROP_PICTURE:
            self._pictures.pop(arguments[0], None)
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
        except (Exception, asyncio.CancelledError) as broken:  # the process's boundary: whoever asked is told
            if number not in self._open:
                raise  # nobody waits any more
            log.exception("%s failed", what)
            came, result = FAILED, RuntimeError(f"{type(broken).__name__}: {broken}")  # which surely travels
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
        attempt, send_by = others
        tell = partial(self._tell, number, send_by)
        if model.partition("/")[0] not in WATCHED:
            tell()
        telling.set(tell)
        return await self._model.acomplete(model, request, timeout_s, attempt)

    def _tell(self, number: int, send_by: float) -> None:
        """Says that the request goes out now; raises where nobody waits for it any more.

        The parent takes what it was not told of by its deadline for never sent. So it is told first, and then the time is looked at:
        however long this process was stopped in between.
        """
        if number in self._open:
            self._sent.add(number)
            self._replies.write(number, SENT, None)
        if number not in self._open or time.monotonic() > send_by:
            raise RuntimeError("It is too late to send this request.")

    @staticmethod
    def _unsent(failed: ModelFailed) -> ModelFailed:
        """The failure of a request that never went out: whatever it was, nobody is paid for it."""
        if failed.kind not in ("timeout", "connection"):
            return failed
        return ModelFailed(f"Nothing was sent to the provider. {failed}", kind="unreachable", transient=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    main(sys.stdin.buffer, Replies(own))
