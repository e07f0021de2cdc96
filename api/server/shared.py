"""The one page that people without an account may read: a shared report behind its link."""

import asyncio
import logging

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from semblance_core.domain.errors import SemblanceError
from semblance_core.store.server.failures import DatabaseFailed
from ui.app.runtime import running_semblance

log = logging.getLogger(__name__)
PREFIX = "/shared/"
LONGEST_TOKEN = 200
HEADERS = {
    # No script runs and nothing is fetched, whatever a report holds; an address with its token goes to nobody else.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>body {{ margin: 20vh auto 0; max-width: 32rem; padding: 0 1.25rem; font: 1rem/1.6 system-ui, sans-serif }}</style></head>
<body><h1>{title}</h1><p>{words}</p></body></html>"""
CLOSED = PAGE.format(
    title="This link does not open a report",
    words="It may have expired, somebody may have ended it, or a part of the address is missing. Ask whoever sent it for a new one.",
)
AGAIN = PAGE.format(title="The report cannot be read right now", words="Try again in a minute.")


def shared_routes(prefixes: tuple[str, ...]) -> list[Route]:
    """The page at the server's root and, where the app is served under a path, below it too."""
    return [Route(f"{prefix}{PREFIX}{{token}}", _page) for prefix in prefixes]


async def _page(request: Request) -> Response:
    token = request.path_params["token"]
    try:
        found = await asyncio.to_thread(_opened, token)
    except (SemblanceError, DatabaseFailed) as failed:
        log.warning("a shared report could not be read", extra={"why": type(failed).__name__})
        return HTMLResponse(AGAIN, 503, {"Retry-After": "60"})
    return HTMLResponse(CLOSED, 404) if found is None else HTMLResponse(found)


def _opened(token: str) -> str | None:
    if len(token) > LONGEST_TOKEN:
        return None
    semblance = running_semblance()
    return semblance.store.shared_reports.open(token, semblance.clock())


def is_shared(path: str) -> bool:
    """Returns whether a request's path is that of a shared report."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return path.startswith((PREFIX, f"/{base}{PREFIX}"))
