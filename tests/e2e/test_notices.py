"""Notices that work is over: in the app on another page, and by the browser where the tab is hidden and that was allowed."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from semblance_core.bootstrap import open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.signed_in import QUICK, go, opened, settled
from tests.studies import session

NOTIFICATIONS = """
window.notices = () => JSON.parse(sessionStorage.getItem("notices") ?? "[]");
window.Notification = class {
  static get permission() { return sessionStorage.getItem("permission") ?? "default"; }
  static async requestPermission() { sessionStorage.setItem("permission", "granted"); return "granted"; }
  constructor(title, { body }) { sessionStorage.setItem("notices", JSON.stringify([...window.notices(), body])); }
};
Object.defineProperty(document, "hidden", { get: () => true });
"""


def test_an_ended_session_and_its_themes_are_told_on_another_page_and_by_the_browser(
    browser: Browser, tmp_path: Path
) -> None:
    data, slow = tmp_path / "data", {**QUICK, "SEMBLANCE_SIMULATOR_DELAY_S": "1.5", "SEMBLANCE_SWEEP_S": "1"}
    with serving(data, **slow) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        workspace = semblance.workspace("user")
        group = session(workspace, size=2, guide="- What do you drink?", turn_limit=12)
        with opened(browser, served.address, semblance, "user", policy=True) as context:
            page = context.new_page()
            page.add_init_script(NOTIFICATIONS)
            page.goto(f"{served.address}/session?id={group.id}")
            settled(page)
            switch = page.get_by_text("Find themes when the session ends")
            for wanted in (True, False, True):
                switch.click()
                expect(page.get_by_role("switch", name="Find themes")).to_be_checked(checked=wanted)
            page.get_by_role("button", name="Run automatically").click()
            allow = page.get_by_role("button", name="Tell me in the browser when work is done")
            allow.click(timeout=30_000)
            expect(allow).to_have_count(0)
            go(page, "/focus_groups")
            page.wait_for_function("window.notices().length >= 2", timeout=300_000)
            told = page.evaluate("window.notices()")
            assert told[0].startswith("Oat milk: ")
            assert told[1] == "Themes are found: Oat milk"
            expect(page.get_by_test_id("stToast").filter(has_text="Themes are found: Oat milk")).to_be_visible()
        assert workspace.findings.get(group.id)
