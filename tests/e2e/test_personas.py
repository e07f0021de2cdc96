"""A panel in a real browser: imported, found, weighed, compared, taken along; every view has an address of its own."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import sign_in, wait_for_cookie
from tests.e2e.wizard import button, shot

PEOPLE = [
    {
        "name": f"Person{number} Test",
        "age": 20 + number,
        "gender": "woman" if number % 2 else "man",
        "occupation": "nurse" if number < 3 else "baker",
        "backstory": f"Lives in house number {number} and shops on the way home, {'early' if number % 3 else 'late'}.",
    }
    for number in range(14)
]


def test_a_panel_is_imported_found_weighed_and_taken_to_a_focus_group(app: str, page: Page, pictures: Path) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    page.goto(f"{app}/personas")
    button(page, "Import").click()
    dialog = page.get_by_role("dialog")
    wrong = [*PEOPLE, {"name": "Too Young", "age": 12}]
    upload(page, wrong)
    expect(
        dialog.get_by_text("Persona 15 (Too Young): Age: “12” is not a whole number from 16 to 110.")
    ).to_be_visible()
    expect(dialog.get_by_role("button", name="Import 14 personas")).to_be_disabled()
    shot(page, pictures, "20-import")
    dialog.get_by_text("Skip this row and import the rest").click()
    dialog.get_by_role("button", name="Import 14 personas").click()
    expect(page.get_by_text("14 of 14 personas")).to_be_visible()
    expect(button(page, re.compile("^Open "))).to_have_count(12)

    page.get_by_placeholder("Name, occupation, place").fill("nurse")  # found as it is typed
    expect(page.get_by_text("3 of 14 personas")).to_be_visible()
    button(page, "Filters").click()
    page.get_by_test_id("stPopoverBody").get_by_text("16–24").click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"(?=.*\bage=).*\bfind=nurse"))
    page.reload()
    expect(page.get_by_text("3 of 14 personas")).to_be_visible()
    shot(page, pictures, "21-personas-found")

    page.get_by_test_id("stButtonGroup").get_by_text("Panel report").click()
    expect(page.get_by_text("Were 3 people drawn at random")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    shot(page, pictures, "22-panel-report")
    button(page, re.compile("^compare_arrows Compare .+ with |^Compare .+ with ")).first.click()
    expect(page.get_by_text("Text similarity")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Text similarity")).to_be_visible()
    shot(page, pictures, "23-compare")
    page.get_by_role("main").get_by_role("link", name="Open").first.click()
    expect(page.get_by_text("Sessions")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=re.compile(r"Person\d Test"))).to_be_visible()
    shot(page, pictures, "24-persona-page")

    page.goto(f"{app}/personas?find=nurse")
    button(page, "Select all").click()
    link = page.get_by_role("main").get_by_role("link", name="Start a focus group")
    expect(link).to_have_attribute("href", re.compile(r"focus_group\?with=[0-9a-z]{16}(%2C|,)[0-9a-z]{16}(%2C|,)"))
    shot(page, pictures, "25-picked")
    button(page, "Delete selected").click()
    expect(dialog.get_by_text("This cannot be undone.")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{app}/personas")
    expect(page.get_by_text("14 of 14 personas")).to_be_visible()


def upload(page: Page, people: list[dict[str, object]]) -> None:
    content = json.dumps(people).encode()
    files = {"name": "panel.json", "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]


def test_two_tabs_on_one_draft_overwrite_nothing_and_keep_what_was_typed(app: str, page: Page, pictures: Path) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    page.goto(f"{app}/focus_group")
    page.get_by_role("textbox", name="Title").fill("Oat milk")
    page.get_by_role("textbox", name="Title").press("Tab")
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("textbox", name="Title")).to_have_value("Oat milk")
    for tab, title in ((page, "Mine"), (other, "Yours")):
        tab.get_by_role("textbox", name="Title").fill(title)
        tab.get_by_role("textbox", name="Title").press("Tab")
        expect(tab.get_by_role("main").get_by_role("heading", name="Mine")).to_be_visible()
    expect(other.get_by_text("You changed the title in another window").first).to_be_visible()
    expect(other.get_by_role("textbox", name="Title")).to_have_value("Yours")
    shot(other, pictures, "26-two-tabs")
    button(other, "Next: Guide").click()  # typed and clicked at once: the first tab says so at its next run
    expect(button(other, "Back")).to_be_visible()
    button(other, "Back").click()
    expect(other.get_by_role("textbox", name="Title")).to_have_value("Yours")
    button(other, "Keep mine").click()
    expect(other.get_by_text("What you typed is kept here")).to_have_count(0)
    page.get_by_role("textbox", name=re.compile("^Topic")).fill("Breakfast")
    page.get_by_role("textbox", name=re.compile("^Topic")).press("Tab")
    expect(page.get_by_text("You changed the title in another window")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Yours")
    button(page, "Got it").click()
    expect(page.get_by_text("You changed the title in another window")).to_have_count(0)
