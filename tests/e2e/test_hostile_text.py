"""Text of people, models and files is shown as text, everywhere: nothing is fetched, nothing runs, nothing of the app is imitated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.hostile import LINK, Sink, listening, look
from tests.e2e.hostile_study import Study
from tests.e2e.hostile_window import Window
from tests.e2e.signed_in import QUICK, give_cookie, go, opened, settled
from tests.e2e.wizard import button

BREAK_IN = """async (sink) => {
  window.blocked = [];
  document.addEventListener("securitypolicyviolation", (event) => window.blocked.push(event.effectiveDirective));
  const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
  put(`<img src=${sink}/img> <img src=x onerror="window.pwned=1"> <link rel=stylesheet href=${sink}/css>`);
  put(`<iframe src=${sink}/frame></iframe> <object data=${sink}/object></object> <video src=${sink}/video></video>`);
  put(`<base href=${sink}/> <div style="background: url(${sink}/background)">x</div>`);
  for (const [tag, given] of [["script", { src: `${sink}/script` }], ["script", { textContent: "window.pwned = 2" }]])
    document.body.append(Object.assign(document.createElement(tag), given));
  new FontFace("any", `url(${sink}/font)`).load().catch(() => {});
  const form = Object.assign(document.createElement("form"), { action: `${sink}/form`, method: "post" });
  document.body.append(form);
  form.submit();
  const came = [];
  for (const send of [() => fetch(`${sink}/fetch`), () => fetch(`${sink}/post`, { method: "POST", mode: "no-cors" })])
    await send().then(() => came.push("fetch"), () => {});
  navigator.sendBeacon(`${sink}/beacon`);
  try { new WebSocket(sink.replace("http", "ws")); } catch { /* refused at once */ }
  return came;
}"""


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with listening() as sink:
        yield sink


@pytest.fixture(scope="module")
def served(module_dir: Path) -> Iterator[tuple[str, Semblance]]:
    data_dir = module_dir / "data"
    settings = load_settings(SEMBLANCE_DATA_DIR=data_dir, **QUICK)
    with serving(data_dir, **QUICK) as app, open_semblance(settings) as semblance:
        yield app.address, semblance


@pytest.fixture(scope="module")
def study(served: tuple[str, Semblance], sink: Sink) -> Study:
    return Study(served[1], sink)


@pytest.fixture(scope="module")
def window(served: tuple[str, Semblance], study: Study, browser: Browser, sink: Sink) -> Iterator[Window]:
    address, semblance = served
    context = opened(browser, address, semblance, "user")
    window = Window(context.new_page(), sink, address)
    window.open()
    yield window
    context.close()


@pytest.fixture(autouse=True)
def nothing_is_heard(sink: Sink) -> Iterator[None]:
    yield
    assert sink.heard == []


def test_on_every_page_of_a_researcher(window: Window, study: Study) -> None:
    page = window.page
    window.see("account", "Robin")
    window.see("", "Robin", "Oat milk", "Breakfast", "Morning drinks")
    window.see("personas", "It broke down", "Maya Rao", "nurse")
    button(page, re.compile("^Open ")).nth(1).click()
    expect(page.get_by_role("dialog").get_by_text("Traits")).to_be_visible()
    window.look("Shoppers in Leed")
    page.keyboard.press("Escape")
    window.see("personas?view=Panel+report", "Maya Rao")
    window.see(f"personas?view=Compare&a={study.people[0]}&b={study.people[1]}", "Maya Rao", "Ben Cole")
    window.see(f"persona?id={study.people[0]}", "Maya Rao", "Lives in house n")
    button(page, "Delete").click()
    expect(page.get_by_role("dialog").get_by_text("Sessions keep what")).to_be_visible()
    window.look()
    page.keyboard.press("Escape")
    window.see("focus_groups", "Breakfast", "Morning drinks")
    for step in ("topic", "guide", "participants", "limits", "check"):
        window.see(f"focus_group?id={study.draft.id}&step={step}", "Breakfast (copy)")


def test_in_a_session_and_what_was_found_in_it(window: Window, study: Study) -> None:
    page, group = window.page, study.group.id
    go(page, f"/session?id={group}")
    expect(page.locator("li.message")).to_have_count(4)
    text = window.look("What comes to mi", "Maya Rao", "Provider said", "When did you las", "Leaflet")
    assert LINK in text
    button(page, "Search").click()
    page.get_by_label("Find in the transcript").fill("qqheading")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"3 · {LINK}")).to_be_visible()
    window.look()
    window.see(f"findings?id={group}", "Taste matters", "It is dear.")
    window.see(f"findings?id={group}&view=Coding", "Costs", "acme/coder", "Read this again", "What comes to mi")
    window.see(f"projects?id={study.group.project_id}", "Costs", "About money", "Split this one")
    window.see(f"findings?id={group}", "Taste matters", "It is dear.")
    page.get_by_role("main").get_by_role("button", name="Edit Taste").first.click()
    page.get_by_text("Manage quotes", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    window.look("Maya Rao")
    page.keyboard.press("Escape")


def test_in_a_session_without_a_live_feed(
    served: tuple[str, Semblance], study: Study, browser: Browser, sink: Sink
) -> None:
    """A window of its own: once one kind of socket is routed, every socket of its pages goes through the test's own process."""
    address, semblance = served
    context = opened(browser, address, semblance, "user")
    context.route_web_socket("**/api/live", lambda socket: socket.close())
    window = Window(context.new_page(), sink, address)
    window.open()
    go(window.page, f"/session?id={study.group.id}&message=1")
    expect(window.page.get_by_test_id("stChatMessage")).to_have_count(4)
    window.look("What comes to mi", "Maya Rao", "Provider said", "Shown: Leaflet")
    context.close()


