"""Liveness and readiness, for whatever watches over the server."""

import asyncio

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from semblance_core.store.failures import DatabaseFailed
from ui.platform import platform


def health_routes() -> list[Route]:
    """At the server's root and, where the app is served under a path, below it too.

    Streamlit moves its own addresses below `server.baseUrlPath` and answers any other one there with the app's page: a
    watcher that asked there would be told that all is well, whatever the database does.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefixes = ("", f"/{base}") if base else ("",)
    checks = {"live": _live, "ready": _ready}
    return [Route(f"{prefix}/api/health/{name}", check) for prefix in prefixes for name, check in checks.items()]


async def _live(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


async def _ready(_: Request) -> JSONResponse:
    """Whether the database answers and its data are of this version; 503 while they are not."""
    connection = platform().connection
    if connection.presence.words:
        return JSONResponse({"status": connection.presence.words}, status_code=503)
    try:
        await asyncio.to_thread(connection.database.command, "ping")
    except DatabaseFailed:
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse({"status": "ready"})
