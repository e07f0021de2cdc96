"""What somebody reaches who is not signed in, or not as whom they say: the running app, spoken to without a browser."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import jwt
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import Served, serving
from tests.e2e.signed_in import KEY, QUICK
from tests.streamlit_client import Uploader, sign_in, visiting
from ui.app import gate

MB = 2**20


@pytest.fixture(scope="module")
def folder(module_dir: Path) -> Path:
    return module_dir


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    with serving(folder / "data", **QUICK) as served:
        yield served


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    return served.address


@pytest.fixture(scope="module")
def semblance(folder: Path, served: Served) -> Iterator[Semblance]:
    with open_semblance(load_settings(SEMBLANCE_DATA_DIR=folder / "data")) as semblance:
        yield semblance


def cookie_of(token: str) -> str:
    return f"{gate.COOKIE}={jwt.encode({'username': token}, KEY, algorithm='HS256')}"


@pytest.fixture
def cookie(semblance: Semblance) -> str:
    return cookie_of(semblance.store.sign_ins.open("admin", semblance.clock()))


def memory_mb(served: Served) -> int:
    (line,) = [line for line in Path(f"/proc/{served.process.pid}/status").read_text().splitlines() if "VmRSS" in line]
    return int(line.split()[1]) // 1024


def test_nobody_sends_files_up_who_is_not_signed_in(served: Served) -> None:
    before = memory_mb(served)
    with visiting(served.address) as stranger:
        stranger.run()
        uploader = Uploader(served.address)
        for number in range(6):
            assert uploader.put(stranger.session_id, bytes(24 * MB)).status_code == 401, number
        assert uploader.put_in_pieces(stranger.session_id, bytes(MB)).status_code == 401
        assert uploader.delete(stranger.session_id, str(uuid4())).status_code == 401
        assert memory_mb(served) - before < 60


def test_a_file_is_taken_into_a_page_of_the_same_sign_in_and_no_other(
    address: str, cookie: str, semblance: Semblance
) -> None:
    other = cookie_of(semblance.store.sign_ins.open("user", semblance.clock()))
    over = semblance.store.sign_ins.open("admin", semblance.clock())
    semblance.store.sign_ins.revoke(over)
    with visiting(address, cookie=cookie) as page:
        page.run()
        assert Uploader(address, cookie).put(page.session_id, b"%PDF").status_code == 204
        assert Uploader(address, cookie).put_in_pieces(page.session_id, b"%PDF").status_code == 204
        assert Uploader(address, other).put(page.session_id, b"%PDF").status_code == 403
        assert Uploader(address, cookie_of(over)).put(page.session_id, b"%PDF").status_code == 401
        assert Uploader(address, f"{gate.COOKIE}=forged").put(page.session_id, b"%PDF").status_code == 401
        assert Uploader(address, cookie).put(str(uuid4()), b"%PDF").status_code == 403
        assert Uploader(address, cookie).put(page.session_id, b"%PDF", "x" * 4000).status_code == 404


def test_a_page_has_bounded_room_for_files_and_what_is_taken_away_makes_room(address: str, cookie: str) -> None:
    with visiting(address, cookie=cookie) as page:
        page.run()
        uploader, files, statuses = Uploader(address, cookie), [str(uuid4()) for _ in range(61)], []
        for file_id in files:
            statuses.append(uploader.put(page.session_id, b"", file_id).status_code)
        assert statuses == [204] * 60 + [413]
        assert uploader.put(page.session_id, b"again", files[0]).status_code == 204  # in the place of the same
        assert uploader.delete(page.session_id, files[0]).status_code == 204
        assert uploader.put(page.session_id, b"one").status_code == 204
        assert uploader.put(page.session_id, b"two").status_code == 413


def test_a_page_holds_bounded_bytes_whatever_a_request_says_of_its_length(address: str, cookie: str) -> None:
    with visiting(address, cookie=cookie) as page:
        page.run()
        uploader, files = Uploader(address, cookie), [str(uuid4()) for _ in range(10)]
        for file_id in files:
            assert uploader.put(page.session_id, bytes(24 * MB), file_id).status_code == 204
        for refused in (
            uploader.put(page.session_id, bytes(23 * MB)),
            uploader.put_in_pieces(page.session_id, bytes(23 * MB)),
        ):
            assert (refused.status_code, refused.text[:25]) == (413, "This page holds as many f")
        uploader.delete(page.session_id, files[0])
        assert uploader.put_in_pieces(page.session_id, bytes(23 * MB)).status_code == 204


@pytest.mark.parametrize("while_connected", [False, True])
@pytest.mark.parametrize("way", ["by the form, before the browser has its cookie", "by its cookie"])
def test_the_id_of_a_session_opens_nothing_without_its_cookie(
    address: str, cookie: str, way: str, while_connected: bool
) -> None:
    by_cookie = way == "by its cookie"
    with visiting(address, cookie=cookie if by_cookie else "") as owner:
        said = owner.run() if by_cookie else sign_in(owner, "admin")
        assert "**Alex Admin**" in said
        session_id = owner.session_id
        if not while_connected:
            owner.socket.close()
        with visiting(address, session_id=session_id) as thief:
            for page in ("", "admin"):
                said = thief.run(page)
                assert "Password" in said
                assert "**Alex Admin**" not in said
            assert thief.session_id != session_id
        if while_connected:
            assert "**Alex Admin**" in owner.run("personas")


def test_another_account_with_the_id_of_a_session_stays_itself(address: str, cookie: str, semblance: Semblance) -> None:
    other = cookie_of(semblance.store.sign_ins.open("user", semblance.clock()))
    same_account = cookie_of(semblance.store.sign_ins.open("admin", semblance.clock()))
    with visiting(address, cookie=cookie) as owner:
        owner.run()
        with visiting(address, cookie=other, session_id=owner.session_id) as thief:
            assert "**Robin Researcher**" in thief.run()
            assert thief.session_id != owner.session_id
        with visiting(address, cookie=same_account, session_id=owner.session_id) as elsewhere:
            elsewhere.run()
            assert elsewhere.session_id != owner.session_id


def test_a_page_goes_on_after_its_connection_broke(address: str, cookie: str, semblance: Semblance) -> None:
    with visiting(address, cookie=cookie) as page:
        page.run()
    with visiting(address, cookie=cookie, session_id=page.session_id) as again:
        assert "**Alex Admin**" in again.run()
        assert again.session_id == page.session_id


def test_after_signing_in_by_the_form_a_page_goes_on_with_the_cookie_that_it_set(address: str) -> None:
    with visiting(address) as page:
        sign_in(page, "user")
    (cookie,) = page.cookies_set
    with visiting(address, cookie=f"{gate.COOKIE}={cookie}", session_id=page.session_id) as again:
        assert "**Robin Researcher**" in again.run()
        assert again.session_id == page.session_id
    with visiting(address, session_id=page.session_id) as without:
        assert "Password" in without.run()


def test_a_stranger_sends_short_messages_only(address: str, cookie: str) -> None:
    with visiting(address) as stranger:
        stranger.run()
        with pytest.raises(ConnectionClosed) as closed:
            stranger.run(User_name="n" * 100_000, Password="x", Sign_in=True)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with visiting(address, cookie=cookie) as page:
        assert "**Alex Admin**" in page.run("x" * 100_000)


def asked(address: str, path: str, host: str, method: str = "GET", body: str = "") -> tuple[int, str]:
    """One request under this name."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    if host:
        connection.putheader("Host", host)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Origin", f"http://{host}")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    try:
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


