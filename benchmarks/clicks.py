"""Measures the usual clicks in a browser, the first page beside that of an empty Streamlit app, and the memory of an idle app.

`python -m benchmarks.clicks [--other TREE] [--times 7]` prints the median seconds of each click over a store with 60 personas, 25
sessions and 2,000 messages, from the click to the page that is settled. With `--other`, a second tree of this program (such as
one before a change) is measured in the same run, click by click in turn, each over a store of its own. Targets: no median over
1 s; first page at most 1.3 times an empty Streamlit app's; at most 300 MB (PSS) over all processes.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.clicks_served import empty_app, grown, memory, serving
from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import QUIET, ROOT
from tests.e2e.signed_in import KEY, QUICK, opened, settled
from tests.seeds import Seeded

IDLE_S = 20
DONE = """([seen, script]) => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  && !document.querySelector("[data-stale=true]") && (!seen || document.body.innerText.includes(seen))
  && (!script || document.querySelector(script))"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--other", type=Path, default=None)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", default="", help="clicks whose names hold this")
    given = parser.parse_args()
    trees = {"this": ROOT} | ({"other": given.other.resolve()} if given.other else {})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        empty = stack.enter_context(serving(empty_app(folder), {}, folder))
        apps = {name: stack.enter_context(_app(tree, folder / name)) for name, tree in trees.items()}
        playwright = stack.enter_context(sync_playwright())
        expect.set_options(timeout=120_000)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(QUIET))
        for app in apps.values():
            app.first_s(browser)
        time.sleep(IDLE_S)
        for name, app in apps.items():
            print(f"idle {name}: {memory(app.process)}")
        _first_pages(browser, empty.address, apps, given.times)
        windows = {name: app.window(browser) for name, app in apps.items()}
        print(f"{'click':44}" + "".join(f"{name:>10}" for name in apps))
        for words, click in ((words, click) for words, click in CLICKS.items() if given.only in words):
            took: dict[str, list[float]] = {name: [] for name in apps}
            for _ in range(given.times):
                for name, window in windows.items():
                    try:
                        took[name].append(click(window))
                    except PlaywrightError as failed:  # the other clicks are measured all the same
                        print(f"{words}, {name}: {str(failed).splitlines()[0]}", file=sys.stderr)
            medians = [f"{statistics.median(each):>10.2f}" if each else f"{'-':>10}" for each in took.values()]
            print(f"{words:44}{''.join(medians)}", flush=True)
        for name, app in apps.items():
            print(f"used {name}: {memory(app.process)}")
        browser.close()


class App:
    """An app with its store. process: of the server."""

    def __init__(self, address: str, process: "subprocess.Popen[bytes]", semblance: Semblance, seeded: Seeded):
        self.address, self.process, self._semblance, self._seeded = address, process, semblance, seeded

    def window(self, browser: Browser) -> "Window":
        """A signed-in window that has seen the first page."""
        context = opened(browser, self.address, self._semblance, "user", policy=True)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(self.address)
        settled(page)
        return Window(page, self.address, self._seeded)

    def first_s(self, browser: Browser) -> float:
        """Seconds from an address to its settled page, in a new browser context that is signed in."""
        context = opened(browser, self.address, self._semblance, "user", policy=True)
        page = context.new_page()
        began = time.perf_counter()
        page.goto(self.address, wait_until="commit")
        page.wait_for_function(DONE, arg=["Recorded studies", ""])
        took = time.perf_counter() - began
        context.close()
        return took


class Window:
    """One window, led from page to page."""

    def __init__(self, page: Page, address: str, seeded: Seeded):
        self.page, self.address, self.seeded = page, address, seeded

    def at(self, where: str) -> None:
        """Goes to an address without being measured."""
        self.page.goto(f"{self.address}/{where}")
        settled(self.page)
        self.page.wait_for_function(DONE, arg=["", ""])

    def took(self, click: Callable[[], Any], seen: str = "", script: str = "") -> float:
        """Seconds from the click until the page is settled and shows this text and element."""
        began = time.perf_counter()
        click()
        self.page.wait_for_timeout(10)  # the click's run has begun by then
        self.page.wait_for_function(DONE, arg=[seen, script])
        return time.perf_counter() - began

    def sidebar(self, name: str) -> Callable[[], Any]:
        return self.page.get_by_test_id("stSidebarNav").get_by_text(name, exact=True).click


