"""Both proxy examples hand requests on as they came, hold them to bounds, and say when the app is away."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.deploy.proxies import HEADERS, KINDS, ask, headers_sent, proxied


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


def test_security_headers_that_the_app_sends_itself_are_not_doubled(mirror: str) -> None:
    assert headers_sent(mirror, "/semblance/") == dict.fromkeys(HEADERS, 1)


def test_where_a_visitor_comes_from_cannot_be_forged(mirror: str) -> None:
    told = json.loads(ask(mirror, "/semblance/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="gopher").body)
    sent = {name.lower(): value for name, value in told["headers"]}
    assert [value for name, value in told["headers"] if name.lower() == "x-forwarded-for"] == ["127.0.0.1"]
    assert sent["x-forwarded-proto"] == "https"
    assert sent["host"] == urlsplit(mirror).netloc


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
def test_addresses_of_files_that_are_sent_up_and_of_shared_reports_stay_out_of_the_log(
    kind: str, tmp_path: Path
) -> None:
    secret = "3f2b8c1a-0000-4000-8000-0123456789ab"
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxied(kind, tmp_path, server.server_port, log=tmp_path / "access.log") as address:
            for path in (f"/semblance/_stcore/upload_file/{secret}/x", f"/semblance//_stcore//upload_file/{secret}/y"):
                ask(address, path, "PUT", b"x")
            ask(address, f"/semblance/shared/{secret}")
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
