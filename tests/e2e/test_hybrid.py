"""Moderating by turns: in turn, let them discuss, suggestions, skip, insert, go back; a whisper while it runs; interviews side by side."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.reports.interviews import side_by_side
from semblance_core.settings import load_settings
from semblance_core.workspace import Workspace
from tests.browser import serving
from tests.e2e.signed_in import QUICK, opened, settled
from tests.studies import eventually, panel, session

FIRST, SECOND, THIRD = (
    "When did you last buy oat milk?",
    "What made you choose it?",
    "What is a fair price for a litre?",
)
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Page, Workspace]]:
    """The address of an app, a signed-in page of it, and the workspace of whoever is signed in."""
    data = tmp_path_factory.mktemp("hybrid") / "data"
    with (
        serving(data, **QUICK) as served,
        open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance,
        opened(browser, served.address, semblance, "user", policy=True) as context,
    ):
        yield served.address, context.new_page(), semblance.workspace("user")


@pytest.fixture
def room(app: tuple[str, Page, Workspace]) -> tuple[Page, Workspace, str]:
    """The page of a session that has not begun; its workspace; its id."""
    address, page, workspace = app
    group = session(workspace, size=4)
    page.goto(f"{address}/session?id={group.id}")
    settled(page)
    return page, workspace, group.id


def messages(page: Page) -> Locator:
    return page.locator(".said > li")


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def answered(page: Page, count: int) -> None:
    expect(messages(page)).to_have_count(count, timeout=PATIENCE_MS)
    expect(page.locator(".said .waiting")).to_have_count(0, timeout=PATIENCE_MS)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def steer(page: Page) -> None:
    """Opens the controls, unless they are open."""
    if not page.get_by_role("radiogroup", name="Answers").is_visible():
        button(page, "Steer").click()
    expect(page.get_by_role("radiogroup", name="Answers")).to_be_visible()


def closed(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("radiogroup", name="Answers")).to_have_count(0)


def test_a_moderator_asks_in_turn_lets_discuss_takes_up_a_suggestion_and_changes_the_guide(
    room: tuple[Page, Workspace, str],
) -> None:
    page, workspace, group_id = room
    steer(page)
    page.get_by_role("radio", name="In turn").click()
    closed(page)
    button(page, "Ask this question").click()
    answered(page, 5)
    expect(messages(page).first).to_contain_text("Answered in turn")

    for last in (8, 11):
        steer(page)
        page.get_by_label("Turns", exact=True).fill("3")
        page.get_by_label("Turns", exact=True).press("Enter")
        button(page, "Let them discuss this").click()
        answered(page, last)
        expect(page.get_by_text("They have discussed it. It is your turn.")).to_be_visible(timeout=PATIENCE_MS)

    steer(page)
    button(page, "Suggest follow-ups").click()
    offered = page.locator(".st-key-suggestions").get_by_test_id("stBaseButton-secondary")
    expect(offered).to_have_count(3, timeout=PATIENCE_MS)
    closed(page)
    page.reload()
    settled(page)
    expect(offered).to_have_count(3)
    offered.nth(2).click()
    expect(field(page)).not_to_have_value("")
    taken = field(page).input_value()
    field(page).press("Enter")
    answered(page, 16)
    asked = workspace.sessions.messages(group_id, first=12, last=12)[0]
    assert asked.text == taken
    expect(offered).to_have_count(0)

    steer(page)
    button(page, "Skip this question").click()
    expect(page.get_by_text(f"skipped “{SECOND}” after message 16.")).to_be_visible(timeout=PATIENCE_MS)
    steer(page)
    page.get_by_label("Insert a question as the next one").fill("Who cooks at home?")
    button(page, "Insert").click()
    expect(page.get_by_text("inserted “Who cooks at home?” after message 16.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Next in the guide: Who cooks at home?")).to_be_visible()
    assert workspace.sessions.get(group_id).guide.questions == (FIRST, "Who cooks at home?", THIRD)

    steer(page)
    button(page, "Ask it again").click()
    answered(page, 21)
    again = workspace.sessions.messages(group_id, first=17, last=17)[0]
    assert (again.text, again.question) == (FIRST, 0)
    expect(page.get_by_text("Next in the guide: Who cooks at home?")).to_be_visible()


def test_a_whisper_reaches_the_moderator_and_no_participant(browser: Browser, tmp_path: Path) -> None:
    data, slow = tmp_path / "data", {**QUICK, "SEMBLANCE_SIMULATOR_DELAY_S": "1"}
    with serving(data, **slow) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        workspace = semblance.workspace("user")
        group = session(workspace, size=4)
        with opened(browser, served.address, semblance, "user", policy=True) as context:
            page = context.new_page()
            page.goto(f"{served.address}/session?id={group.id}")
            settled(page)
            button(page, "Run automatically").click()
            line = page.get_by_role("textbox", name="Whisper to the moderator")
            expect(line).to_be_visible(timeout=PATIENCE_MS)
            line.fill("Ask about the packaging")
            line.press("Tab")
            button(page, "Whisper").click()
            expect(page.locator(".st-key-session_side").get_by_text("Ask about the packaging")).to_be_visible(
                timeout=PATIENCE_MS
            )
            eventually(lambda: workspace.sessions.get(group.id).course.whispers_heard == 1, within_s=60)
            workspace.sessions.stop(group.id)
            said = workspace.sessions.messages(group.id)
            assert any("the packaging" in message.text for message in said if message.role == "moderator")
            assert not any("Ask about" in message.text for message in said)
            assert workspace.sessions.get(group.id).state is FocusGroupState.MODERATED
            page.reload()
            settled(page)
            expect(page.locator(".st-key-session_side").get_by_text("Ask about the packaging")).to_be_visible()


def test_a_round_of_interviews_is_begun_and_read_side_by_side(app: tuple[str, Page, Workspace]) -> None:
    address, page, workspace = app
    project = workspace.projects.create("Interviews")
    for person in panel(3):
        workspace.personas.add(project.id, person)
    workspace.projects.open(project.id)
    page.goto(f"{address}/interviews?new=1&project_id={project.id}")
    settled(page)
    page.get_by_label("Title", exact=True).fill("Oat milk, one to one")
    page.get_by_label("Title", exact=True).press("Tab")
    button(page, "Use an example guide").click()
    begins = page.get_by_role("button", name="Begin 3 interviews")
    expect(begins).to_be_enabled(timeout=PATIENCE_MS)
    begins.dblclick()
    expect(page.get_by_text("Each interview: 3 of 3 over")).to_be_visible(timeout=PATIENCE_MS)
    (held,) = workspace.interviews.of_project(project.id)
    for row in side_by_side(workspace.interviews.held(held.id)):
        for place, cell in enumerate(row.cells):
            shown = page.locator(f"[class*='_{row.question}_{place}'][class*='st-key-iv']")
            for message in cell.said:
                expect(shown).to_contain_text(message.text[:60])

    page.set_viewport_size({"width": 400, "height": 900})
    first, second = (page.locator(f"[class*='_0_{place}'][class*='st-key-iv']").first for place in (0, 1))
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    page.set_viewport_size({"width": 1400, "height": 950})
    expect(second).to_be_visible()

    page.get_by_role("radio", name="Themes").click()
    button(page, "Find themes in all interviews").click()
    expect(page.get_by_role("heading", name="Summary")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name=re.compile("^message ")).first.click()
    expect(messages(page).first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("link", name="Interviews", exact=True).last).to_have_attribute(
        "href", re.compile(f"id={held.id}")
    )
    page.goto(f"{address}/focus_groups?project_id={project.id}")
    settled(page)
    expect(page.get_by_text("Maya Rao · Oat milk, one to one")).to_have_count(0)
