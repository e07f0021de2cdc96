"""The way through the wizard, for tests that need a session, and pictures of what they see."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def shot(page: Page, pictures: Path, name: str) -> None:
    page.wait_for_timeout(700)
    page.screenshot(path=pictures / f"{name}.png", full_page=True)


def on_to(page: Page, step: str) -> None:
    button(page, re.compile(f"^Next: {step}")).click()
    expect(page.get_by_role("main").get_by_role("button", name="Back", exact=True)).to_be_visible()


def set_up(page: Page, app: str, title: str) -> None:
    """A draft with everybody and a template as its guide; ends on the step from which it is begun."""
    page.goto(f"{app}/focus_group")
    page.get_by_role("textbox", name="Title").fill(title)
    on_to(page, "Guide")
    button(page, "Insert a template").click()
    page.get_by_text("Usage and attitudes").click()
    expect(page.get_by_role("textbox", name="Section 4")).to_be_visible()
    on_to(page, "Stimuli")
    on_to(page, "Participants")
    button(page, re.compile(r"^Add all \d+")).click()
    expect(button(page, re.compile("^Chosen ")).first).to_be_visible()
    on_to(page, "Model")
    on_to(page, "Check")
    expect(button(page, "Run automatically")).to_be_enabled()
