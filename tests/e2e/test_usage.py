"""Usage in a real browser: a click on a mark shows the calls behind it, and a click on a call all that is known of it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.times import midnight
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.settings import load_settings
from tests.browser import serving, sign_in, wait_for_cookie
from tests.e2e.signed_in import settled
from tests.e2e.wizard import button, shot
from tests.studies import session


@pytest.fixture(scope="module")
def app(module_dir: Path) -> Iterator[str]:
    """With calls of two models, one of which failed yesterday, and one call each of eight others."""
    data = module_dir / "data"
    with serving(data) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        group_id = session(semblance.workspace("user"), size=2).id
        noon = midnight(semblance.clock()) - timedelta(hours=12)
        events = [
            UsageEvent(
                f"call-{number}", "user", "reply", f"m/{number % 2}", TokenCounts(90, 30, 20, 5), Decimal("0.01"), 0.7,
                "ok" if number else "timeout", False, noon - timedelta(days=number % 5), None, group_id, None, "", number,
            )
            for number in range(20)
        ]  # fmt: skip
        events += [replace(events[1], id=f"rare-{number}", model=f"rare/{number}") for number in range(8)]
        with semblance.connection.database.client.start_session() as opened:
            semblance.store.usage.record(events, opened)
        yield served.address


def test_a_mark_leads_to_its_calls_and_on_to_one_of_them(app: str, page: Page, pictures: Path) -> None:
    sign_in(page, app, "admin")
    wait_for_cookie(page)
    page.goto(f"{app}/admin_usage?range=7-days")
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(8)
    failures = charts.nth(6)
    failures.locator("g.point path").last.click(force=True)
    expect(page.get_by_role("heading", name=re.compile("Calls: .* · failed"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"at=.*outcome=failed"))
    shot(page, pictures, "40-usage-mark")
    page.get_by_test_id("stDataFrame").locator("canvas").first.click(position={"x": 15, "y": 52}, force=True)
    expect(page.get_by_text("One call")).to_be_visible()
    expect(page).to_have_url(re.compile("call=call-0"))
    page.reload()
    expect(page.get_by_role("link", name="Open the message")).to_have_attribute(
        "href", re.compile("id=[a-z0-9]+&message=0")
    )
    shot(page, pictures, "41-usage-call")

    button(page, "All calls").click()
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile("outcome|call="))
    models = charts.nth(3).locator("g.point path")
    models.first.click(force=True)  # the lowest
    expect(page.get_by_role("heading", name="Calls: other models")).to_be_visible()
    first, last = (models.nth(place).bounding_box() for place in (0, -1))
    assert first
    assert last
    settled(page)  # a chart that is just being drawn anew hears no click
    page.mouse.click(first["x"] + 5, first["y"] + first["height"] / 2)  # a second click there ends it
    expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    settled(page)
    page.mouse.click(first["x"] + 5, first["y"] + first["height"] / 2)
    page.wait_for_timeout(100)  # quicker than a double click
    page.mouse.click(last["x"] + 5, last["y"] + last["height"] / 2)
    marked = page.get_by_role("heading", name="Calls: m/")
    # A click that falls into the moment in which its chart is drawn anew is heard by nobody.
    with suppress(AssertionError):
        expect(marked).to_be_visible(timeout=20_000)
    if not marked.is_visible():
        settled(page)
        page.mouse.click(last["x"] + 5, last["y"] + last["height"] / 2)
    expect(marked).to_be_visible()
    charts.nth(7).locator("g.point path").nth(1).click(force=True)
    expect(page.get_by_role("heading", name="Calls: with cached prompt tokens")).to_be_visible()
    charts.nth(0).locator("g.point path").first.click(force=True)
    expect(page.get_by_role("heading", name=re.compile(r"Calls: \d\d \w+ \d{4} · m"))).to_be_visible()
