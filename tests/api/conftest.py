"""The plain routes beside the app, over a real database, without a server process."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.feed.live import live_routes
from semblance_core.bootstrap import Semblance
from tests.app_platform import semblance

__all__ = ["semblance"]


@pytest.fixture
def client(semblance: Semblance) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live_routes())) as client:
        yield client
