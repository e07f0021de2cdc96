"""Opens pages as Streamlit runs them, without a browser, over the real database.

`visit("user", "personas")` is the app as that user sees it at that address; what stands in the page is asked of the
`AppTest` that it returns. The platform of the page is the test's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from tests.app_platform import semblance
from tests.browser import ROOT
from ui.app import gate
from ui.parts.routes import page_at

__all__ = ["Visit", "semblance"]
PATIENCE_S = 120
"""A loaded machine may take so long for a run of a page."""
MAIN = str(ROOT / "ui" / "app" / "main.py")
Visit = Callable[..., AppTest]
Called = Callable[..., list[UsageEvent]]


@pytest.fixture
def visit(semblance: Semblance) -> Visit:
    def open_page(user: str, name: str = "home", /, **query: str) -> AppTest:
        """user: empty for nobody."""
        app = AppTest.from_file(MAIN, default_timeout=PATIENCE_S)
        if user:
            app.session_state[gate.SIGN_IN] = semblance.store.sign_ins.open(user, semblance.clock())
        for key, value in query.items():
            app.query_params[key] = value
        if name != "home":  # before a first run, the address is the name of the file, as in the app
            app.switch_page(f"../../{Path(page_at(name)).relative_to(ROOT)}")
        return app.run()

    return open_page


class Opened:
    """A dialog, open at every run: a test of a page cannot press what is in one, for only the dialog would run again."""

    def __init__(self, semblance: Semblance):
        self._semblance = semblance

    def __call__(self, where: str, *given: object, by: str = "user", **state: object) -> AppTest:
        """where: module and name of the dialog; given: what it takes after the workspace of `by`. state: of the session."""
        module, name = where.rsplit(".", 1)
        app = AppTest.from_string(
            f"import streamlit as st\nfrom ui.app import gate\nfrom {module} import {name}\n"
            f"{name}(gate.workspace(), *st.session_state['given'])",
            default_timeout=PATIENCE_S,
        )
        app.session_state[gate.SIGN_IN] = self._semblance.store.sign_ins.open(by, self._semblance.clock())
        app.session_state["given"] = given
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()


@pytest.fixture
def opened(semblance: Semblance) -> Opened:
    return Opened(semblance)


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """Sums that another test's page kept are of another database."""
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture
def now(semblance: Semblance) -> datetime:
    return semblance.clock()


@pytest.fixture
def called(semblance: Semblance, now: datetime) -> Called:
    def called(times: int = 1, ago: timedelta = timedelta(0), **fields: Any) -> list[UsageEvent]:
        """So many calls, one a second into the past."""
        event = UsageEvent(
            "", "user", "reply", "m/1", TokenCounts(100, 40, 20, 5), Decimal("0.01"), 0.5, "ok", False, now
        )
        event = replace(event, **fields)
        begun = fields.get("at", now - ago)
        events = [
            replace(event, id=f"{begun:%y%m%d%H%M%S%f}-{event.user_id}-{number}", at=begun - timedelta(seconds=number))
            for number in range(times)
        ]
        with semblance.connection.database.client.start_session() as session:
            for at in range(0, times, 500):
                semblance.store.usage.record(events[at : at + 500], session)
        return events

    return called
