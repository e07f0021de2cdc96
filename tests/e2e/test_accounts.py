"""Two windows at once: an administrator adds somebody, who signs in, changes their password, and is signed out from afar."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import sign_in, wait_for_cookie
from tests.e2e.wizard import button, shot

NEW = "a password of my own"


@pytest.fixture
def other_window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 800, "height": 900})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_somebody_is_added_signs_in_and_is_signed_out_from_afar(
    app: str, page: Page, other_window: Page, pictures: Path
) -> None:
    sign_in(page, app, "admin")
    wait_for_cookie(page)
    page.goto(f"{app}/admin")
    expect(page.get_by_text("2 of 2 accounts, 0 disabled.")).to_be_visible()
    button(page, "Add user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("dana")
    dialog.get_by_label("Full name").fill("Dana Doe")
    dialog.get_by_role("button", name="Add", exact=True).click()
    name, password = dialog.get_by_test_id("stCode").inner_text().split()
    assert name == "dana"
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("3 of 3 accounts, 0 disabled.")).to_be_visible()
    shot(page, pictures, "40-users")

    sign_in(other_window, app, "dana", password)
    wait_for_cookie(other_window)
    other_window.goto(f"{app}/account")
    expect(other_window.get_by_text("This one")).to_be_visible()
    for label, value in (("Current password", password), ("New password", NEW), ("Repeat new password", NEW)):
        other_window.get_by_role("textbox", name=label, exact=True).fill(value)
    button(other_window, "Change password").click()
    expect(
        other_window.get_by_text("Password changed. Every other browser and program has been signed out.")
    ).to_be_visible()
    shot(other_window, pictures, "41-my-account")

    page.goto(f"{app}/admin?user=dana")
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()
    button(page, "Sign out everywhere").click()
    dialog.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("Not signed in anywhere at the moment.")).to_be_visible()
    shot(page, pictures, "42-user")
    expect(other_window.get_by_label("User name")).to_be_visible()  # by itself, within seconds
    sign_in(other_window, app, "dana", password)
    expect(other_window.get_by_text("Wrong user name or password.")).to_be_visible()
    sign_in(other_window, app, "dana", NEW)
    wait_for_cookie(other_window)

    page.get_by_role("link", name="Account history").click()
    expect(page.get_by_text("2 actions, newest first.")).to_be_visible()
    shot(page, pictures, "43-audit-log")
