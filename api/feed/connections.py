"""WebSockets of strangers: how many the server holds, how much each may send, and which Streamlit session each may go on with.

Streamlit goes on with the session whose id stands third in `Sec-WebSocket-Protocol`. Here that id counts only beside the
cookie of the sign-in that the session is.
"""

import asyncio
import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.server.failures import DatabaseFailed
from ui.app import gate
from ui.app.connections import HEADER, connections
from ui.app.runtime import running_semblance

log = logging.getLogger(__name__)
PROTOCOLS = "Sec-WebSocket-Protocol"
LONGEST_OF_A_STRANGER = 64 * 1024
"""Bytes of one message: what the sign-in page's fields hold takes a few thousand."""
TOO_BIG = 1009
SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def token_of(scope: Scope) -> str | None:
    """The token in the sign-in's cookie, which need not be open any more."""
    cookies: dict[str, str] = {}
    for line in Headers(scope=scope).getlist("cookie"):
        cookies |= cookie_parser(line)
    return gate.token_of_cookie(cookies.get(gate.COOKIE))


def is_open(token: str | None) -> bool:
    """Returns whether somebody is signed in by this token. While the database is away, nobody is."""
    try:
        return (
            token is not None
            and running_semblance().store.sign_ins.user_of(token, running_semblance().clock()) is not None
        )
    except DatabaseFailed:
        return False


class GuardedConnections:
    """ASGI middleware: names each WebSocket, for the gate, and holds strangers to their bounds."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        token = token_of(scope)
        known = await asyncio.to_thread(is_open, token)
        address = scope["client"][0] if scope.get("client") else ""
        name = connections().open(address, known=known)
        if name is None:
            logging.getLogger(__name__).warning(
                "Too many connections of visitors who are not signed in; one was refused."
            )
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        try:
            await self._app(_named(scope, name, token if known else None), _bounded(receive, send, name), send)
        finally:
            connections().close(name)


def _named(scope: Scope, name: str, token: str | None) -> Scope:
    """The same request under its connection's name, without the id of a session that is not this sign-in's."""
    scope = dict(scope) | {"headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    parts = [part.strip() for line in headers.getlist(PROTOCOLS) for part in line.split(",")]
    if parts:
        asked = parts[2] if len(parts) > 2 else ""
        owner = connections().owner(asked) if asked else None
        goes_on = owner is not None and token is not None and owner == fingerprint(token)
        headers[PROTOCOLS] = ", ".join(parts[: 3 if goes_on else 2])
    headers[HEADER] = name
    return scope


def _bounded(receive: Receive, send: Send, name: str) -> Receive:
    async def receive_bounded() -> Message:
        message = await receive()
        size = len(message.get("bytes") or b"") + len(message.get("text") or "")
        if size > LONGEST_OF_A_STRANGER and connections().is_stranger(name):
            await send({"type": "websocket.close", "code": TOO_BIG})
            return {"type": "websocket.disconnect", "code": TOO_BIG, "reason": ""}
        return message

    return receive_bounded