FOREIGN = (
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "user@127.0.0.1",
    "127.0.0.1:80@evil.example",
)
PATHS = (
    "/",
    "/personas",
    "/api/me",
    "/api/health/live",
    "/_stcore/health",
    "/_stcore/host-config",
    "/static/x.js",
    "/media/x",
)


@pytest.mark.parametrize("host", FOREIGN)
def test_under_another_name_nothing_answers(address: str, host: str) -> None:
    port = urlsplit(address).port
    for path in PATHS:
        status, said = asked(address, path, f"{host}:{port}")
        assert (status, "does not answer under that name" in said) == (421, True), path
    status, _ = asked(address, "/api/auth/login", host, "POST", '{"username": "admin", "password": "pass"}')
    assert status == 421
    with pytest.raises(InvalidStatus), visiting(address, host=f"{host}:{port}", origin=f"http://{host}:{port}"):
        pass


def test_under_this_machines_own_names_everything_answers(address: str) -> None:
    for host in ("127.0.0.1", "localhost", "LocalHost.", "[::1]"):
        for name in (host, f"{host}:{urlsplit(address).port}", f"{host}:1"):
            assert asked(address, "/api/health/live", name)[0] == 200
            assert asked(address, "/", name)[0] == 200


def test_no_other_origin_may_speak_with_the_app_in_a_frame(address: str) -> None:
    assert httpx.get(f"{address}/_stcore/host-config").json()["allowedOrigins"] == []


def test_the_log_holds_no_ids_of_sessions(folder: Path, address: str, cookie: str) -> None:
    with visiting(address, cookie=cookie) as page:
        page.run()
        with visiting(address, cookie=cookie, session_id=page.session_id) as again:
            again.run()
            assert again.session_id == page.session_id
    (log,) = folder.glob("app-*.log")
    assert "[session]" in log.read_text()
    assert page.session_id not in log.read_text()
