"""Under which names the server answers: a page that gives its own name this machine's address (DNS rebinding) is refused."""

import re
from urllib.parse import urlsplit

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from semblance_core.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WORDS = "This server does not answer under that name. Open it at the address that its administrator gave you.\n"
MISDIRECTED = 421
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::[0-9]{1,5})?")


def host_name(host: str) -> str | None:
    """The name in a `Host` header, without its port; None for what is none.

    >>> host_name("Research.example.org.:8501"), host_name("[::1]:8501"), host_name("a@127.0.0.1"), host_name("")
    ('research.example.org', '::1', None, None)
    """
    found = _HOST.fullmatch(host)
    return (found["six"] or found["name"]).casefold().rstrip(".") or None if found else None


def names_of(settings: Settings) -> frozenset[str] | None:
    """The names that the server answers under; None for any: in production, where SEMBLANCE_URL does not say which."""
    public = {(urlsplit(settings.url).hostname or "").casefold().rstrip(".")} - {""}
    if settings.env == "production":
        return frozenset(public) or None
    return LOOPBACK | public


class KnownHosts:
    """ASGI middleware: 421 for every request, and no WebSocket, under another name.

    Health addresses answer under this machine's own names as well: those who watch over a container ask from inside it.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str] | None):
        self._app = app
        self._names = names
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        self._health = tuple(f"{prefix}/api/health/" for prefix in (("", f"/{base}") if base else ("",)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._answers(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(WORDS, MISDIRECTED, headers={"Cache-Control": "no-store"})(scope, receive, send)

    def _answers(self, scope: Scope) -> bool:
        if self._names is None:
            return True
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        host = host_name(hosts[0]) if len(hosts) == 1 else None
        checks_health = scope["type"] == "http" and scope["path"].startswith(self._health)
        return host in self._names or (checks_health and host in LOOPBACK)
