"""What every answer of the server tells a browser."""

import base64
import hashlib
import re
from pathlib import Path

import extra_streamlit_components
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.server.headers import HEADERS, INLINE_SCRIPTS, POLICY, SafeHeaders
from tests.studies import REPOSITORY


def test_every_answer_keeps_the_browser_to_its_own_origin_whatever_the_route_says() -> None:
    async def loose(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok", headers={"x-frame-options": "ALLOWALL"})

    client = TestClient(Starlette(routes=[Route("/", loose)], middleware=[Middleware(SafeHeaders)]))
    for path, status in (("/", 200), ("/nothing", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value]


def test_the_only_scripts_inside_pages_that_run_are_those_of_the_installed_parts() -> None:
    pages = (
        Path(streamlit.__file__).parent / "static" / "index.html",
        Path(extra_streamlit_components.__file__).parent / "CookieManager" / "frontend" / "build" / "index.html",
    )
    scripts = [found for page in pages for found in re.findall(r"<script>(.*?)</script>", page.read_text(), re.DOTALL)]
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert " ".join(f"'sha256-{each}'" for each in hashes) == INLINE_SCRIPTS
    assert POLICY.startswith("default-src 'none'")
    assert "'unsafe-inline'" not in POLICY.partition("script-src")[2].partition(";")[0]


@pytest.mark.parametrize("name", ["nginx", "apache"])
def test_the_proxies_examples_send_the_same_policy(name: str) -> None:
    assert f'"{POLICY}"' in (REPOSITORY / "deploy" / f"{name}-locations.conf").read_text()
