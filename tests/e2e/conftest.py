"""One app for the tests of a file, over a data folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.browser import NO_BROWSER, serving


@pytest.fixture(scope="module")
def app(module_dir: Path) -> Iterator[str]:
    with serving(module_dir / "app") as served:
        yield served.address


SHOWN = 3_000
"""Characters of a page that stand in the report of a failed test."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Adds to a failed test what its pages showed: where it ran, nobody can look at them."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.failed and isinstance(browser, Browser):
        for page in (page for context in browser.contexts for page in context.pages):
            try:
                state = page.evaluate("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState")
                shown = page.locator("body").inner_text(timeout=5_000)[:SHOWN]
            except Error as failed:
                state, shown = "not to be read", str(failed)
            report.sections.append((f"{page.url}, script {state}", shown))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end that no browser was there, so that a green run is not taken for more than it was."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {NO_BROWSER}.", yellow=True)
