"""Texts that outlive the dialog they were typed in, and a reload, in a real browser."""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.settings import load_settings
from semblance_core.workspace import SessionConfig
from tests.browser import Served, serving, sign_in, wait_for_cookie
from tests.e2e.signed_in import QUICK, give_cookie, go, opened, settled
from tests.studies import session

Pause = Callable[[], AbstractContextManager[None]]
RESTORED = "Unsaved text restored."
STORED = "() => sessionStorage.getItem('semblance.texts') ?? ''"


def test_a_brief_outlives_escape_however_often(app: str, page: Page) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    page.goto(f"{app}/personas")
    dialog = page.get_by_role("dialog")
    brief = dialog.get_by_role("textbox", name="Brief")
    typed = ""
    for more in ("Shoppers who buy oat milk", "Some of them only now and then"):
        page.get_by_role("main").get_by_role("button", name="Recruit").first.click()
        expect(brief).to_have_value(typed)
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        typed = f"{typed} {more}"
        brief.fill(typed)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    page.get_by_role("main").get_by_role("button", name="Recruit").first.click()
    expect(brief).to_have_value(typed)


def _reload(page: Page) -> None:
    page.reload()
    settled(page)


def _reload_unheard(page: Page, kept: str) -> None:
    """Reloads before the browser hears that a text was saved. kept: what it kept until then."""
    page.evaluate("(kept) => sessionStorage.setItem('semblance.texts', kept)", kept)
    _reload(page)


def _begin_twice(page: Page, opens: Locator, field: Locator) -> None:
    """Types into a field, without leaving it, and reloads; twice, so that a restored text is kept too."""
    typed = ""
    for more in ("All who buy oat milk", ", and some who do not"):
        opens.click()
        expect(field).to_have_value(typed)
        field.press("End")
        field.press_sequentially(more)
        typed += more
        _reload(page)
    opens.click()
    expect(field).to_have_value(typed)


@pytest.fixture(scope="module")
def served(module_dir: Path) -> Iterator[Served]:
    with serving(module_dir / "data", **QUICK) as served:
        yield served


@pytest.fixture(scope="module")
def study(module_dir: Path, served: Served) -> Iterator[tuple[str, Semblance]]:
    with open_semblance(load_settings(SEMBLANCE_DATA_DIR=module_dir / "data")) as semblance:
        yield served.address, semblance


@pytest.fixture
def paused(served: Served) -> Pause:
    """Stops the server for a while; what is sent to it meanwhile it reads at once."""

    @contextmanager
    def pause() -> Iterator[None]:
        served.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            served.process.send_signal(signal.SIGCONT)

    return pause


@pytest.fixture
def window(browser: Browser, study: tuple[str, Semblance]) -> Iterator[Page]:
    context = opened(browser, *study, "user", policy=True)
    yield context.new_page()
    context.close()


def test_a_brief_outlives_a_reload_until_somebody_is_recruited(window: Page, study: tuple[str, Semblance]) -> None:
    window.goto(f"{study[0]}/personas")
    settled(window)
    opens, dialog = window.get_by_role("main").get_by_role("button", name="Recruit").first, window.get_by_role("dialog")
    brief = dialog.get_by_role("textbox", name="Brief")
    _begin_twice(window, opens, brief)
    expect(dialog.get_by_text(RESTORED)).to_be_visible()
    kept = window.evaluate(STORED)
    dialog.get_by_role("button", name="Recruit", exact=True).click()
    expect(dialog).to_have_count(0)
    _reload_unheard(window, kept)
    opens.click()
    expect(brief).to_have_value("")
    expect(window.get_by_text(RESTORED)).to_have_count(0)


def test_a_restored_text_can_be_discarded(window: Page, study: tuple[str, Semblance]) -> None:
    _, semblance = study
    ws = semblance.workspace("user")
    project = ws.projects.create("Rice milk")
    ws.projects.describe(project.id, aim="Learn who buys it", notes="", base=project)
    window.goto(f"{study[0]}/projects?id={project.id}")
    settled(window)
    opens, dialog = window.get_by_role("button", name="Edit").first, window.get_by_role("dialog")
    aim, notes = dialog.get_by_role("textbox", name="Aim"), dialog.get_by_role("textbox", name="Learnt so far")
    opens.click()
    aim.fill("Learn who buys it, and why")
    notes.fill("Nobody knows the brand")
    _reload(window)
    opens.click()
    expect(aim).to_have_value("Learn who buys it, and why")
    expect(notes).to_have_value("Nobody knows the brand")
    dialog.get_by_role("button", name="Discard").first.click()
    expect(aim).to_have_value("Learn who buys it")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    kept = ws.projects.get(project.id)
    assert (kept.aim, kept.notes) == ("Learn who buys it", "Nobody knows the brand")
    _reload(window)
    opens.click()
    expect(notes).to_have_value("Nobody knows the brand")
    expect(window.get_by_text(RESTORED)).to_have_count(0)


