"""The app as a visitor meets it: `streamlit run app.py` in a process of its own, and Debian's chromium."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from semblance_core.store.server.embedded import free_port

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
NO_BROWSER = "no browser was found; on Debian: apt-get install chromium"


@contextmanager
def serving(data_dir: Path, port: int | None = None, /, **environment: str) -> Iterator["Served"]:
    """A running app over this data folder; it is stopped as a service manager would stop it. port: None for a free one."""
    port = port or free_port()
    settings = {"SEMBLANCE_DATA_DIR": str(data_dir), "SEMBLANCE_SIMULATOR_DELAY_S": "0.3", **environment}
    log = (data_dir.parent / f"app-{port}.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    served = Served(f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_ready(served.address, process)
        yield served
    finally:
        process.terminate()
        process.wait(30)
        log.close()


@dataclass(frozen=True)
class Served:
    address: str
    process: "subprocess.Popen[bytes]"


def _wait_until_ready(address: str, app: "subprocess.Popen[bytes]", timeout_s: float = 240) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        assert app.poll() is None, "the app ended at once"
        try:
            with urllib.request.urlopen(f"{address}/api/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the app was not ready within {timeout_s:.0f} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 950})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are left to be looked at."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


def sign_in(page: Page, address: str, user: str = "user", password: str = "pass") -> None:
    page.goto(address)
    page.get_by_label("User name").fill(user)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def wait_for_cookie(page: Page) -> None:
    """Until the browser keeps the sign-in, about a second after it."""
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and "semblance" not in {cookie["name"] for cookie in page.context.cookies()}:
        page.wait_for_timeout(100)
