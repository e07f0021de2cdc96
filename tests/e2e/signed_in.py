"""Windows of a browser that is signed in already, and the quick way from one page to another."""

import jwt
from playwright.sync_api import Browser, BrowserContext, Page, expect

from semblance_core.bootstrap import Semblance
from ui.app import gate

KEY = "a key of the test's own, long enough"
QUICK = {"SEMBLANCE_SIMULATOR_DELAY_S": "0", "SEMBLANCE_COOKIE_KEY": KEY}
"""Settings of an app whose cookies a test can make."""
PATIENCE_MS = 90_000
"""A loaded machine imports for long before a first panel report."""
GO = """async (address) => {
  if (location.pathname + location.search === address) return;
  const app = document.querySelector("[data-testid=stApp]");
  const until = async (claim, milliseconds) => {
    const end = Date.now() + milliseconds;
    while (!claim() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  // Without its server the app would empty the page and ask nobody for another.
  await until(() => app.dataset.testConnectionState === "CONNECTED", 60_000);
  let ran = false;
  const watch = new MutationObserver((changes) => { ran ||= changes.some(({ oldValue }) => oldValue !== "notRunning"); });
  watch.observe(app, { attributeFilter: ["data-test-script-state"], attributeOldValue: true });
  history.pushState({}, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  await until(() => ran && app.dataset.testScriptState === "notRunning", 10_000);  // one that is over at once may go unseen
  watch.disconnect();
}"""


def opened(browser: Browser, address: str, semblance: Semblance, user: str, *, policy: bool = False) -> BrowserContext:
    """A browser in which this user is signed in. policy: whether it keeps to the server's content security policy."""
    context = browser.new_context(bypass_csp=not policy, viewport={"width": 1400, "height": 950}, accept_downloads=True)
    context.set_default_timeout(60_000)
    give_cookie(context, address, semblance, user)
    return context


def give_cookie(context: BrowserContext, address: str, semblance: Semblance, user: str) -> None:
    """Signs this user in, in the place of whoever was."""
    token = semblance.store.sign_ins.open(user, semblance.clock())
    cookie = jwt.encode({"username": token}, KEY, algorithm="HS256")
    context.clear_cookies()
    context.add_cookies([{"name": gate.COOKIE, "value": cookie, "url": address}])


def settled(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)


def go(page: Page, address: str) -> None:
    """Opens another address of the app as the browser's own buttons do, which takes a tenth of a reload's time."""
    page.evaluate(GO, address)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)
