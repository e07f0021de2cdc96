"""Who watches which session: one room a session, in which changes are read once and passed to everybody.

The database's change stream is a doorbell only. A room also looks by itself every now and then, so a bell that was not
heard costs a second and nothing else.
"""

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import Message, MessageStatus
from semblance_core.reports.escape import without_unseen
from semblance_core.store.failures import DatabaseFailed
from semblance_core.workspace import News
from ui.platform import platform
from ui.situation import situation
from ui.tickets import Ticket

BUSY_S, IDLE_S, AWAY_S = 1.0, 3.0, 1.0
MOST_UNREAD = 200
READERS = 8
"""Threads that read for all viewers."""
Given = ParamSpec("Given")
Result = TypeVar("Result")
UNSETTLED = (MessageStatus.PENDING, MessageStatus.FAILED)
"""Messages that may still change: answers that are awaited, and those that can be asked for again."""
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Viewer:
    """One window on a session. news: what is to be sent to it, as JSON. overrun: it fell too far behind to catch up."""

    ticket: Ticket
    news: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(MOST_UNREAD))
    overrun: bool = False

    def tell(self, news: str) -> None:
        try:
            self.news.put_nowait(news)
        except asyncio.QueueFull:
            self.overrun = True


class Rooms:
    """All sessions that are watched over this server; used on its event loop only."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._watching: threading.Event | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="feed")

    async def in_thread(self, read: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """What reads the database, in the feed's own threads: viewers of one that hangs keep nothing else waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: read(*args, **kwargs))

    @contextmanager
    def join(self, ticket: Ticket) -> Iterator[Viewer]:
        viewer = Viewer(ticket)
        room = self._rooms.get(ticket.group_id)
        if room is None:
            room = self._rooms[ticket.group_id] = _Room(ticket.group_id, self)
            self._watch()
        room.enter(viewer)
        try:
            yield viewer
        finally:
            if room.leave(viewer):
                del self._rooms[ticket.group_id]
            if not self._rooms and self._watching:
                self._watching.set()
                self._watching = None

    def _watch(self) -> None:
        """Listens to the database in a thread of its own as long as anybody watches anything."""
        if self._watching is None:
            self._watching = threading.Event()
            loop = asyncio.get_running_loop()
            listener = threading.Thread(target=self._listen, args=(loop, self._watching), name="live", daemon=True)
            listener.start()

    def _listen(self, loop: asyncio.AbstractEventLoop, over: threading.Event) -> None:
        while not over.is_set():
            try:
                for group_id in platform().store.transcripts.changes():
                    if over.is_set():
                        return
                    if group_id:
                        loop.call_soon_threadsafe(self._ring, group_id)
            except DatabaseFailed as failed:
                log.warning("The live feed does not hear the database: %s", failed)
                over.wait(AWAY_S)
            except RuntimeError:
                return  # the server's loop is closed

    def _ring(self, group_id: str) -> None:
        if room := self._rooms.get(group_id):
            room.bell.set()


class _Room:
    """Reads what changed in one session and tells everybody in it."""

    def __init__(self, group_id: str, rooms: Rooms):
        self._group_id = group_id
        self._rooms = rooms
        self._viewers: set[Viewer] = set()
        self._last: News | None = None
        self._seen = -1
        self._unsettled: dict[int, Message] = {}
        self.bell = asyncio.Event()
        self._work = asyncio.create_task(self._run())

    def enter(self, viewer: Viewer) -> None:
        self._viewers.add(viewer)
        if self._last:
            viewer.tell(json.dumps({"now": _now(self._last)}))

    def leave(self, viewer: Viewer) -> bool:
        """Whether the room is empty now, and closed."""
        self._viewers.discard(viewer)
        if not self._viewers:
            self._work.cancel()
        return not self._viewers

    async def _run(self) -> None:
        while True:
            self.bell.clear()
            with suppress(SemblanceError, DatabaseFailed):  # each viewer finds out by itself whether it may still watch
                await self._look()
            busy = self._last is not None and self._last.group.is_busy
            with suppress(TimeoutError):
                await asyncio.wait_for(self.bell.wait(), BUSY_S if busy else IDLE_S)

    async def _look(self) -> None:
        viewer = next(iter(self._viewers), None)
        if viewer is None:
            return  # the last one has just left
        news = await self._rooms.in_thread(_read, viewer.ticket, self._seen, tuple(self._unsettled))
        if news is None:
            return
        changed: dict[str, Any] = {}
        if self._last is None or _now(self._last) != _now(news):
            changed["now"] = _now(news)
        if new := [message for message in news.messages if self._unsettled.get(message.seq) != message]:
            changed["news"] = [message_fields(message) for message in new]
        for message in new:
            self._seen = max(self._seen, message.seq)
            self._unsettled.pop(message.seq, None)
            if message.status in UNSETTLED:
                self._unsettled[message.seq] = message
        self._last = news
        if changed:
            told = json.dumps(changed)
            for viewer in self._viewers:
                viewer.tell(told)


def _read(ticket: Ticket, seen: int, open_seqs: tuple[int, ...]) -> News | None:
    workspace = ticket.workspace()
    if workspace is None:
        return None
    if seen < 0:  # a new room: what is there already, its viewers ask for themselves
        seen = max(0, workspace.focus_group(ticket.group_id).next_seq - 1 - MOST_UNREAD // 4)
    return workspace.news(ticket.group_id, seen, open_seqs)


def message_fields(message: Message) -> dict[str, Any]:
    """What a browser is told of a message."""
    return {
        "seq": message.seq,
        "role": message.role,
        "speaker": without_unseen(message.speaker),
        "text": without_unseen(message.text),
        "status": message.status.value,
        "error": without_unseen(message.error),
        "shown": [without_unseen(name) for name in message.stimuli],
        "at": message.at.isoformat(),
    }


def _now(news: News) -> dict[str, Any]:
    """What a browser is told of the session itself."""
    group = news.group
    return {
        "total": group.next_seq - 1,
        "speaking": [without_unseen(name) for name in news.speaking],
        "situation": situation(group),
        "retry": group.state == "moderated" and not group.is_busy,
    }
