"""Room for files that are sent up: of one page and of the server, with Streamlit's own routes behind the bounds."""

from collections.abc import Callable, Iterator
from unittest.mock import MagicMock
from uuid import uuid4

import httpx
import jwt
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from api.server.uploads import BoundedUploads, Room
from semblance_core.bootstrap import Semblance
from semblance_core.store.accounts.sign_ins import fingerprint
from tests.app_platform import semblance
from ui.app import gate
from ui.app.connections import connections

__all__ = ["semblance"]
Put = Callable[..., httpx.Response]
ROOM = Room(session_bytes=300_000, session_files=5, all_bytes=500_000, all_files=8)


@pytest.fixture
def held() -> MemoryUploadedFileManager:
    return MemoryUploadedFileManager("/_stcore/upload_file")


@pytest.fixture(params=["", "research/semblance"])
def put(
    semblance: Semblance,
    held: MemoryUploadedFileManager,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Put]:
    """Sends so many bytes into a page of somebody who is signed in, at the root or below a path."""
    base = str(request.param)
    runtime = MagicMock(spec=Runtime, uploaded_file_mgr=held)  # Streamlit's, which the test needs no pages of
    monkeypatch.setattr(Runtime, "_instance", runtime)
    option = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: base if name == "server.baseUrlPath" else option(name))
    monkeypatch.setattr("streamlit.web.server.starlette.starlette_routes.is_xsrf_enabled", lambda: False)
    routes = create_upload_routes(runtime, held, base)
    app = Starlette(routes=routes, middleware=[Middleware(BoundedUploads, room=ROOM)])
    token = semblance.store.sign_ins.open("user", semblance.clock())
    gate.cookie_key.clear()
    cookie = jwt.encode({"username": token}, gate.cookie_key(), algorithm="HS256")
    with TestClient(app, cookies={gate.COOKIE: cookie}) as client:

        def put(session: str, size: int, *, method: str = "PUT", file: str = "", name: str = "x.pdf") -> httpx.Response:
            connections().belongs(session, fingerprint(token), "a connection")
            path = f"{'/' if base else ''}{base}/_stcore/upload_file/{session}/{file or uuid4()}"
            content = {} if method == "DELETE" else {"files": {"file": (name, bytes(size), "application/pdf")}}
            return client.request(method, path, **content)

        yield put


def test_one_page_has_its_room_and_all_together_have_theirs(put: Put, held: MemoryUploadedFileManager) -> None:
    one, two, file = str(uuid4()), str(uuid4()), str(uuid4())
    assert put(one, 280_000, file=file).status_code == 204
    assert put(one, 40_000).status_code == 413
    assert put(two, 200_000).status_code == 204
    refused = put(two, 40_000)
    assert (refused.status_code, refused.text) == (
        413,
        "The server holds as many files as it may at the moment. Try again in a few minutes.",
    )
    held.remove_session_files(one)  # as when its page is let go
    assert put(two, 40_000).status_code == 204


def test_empty_files_are_counted(put: Put) -> None:
    one, two, three = str(uuid4()), str(uuid4()), str(uuid4())
    assert [put(one, 0).status_code for _ in range(6)] == [204] * 5 + [413]
    assert [put(two, 0).status_code for _ in range(4)] == [204] * 3 + [413]
    assert put(three, 0).status_code == 413


def test_what_is_taken_away_leaves_room_and_names_take_some(put: Put) -> None:
    one, file = str(uuid4()), str(uuid4())
    assert put(one, 100_000, file=file, name="n" * 150_000).status_code in (204, 400)
    assert put(one, 290_000, file=file).status_code == 204
    assert put(one, 40_000).status_code == 413
    assert put(one, 0, method="DELETE", file=file).status_code == 204
    assert put(one, 280_000).status_code == 204
