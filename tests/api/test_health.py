"""Whether the server is ready, also while the database hangs and many watch a session."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.feed.live import live_routes
from api.server.health import health_routes
from semblance_core.bootstrap import Semblance
from semblance_core.workspace import Workspace
from tests.api.test_live import ticket
from tests.studies import eventually, session
from tests.zygote import freeze

VIEWERS = 12
"""More than asyncio has threads of its own for what blocks on two cores."""


@pytest.fixture
def both(semblance: Semblance) -> Iterator[TestClient]:
    """The feed and the checks, as in the app."""
    with TestClient(Starlette(routes=[*live_routes(), *health_routes()])) as client:
        yield client


def test_ready_is_answered_in_words_while_the_database_hangs_under_many_viewers(
    both: TestClient, semblance: Semblance, workspace: Workspace, data_dir: Path
) -> None:
    groups = [session(workspace).id for _ in range(VIEWERS)]
    with ExitStack() as watching:
        for group_id in groups:
            socket = watching.enter_context(both.websocket_connect("/api/live"))
            socket.send_json({"ticket": ticket(semblance, group_id)})
            socket.receive_json()
        fine = both.get("/api/health/ready")
        assert fine.status_code == 200
        ready = dict.fromkeys(("data", "database", "calls", "sweeper"), "ready")
        assert fine.json() == {"status": "ready", "parts": ready}
        mongod = int(json.loads((data_dir / "mongodb" / "server.json").read_text())["pid"])
        freeze(mongod)
        try:
            asked = [both.get("/api/health/ready") for _ in range(2)]
            alive = both.get("/api/health/live")
        finally:
            os.kill(mongod, signal.SIGCONT)
        assert [answer.status_code for answer in asked] == [503, 503], [answer.json() for answer in asked]
        assert asked[0].json()["status"].startswith("the database does not answer")
        assert asked[0].json()["parts"]["calls"] == "ready"
        assert alive.status_code == 200
    eventually(lambda: both.get("/api/health/ready").status_code == 200)
