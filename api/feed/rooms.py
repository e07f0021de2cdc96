"""Rooms of viewers, one a session: changes are read once and passed to everybody who watches.

The database's change stream is a doorbell only. A room also looks by itself every now and then, so a change that was not
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
from functools import partial
from typing import Any, ParamSpec, TypeVar

from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.quote import Quote
from semblance_core.domain.errors import SemblanceError
from semblance_core.reports.escape import without_unseen
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.workspace import News
from ui.app.feed_tokens import FeedToken
from ui.app.runtime import running_semblance
from ui.session.feed_state import feed_state

BUSY_S, IDLE_S, AWAY_S = 1.0, 3.0, 1.0
MOST_UNREAD = 200
WRITTEN_S = 0.2
"""Longest wait between two showings of replies that are being written."""
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

    ticket: FeedToken
    news: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(MOST_UNREAD))
    overrun: bool = False

    def tell(self, news: str) -> None:
        try:
            self.news.put_nowait(news)
        except asyncio.QueueFull:
            self.overrun = True

    def show(self, written: str) -> None:
        """Sends what may be missed: a viewer that is behind gets only what is to stay."""
        if self.news.qsize() < MOST_UNREAD // 2:
            self.news.put_nowait(written)


class Rooms:
    """All sessions that are watched over this server; used on its event loop only."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._watching: threading.Event | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="feed")

    async def in_thread(self, read: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        """Runs a database read in the feed's own threads: viewers of one that hangs keep nothing else waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: read(*args, **kwargs))

    @contextmanager
    def join(self, ticket: FeedToken) -> Iterator[Viewer]:
        viewer, writing = Viewer(ticket), running_semblance().gateway.writing
        writing.on_more = partial(_soon, asyncio.get_running_loop(), self._more)
        room = self._rooms.get(ticket.group_id)
        if room is None:
            room = self._rooms[ticket.group_id] = _Room(ticket.group_id, self)
            self._watch()
        room.enter(viewer)
        try:
            with writing.watched(ticket.group_id):
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
                for group_id in running_semblance().store.transcripts.changes():
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
            room.changed.set()

    def _more(self, group_id: str) -> None:
        if room := self._rooms.get(group_id):
            room.more.set()


class _Room:
    """Reads what changed in one session and tells everybody in it."""

    def __init__(self, group_id: str, rooms: Rooms):
        self._group_id = group_id
        self._rooms = rooms
        self._viewers: set[Viewer] = set()
        self._last: News | None = None
        self._seen = -1
        self._unsettled: dict[int, Message] = {}
        self.changed, self.more = asyncio.Event(), asyncio.Event()
        self._work = asyncio.create_task(self._run())
        self._showing = asyncio.create_task(self._show())

    def enter(self, viewer: Viewer) -> None:
        self._viewers.add(viewer)
        if self._last:
            viewer.tell(json.dumps({"now": _now(self._last)}))

    def leave(self, viewer: Viewer) -> bool:
        """Returns whether the room is empty now, and closed."""
        self._viewers.discard(viewer)
        if not self._viewers:
            self._work.cancel()
            self._showing.cancel()
        return not self._viewers

    async def _run(self) -> None:
        while True:
            self.changed.clear()
            with suppress(SemblanceError, DatabaseFailed):  # each viewer finds out by itself whether it may still watch
                await self._look()
            busy = self._last is not None and self._last.group.is_busy
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), BUSY_S if busy else IDLE_S)

    async def _show(self) -> None:
        """Shows replies while they are written, a few times a second."""
        shown: dict[int, dict[str, Any]] = {}
        while True:
            await self.more.wait()
            self.more.clear()
            written = await self._rooms.in_thread(_written, self._group_id)
            if news := [fields for seq, fields in written.items() if shown.get(seq) != fields]:
                told = json.dumps({"writing": news})
                for viewer in self._viewers:
                    viewer.show(told)
            shown = written
            await asyncio.sleep(WRITTEN_S)

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


def _read(ticket: FeedToken, seen: int, open_seqs: tuple[int, ...]) -> News | None:
    workspace = ticket.workspace()
    if workspace is None:
        return None
    if seen < 0:  # a new room: what is there already, its viewers ask for themselves
        seen = max(0, workspace.sessions.get(ticket.group_id).next_seq - 1 - MOST_UNREAD // 4)
    return workspace.sessions.news(ticket.group_id, seen, open_seqs)


def _soon(loop: asyncio.AbstractEventLoop, heard: Callable[[str], None], group_id: str) -> None:
    loop.call_soon_threadsafe(heard, group_id)


def _written(group_id: str) -> dict[int, dict[str, Any]]:
    """The replies that are being written, by number, for browsers."""
    so_far = running_semblance().gateway.writing.of_session(group_id)
    return {
        seq: {"seq": seq, "speaker": without_unseen(each.speaker), "text": words}
        for seq, each in so_far.items()
        if (words := without_unseen(each.words()))
    }


def message_fields(message: Message) -> dict[str, Any]:
    """Returns the fields of a message for browsers."""
    return {
        "seq": message.seq,
        "role": message.role,
        "speaker": without_unseen(message.speaker),
        "text": without_unseen(message.text),
        "status": message.status.value,
        "error": without_unseen(message.error),
        "quote": _quote_fields(message.quote) if message.quote else None,
        "in_turn": message.in_turn and message.role == "moderator",
        "shown": [without_unseen(name) for name in message.stimuli],
        "at": message.at.isoformat(),
    }


def _quote_fields(quote: Quote) -> dict[str, Any]:
    return {"seq": quote.seq, "speaker": without_unseen(quote.speaker), "text": without_unseen(quote.text)}


def _now(news: News) -> dict[str, Any]:
    """Returns the state of the session for browsers."""
    group = news.group
    return {
        "total": group.next_seq - 1,
        "speaking": [without_unseen(name) for name in news.speaking],
        "situation": feed_state(group),
        "retry": group.state == "moderated" and not group.is_busy,
    }
