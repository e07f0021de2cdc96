"""One event loop, in a thread of its own, on which every model call of the platform waits for its answer.

A hundred calls in flight then cost no thread each, about half the CPU, and one that nobody waits for any more is ended at
once, connection and all.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")
BLOCKING = 64
"""Calls at once of providers whose clients cannot wait on a loop; litellm gives those to the loop's threads."""
LEAVES_S = 2.0


def new_loop() -> asyncio.AbstractEventLoop:
    """An event loop for calls, with threads for those that block."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(BLOCKING, thread_name_prefix="call-blocking"))
    return loop


class CallLoop:
    """Begins with the first call; `close` ends all calls under way."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def begin(self, call: Coroutine[Any, Any, Result]) -> "Future[Result]":
        """Begins the call now; cancelling what is returned ends it."""
        return asyncio.run_coroutine_threadsafe(call, self._running())

    def close(self) -> None:
        """Ends the calls under way and the loop; the next call begins a new one."""
        with self._starting:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop and thread:
            loop.call_soon_threadsafe(_cancel_all, loop)
            thread.join(LEAVES_S)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = new_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="calls", daemon=True)
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels every call, and stops once they have ended."""
    calls = asyncio.all_tasks(loop)
    for call in calls:
        call.cancel()

    async def leave() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), LEAVES_S / 2)
        loop.stop()

    loop.create_task(leave())
