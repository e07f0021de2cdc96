"""The server: `streamlit run app.py`. Draws nothing; every visitor's run begins in ui/app/main.py, behind the gate."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from api.feed.connections import GuardedConnections
from api.feed.live import live_routes
from api.routes import plain_routes
from api.server.headers import SafeHeaders
from api.server.hosts import KnownHosts, names_of
from api.server.proxies import believe_named_proxies
from api.server.uploads import BoundedUploads
from semblance_core import logs
from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings
from ui.app.microsoft import sign_in_secrets
from ui.app.runtime import check_address, running_semblance
from ui.parts.words import show_error

log = logging.getLogger("semblance_core.app")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Hands what is running back at the end; the next start goes on with it."""
    logs.take_over()
    log.info("server started")
    if names is None:
        log.warning("SEMBLANCE_URL is not set, so the server answers under any name")
    yield {}
    log.info("server stopping")
    await asyncio.to_thread(running_semblance().close)


try:
    settings = load_settings()
    logs.configure(settings.log_form, settings.log_level)
    check_address(st.get_option("server.address"))
    believe_named_proxies()
    names = names_of(running_semblance().settings)
    secrets = sign_in_secrets()
except SetupError as failed:
    sys.exit(f"semblance: {failed}")

app = st.App(
    "ui/app/main.py",
    secrets=secrets,
    routes=[*live_routes(), *plain_routes()],  # the API takes whatever else begins with /api
    middleware=[
        Middleware(SafeHeaders),
        Middleware(KnownHosts, names=names),
        Middleware(GuardedConnections),
        Middleware(BoundedUploads),
    ],
    lifespan=lifespan,
    on_script_error=show_error,
)
