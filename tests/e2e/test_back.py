"""Where the browser's Back leads, and where another page of a list begins."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.signed_in import QUICK, opened, settled
from tests.seeds import small
from ui.session.listing import SHOWN

SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"
TO_ITS_END = (
    "() => { const main = document.querySelector('[data-testid=stMain]'); main.scrollTop = main.scrollHeight; }"
)
FIRST_ROW = """() => document.querySelector('[data-testid=stMain] [data-testid=stPagination]')
  .closest('[data-testid=stElementContainer]').previousElementSibling.getBoundingClientRect().top"""


@pytest.fixture(scope="module")
def study(module_dir: Path) -> Iterator[tuple[str, Semblance]]:
    """A running app, and a project with two pages of sessions."""
    data = module_dir / "data"
    with serving(data, **QUICK) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        seeded = small(semblance)
        for _ in range(SHOWN):
            semblance.workspace("user").sessions.duplicate(seeded.group_id)
        yield served.address, semblance


@pytest.fixture
def window(browser: Browser, study: tuple[str, Semblance]) -> Iterator[Page]:
    """The page of the project's sessions."""
    address, semblance = study
    with opened(browser, address, semblance, "user", policy=True) as context:
        page = context.new_page()
        page.goto(f"{address}/focus_groups")
        settled(page)
        yield page


def to(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
    expect(page.get_by_role("main").get_by_role("heading", name=name, exact=True)).to_be_visible()
    settled(page)


def back_at(page: Page, heading: str, address: str) -> None:
    page.go_back()
    expect(page).to_have_url(re.compile(address))
    expect(page.get_by_role("main").get_by_role("heading", name=heading, exact=True)).to_be_visible()
    settled(page)


def test_each_place_is_one_step_back(window: Page) -> None:
    for name in ("Personas", "Focus groups", "My usage"):
        to(window, name)
    back_at(window, "Focus groups", r"/focus_groups\?project_id=\w+$")
    back_at(window, "Personas", r"/personas\?project_id=\w+$")
    back_at(window, "Focus groups", r"/focus_groups")


def test_a_session_leads_back_to_the_page_of_the_list_that_it_was_opened_from(window: Page) -> None:
    main = window.get_by_role("main")
    main.get_by_role("button", name="Page 2", exact=True).click()
    expect(window).to_have_url(re.compile("page=2"))
    main.get_by_role("button", name=re.compile("^Open")).click()
    expect(window).to_have_url(re.compile(r"/session\?id="))
    expect(main.get_by_text("About this session")).to_be_visible()
    assert window.evaluate(SCROLLED) == 0
    back_at(window, "Focus groups", r"/focus_groups\?.*page=2$")
    expect(main.get_by_role("button", name=re.compile("^Open"))).to_be_visible()


class SlowWay:
    """The connection of a window to the app, on which what the app sends can be held up."""

    def __init__(self, page: Page) -> None:
        self.is_held = False
        self.asked = 0
        self._page = page
        self._held: list[str | bytes] = []
        page.route_web_socket(re.compile(r"/_stcore/stream"), self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser, app = browser, browser.connect_to_server()

        def to_app(message: str | bytes) -> None:
            asked = BackMsg.FromString(message) if isinstance(message, bytes) else BackMsg()
            self.asked += asked.rerun_script.is_auto_rerun
            app.send(message)

        browser.on_message(to_app)
        app.on_message(lambda message: self._held.append(message) if self.is_held else browser.send(message))

    def until_asked(self, times: int) -> None:
        """Waits until parts of the page asked to run again so often, and were answered."""
        wanted = self.asked + times
        while self.asked < wanted:
            self._page.wait_for_timeout(200)
        self._page.wait_for_timeout(1_000)

    def release(self) -> None:
        self.is_held = False
        for message in self._held:
            self._browser.send(message)


def test_a_page_stays_whatever_the_page_before_asks_for_until_the_browser_knows(
    browser: Browser, study: tuple[str, Semblance]
) -> None:
    """Parts that run again by themselves ask until the browser has heard of the other page, which takes a moment on a slow way."""
    address, semblance = study
    with opened(browser, address, semblance, "user", policy=True) as context:
        page = context.new_page()
        way = SlowWay(page)
        page.goto(f"{address}/focus_groups?page=2")
        settled(page)
        way.is_held = True
        page.get_by_role("main").get_by_role("button", name=re.compile("^Open")).first.click()
        way.until_asked(1)
        way.release()
        expect(page.get_by_role("main").get_by_text("About this session")).to_be_visible()
        settled(page)
        expect(page).to_have_url(re.compile(r"/session\?id=[\w-]+$"))
        expect(page.get_by_role("main").get_by_text("About this session")).to_be_visible()


def test_another_page_of_a_list_begins_at_its_top(window: Page) -> None:
    window.set_viewport_size({"width": 1000, "height": 600})
    window.evaluate(TO_ITS_END)
    window.get_by_role("main").get_by_role("button", name="Page 2", exact=True).click()
    expect(window).to_have_url(re.compile("page=2"))
    settled(window)
    assert 0 <= window.evaluate(FIRST_ROW) < 300


def test_a_reload_right_after_the_first_word_makes_one_draft(window: Page) -> None:
    main = window.get_by_role("main")
    main.get_by_role("button", name="New focus group", exact=True).click()
    expect(window).to_have_url(re.compile("new="))
    main.get_by_role("textbox", name="Title").fill("Only once")
    window.keyboard.press("Tab")
    window.reload()
    settled(window)
    expect(window).to_have_url(re.compile(r"focus_group\?.*id=\w{16}"))
    expect(main.get_by_role("textbox", name="Title")).to_have_value("Only once")
    to(window, "Focus groups")
    expect(main.get_by_text("Only once", exact=True)).to_have_count(1)


def test_a_round_of_interviews_and_each_of_its_views_are_steps(window: Page) -> None:
    main = window.get_by_role("main")
    to(window, "Interviews")
    main.get_by_role("button", name=re.compile("^Open")).first.click()
    expect(window).to_have_url(re.compile(r"/interviews\?id=\w+$"))
    settled(window)
    for view in ("Themes", "Guide"):
        main.get_by_role("button", name=view, exact=True).or_(main.get_by_role("radio", name=view, exact=True)).click()
        expect(window).to_have_url(re.compile(f"view={view}$"))
        settled(window)
    window.go_back()
    expect(window).to_have_url(re.compile("view=Themes$"))
    settled(window)
    window.go_back()
    expect(window).to_have_url(re.compile(r"/interviews\?id=\w+$"))
    expect(main.get_by_text("Side by side", exact=True)).to_be_visible()
    settled(window)
    back_at(window, "Interviews", r"/interviews(\?project_id=\w+)?$")


def test_a_page_that_went_white_is_loaded_again_at_its_address(window: Page) -> None:
    """As after an element for a place that is gone, which ends what Streamlit has drawn."""
    to(window, "Personas")
    window.evaluate("document.getElementById('root').replaceChildren()")
    expect(window.get_by_role("main").get_by_role("heading", name="Personas", exact=True)).to_be_visible()
    settled(window)
    expect(window).to_have_url(re.compile("/personas"))
