"""Every page in a real browser, as researcher and as administrator side by side, wide and light, narrow and dark.

The pictures in screenshots/walk are there to be looked at.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from semblance_core.bootstrap import open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving, sign_in, wait_for_cookie
from tests.e2e.signed_in import go
from tests.pages.test_every_page import ADMINISTRATION, PAGES
from tests.seeds import Seeded, small
from ui.coding.transcript import HTML
from ui.parts.routes import asset

NEWS = "Only administrators may do this."


@pytest.fixture(scope="module")
def study(module_dir: Path) -> Iterator[tuple[str, Seeded]]:
    """A running app, and the finished study of its researcher."""
    data = module_dir / "data"
    with serving(data) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        yield served.address, small(semblance)


class Window:
    """One person's browser window, which notes what it must not see."""

    def __init__(self, browser: Browser, address: str, user: str, closing: ExitStack):
        context = browser.new_context(viewport={"width": 1400, "height": 950})
        closing.callback(context.close)
        self.address, self.user = address, user
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._note)
        sign_in(self.page, address, user)
        wait_for_cookie(self.page)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.wrong.append(f"asked for {request.url}")

    def open(self, name: str, query: dict[str, str], picture: Path) -> None:
        """By its address, as a link from elsewhere does."""
        self.page.goto(f"{self.address}{_path(name, query)}")
        self._look_at(name, picture)

    def turn_to(self, name: str, query: dict[str, str], picture: Path) -> None:
        """From another page, without loading the app again."""
        go(self.page, _path(name, query))
        self._look_at(name, picture)

    def _look_at(self, name: str, picture: Path) -> None:
        main = self.page.get_by_role("main")
        expect(main.get_by_role("heading").or_(main.get_by_text(NEWS)).first).to_be_visible(timeout=60_000)
        expect(self.page.locator("[data-test-script-state=notRunning]")).to_be_visible(timeout=60_000)
        for unready in (self.page.get_by_test_id("stSkeleton"), main.get_by_text("Connecting …")):
            expect(unready.locator("visible=true")).to_have_count(0, timeout=60_000)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        if name in ADMINISTRATION and self.user != "admin":
            expect(main.get_by_text(NEWS)).to_be_visible()
        else:
            expect(main.get_by_test_id("stAlertContentError")).to_have_count(0)
        self.page.screenshot(path=picture)


def _path(name: str, query: dict[str, str]) -> str:
    return f"/{'' if name == 'home' else name}?{urlencode(query)}"


def test_researcher_and_administrator_walk_every_page_side_by_side(
    study: tuple[str, Seeded], browser: Browser, pictures: Path
) -> None:
    address, seeded = study
    (folder := pictures / "walk").mkdir(exist_ok=True)
    with ExitStack() as closing:
        windows = [Window(browser, address, user, closing) for user in ("user", "admin")]
        for name in PAGES:
            for window in windows:
                window.open(name, seeded.address(name), folder / f"{name}-{window.user}.png")
        assert [window.wrong for window in windows] == [[], []]


def test_every_page_fits_a_narrow_window_in_the_dark(
    study: tuple[str, Seeded], browser: Browser, pictures: Path
) -> None:
    address, seeded = study
    (folder := pictures / "walk").mkdir(exist_ok=True)
    with ExitStack() as closing:
        window = Window(browser, address, "admin", closing)
        window.page.set_viewport_size({"width": 480, "height": 900})
        window.page.emulate_media(color_scheme="dark")
        for name in PAGES:
            window.turn_to(name, seeded.address(name), folder / f"{name}-narrow.png")
            beside = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
            assert window.page.evaluate(beside) <= 0, f"{name} is wider than the window"
        assert window.wrong == []


def test_words_that_are_marked_are_told_by_their_place(page: Page) -> None:
    """The component of the Coding view by itself, in a shadow root as Streamlit puts it there; characters count as Python counts them."""
    text = "Well 😀 it is far too dear for me."
    code = {"id": "a", "name": "Price", "path": "Price", "colour": "#2F7566"}
    coding = {"id": "c", "code": "a", "start": 0, "end": 12, "by": "Dana", "model": False, "confirmed": ""}
    said = {"seq": 2, "speaker": "Maya", "role": "persona", "text": text, "codings": [coding], "memos": []}
    other = {**said, "seq": 3, "text": "Next.", "codings": []}
    page.set_content("<div id=host></div>")
    page.add_script_tag(content=asset("coding.js").replace("export default function (given)", "function start(given)"))
    data = json.dumps({"codes": [code], "messages": [said, other]})
    page.evaluate(
        """([html, css, data]) => {
          const root = document.getElementById("host").attachShadow({ mode: "open" });
          root.innerHTML = `<style>${css}</style>${html}`;
          window.told = [];
          start({ data: new TextEncoder().encode(data), parentElement: root, setTriggerValue: (...given) => told.push(given) });
        }""",
        [HTML, asset("coding.css"), data],
    )
    page.locator(".text").first.click(click_count=3)
    bar = page.get_by_role("dialog", name="Codes for the marked words")
    expect(bar.get_by_text(f"“{text}”")).to_be_visible()
    bar.get_by_label("Price").check()
    bar.get_by_role("button", name="Code", exact=True).click()
    page.get_by_role("button", name="Remove Price on").click()
    (_, given), removed = page.evaluate("told")
    assert (given["seq"], given["start"], given["end"], given["codes"]) == (2, 0, len(text), ["a"])
    assert removed == ["remove", "c"]
