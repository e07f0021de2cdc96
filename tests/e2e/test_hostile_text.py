"""Text of people, models and files is shown as text, everywhere: nothing is fetched, nothing runs, nothing of the app is imitated."""

from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.price import ALWAYS, model_price
from semblance_core.domain.theme import Sentiment, Theme, Verbatim
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.hostile import Sink, listening, look, poison
from tests.e2e.wizard import button
from tests.studies import asked_round, finished, found_themes, panel, session
from ui import gate

KEY = "a key of the test's own, long enough"
QUICK = {"SEMBLANCE_SIMULATOR_DELAY_S": "0", "SEMBLANCE_COOKIE_KEY": KEY}


BREAK_IN = """async (sink) => {
  window.blocked = [];
  document.addEventListener("securitypolicyviolation", (event) => window.blocked.push(event.effectiveDirective));
  const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
  put(`<img src=${sink}/img> <img src=x onerror="window.pwned=1"> <link rel=stylesheet href=${sink}/css>`);
  put(`<iframe src=${sink}/frame></iframe> <object data=${sink}/object></object> <video src=${sink}/video></video>`);
  put(`<base href=${sink}/> <div style="background: url(${sink}/background)">x</div>`);
  for (const [tag, given] of [["script", { src: `${sink}/script` }], ["script", { textContent: "window.pwned = 2" }]])
    document.body.append(Object.assign(document.createElement(tag), given));
  new FontFace("any", `url(${sink}/font)`).load().catch(() => {});
  const form = Object.assign(document.createElement("form"), { action: `${sink}/form`, method: "post" });
  document.body.append(form);
  form.submit();
  const came = [];
  for (const send of [() => fetch(`${sink}/fetch`), () => fetch(`${sink}/post`, { method: "POST", mode: "no-cors" })])
    await send().then(() => came.push("fetch"), () => {});
  navigator.sendBeacon(`${sink}/beacon`);
  try { new WebSocket(sink.replace("http", "ws")); } catch { /* refused at once */ }
  return came;
}"""


class Study:
    """What `user` has, with hostile text in every field."""

    def __init__(self, semblance: Semblance, sink: Sink):
        self.semblance = semblance
        ws, admin = semblance.workspace("user"), semblance.workspace("admin")
        ws.change_my_name("Robin")
        ws.create_project("Second study")
        self.group = session(ws, title="Breakfast", topic="Morning drinks")
        self.draft = ws.duplicate_focus_group(self.group.id)
        project = self.group.project_id
        self.people = [ws.add_persona(project, person).id for person in panel(3)]
        messages = asked_round(semblance, ws, self.group.id, "What comes to mind?")
        said = [Verbatim(message.seq, message.speaker, message.text, Sentiment.POSITIVE) for message in messages[1:]]
        for name in ("Price matters", "Taste matters"):
            found_themes(
                semblance, self.group, [Theme(name, "Some hold it", tuple(said)), Theme(f"{name} less", "", ())]
            )
        self.failed = finished(semblance, ws, ws.recruit(project, "Shoppers in Leeds", 2, ()))
        admin.rename_project(project, "Oat milk")
        admin.set_price("openai/our-own", model_price("1", "1", "2"), ALWAYS)
        semblance.gateway.clerk.flush()
        database = semblance.connection.database
        poison(semblance, sink)
        task = {"state": "failed", "error": sink.lines("It broke down")}
        database["tasks"].update_one({"_id": self.failed.id}, {"$set": task})
        last = database["focus_group_messages"].find_one({"focus_group_id": self.group.id}, sort=[("seq", -1)])
        assert last
        reply = {"status": "failed", "error": sink.words("Provider said")}
        database["focus_group_messages"].update_one({"_id": last["_id"]}, {"$set": reply})


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with listening() as sink:
        yield sink


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Semblance]]:
    data_dir = tmp_path_factory.mktemp("hostile") / "data"
    settings = load_settings(SEMBLANCE_DATA_DIR=data_dir, **QUICK)
    with serving(data_dir, **QUICK) as app, open_semblance(settings) as semblance:
        yield app.address, semblance


def opened(browser: Browser, address: str, semblance: Semblance, user: str, *, policy: bool = False) -> BrowserContext:
    """A browser in which this user is signed in. policy: whether it keeps to the server's content security policy."""
    context = browser.new_context(bypass_csp=not policy, viewport={"width": 1400, "height": 950}, accept_downloads=True)
    context.set_default_timeout(30_000)
    token = semblance.store.sign_ins.open(user, semblance.clock())
    cookie = jwt.encode({"username": token}, KEY, algorithm="HS256")
    context.add_cookies([{"name": gate.COOKIE, "value": cookie, "url": address}])
    return context


