"""All plain HTTP routes of the server, beside the app."""

import asyncio
import re

import streamlit as st
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from api.server.health import health_routes
from api.server.shared import shared_routes


def plain_routes() -> list[BaseRoute]:
    """Health checks, shared reports and the API, at the server's root and, where the app is served under a path, below it too."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefixes = ("", f"/{base}") if base else ("",)
    api = _Api()
    return [*health_routes(), *shared_routes(prefixes), *(_mount(f"{prefix}/api", api) for prefix in prefixes)]


def _mount(path: str, app: ASGIApp) -> Mount:
    mount = Mount(path, app=app)
    # Starlette's dot takes no line break, so that an address with one would be answered with the app's page.
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


class _Api:
    """The API, built in a thread at its first request: the half second that it takes is not on the way to the first page."""

    def __init__(self) -> None:
        self._built: ASGIApp | None = None
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._building:
            if self._built is None:
                self._built = await asyncio.to_thread(_build)
        await self._built(scope, receive, send)


def _build() -> ASGIApp:
    from api.application import application

    return application()
