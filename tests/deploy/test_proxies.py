"""The app behind the shipped proxy examples, with the real nginx and Apache: sign-in, WebSockets, what is refused."""

import http.client
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
from tests.deploy.proxies import proxied
from tests.e2e.signed_in import KEY
from tests.streamlit_client import Uploader, visiting
from ui import gate

KINDS = ("nginx", "apache")
HEADERS = ("x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy")
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


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """One request whose path goes out as it stands, over a certificate that is not checked."""
    trusting = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(urlsplit(address).netloc, timeout=20, context=trusting)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxied")


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


class Mirror(BaseHTTPRequestHandler):
    """In the app's place: says what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        told = {"path": self.path, "headers": [list(item) for item in self.headers.items()], "length": length}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "origin"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module", params=KINDS)
def mirror(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A proxy in front of what mirrors requests."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxied(request.param, tmp_path_factory.mktemp(request.param), server.server_port) as address:
            yield address
        server.shutdown()


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


def headers_sent(address: str, path: str) -> dict[str, int]:
    headers = ask(address, path).headers
    return {name: len(headers.get_all(name, [])) for name in HEADERS}


@pytest.mark.parametrize("path", ["/semblance/", "/semblance/_stcore/health", "/semblance/_stcore/no-such"])
def test_security_headers_are_sent_once_and_with_refusals_too(front: str, path: str) -> None:
    assert headers_sent(front, path) == dict.fromkeys(HEADERS, 1)


def test_security_headers_that_the_app_sends_itself_are_not_doubled(mirror: str) -> None:
    assert headers_sent(mirror, "/semblance/") == dict.fromkeys(HEADERS, 1)


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


def test_where_a_visitor_comes_from_cannot_be_forged(mirror: str) -> None:
    told = json.loads(ask(mirror, "/semblance/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="gopher").body)
    sent = {name.lower(): value for name, value in told["headers"]}
    assert [value for name, value in told["headers"] if name.lower() == "x-forwarded-for"] == ["127.0.0.1"]
    assert sent["x-forwarded-proto"] == "https"
    assert sent["host"] == urlsplit(mirror).netloc


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
        return max(semblance.workspace("user").my_sign_ins(), key=lambda each: each.created_at).source


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


def test_a_flood_of_tries_to_sign_in_is_slowed_by_nginx(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxied("nginx", tmp_path, server.server_port) as address, httpx.Client(verify=False) as client:
            codes = [client.put(f"{address}/semblance/api/auth/login", content=b"{}").status_code for _ in range(60)]
            others = [client.get(f"{address}/semblance/").status_code for _ in range(60)]
        server.shutdown()
    assert codes[:20] == [200] * 20
    assert 429 in codes
    assert set(others) == {200}


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_of_files_that_are_sent_up_stay_out_of_the_log(kind: str, tmp_path: Path) -> None:
    secret = "3f2b8c1a-0000-4000-8000-0123456789ab"
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxied(kind, tmp_path, server.server_port, log=tmp_path / "access.log") as address:
            for path in (f"/semblance/_stcore/upload_file/{secret}/x", f"/semblance//_stcore//upload_file/{secret}/y"):
                ask(address, path, "PUT", b"x")
            ask(address, "/semblance/said-in-the-log")
        server.shutdown()
    logged = (tmp_path / "access.log").read_text()
    assert "said-in-the-log" in logged
    assert secret not in logged


def test_paths_go_on_as_they_came(mirror: str) -> None:
    path = "/semblance/media/a%2Bb%20c.png?x=1%2F2"
    assert json.loads(ask(mirror, path).body)["path"] == path


def test_what_is_sent_up_may_have_25_megabytes_and_not_more(mirror: str) -> None:
    path, longest = "/semblance/_stcore/upload_file/session/file", 25 * 2**20 + 2000
    assert json.loads(ask(mirror, path, "PUT", bytes(longest)).body)["length"] == longest
    refused = httpx.put(f"{mirror}{path}", content=bytes(27 * 2**20), verify=False)
    assert refused.status_code == 413
    pieces = (bytes(2**20) for _ in range(27))
    assert httpx.put(f"{mirror}{path}", content=pieces, verify=False).status_code in (411, 413)


@pytest.mark.parametrize("kind", KINDS)
def test_while_the_app_is_away_the_proxy_says_so_at_once(kind: str, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as gone:
        nobody = gone.server_port
    with proxied(kind, tmp_path, nobody) as address:
        assert ask(address, "/semblance/").status in (502, 503)