def test_in_charts_and_under_the_pointer(window: Window, study: Study) -> None:
    window.see(f"findings?id={study.group.id}&view=Charts", "Maya Rao")
    said = window.hover(charts=5, pointed=5)
    expect(window.page.get_by_text(LINK, exact=True).first).to_be_attached()
    assert "Taste matters ![qqimage]" in said
    window.see("usage", "simulator/instan")
    assert "![qqimage]" in window.hover(charts=5, pointed=4)


def test_in_stimuli_and_what_they_hold(window: Window, study: Study) -> None:
    page = window.page
    window.see(f"focus_group?id={study.draft.id}&step=stimuli", "Leaflet", "Pack")
    for place, inside in ((0, "It costs 2.10"), (1, "A blue pack")):
        button(page, "Preview").nth(place).click()
        expect(page.get_by_role("dialog").get_by_text(inside)).to_be_visible()
        window.look(inside)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_timeout(1_000)  # the closed dialog has the page run once more
    go(page, f"/session?id={study.group.id}&stimulus={study.stimuli[0].id}")
    expect(page.get_by_role("dialog").get_by_text("It costs 2.10")).to_be_visible()
    window.look("It costs 2.10", "Leaflet")
    with page.expect_download() as taken:
        page.get_by_role("dialog").get_by_role("button", name="Original").click()
    assert set(taken.value.suggested_filename).isdisjoint('/\\:<>"|?*\u202e\u200b')
    page.keyboard.press("Escape")


def test_in_toasts(window: Window, study: Study) -> None:
    page = window.page
    window.see("focus_groups", "Mallory")
    window.choose("Duplicate")
    window.toast("Created the draft", "Mallory")
    window.see("personas?find=Mallory", "Mallory")
    window.choose("Copy")
    window.toast("Created Mallory", "Mallory")
    window.choose("Edit")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    window.toast("Saved ", "Mallory")
    button(page, "Select all").click()
    button(page, "Copy to a project").click()
    page.get_by_role("dialog").get_by_role("button", name="Copy", exact=True).click()
    window.toast("to Second study", "to Second study")


def test_in_a_report_that_is_opened_as_a_file(window: Window, study: Study, sink: Sink, tmp_path: Path) -> None:
    page = window.page
    window.see(f"findings?id={study.group.id}&view=Files", "simulator/instan")
    with page.expect_download() as taken:
        button(page, "Page").click()
    assert taken.value.suggested_filename.startswith("breakfast-qqimage-http-127-0-0-1")
    taken.value.save_as(tmp_path / "report.html")
    asked: list[str] = []
    report = page.context.new_page()
    report.on("request", lambda request: asked.append(request.url))
    address = (tmp_path / "report.html").as_uri()
    report.goto(address)
    look(report, sink, "Breakfast", "Taste matters", "Maya Rao", "It is dear.", "What comes to mi", "When did you las")
    assert report.locator("script, iframe, object, embed, form, base, link, img:not([src^='data:'])").count() == 0
    assert [each for each in asked if not each.startswith("data:")] == [address]
    report.close()


