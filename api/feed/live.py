"""The live feed: a WebSocket over which a session's messages reach those who watch it, a moment after they are written.

The browser's first message is its ticket. From then on the server sends what changes, and answers requests for earlier or
later messages. Whoever watches is checked against the database every second, so a sign-out ends the feed in every tab.
"""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.feed.rooms import Rooms, Viewer, message_fields
from semblance_core.domain.errors import SemblanceError
from semblance_core.store.server.failures import DatabaseFailed
from ui.app.feed_tokens import FeedToken, read_feed_token

PAGE = 50
CHECK_S = 1.0
BEAT_S = 10.0
"""A feed that has nothing to tell says so this often: proxies end what is silent, commonly after 30 or 60 s."""
NOTHING_NEW = "{}"
TICKET_WITHIN_S = 10.0
LONGEST_REQUEST = 4_000
FOREIGN, REFUSED, OVERRUN = 4403, 4401, 4408
"""Codes that a feed is closed with: another origin; no ticket, or one that is over or revoked; a viewer too slow to follow."""


def live_routes() -> list[WebSocketRoute]:
    """At the server's root and, where the app is served under a path, below it."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    rooms = Rooms()

    async def feed(socket: WebSocket) -> None:
        await _feed(socket, rooms)

    return [WebSocketRoute(f"{prefix}/api/live", feed) for prefix in (("", f"/{base}") if base else ("",))]


async def _feed(socket: WebSocket, rooms: Rooms) -> None:
    if not _is_same_origin(socket):
        await socket.close(FOREIGN)
        return
    await socket.accept()
    with suppress(WebSocketDisconnect, RuntimeError):  # the browser may leave at any moment
        hello = await _hello(socket)
        ticket = await rooms.in_thread(read_feed_token, hello["ticket"]) if hello else None
        if ticket is None or not await rooms.in_thread(_may_watch, ticket):
            await socket.close(REFUSED)
            return
        with rooms.join(ticket) as viewer:
            await _serve(socket, viewer, rooms, hello or {})


async def _serve(socket: WebSocket, viewer: Viewer, rooms: Rooms, hello: dict[str, Any]) -> None:
    """Until the browser leaves, or may not watch any longer."""
    await _answer(socket, viewer.ticket, rooms, hello)
    tasks = [asyncio.create_task(work) for work in (_requests(socket, viewer, rooms), _news(socket, viewer, rooms))]
    for task in tasks:  # what one raises while the other ends, that its browser has left above all, is nobody's to hear
        task.add_done_callback(lambda over: over.cancelled() or over.exception())
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


async def _requests(socket: WebSocket, viewer: Viewer, rooms: Rooms) -> None:
    while (request := _read(await socket.receive_text())) is not None:
        await _answer(socket, viewer.ticket, rooms, request)
    await socket.close(REFUSED)


async def _news(socket: WebSocket, viewer: Viewer, rooms: Rooms) -> None:
    now = asyncio.get_running_loop().time
    checked = told = now()
    while not viewer.overrun:
        with suppress(TimeoutError):
            await socket.send_text(await asyncio.wait_for(viewer.news.get(), CHECK_S))
            told = now()
        if now() - checked >= CHECK_S:
            if not await rooms.in_thread(_may_watch, viewer.ticket):
                await socket.close(REFUSED)
                return
            checked = now()
        if now() - told >= BEAT_S:
            await socket.send_text(NOTHING_NEW)
            told = now()
    await socket.close(OVERRUN)


async def _hello(socket: WebSocket) -> dict[str, Any] | None:
    with suppress(TimeoutError):
        hello = _read(await asyncio.wait_for(socket.receive_text(), TICKET_WITHIN_S))
        return hello if hello and isinstance(hello.get("ticket"), str) else None
    return None


def _read(text: str) -> dict[str, Any] | None:
    """A request: where it stands (`before` or `after` a message's number, or neither for the newest); None for anything else."""
    if len(text) > LONGEST_REQUEST:
        return None
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        return None
    places = (
        {request.get(name) for name in ("before", "after") if name in request} if isinstance(request, dict) else {""}
    )
    return request if all(type(place) is int and 0 <= place < 10**9 for place in places) else None


async def _answer(socket: WebSocket, ticket: FeedToken, rooms: Rooms, request: dict[str, Any]) -> None:
    try:
        await socket.send_text(await rooms.in_thread(_page, ticket, request))
    except (SemblanceError, DatabaseFailed):
        await socket.close(REFUSED)  # deleted, or away: the page that opened this says what it is


def _page(ticket: FeedToken, request: dict[str, Any]) -> str:
    """Up to 50 messages before or after the one named, or the newest; marked where they were asked for to be replayed."""
    workspace = ticket.workspace()
    if workspace is None:
        raise WebSocketDisconnect(REFUSED)
    total = workspace.sessions.get(ticket.group_id).next_seq - 1
    if "after" in request:
        first = request["after"] + 1
        last = first + PAGE - 1
    else:
        last = request.get("before", total + 1) - 1
        first = max(1, last - PAGE + 1)
    messages = workspace.sessions.messages(ticket.group_id, first, last) if last >= first else []
    found: dict[str, Any] = {"page": [message_fields(message) for message in messages], "first": first, "total": total}
    return json.dumps(found | ({"replay": True} if request.get("replay") is True else {}))


def _may_watch(ticket: FeedToken) -> bool:
    """Returns whether the sign-in lives and its account may see the session; a database that is away revokes nothing."""
    try:
        workspace = ticket.workspace()
        return workspace is not None and bool(workspace.sessions.get(ticket.group_id))
    except SemblanceError:
        return False
    except DatabaseFailed:
        return True


def _is_same_origin(socket: WebSocket) -> bool:
    """A browser always says where a page that opens a WebSocket came from; what says nothing is no browser."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")
