"""The process that makes model calls: `python -m semblance_core.llm.apart_child`, started by apart.py.

It reads pickles from its parent (first a model's settings and what to warm up for, then number, what, arguments) and writes
number, whether it failed, result or error. It ends when its parent does; signals that are sent to the whole group are its
parent's to answer, who may want the calls under way to be finished.
"""

import asyncio
import gc
import logging
import os
import pickle
import signal
import sys
import threading
from typing import IO, Any

from semblance_core.domain.errors import ModelFailed
from semblance_core.llm.call_loop import new_loop
from semblance_core.llm.litellm_model import LitellmModel

log = logging.getLogger(__name__)


def main(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Serves until there is nothing more to read."""
    settings, warm = pickle.load(requests)
    model = LitellmModel(**settings)
    model.load()
    if warm:
        model.warm_up(warm)
    gc.collect()
    gc.freeze()  # what is imported by now stays; a collection over all of it would stop every call for a third of a second
    loop = new_loop()
    desk = Desk(model, loop, replies)
    threading.Thread(target=_read, args=(requests, desk, loop), name="requests", daemon=True).start()
    loop.run_forever()


def _read(requests: IO[bytes], desk: "Desk", loop: asyncio.AbstractEventLoop) -> None:
    try:
        while True:
            loop.call_soon_threadsafe(desk.take, *pickle.load(requests))
    finally:  # its parent ended, perhaps in the middle of a request
        os._exit(0)  # with all connections, so that providers see that nobody waits any more


class Desk:
    """Takes what is asked, on the loop, and answers it when it is done."""

    def __init__(self, model: LitellmModel, loop: asyncio.AbstractEventLoop, replies: IO[bytes]):
        self._model = model
        self._loop = loop
        self._replies = replies
        self._open: dict[int, asyncio.Task[None]] = {}

    def take(self, number: int, what: str, arguments: tuple[Any, ...]) -> None:
        """Begins it, or ends what was begun under this number."""
        if what != "forget":
            self._open[number] = self._loop.create_task(self._answer(number, what, arguments))
        elif begun := self._open.pop(number, None):
            begun.cancel()

    async def _answer(self, number: int, what: str, arguments: tuple[Any, ...]) -> None:
        failed, result = False, None
        try:
            result = await self._done(what, arguments)
        except ModelFailed as model_failed:
            failed, result = True, model_failed
        except (Exception, asyncio.CancelledError) as broken:  # the process's boundary: whoever asked is told
            if number not in self._open:
                raise  # nobody waits any more
            log.exception("%s failed", what)
            failed, result = True, RuntimeError(f"{type(broken).__name__}: {broken}")  # which surely travels
        self._open.pop(number, None)
        self._replies.write(pickle.dumps((number, failed, result)))
        self._replies.flush()

    async def _done(self, what: str, arguments: tuple[Any, ...]) -> object:
        if what == "acomplete":
            return await self._model.acomplete(*arguments)
        if what == "ready":
            return None
        return await asyncio.to_thread(getattr(self._model, what), *arguments)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    main(sys.stdin.buffer, own)
