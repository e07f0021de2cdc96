"""Liveness and readiness, for whatever watches over the server."""

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from semblance_core.store.failures import DatabaseFailed, check_answers
from ui.platform import platform

READY_WITHIN_S = 2.5
"""How long the database may take for an answer; watchers commonly wait 3 s or more."""


def health_routes() -> list[Route]:
    """At the server's root and, where the app is served under a path, below it too.

    Streamlit moves its own addresses below `server.baseUrlPath` and answers any other one there with the app's page: a
    watcher that asked there would be told that all is well, whatever the database does.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefixes = ("", f"/{base}") if base else ("",)
    looking = ThreadPoolExecutor(2, thread_name_prefix="ready")  # its own: nothing else that waits can fill it up

    async def ready(_: Request) -> JSONResponse:
        return await _ready(looking)

    checks = {"live": _live, "ready": ready}
    return [Route(f"{prefix}/api/health/{name}", check) for prefix in prefixes for name, check in checks.items()]


async def _live(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


async def _ready(looking: Executor) -> JSONResponse:
    """Whether the database answers and its data are of this version; 503 while they are not."""
    connection = platform().connection
    if connection.presence.words:
        return JSONResponse({"status": connection.presence.words}, status_code=503)
    look = asyncio.get_running_loop().run_in_executor(
        looking, lambda: check_answers(connection.database, READY_WITHIN_S)
    )
    try:
        await asyncio.wait_for(asyncio.shield(look), READY_WITHIN_S + 0.3)
    except (DatabaseFailed, TimeoutError):
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse({"status": "ready"})
