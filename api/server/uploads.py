"""Files that are sent up to Streamlit: only by who is signed in, into a session of that sign-in, and not without bound.

Streamlit itself takes as many as anybody sends and holds them in memory until their session is let go.
"""

import re
import sys
from asyncio import to_thread
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from api.feed.connections import SESSION_ID, is_open, token_of
from semblance_core.store.accounts.sign_ins import fingerprint
from ui.app.connections import connections

MB = 2**20
SIGN_IN_FIRST = "Sign in first."
ANOTHERS = "This page belongs to another sign-in. Reload it."
NO_ROOM_HERE = "This page holds as many files as it may. Take some away, or reload the page."
NO_ROOM = "The server holds as many files as it may at the moment. Try again in a few minutes."


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes and files held at once, of one page (a session of Streamlit) and of all, with those on their way.

    A page has room for all stimuli that a focus group may show, each as large as may be.
    """

    session_bytes: int = 260 * MB
    session_files: int = 60
    all_bytes: int = 600 * MB
    all_files: int = 2_000


class BoundedUploads:
    """ASGI middleware over Streamlit's `/_stcore/upload_file/<session>/<file>`."""

    def __init__(self, app: ASGIApp, room: Room | None = None):
        self._app = app
        self._room = room or Room()
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        prefix = rf"(?:/{re.escape(base)})?" if base else ""
        self._all = re.compile(rf"{prefix}/+_stcore/+upload_file(?:/.*)?", re.DOTALL)
        self._one = re.compile(rf"{prefix}/_stcore/upload_file/({SESSION_ID.pattern})/({SESSION_ID.pattern})")
        self._coming: dict[int, _Coming] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._all.fullmatch(scope["path"]) or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        named = self._one.fullmatch(scope["path"])
        token = token_of(scope)
        if not await to_thread(is_open, token):
            await _refuse(401, SIGN_IN_FIRST, scope, receive, send)
        elif named is None:
            await _refuse(404, "There is nothing at this address.", scope, receive, send)
        elif connections().owner(named[1]) != fingerprint(token or ""):
            await _refuse(403, ANOTHERS, scope, receive, send)
        elif scope["method"] == "PUT":
            await self._take(named[1], named[2], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _take(self, session_id: str, file_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        with self._on_its_way(_Coming(session_id, file_id, _said_length(scope))) as coming:
            answered = False
            refused = self._without_room(coming)

            async def receive_bounded() -> Message:
                nonlocal refused
                message = await receive()
                coming.came += len(message.get("body", b""))
                if coming.came > coming.room:  # no length was said: room is taken by the megabyte
                    coming.room = coming.came + MB
                    if refused := self._without_room(coming):
                        raise _Full
                return message

            async def send_noticed(message: Message) -> None:
                nonlocal answered
                answered = True
                await send(message)

            try:
                if not refused:
                    await self._app(scope, receive_bounded, send_noticed)
            except _Full:
                pass
            if refused and not answered:
                await _refuse(413, refused, scope, receive, send)

    @contextmanager
    def _on_its_way(self, coming: "_Coming") -> Iterator["_Coming"]:
        self._coming[id(coming)] = coming
        try:
            yield coming
        finally:
            del self._coming[id(coming)]

    def _without_room(self, coming: "_Coming") -> str:
        """Returns why a coming upload is not taken; empty where there is room for it."""
        held_bytes, held_files = Counter[str](), Counter[str]()
        for session_id, file in _held():
            if (session_id, file.file_id) != (coming.session_id, coming.file_id):  # that one it takes the place of
                held_bytes[session_id] += _size(file)
                held_files[session_id] += 1
        for other in self._coming.values():
            held_bytes[other.session_id] += other.room
            held_files[other.session_id] += 1
        here, room = coming.session_id, self._room
        if held_bytes[here] > room.session_bytes or held_files[here] > room.session_files:
            return NO_ROOM_HERE
        full = held_bytes.total() > room.all_bytes or held_files.total() > room.all_files
        return NO_ROOM if full else ""


@dataclass(slots=True)
class _Coming:
    """A file on its way. room: the bytes that are set aside for it. came: those that are here already."""

    session_id: str
    file_id: str
    room: int
    came: int = 0


class _Full(Exception):
    """There is no more room for what is being read."""


def _held() -> list[tuple[str, UploadedFileRec]]:
    """Every file that Streamlit holds, with its session."""
    if not exists():
        return []
    manager = get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    return [(session, file) for session, files in list(manager.file_storage.items()) for file in list(files.values())]


def _size(file: UploadedFileRec) -> int:
    """Bytes in memory; names and types come from the visitor too."""
    return sum(map(sys.getsizeof, (file.data, file.name, file.type, file.file_id)))


def _said_length(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _refuse(status: int, words: str, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(words, status, headers={"Cache-Control": "no-store"})(scope, receive, send)
