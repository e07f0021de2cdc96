"""The app is killed in the middle of a discussion: the next one goes on with it, before the same eyes."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import serving, sign_in, wait_for_cookie
from tests.e2e.wizard import button, set_up


def test_a_killed_app_goes_on_with_the_discussion_by_itself(page: Page, tmp_path: Path) -> None:
    quick = {"SEMBLANCE_LEASE_S": "3", "SEMBLANCE_SWEEP_S": "1", "SEMBLANCE_SIMULATOR_DELAY_S": "0.6"}
    with serving(tmp_path / "data", **quick) as first:
        sign_in(page, first.address)
        wait_for_cookie(page)
        page.goto(f"{first.address}/personas")
        button(page, "Recruit from a brief").click()
        page.get_by_label("Brief: who are you looking for?").fill("UK shoppers aged 25–45 who buy oat milk")
        page.get_by_role("dialog").get_by_role("button", name="Recruit", exact=True).click()
        expect(page.get_by_text("6 of 6 personas")).to_be_visible()
        set_up(page, first.address, "Interrupted")
        button(page, "Run automatically").click()
        expect(page.locator("li.message").nth(3)).to_be_visible()
        session = page.url.removeprefix(first.address)
        first.process.kill()
        first.process.wait()
        before = page.locator("li.message").count()
    with serving(tmp_path / "data", **quick) as second:
        page.goto(second.address + session)
        expect(page.locator("li.message").nth(before + 2)).to_be_visible()