def settled(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(300)


def test_hostile_text_is_text_on_every_page(
    served: tuple[str, Semblance], browser: Browser, sink: Sink, tmp_path: Path
) -> None:
    address, semblance = served
    study = Study(semblance, sink)
    group = study.group.id
    context = opened(browser, address, semblance, "user")
    page = context.new_page()

    def see(where: str, *shown: str) -> None:
        page.goto(f"{address}/{where}")
        settled(page)
        look(page, sink, *shown)

    def inside(*shown: str) -> None:
        """What a dialog or a popover shows."""
        page.wait_for_timeout(500)
        look(page, sink, *shown)

    see("", "Robin", "Oat milk", "Breakfast", "Morning drinks")
    see("personas", "It broke down", "Maya Rao", "nurse")
    button(page, "Open").first.click()
    expect(page.get_by_role("dialog").get_by_text("Traits")).to_be_visible()
    inside("Shoppers in Leed")
    page.keyboard.press("Escape")
    see("personas?view=Panel+report", "Maya Rao")
    see(f"personas?view=Compare&a={study.people[0]}&b={study.people[1]}", "Maya Rao", "Ben Cole")
    see(f"persona?id={study.people[0]}", "Maya Rao", "Lives in house n")
    button(page, "Delete").click()
    inside()
    see("focus_groups", "Breakfast", "Morning drinks")
    for step in ("topic", "guide", "participants", "limits", "check"):
        see(f"focus_group?id={study.draft.id}&step={step}", "Breakfast (copy)")
    see(f"session?id={group}")
    expect(page.locator("li.message")).to_have_count(4)
    text = look(page, sink, "What comes to mi", "Maya Rao", "Provider said", "When did you las")
    assert "\u202e" not in text
    button(page, "Search").click()
    page.get_by_label("Find in the transcript").fill("qqheading")
    page.keyboard.press("Enter")
    expect(page.get_by_text("messages", exact=False).first).to_be_visible()
    inside("3 · Ines Falk")
    context.route_web_socket("**/api/live", lambda socket: socket.close())
    see(f"session?id={group}&message=1")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(4)
    look(page, sink, "What comes to mi", "Maya Rao", "Provider said")
    see(f"findings?id={group}", "Taste matters", "It is dear.")
    button(page, "Edit").first.click()
    page.get_by_text("Sort quotes", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inside("Maya Rao")
    see(f"findings?id={group}&view=Charts", "Maya Rao")
    see(f"findings?id={group}&view=Files", "simulator/v1")
    with page.expect_download() as taken:
        button(page, "Page").click()
    assert taken.value.suggested_filename.startswith("breakfast-qqimage-http-127-0-0-1")
    taken.value.save_as(tmp_path / "report.html")
    see("usage")
    see("account", "Robin")
    page.goto((tmp_path / "report.html").as_uri())
    look(page, sink, "Breakfast", "Taste matters", "Maya Rao", "It is dear.", "What comes to mi", "When did you las")
    context.close()

    context = opened(browser, address, semblance, "admin")
    page = context.new_page()
    see("admin?user=user", "Robin")
    see("admin?view=Audit+log")
    see("admin_usage")
    see("prices", "simulator/v1")
    see(f"session?id={group}", "Breakfast")
    context.close()
    assert sink.heard == []


def test_the_policy_keeps_a_page_from_other_origins_should_a_renderer_fail(
    served: tuple[str, Semblance], browser: Browser, sink: Sink
) -> None:
    address, semblance = served
    for policy in (False, True):
        context = opened(browser, address, semblance, "user", policy=policy)
        page = context.new_page()
        page.goto(address)
        settled(page)
        page.evaluate("(sink) => { new Image().src = `${sink}/heard`; }", sink.address)
        page.wait_for_timeout(500)
        assert sink.heard == ([] if policy else ["GET /heard"])
        if not policy:
            context.close()
            sink.heard.clear()
    assert page.evaluate(BREAK_IN, sink.address) == []
    page.wait_for_timeout(1_000)
    assert sink.heard == []
    assert page.evaluate("window.pwned") is None
    assert page.url.startswith(address)
    blocked = set(page.evaluate("window.blocked"))
    assert blocked >= {"img-src", "script-src-elem", "script-src-attr", "style-src-elem", "connect-src", "frame-src"}
    assert blocked >= {"object-src", "media-src", "form-action", "font-src", "base-uri"}
    context.close()
