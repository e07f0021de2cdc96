"""The plain routes beside the app, over a real database, without a server process."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.live import live_routes
from semblance_core.bootstrap import Semblance
from tests.conftest import OpenPlatform
from ui.platform import platform


@pytest.fixture
def semblance(
    open_platform: OpenPlatform, monkeypatch: pytest.MonkeyPatch, platform_settings: dict[str, Any]
) -> Iterator[Semblance]:
    """The platform that routes find: the same database, opened once more by the app itself."""
    for name, value in platform_settings.items():
        monkeypatch.setenv(name, str(value))
    yield open_platform()
    platform().close()
    platform.clear()


@pytest.fixture
def client(semblance: Semblance) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live_routes())) as client:
        yield client
