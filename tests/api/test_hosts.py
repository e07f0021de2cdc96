"""Under which names the server answers, in development and in production, at the root and below a path."""

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.server.hosts import KnownHosts, names_of
from semblance_core.settings import load_settings

NAMES = (
    ("development", "", {"127.0.0.1", "localhost", "::1"}),
    ("development", "http://127.0.0.2:8501", {"127.0.0.1", "localhost", "::1", "127.0.0.2"}),
    ("production", "https://Research.example.org:8443/semblance", {"research.example.org"}),
    ("production", "https://[2001:db8::1]/", {"2001:db8::1"}),
    ("production", "", None),
)


@pytest.mark.parametrize(("env", "url", "names"), NAMES)
def test_the_settings_say_the_names(env: str, url: str, names: set[str] | None) -> None:
    assert names_of(load_settings(SEMBLANCE_ENV=env, SEMBLANCE_URL=url)) == names


@pytest.mark.parametrize("base", ["", "semblance"])
def test_in_production_health_alone_answers_under_this_machines_names(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    option = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: base if name == "server.baseUrlPath" else option(name))
    app = Starlette(
        routes=[Route("/{path:path}", answer)],
        middleware=[Middleware(KnownHosts, names=frozenset({"research.example.org"}))],
    )
    client, prefix = TestClient(app), f"/{base}" if base else ""
    for path, host, status in (
        (f"{prefix}/", "research.example.org", 200),
        (f"{prefix}/", "RESEARCH.example.org.:443", 200),
        (f"{prefix}/api/me", "127.0.0.1:8501", 421),
        (f"{prefix}/api/health/ready", "127.0.0.1:8501", 200),
        ("/api/health/live", "localhost", 200),
        ("/api/health/live", "evil.example", 421),
        (f"{prefix}/", "research.example.org.evil.example", 421),
        (f"{prefix}/", "x@research.example.org", 421),
    ):
        assert client.get(path, headers={"Host": host}).status_code == status, (path, host)