def test_a_question_outlives_a_reload_and_another_page(
    window: Page, study: tuple[str, Semblance], paused: Pause
) -> None:
    address, semblance = study
    group = session(semblance.workspace("user"), 2)
    box = window.get_by_test_id("stChatInputTextArea")
    window.goto(f"{address}/session?id={group.id}")
    settled(window)
    box.press_sequentially("How much would")
    _reload(window)
    expect(box).to_have_value("How much would")
    expect(window.get_by_text(RESTORED)).to_be_visible()
    box.press("End")
    box.press_sequentially(" you pay?")
    go(window, "/account")
    go(window, f"/session?id={group.id}")
    expect(box).to_have_value("How much would you pay?")
    with paused():
        box.press("Enter")
        expect(box).to_have_value("")
        kept = window.evaluate(STORED)
    assert "How much would you pay?" in kept
    expect(window.get_by_role("log").get_by_text("How much would you pay?")).to_be_visible()
    _reload_unheard(window, kept)
    expect(window.get_by_role("log").get_by_text("How much would you pay?")).to_be_visible()
    expect(box).to_have_value("")
    expect(window.get_by_text(RESTORED)).to_have_count(0)


def test_questions_that_are_sent_one_right_after_the_other_are_each_asked_once(
    window: Page, study: tuple[str, Semblance], paused: Pause
) -> None:
    """As on a slow machine, where the server reads all of them at once."""
    address, semblance = study
    ws = semblance.workspace("user")
    group = session(ws, 2, model="simulator/instant")
    window.goto(f"{address}/session?id={group.id}")
    settled(window)
    box, asked = window.get_by_test_id("stChatInputTextArea"), ["What do you buy?", "And why that?", "Since when?"]
    with paused():
        for text in asked:
            box.fill(text)
            box.press("Enter")
            expect(box).to_have_value("")
        for text in asked:
            expect(window.get_by_text(f"Sending: {text}")).to_be_visible()
            assert text in window.evaluate(STORED)
    for text in asked:
        expect(window.get_by_role("log").get_by_text(text)).to_be_visible(timeout=180_000)
    window.wait_for_function(f"() => ({STORED})() === ''")
    expect(box).to_have_value("")
    assert [each.text for each in ws.sessions.messages(group.id) if each.role == "moderator"] == asked


def test_what_is_typed_before_the_page_is_whole_outlives_a_reload(window: Page, study: tuple[str, Semblance]) -> None:
    """On a slow machine one types before the components are there, and they are there before a field is drawn.

    Before they are there nothing can keep a text, so the reload comes after.
    """
    address, semblance = study
    group = session(semblance.workspace("user"), 2)
    box = window.get_by_test_id("stChatInputTextArea")
    window.context.new_cdp_session(window).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    window.goto(f"{address}/session?id={group.id}")
    box.press_sequentially("How much would")
    window.wait_for_function(f"() => ({STORED})().includes('How much would')")
    _reload(window)
    expect(box).to_have_value("How much would")
    expect(window.get_by_text(RESTORED)).to_be_visible()


def test_a_guide_and_a_topic_outlive_a_reload(window: Page, study: tuple[str, Semblance]) -> None:
    address, semblance = study
    ws = semblance.workspace("user")
    project = ws.projects.create("Guides")
    made = ws.sessions.create(project.id, SessionConfig("Milk", "", parse_guide("## Habits\n- When?\n- Where?"), ()))
    window.goto(f"{address}/focus_group?id={made.id}&step=guide")
    settled(window)
    question = window.get_by_role("textbox", name="Question 2")
    question.press("End")
    question.press_sequentially(" And with whom?")
    _reload(window)
    expect(question).to_have_value("Where? And with whom?")
    window.get_by_role("button", name="Discard").first.click()
    expect(question).to_have_value("Where?")
    window.get_by_role("button", name="Add a question").click()
    window.get_by_role("textbox", name="Question 3").press_sequentially("What for?")
    _reload(window)
    expect(window.get_by_text("Unsaved text, to copy: What for?")).to_be_visible()
    assert [*ws.sessions.get(made.id).guide.questions] == ["When?", "Where?"]


def test_texts_go_at_sign_out_and_nobody_else_sees_them(window: Page, study: tuple[str, Semblance]) -> None:
    address, semblance = study
    window.goto(f"{address}/personas")
    settled(window)
    recruit = window.get_by_role("main").get_by_role("button", name="Recruit").first
    brief = window.get_by_role("dialog").get_by_role("textbox", name="Brief")
    recruit.click()
    brief.press_sequentially("A secret")
    assert "A secret" in window.evaluate(STORED)
    give_cookie(window.context, address, semblance, "admin")
    _reload(window)
    assert window.evaluate(STORED) == ""
    recruit.click()
    brief.press_sequentially("Another secret")
    window.keyboard.press("Escape")
    assert "Another secret" in window.evaluate(STORED)
    window.get_by_role("button", name="Sign out").click()
    expect(window.get_by_label("User name")).to_be_visible()
    window.wait_for_function(f"() => ({STORED})() === ''")


def test_a_question_that_was_put_back_is_asked_again_when_it_is_sent_again(
    window: Page, study: tuple[str, Semblance]
) -> None:
    address, semblance = study
    semblance.allowed.book.put("openai", "a-key-of-the-test", "", semblance.clock())
    group = session(semblance.workspace("user"), size=3, model="openai/gpt-4o-mini")
    window.goto(f"{address}/session?id={group.id}")
    settled(window)
    field, not_now = window.get_by_test_id("stChatInputTextArea"), window.get_by_role("button", name="Not now")
    field.fill("What do you drink?")
    for _ in range(3):
        field.press("Enter")
        not_now.click()
        expect(not_now).to_have_count(0)
        expect(field).to_have_value("What do you drink?")
        settled(window)
