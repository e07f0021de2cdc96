"""A window that looks at hostile text, page after page."""

from playwright.sync_api import Page, expect

from tests.e2e.hostile import Sink, hovered, look
from tests.e2e.signed_in import go, settled


class Window:
    """One window without the protection of the policy, which is led from page to page."""

    def __init__(self, page: Page, sink: Sink, address: str):
        self.page, self._sink, self._address = page, sink, address

    def open(self) -> None:
        self.page.goto(self._address)
        settled(self.page)

    def see(self, where: str, *shown: str) -> str:
        """Opens a page and looks at it."""
        go(self.page, f"/{where}")
        return self.look(*shown)

    def look(self, *shown: str) -> str:
        return look(self.page, self._sink, *shown)

    def choose(self, choice: str) -> None:
        """From the menu of the first that is listed."""
        settled(self.page)
        self.page.get_by_role("main").get_by_role("button", name="More").first.click()
        self.page.get_by_text(choice, exact=True).click()

    def toast(self, said: str, *shown: str) -> None:
        """said: what tells it from the toast before, which may still be there."""
        toast = self.page.get_by_test_id("stToast").filter(has_text=said).last
        expect(toast).to_contain_text("![qqimage]")
        assert toast.locator("a, img, .katex").count() == 0
        self.look(*shown)
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def hover(self, charts: int, pointed: int) -> str:
        """What the first of a page's charts say under the pointer."""
        plots = self.page.locator(".js-plotly-plot")
        expect(plots).to_have_count(charts)
        said = ""
        for place in range(pointed):
            said += hovered(self.page, plots.nth(place))
            self.look()
        return said
