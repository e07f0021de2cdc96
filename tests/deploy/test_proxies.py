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
import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.browser import Served, serving, sign_in
from tests.deploy.proxies import proxied

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
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("proxied") / "data", STREAMLIT_SERVER_BASE_URL_PATH="semblance") as served:
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
        assert (answer.status, json.loads(answer.body)) == (200, {"status": word})


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
    """By its Host the app knows its own origin; localhost it would let in under any."""
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
