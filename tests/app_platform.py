"""The platform as pages and routes find it: the test's own database, opened once more by the app itself."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from tests.conftest import OpenPlatform
from ui.app.runtime import running_semblance


@pytest.fixture
def semblance(
    open_platform: OpenPlatform, monkeypatch: pytest.MonkeyPatch, platform_settings: dict[str, Any]
) -> Iterator[Semblance]:
    """The test's platform; the app's is closed after it, once nothing warms it up any more."""
    for name, value in platform_settings.items():
        monkeypatch.setenv(name, str(value))
    # A viewer's read that hung with an earlier test's database may have opened the app's platform once more since.
    running_semblance.clear()
    yield open_platform()
    # Asked for, not joined: a thread is listed before it runs, and cannot be joined by then.
    while any(thread.name == "warm-up" for thread in threading.enumerate()):
        time.sleep(0.01)
    running_semblance().close()
    running_semblance.clear()
