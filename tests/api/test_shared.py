"""The page behind a link: read without an account, with a policy under which it can do nothing, and nothing else."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from api.server import shared
from api.server.headers import HEADERS, SafeHeaders
from semblance_core.bootstrap import Semblance
from semblance_core.workspace import Workspace
from tests.studies import session


@pytest.fixture
def client(semblance: Semblance, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(shared, "running_semblance", lambda: semblance)
    monkeypatch.setattr(shared.st, "get_option", {"server.baseUrlPath": "/semblance"}.get)
    routes = shared.shared_routes(("", "/semblance"))
    return TestClient(Starlette(routes=list(routes), middleware=[Middleware(SafeHeaders)]))


def test_the_page_is_read_by_its_link_alone(semblance: Semblance, workspace: Workspace, client: TestClient) -> None:
    link = workspace.sharing.share(session(workspace, 2, title="Oat milk").id)
    for path in (f"/{link.path}", f"/semblance/{link.path}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<h1>Oat milk</h1>" in answer.text
        for name, value in {**HEADERS, **shared.HEADERS}.items():
            assert answer.headers.get_list(name) == [value]
        assert "set-cookie" not in answer.headers
    workspace.sharing.revoke(link.report.id)
    gone = [client.get(f"/shared/{token}") for token in (link.token, "nothing", "x" * 5_000)]
    assert {(answer.status_code, answer.text) for answer in gone} == {(404, shared.CLOSED)}
    assert client.post(f"/{link.path}").status_code == 405
    assert client.get(f"/{link.path}/more").status_code == 404
