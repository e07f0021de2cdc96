"""Visitors use the real app behind the shipped proxy examples, with the real nginx and Apache."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from semblance_core.bootstrap import open_semblance
from semblance_core.settings import load_settings
from tests.browser import Served, serving, sign_in
from tests.deploy.proxies import HEADERS, KINDS, ask, headers_sent, proxied
from tests.e2e.signed_in import KEY
from tests.streamlit_client import Uploader, visiting
from ui.app import gate

METRICS = (
    "/semblance/_stcore/metrics",
    "/semblance/_stcore/metrics/",
    "/semblance/_stcore/metrics?families=session_events",
    "/semblance/_stcore/%6Detrics",
    "/semblance/_stcore%2Fmetrics",
    "/semblance%2F_stcore/metrics",
    "/semblance//_stcore//metrics",
    "/semblance/x/../_stcore/metrics",
    "/semblance/./_stcore/metrics",
    "/_stcore/metrics",
    "/%2e/_stcore/metrics",
)


@pytest.fixture(scope="module")
def folder(module_dir: Path) -> Path:
    return module_dir


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Served]:
    settings = {
        "STREAMLIT_SERVER_BASE_URL_PATH": "semblance",
        "SEMBLANCE_URL": "https://semblance.example.org/semblance",
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
        "SEMBLANCE_COOKIE_KEY": KEY,
    }
    with serving(folder / "data", **settings) as served:
        yield served


@pytest.fixture(scope="module", params=KINDS)
def front(request: pytest.FixtureRequest, app: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A proxy in front of the real app."""
    with proxied(request.param, tmp_path_factory.mktemp(request.param), urlsplit(app.address).port or 0) as address:
        yield address


def probed(said: ConsoleMessage) -> bool:
    """Whether it is only Streamlit's page that finds out its own path: at a wrong guess there is nothing."""
    return (
        "404" in said.text
        and re.search(r"/semblance/\w+/_stcore/(health|host-config)$", said.location["url"]) is not None
    )


def test_a_visitor_signs_in_through_the_proxy_and_nothing_is_refused_or_loaded_from_elsewhere(
    front: str, browser: Browser
) -> None:
    with browser.new_context(ignore_https_errors=True) as context:
        page, complaints, elsewhere, sockets = context.new_page(), list[str](), list[str](), list[str]()
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" and not probed(said) else None
        )
        page.on("pageerror", lambda failed: complaints.append(str(failed)))
        page.on("websocket", lambda opened: sockets.append(opened.url))
        page.on(
            "request",
            lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((front, "data:", "blob:")) else None,
        )
        sign_in(page, f"{front}/semblance")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.wait_for_function("document.cookie.includes('semblance=')")
        (cookie,) = [cookie for cookie in context.cookies() if cookie["name"] == "semblance"]
        assert (cookie["sameSite"], cookie["path"], cookie["secure"]) == ("Strict", "/semblance", True)
        page.goto(f"{front}/semblance/personas")
        expect(page.get_by_text("No personas yet")).to_be_visible()
        page.goto(f"{front}/semblance/usage")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert sockets
        assert {url.partition("?")[0] for url in sockets} == {
            f"{front}/semblance/_stcore/stream".replace("https", "wss")
        }
    assert elsewhere == []
    assert complaints == []


def test_health_addresses_answer_through_the_proxy(front: str) -> None:
    for name, word in (("live", "alive"), ("ready", "ready")):
        answer = ask(front, f"/semblance/api/health/{name}")
        assert (answer.status, json.loads(answer.body)["status"]) == (200, word)


def test_the_path_without_its_slash_leads_to_the_app(front: str) -> None:
    answer = ask(front, "/semblance")
    assert answer.status == 308
    assert urlsplit(answer.headers["location"]).path == "/semblance/"


@pytest.mark.parametrize("path", METRICS)
def test_metrics_are_refused_however_they_are_asked_for(front: str, path: str) -> None:
    answer = ask(front, path)
    assert answer.status in (400, 403, 404)
    assert b"# TYPE" not in answer.body


@pytest.mark.parametrize("path", ["/semblance/", "/semblance/_stcore/health", "/semblance/_stcore/no-such"])
def test_security_headers_are_sent_once_and_with_refusals_too(front: str, path: str) -> None:
    assert headers_sent(front, path) == dict.fromkeys(HEADERS, 1)


def test_a_websocket_is_opened_under_the_hosts_own_name(front: str) -> None:
    """By its Host the app knows its own origin, and its own name."""
    place = urlsplit(front)
    with socket.create_connection((place.hostname, place.port)) as connection:
        opened = connect(
            "wss://semblance.example.org/semblance/_stcore/stream",
            sock=connection,
            ssl=ssl._create_unverified_context(),
            origin=Origin("https://semblance.example.org"),
            subprotocols=[Subprotocol("streamlit")],
        )
        assert opened.subprotocol == "streamlit"
        opened.close()


def login(address: str, origin: str = "", **headers: str) -> httpx.Response:
    """Signs in by a script. origin: the address on this machine that it is sent from."""
    transport = httpx.HTTPTransport(verify=False, local_address=origin or None)
    with httpx.Client(transport=transport, timeout=20) as client:
        given = {"username": "user", "password": "pass"}
        return client.post(f"{address}/semblance/api/auth/login", json=given, headers=headers)


def test_the_proxy_that_is_named_says_where_a_visitor_comes_from(app: Served, front: str, folder: Path) -> None:
    """And what the visitor says of it counts for nothing."""
    forged = {"X-Forwarded-For": "203.0.113.9"}
    assert login(front.replace("localhost", "127.0.0.1"), "127.0.0.5", **forged).status_code == 200
    assert newest_source(folder) == "127.0.0.5"


@pytest.mark.parametrize("named", ["", "192.0.2.77"])
def test_without_the_proxy_that_is_named_nobody_says_where_they_come_from(tmp_path: Path, named: str) -> None:
    settings = {"STREAMLIT_SERVER_BASE_URL_PATH": "semblance", "FORWARDED_ALLOW_IPS": named}
    with serving(tmp_path / "data", **settings) as served:
        assert login(served.address, "127.0.0.5", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 200
        assert newest_source(tmp_path) == "127.0.0.5"
        codes = [
            httpx.post(
                f"{served.address}/semblance/api/auth/login",
                json={"username": "admin", "password": "wrong"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
            for number in range(12)
        ]
        assert codes == [401] * 10 + [429] * 2


def newest_source(folder: Path) -> str:
    with open_semblance(load_settings(SEMBLANCE_DATA_DIR=folder / "data")) as semblance:
        return max(semblance.workspace("user").me.sign_ins(), key=lambda each: each.created_at).source


def test_files_are_sent_up_through_the_proxy_by_who_is_signed_in_and_by_nobody_else(front: str, folder: Path) -> None:
    with open_semblance(load_settings(SEMBLANCE_DATA_DIR=folder / "data")) as semblance:
        token = semblance.store.sign_ins.open("user", semblance.clock())
    cookie = f"{gate.COOKIE}={jwt.encode({'username': token}, KEY, algorithm='HS256')}"
    trusting = ssl._create_unverified_context()
    for given, status in ((cookie, 204), ("", 401)):
        with visiting(f"{front}/semblance", cookie=cookie, ssl=trusting) as page:
            page.run()
            answer = Uploader(f"{front}/semblance", given).put(page.session_id, bytes(2 * 2**20))
            assert answer.status_code == status, answer.text
