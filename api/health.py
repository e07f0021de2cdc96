"""Liveness and readiness, for whatever watches over the server."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from semblance_core.store.failures import DatabaseFailed
from ui.platform import platform


def health_routes() -> list[Route]:
    return [Route("/api/health/live", _live), Route("/api/health/ready", _ready)]


async def _live(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})


async def _ready(_: Request) -> JSONResponse:
    """Whether the database answers; 503 while it does not."""
    try:
        await asyncio.to_thread(platform().connection.database.command, "ping")
    except DatabaseFailed:
        return JSONResponse({"status": "the database does not answer"}, status_code=503)
    return JSONResponse({"status": "ready"})
