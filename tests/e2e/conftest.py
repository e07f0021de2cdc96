"""One app for the tests of a file, over a data folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import NO_BROWSER, serving


@pytest.fixture(scope="module")
def app(module_dir: Path) -> Iterator[str]:
    with serving(module_dir / "app") as served:
        yield served.address


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end that no browser was there, so that a green run is not taken for more than it was."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {NO_BROWSER}.", yellow=True)
