"""Liveness and readiness, for whatever watches over the server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from semblance_core.readiness import READY, Readiness
from ui.app.runtime import running_semblance

WITHIN_S = 2.8
"""Watchers commonly wait 3 s or more."""


def health_routes() -> list[Route]:
    """At the server's root and, where the app is served under a path, below it too.

    Streamlit moves its own addresses below `server.baseUrlPath` and answers any other one there with the app's page: a
    watcher that asked there would be told that all is well, whatever the database does.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefixes = ("", f"/{base}") if base else ("",)
    looking = ThreadPoolExecutor(2, thread_name_prefix="watchers")  # not shared with whatever else waits
    readiness = cache(lambda: Readiness(running_semblance().checks(), WITHIN_S))

    async def ready(_: Request) -> JSONResponse:
        """Each part with a word; 503 while one of them is not ready."""
        parts = await asyncio.get_running_loop().run_in_executor(looking, lambda: readiness().look())
        troubles = [_sentence(name, words) for name, words in parts.items() if words != READY]
        status = "; ".join(troubles) or READY
        return JSONResponse({"status": status, "parts": parts}, status_code=503 if troubles else 200)

    checks = {"live": _live, "ready": ready}
    return [Route(f"{prefix}/api/health/{name}", check) for prefix in prefixes for name, check in checks.items()]


def _sentence(part: str, words: str) -> str:
    return words if words[:1].isupper() else f"the {part} {words}"


async def _live(_: Request) -> JSONResponse:
    return JSONResponse({"status": "alive"})
