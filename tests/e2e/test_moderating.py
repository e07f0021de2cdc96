"""Moderating by keyboard and pointer: names behind @, actions on messages, shortcuts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from semblance_core.workspace import SessionConfig, Workspace
from tests.browser import serving
from tests.e2e.signed_in import QUICK, opened, settled
from tests.studies import asked_round, session

NAMES = ("Anna Berg", "Anna Roth", "María José Núñez", "山田花子", "김민준", "Zoë O’Neil")
WRITTEN = """() => {
  window.written = [];
  const within = (root) => [...root.querySelectorAll("*")].flatMap((each) => each.shadowRoot ? [each.shadowRoot, ...within(each.shadowRoot)] : []);
  const log = within(document).map((root) => root.querySelector(".said")).find(Boolean);
  const look = () => log.querySelectorAll(".so-far").forEach((each) => window.written.push(each.textContent));
  new MutationObserver(look).observe(log, { childList: true, subtree: true, characterData: true });
}"""
"""Keeps what is shown of replies before they are there."""
TO_THE_CLIPBOARD = "window.copied = []; navigator.clipboard.writeText = async (text) => { window.copied.push(text); }"


@pytest.fixture(scope="module")
def served(module_dir: Path) -> Iterator[tuple[str, Semblance]]:
    data = module_dir / "data"
    with serving(data, **QUICK) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        yield served.address, semblance


@pytest.fixture
def room(browser: Browser, served: tuple[str, Semblance]) -> Iterator[tuple[Page, Workspace, str]]:
    """The page of a session of one's own in which all have answered once; its workspace; its id."""
    address, semblance = served
    workspace = semblance.workspace("user")
    group = session(workspace, size=len(NAMES))
    people = tuple(replace(person, name=name) for person, name in zip(group.participants, NAMES, strict=True))
    workspace.sessions.change(group.id, SessionConfig("Oat milk", "Oat milk", group.guide, people))
    asked_round(semblance, workspace, group.id, "What do you drink?")
    with opened(browser, address, semblance, "user", policy=True) as context:
        page = context.new_page()
        page.add_init_script(TO_THE_CLIPBOARD)
        page.goto(f"{address}/session?id={group.id}")
        settled(page)
        expect(messages(page)).to_have_count(7)
        yield page, workspace, group.id


def messages(page: Page) -> Locator:
    return page.locator(".said > li")


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Participants").get_by_role("option")


def answered(page: Page, count: int) -> None:
    expect(messages(page)).to_have_count(count)
    expect(page.locator(".said .waiting")).to_have_count(0)