def _by_sidebar(name: str, seen: str, script: str = "") -> Callable[[Window], float]:
    def click(window: Window) -> float:
        window.at("account")
        return window.took(window.sidebar(name), seen, script)

    return click


def _tick(window: Window) -> float:
    if "/personas" not in window.page.url or "view=" in window.page.url:
        window.at("personas")
    box = window.page.get_by_test_id("stCheckbox").nth(3)
    was = box.locator("input").is_checked()
    began = time.perf_counter()
    box.click()
    window.page.wait_for_function(
        "(was) => document.querySelectorAll('[data-testid=stCheckbox] input')[3].checked !== was", arg=was
    )
    window.page.wait_for_function(DONE, arg=["" if was else "1 selected", ""])
    return time.perf_counter() - began


def _open_persona(window: Window) -> float:
    window.at("personas")
    return window.took(window.page.get_by_role("main").get_by_role("button", name="Open").first.click, "Talkativeness")


def _open_session(window: Window) -> float:
    window.at("focus_groups")
    click = window.page.get_by_role("main").get_by_role("button", name="Open").first.click
    return window.took(click, "Cost so far", "[data-testid=stChatInputTextArea], .chat")


def _view(page: str, name: str, seen: str, script: str = "") -> Callable[[Window], float]:
    def click(window: Window) -> float:
        window.at(page.format(group=window.seeded.group_id))
        return window.took(window.page.get_by_role("main").get_by_text(name, exact=True).first.click, seen, script)

    return click


def _filter(window: Window) -> float:
    window.at("focus_groups")
    return window.took(window.page.get_by_role("main").get_by_text("Moderated", exact=False).first.click)


def _find(window: Window) -> float:
    window.at("personas")
    return window.took(lambda: window.page.get_by_label("Find").fill("person7"), "1 of 60 personas")


CHART = ".js-plotly-plot .main-svg"
CLICKS: dict[str, Callable[[Window], float]] = {
    "Home": _by_sidebar("Home", "Recorded studies"),
    "Personas": _by_sidebar("Personas", "of 60 personas"),
    "Focus groups": _by_sidebar("Focus groups", "New focus group"),
    "My usage": _by_sidebar("My usage", "", CHART),
    "tick a persona": _tick,
    "open a persona": _open_persona,
    "find in personas": _find,
    "Gallery -> Panel report": _view("personas", "Panel report", "drawn at random", CHART),
    "Gallery -> Compare": _view("personas", "Compare", "Choose two personas"),
    "open a session": _open_session,
    "filter sessions by state": _filter,
    "Findings: Themes -> Charts": _view("findings?id={group}", "Charts", "", ".js-plotly-plot"),
    "Findings: Themes -> Files": _view("findings?id={group}", "Files", "JSON"),
    "wizard: Topic -> Participants": _view("focus_group?new=a", "4. Participants", "of 60 personas"),
}


def _first_pages(browser: Browser, empty: str, apps: dict[str, App], times: int) -> None:
    def empty_s() -> float:
        context = browser.new_context(viewport={"width": 1400, "height": 950})
        page = context.new_page()
        began = time.perf_counter()
        page.goto(empty, wait_until="commit")
        page.wait_for_function(DONE, arg=["empty", ""])
        took = time.perf_counter() - began
        context.close()
        return took

    empties: list[float] = []
    firsts: dict[str, list[float]] = {name: [] for name in apps}
    for turn in range(times + 1):
        measured = [empty_s(), *(app.first_s(browser) for app in apps.values())]
        if turn:  # the first one is everybody's first
            empties.append(measured[0])
            for name, seconds in zip(apps, measured[1:], strict=True):
                firsts[name].append(seconds)
    base = statistics.median(empties)
    print(f"first page, empty Streamlit app: {base:.2f} s")
    for name, took in firsts.items():
        print(f"first page, {name}: {statistics.median(took):.2f} s, {statistics.median(took) / base:.2f} times that")


@contextmanager
def _app(tree: Path, folder: Path) -> Iterator[App]:
    folder.mkdir()
    data = folder / "data"
    settings = {"SEMBLANCE_DATA_DIR": str(data), "SEMBLANCE_COOKIE_KEY": KEY, **QUICK}
    with (
        serving(tree / "app.py", settings, folder, tree) as served,
        open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance,
    ):
        yield App(served.address, served.process, semblance, grown(semblance))


if __name__ == "__main__":
    main()
