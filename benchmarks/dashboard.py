"""Measures the page *Usage and costs* over one million calls, in a browser, from its address to its last chart and table.

`python -m benchmarks.dashboard [--events 1000000] [--a-session 40] [--times 7]` prints the medians of a warm page (the app runs,
and the page was open before): `kept`, opened again within the minute for which sums are kept, and `read`, with a filter that
nobody asked for yet, so that all sums come from the database. The target is at most 2 s.
The calls are those of 90 days, by 60 users in two projects each, in bursts as sessions make them; their rollups are written
by the code that always writes them, but many calls at a time.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.settings import load_settings
from semblance_core.store.codec import to_document
from tests.browser import QUIET, serving, sign_in, wait_for_cookie

DAYS = 90
USERS = 60
MODELS = ("gemini/gemini-2.5-flash", "openai/gpt-4o-mini", "openai/gpt-4.1", "ollama/llama3")
FEATURES = (
    "reply",
    "reply",
    "reply",
    "moderate",
    "summarise_window",
    "code_transcript",
    "build_themes",
    "check_claims",
    "recruit_persona",
)
CHARTS = 8
DRAWN = """(charts) => document.querySelectorAll(".js-plotly-plot:has(.main-svg)").length >= charts
  && document.querySelector("[data-testid=stDataFrame] canvas")
  && document.querySelector("[data-testid=stExpander]")"""  # the expander is the last thing on the page
BATCH = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--a-session", type=int, default=40)
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with serving(data) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
            began = time.perf_counter()
            _write(semblance, given.events, given.a_session)
            database = semblance.connection.database
            sizes = [database[f"usage_{name}"].estimated_document_count() for name in ("events", "daily", "hourly")]
            print("{:,} calls, {:,} rollups by day, {:,} by hour".format(*sizes), end="")
            print(f", written in {time.perf_counter() - began:.0f} s")
            with sync_playwright() as playwright:
                expect.set_options(timeout=120_000)
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIET))
                page = browser.new_page(viewport={"width": 1400, "height": 950})
                page.set_default_timeout(120_000)
                sign_in(page, served.address, "admin")
                wait_for_cookie(page)
                _measure(page, f"{served.address}/admin_usage", given.times)
                browser.close()


def _measure(page: Page, address: str, times: int) -> None:
    print(f"first  {_opened_s(page, f'{address}?range=90-days'):.2f} s")
    kept = [_opened_s(page, f"{address}?range=90-days") for _ in range(times)]
    read = [_opened_s(page, f"{address}?range=90-days&by=user&user=user-{number}") for number in range(times)]
    everybody = [_opened_s(page, f"{address}?range=90-days&by={by}") for by in ("user", "project", "feature")]
    read_all = [_opened_s(page, f"{address}?from=2026-01-{day:02}&by=user&show=calls") for day in range(1, 4)]
    inside = [_chosen_s(page, address.removesuffix("/admin_usage")) for _ in range(times)]
    for name, took in (
        ("chosen in the open app, 30 days of everybody", inside),
        ("kept, 90 days of everybody", kept),
        ("read, 90 days of one user", read),
        ("read partly, stacked otherwise", everybody),
        ("read, all days of everybody", read_all),
    ):
        print(f"{name}: {statistics.median(took):.2f} s (target ≤ 2)  {['%.2f' % each for each in took]}")


def _opened_s(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    _drawn(page)
    return time.perf_counter() - began


def _chosen_s(page: Page, home: str) -> float:
    """The same, for who has the app open and chooses the page in its sidebar."""
    page.goto(home)
    page.get_by_test_id("stMetric").first.wait_for()
    page.wait_for_timeout(500)
    began = time.perf_counter()
    page.get_by_test_id("stSidebarNav").get_by_text("Usage and costs").click()
    _drawn(page)
    return time.perf_counter() - began


def _drawn(page: Page) -> None:
    """Looked at with every frame, because Playwright's own waiting looks every half second after a while."""
    page.wait_for_function(DRAWN, arg=CHARTS)


def _write(semblance: Semblance, events: int, a_session: int) -> None:
    now = semblance.clock()
    for number in range(USERS):
        semblance.store.users.add(User(f"user-{number}", f"User {number}", Role.RESEARCHER, now), "no password fits")
    projects = {
        f"user-{number}": [
            semblance.store.projects.add(f"user-{number}", f"Study {number}.{k}", now).id for k in (1, 2)
        ]
        for number in range(USERS)
    }
    database, rollups = semblance.connection.database, semblance.store.usage.rollups
    with database.client.start_session() as session:
        for batch in _batches(events, a_session, projects, now):
            database["usage_events"].insert_many(
                [to_document(event) for event in batch], ordered=False, session=session
            )
            rollups.add([(event, 1) for event in batch], session)


def _batches(events: int, a_session: int, projects: dict[str, list[str]], now: datetime) -> Iterator[list[UsageEvent]]:
    """Sessions over the days, oldest first."""
    rng = random.Random(7)
    users = list(projects)
    batch: list[UsageEvent] = []
    starts = sorted(rng.random() * DAYS for _ in range(events // a_session))
    for session, ago in enumerate(reversed(starts)):
        user = users[min(rng.randrange(USERS), rng.randrange(USERS))]  # some use it more than others
        project, model = rng.choice(projects[user]), rng.choice(MODELS)
        at = now - timedelta(days=ago)
        for number in range(a_session):
            prompt, completion = rng.randrange(400, 9_000), rng.randrange(20, 600)
            tokens = TokenCounts(prompt, prompt // 3, completion, completion // 5)
            cost = None if model.startswith("ollama") else Decimal(prompt * 100 + completion * 400) / 10**9
            status = "ok" if rng.random() > 0.03 else "timeout"
            batch.append(
                UsageEvent(
                    id=f"{session}-{number}",
                    user_id=user,
                    feature=rng.choice(FEATURES),
                    model=model,
                    tokens=tokens,
                    cost_usd=cost,
                    latency_s=rng.lognormvariate(0.5, 0.6),
                    status=status,
                    estimated=False,
                    at=at + timedelta(seconds=number),
                    project_id=project,
                    focus_group_id=f"group-{session}",
                    seq=number,
                )
            )
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    main()