def test_names_behind_an_at_are_offered_and_those_named_are_asked(room: tuple[Page, Workspace, str]) -> None:
    page, workspace, group_id = room
    field(page).click()
    page.keyboard.type("Hello @")
    expect(offered(page)).to_have_text([*NAMES, "all – everyone"])
    page.keyboard.type("ANNA")
    expect(offered(page)).to_have_text(["Anna Berg", "Anna Roth"])
    expect(offered(page).nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(offered(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("Hello @Anna Roth ")
    expect(offered(page)).to_have_count(0)
    page.keyboard.type("and @maria jo")
    offered(page).get_by_text("María José Núñez").click()
    expect(field(page)).to_have_value("Hello @Anna Roth and @María José Núñez ")
    page.keyboard.type("why?")
    page.keyboard.press("Control+Enter")
    answered(page, 10)
    asked = workspace.sessions.messages(group_id, first=8)
    assert {message.speaker for message in asked[1:]} == {"Anna Roth", "María José Núñez"}
    for name, typed in (("김민준", "@기"), ("山田花子", "お願い@山"), ("Zoë O’Neil", "@neil")):
        field(page).fill("")
        page.keyboard.type(typed)
        expect(offered(page)).to_have_text([name])
        page.keyboard.press("Tab")
        expect(field(page)).to_have_value(f"{typed.partition('@')[0]}@{name} ")


def test_escape_closes_the_list_alone_and_what_is_no_name_stays_text(room: tuple[Page, Workspace, str]) -> None:
    page, workspace, group_id = room
    field(page).click()
    page.keyboard.type("me@an")
    expect(offered(page)).to_have_count(0)
    field(page).fill("")
    page.keyboard.type("@an")
    expect(offered(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("@an")
    page.keyboard.type("gelica root: do you use it? @all")
    expect(offered(page)).to_have_text(["all – everyone"])
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    answered(page, 14)
    assert workspace.sessions.messages(group_id, first=8, last=8)[0].text == "@angelica root: do you use it? @all"


def test_a_message_is_copied_linked_and_quoted_by_pointer_and_by_keyboard(room: tuple[Page, Workspace, str]) -> None:
    page, workspace, group_id = room
    copied = "() => window.copied"
    second = messages(page).nth(1)
    for number in (1, 2):
        second.hover()
        second.get_by_role("button", name="Copy text").click()
        page.wait_for_function(f"window.copied.length === {number}")
        expect(second.get_by_role("button", name="Copy text")).to_be_visible()
    second.get_by_role("button", name="Copy link").click()
    page.wait_for_function("window.copied.length === 3")
    text, again, link = page.evaluate(copied)
    assert text == again == workspace.sessions.messages(group_id, first=2, last=2)[0].text
    assert link.endswith(f"/session?id={group_id}&message=2")

    second.get_by_role("button", name="Quote", exact=True).click()
    quote = page.locator(".st-key-session_quote")
    expect(quote.get_by_role("button", name="Don't quote")).to_be_in_viewport()
    quote.get_by_role("button", name="Don't quote").click()
    expect(quote).to_have_count(0)
    field(page).evaluate("(element) => { element.wasHere = true; document.activeElement.blur(); }")
    page.keyboard.press("m")
    expect(messages(page).nth(6)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(messages(page).nth(5)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(messages(page).nth(5).get_by_role("button", name="Quote", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(messages(page).nth(5).get_by_role("button", name="Copy text")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(quote).to_be_visible()
    page.keyboard.type("@Anna Berg why so?")
    page.keyboard.press("Enter")
    answered(page, 9)
    expect(quote).to_have_count(0)
    assert field(page).evaluate("(element) => element.wasHere"), "a field drawn anew loses the caret"
    asked = workspace.sessions.messages(group_id, first=8, last=8)[0]
    assert asked.quote
    assert asked.quote.seq == 6
    shown = messages(page).nth(7).locator(".quote")
    expect(shown).to_contain_text(asked.quote.speaker)
    shown.click()
    expect(messages(page).nth(5)).to_be_focused()


def test_on_a_narrow_screen_the_actions_are_a_menu(room: tuple[Page, Workspace, str]) -> None:
    page, *_ = room
    page.set_viewport_size({"width": 400, "height": 850})
    last = messages(page).last
    opener, copy = last.get_by_role("button", name="Actions on message 7"), last.get_by_role("button", name="Copy text")
    for _ in range(2):
        expect(copy).not_to_be_visible()
        opener.click()
        expect(copy).to_be_visible()
        page.keyboard.press("Escape")
        expect(copy).not_to_be_visible()
        expect(opener).to_be_focused()


def test_keys_moderate_but_not_while_one_types(room: tuple[Page, Workspace, str]) -> None:
    page, workspace, group_id = room
    page.keyboard.press("?")
    expect(page.get_by_text("Keyboard shortcuts", exact=True).last).to_be_visible()
    expect(page.get_by_text("Ask the guide's next question")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Ask the guide's next question")).to_have_count(0)
    expect(page.locator('[role="dialog"]')).to_have_count(0)  # while it closes, keys are still its own
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("no map? /p")
    expect(field(page)).to_have_value("no map? /p")
    assert workspace.sessions.get(group_id).next_seq == 8
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    answered(page, 14)
    asked = workspace.sessions.messages(group_id, first=8, last=8)[0]
    assert asked.text == workspace.sessions.get(group_id).guide.questions[0]
    expect(field(page)).to_have_value("no map? /p")
    field(page).press("Control+A")
    field(page).press("i")
    field(page).evaluate(
        "(element) => { element.remove(); window.clicks = 0; addEventListener('click', () => window.clicks++, true); }"
    )
    page.keyboard.type("nnp")  # the rest of a word whose field was taken away
    assert page.evaluate("window.clicks") == 0


def test_a_reply_is_shown_while_it_is_written(browser: Browser, tmp_path: Path) -> None:
    data, slow = tmp_path / "data", {**QUICK, "SEMBLANCE_SIMULATOR_DELAY_S": "6"}
    with serving(data, **slow) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        group = session(semblance.workspace("user"), size=4)
        with opened(browser, served.address, semblance, "user", policy=True) as context:
            page = context.new_page()
            page.goto(f"{served.address}/session?id={group.id}")
            settled(page)
            page.evaluate(WRITTEN)
            field(page).fill("@all What do you drink in the morning?")
            field(page).press("Enter")
            expect(messages(page)).to_have_count(5)
            expect(page.locator(".said .waiting")).to_have_count(0, timeout=120_000)
            written = {text.strip() for text in page.evaluate("window.written")} - {"", "typing"}
            said = messages(page).locator(".text").all_inner_texts()
            assert any(text.startswith(so_far) for text in said for so_far in written)


def test_the_field_to_ask_in_stays_in_sight_below_the_transcript(room: tuple[Page, Workspace, str]) -> None:
    """720 × 450 is what a small laptop's window has left at 200% zoom."""
    page, *_ = room
    for width, height in ((720, 450), (1400, 900), (400, 850), (1400, 640), (800, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        settled(page)
        expect(messages(page)).to_have_count(7)
        expect(field(page)).to_be_in_viewport(ratio=1)
        for_buttons = page.locator(".st-key-session_head").get_by_role("button", name="Run automatically")
        expect(for_buttons).to_be_in_viewport(ratio=1)
        expect(messages(page).last).to_be_in_viewport()
        above, below = page.locator(".log").bounding_box(), field(page).bounding_box()
        assert above
        assert below
        assert above["y"] + above["height"] <= below["y"], (width, height)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, height)