def test_in_a_report_behind_a_link(window: Window, study: Study, browser: Browser, sink: Sink) -> None:
    """Made twice; a reader without an account opens the second, and finds it closed once it was ended."""
    page = window.page
    window.see(f"findings?id={study.group.id}&view=Files")
    addresses = set[str]()
    for made in (1, 2):
        button(page, "Create link").click()
        expect(page.get_by_role("button", name=re.compile("^End link"))).to_have_count(made)
        addresses.add(address := page.get_by_test_id("stCode").inner_text().strip())
    assert len(addresses) == 2
    with browser.new_context(bypass_csp=True) as context:
        report = context.new_page()
        report.goto(address)
        look(report, sink, "Breakfast", "Taste matters", "Maya Rao", "It is dear.", "What comes to mi")
        assert report.locator("script, iframe, object, embed, form, base, link, img").count() == 0
        button(page, re.compile("^End link")).first.click()
        page.get_by_role("dialog").get_by_role("button", name="End link").click()
        expect(page.get_by_test_id("stToast").get_by_text("Ended the link")).to_be_visible()
        closed = report.goto(address)
        assert closed
        assert closed.status == 404
    go(page, f"/projects?id={study.group.project_id}")
    expect(page.get_by_text("Shared reports", exact=True)).to_be_visible()
    window.look()


@pytest.fixture(scope="module")
def administrator(window: Window, served: tuple[str, Semblance]) -> Window:
    """The same window, of an administrator from here on."""
    give_cookie(window.page.context, *served, "admin")
    window.open()
    return window


def test_on_every_page_of_an_administrator(administrator: Window, study: Study) -> None:
    window = administrator
    window.see("admin?user=user", "Robin")
    window.see("admin?view=Audit+log")
    expect(window.page.get_by_text("2 actions, newest first.")).to_be_visible()
    window.look()
    window.see("admin_usage", "simulator/instan")
    assert "![qqimage]" in window.hover(charts=8, pointed=2)
    window.see("prices", "simulator/instan")
    window.see(f"session?id={study.group.id}", "Breakfast")


def test_no_table_saves_itself_as_a_file_whose_cells_may_be_formulas(administrator: Window) -> None:
    """Streamlit's own button would write cells as they are."""
    page = administrator.page
    for where in ("admin", "admin?view=Audit+log", "admin_usage", "prices"):
        go(page, f"/{where}")
        page.get_by_test_id("stDataFrame").first.hover()
        toolbar = page.get_by_test_id("stElementToolbar").first
        expect(toolbar.get_by_role("button", name="Search")).to_be_visible()
        expect(toolbar.get_by_role("button", name=re.compile("download|CSV", re.IGNORECASE))).to_have_count(0)


def test_the_policy_keeps_a_page_from_other_origins_should_a_renderer_fail(
    served: tuple[str, Semblance], browser: Browser, sink: Sink
) -> None:
    address, semblance = served
    for policy in (False, True):
        context = opened(browser, address, semblance, "user", policy=policy)
        page = context.new_page()
        page.goto(address)
        settled(page)
        page.evaluate("(sink) => { new Image().src = `${sink}/heard`; }", sink.address)
        page.wait_for_timeout(500)
        assert sink.heard == ([] if policy else ["GET /heard"])
        if not policy:
            context.close()
            sink.heard.clear()
    assert page.evaluate(BREAK_IN, sink.address) == []
    page.wait_for_timeout(1_000)
    assert sink.heard == []
    assert page.evaluate("window.pwned") is None
    assert page.url.startswith(address)
    blocked = set(page.evaluate("window.blocked"))
    assert blocked >= {"img-src", "script-src-elem", "script-src-attr", "style-src-elem", "connect-src", "frame-src"}
    assert blocked >= {"object-src", "media-src", "form-action", "font-src", "base-uri"}
    context.close()
