"""A researcher's whole way, in a real browser: from the brief to what it cost."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.browser import sign_in, wait_for_cookie
from tests.e2e.wizard import button, on_to, set_up, shot

BRIEF = "UK shoppers aged 25–45 who buy oat milk"
GUIDE = "## Habits\n- When did you last buy oat milk?\n- What do you use it for?\n## Price\n- How do you feel about what it costs?\n"


def test_from_brief_to_findings(app: str, page: Page, pictures: Path) -> None:
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda asked: elsewhere.append(asked.url) if not asked.url.startswith((app, "data:", "blob:")) else None,
    )
    sign_in(page, app)
    wait_for_cookie(page)
    expect(page.get_by_text("Three steps to your first findings")).to_be_visible()
    shot(page, pictures, "01-home-empty")

    page.goto(f"{app}/personas")
    expect(page.get_by_text("No personas yet")).to_be_visible()
    button(page, "Recruit from a brief").click()
    page.get_by_label("Brief: who are you looking for?").fill(BRIEF)
    shot(page, pictures, "02-recruit")
    page.get_by_role("dialog").get_by_role("button", name="Recruit", exact=True).click()
    expect(page.get_by_text("6 of 6 personas")).to_be_visible(timeout=60_000)
    expect(button(page, re.compile("^Open "))).to_have_count(6)
    shot(page, pictures, "03-personas")

    button(page, re.compile("^Open ")).first.click()
    expect(page.get_by_role("dialog").get_by_text("Recruited from a brief by the built-in simulator")).to_be_visible()
    shot(page, pictures, "04-persona")

    page.goto(f"{app}/focus_groups")
    expect(page.get_by_text("No focus groups yet")).to_be_visible()
    button(page, "New focus group").click()
    page.get_by_role("textbox", name="Title").fill("Oat milk: habits and price")
    page.get_by_role("textbox", name="Topic, as participants").fill("Oat milk in everyday life")
    on_to(page, "Guide")
    expect(page).to_have_url(re.compile(r"focus_group\?(?=.*\bid=[0-9a-z]{16}\b).*\bstep=guide\b"))
    page.get_by_text("Paste or import a guide").click()
    page.get_by_role("textbox", name="A guide in Markdown").fill(f"Be kind.\n{GUIDE}")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Found 3 questions in 2 sections.")).to_be_visible()
    expect(page.get_by_text("Line 1, “Be kind.”")).to_be_visible()
    shot(page, pictures, "05-set-up-paste")
    button(page, "Use as the guide").click()
    second = page.get_by_role("textbox", name="Question 2")
    expect(second).to_have_value("What do you use it for?")
    second.fill("What do you use it for, and when?")
    button(page, "Move question 3 up").click()  # with what was typed just before
    expect(page.get_by_role("textbox", name="Question 3")).to_have_value("How do you feel about what it costs?")
    page.reload()
    expect(page.get_by_role("textbox", name="Question 2")).to_have_value("What do you use it for, and when?")
    shot(page, pictures, "05-set-up-guide")
    on_to(page, "Stimuli")
    files = [
        FilePayload(name="Leaflet.txt", mimeType="text/plain", buffer=b"Oat drink. It costs 2.10 a litre."),
        FilePayload(name="broken.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 nothing"),
    ]
    dropped = page.get_by_test_id("stFileUploader").filter(has_text="25 MB each").locator("input[type=file]")
    dropped.set_input_files(files)
    expect(page.get_by_text("Not added: broken.pdf")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Text · 1 line")).to_be_visible()
    shot(page, pictures, "05-set-up-stimuli")
    on_to(page, "Participants")
    button(page, re.compile("^Add (?!all|a whole)")).first.click()
    expect(page.get_by_text("1 chosen.")).to_be_visible()
    button(page, "Add all 6").click()
    expect(page.get_by_text("6 chosen.")).to_be_visible()
    shot(page, pictures, "05-set-up-participants")
    on_to(page, "Model")
    page.get_by_role("spinbutton", name="Turn limit").fill("24")
    on_to(page, "Check")
    expect(page.get_by_text("at most 24 turns")).to_be_visible()
    expect(page.get_by_text("Model calls")).to_be_visible()
    shot(page, pictures, "05-set-up-check")
    button(page, "Moderate it myself").click()

    expect(page).to_have_url(re.compile(r"/session\?id="))
    expect(page.get_by_text("Nothing has been said yet")).to_be_visible()
    expect(page.get_by_text(re.compile(r"About \$0\.00, .* tokens"))).to_be_visible()
    page.get_by_test_id("stChatInputTextArea").fill("What comes to mind when you hear oat milk?")
    page.keyboard.press("Enter")
    answered = page.locator("li.message")
    expect(answered).to_have_count(7, timeout=60_000)
    expect(page.get_by_text("typing", exact=True)).to_have_count(0, timeout=60_000)
    expect(button(page, "Run automatically")).to_be_visible()
    shot(page, pictures, "06-moderated")
    answered.first.get_by_role("link", name="Leaflet.txt").click()
    expect(page.get_by_role("dialog").get_by_text("It costs 2.10 a litre.")).to_be_visible()
    expect(page).to_have_url(re.compile("stimulus="))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("stimulus="))

    button(page, "Run automatically").click()
    expect(button(page, "Stop")).to_be_visible()
    expect(answered.nth(9)).to_be_visible(timeout=60_000)
    shot(page, pictures, "07-autonomous")
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped by a person.")).to_be_visible()
    button(page, "Continue").click()
    button(page, "Pause").click()
    expect(page.get_by_text("Paused by a person.", exact=True)).to_be_visible(timeout=15_000)
    button(page, "Continue").click()
    expect(page.get_by_text("Every question of the guide was discussed.", exact=True)).to_be_visible(timeout=120_000)
    expect(page.get_by_text(re.compile(r"Estimated \$0\.00, .* Used \$0\.00"))).to_be_visible()
    shot(page, pictures, "08-ended")

    button(page, "Themes and report").click()
    button(page, "Find themes").click()
    expect(page.get_by_text("Based on messages 1–")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("quotes were dropped")).to_have_count(0)
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    shot(page, pictures, "09-findings")
    page.get_by_role("main").get_by_role("button", name=re.compile("^Edit (?!the summary)")).first.click()
    page.get_by_text("Edit theme", exact=True).click()
    page.get_by_role("dialog").get_by_label("Name, in a few words").fill("What it has to cost")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What it has to cost")).to_be_visible()
    expect(page.get_by_text("rewrote “What it has to cost”")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Charts", exact=True).click()
    cells = page.locator(".js-plotly-plot").filter(has_text="Who is quoted on what")
    cells.scroll_into_view_if_needed()
    cells.locator(".scatterlayer .point").first.click(force=True)
    quoted = page.get_by_text(re.compile(r"^What it has to cost, \w+")).locator(
        "xpath=ancestor::*[@data-testid='stVerticalBlock'][1]"
    )
    expect(quoted.get_by_role("link", name=re.compile(r"^message \d+"))).not_to_have_count(0)
    shot(page, pictures, "09-quoted-on-what")
    page.get_by_test_id("stButtonGroup").get_by_text("Files", exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Page", exact=True).click()
    assert taken.value.suggested_filename == "oat-milk-habits-and-price-simulated-report.html"
    assert "What it has to cost" in taken.value.path().read_text()
    page.get_by_test_id("stButtonGroup").get_by_text("Themes", exact=True).click()
    page.get_by_role("link", name=re.compile(r"^message \d+")).first.click()
    expect(page.get_by_text("linked", exact=True)).to_be_in_viewport()

    page.goto(f"{app}/usage")
    expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    shot(page, pictures, "10-usage")
    assert elsewhere == []


def test_a_reload_keeps_the_sign_in_and_a_sign_out_ends_it_in_every_tab(app: str, page: Page) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{app}/personas")
    expect(other.get_by_role("heading", name="Personas", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    expect(other.get_by_label("User name")).to_be_visible(timeout=10_000)  # by itself
    expect(other.get_by_role("heading", name="Personas", exact=True)).to_have_count(0)
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "semblance"]
    assert (cookie["sameSite"], cookie["path"], cookie["secure"]) == ("Strict", "/", False)  # over plain HTTP


def test_a_wrong_password_is_refused_in_words(app: str, page: Page) -> None:
    sign_in(page, app, password="wrong")
    expect(page.get_by_text("Wrong user name or password.")).to_be_visible()


def test_no_page_opens_by_its_address_without_signing_in(app: str, page: Page) -> None:
    research = ("", "personas", "focus_groups", "focus_group", "session", "findings")
    for name in (*research, "usage", "admin", "admin_usage", "prices"):
        page.goto(f"{app}/{name}")
        expect(page.get_by_label("User name")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def test_the_administration_opens_to_administrators_only(app: str, page: Page, pictures: Path) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    page.goto(f"{app}/admin")
    expect(page.get_by_text("Only administrators may do this.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("User name")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, app, "admin")
    expect(page.get_by_text("Alex Admin")).to_be_visible()
    wait_for_cookie(page)
    page.goto(f"{app}/admin")
    expect(page.get_by_role("heading", name="Users", exact=True)).to_be_visible()
    shot(page, pictures, "11-admin")
    page.goto(f"{app}/admin_usage")
    expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    shot(page, pictures, "12-costs")


def test_prices_are_found_set_and_applied(app: str, page: Page, pictures: Path) -> None:
    sign_in(page, app, "admin")
    wait_for_cookie(page)
    page.goto(f"{app}/prices")
    expect(page.get_by_role("heading", name="Prices", exact=True)).to_be_visible()
    button(page, "Set a price").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Model").fill("openai/our-own")
    dialog.get_by_role("textbox", name="Prompt").fill("a dollar")
    dialog.get_by_role("textbox", name="Completion").fill("2")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("write US dollars per million tokens")).to_be_visible()
    dialog.get_by_role("textbox", name="Prompt").fill("1.50")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("textbox", name="Find").fill("openai/our-own")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 3,")).to_be_visible()
    shot(page, pictures, "14-prices")
    button(page, "Recalculate costs").click()
    expect(page.get_by_role("dialog").get_by_text("matches the prices on record")).to_be_visible()
    page.goto(f"{app}/admin_usage")
    page.get_by_role("main").get_by_text("Reconcile usage").click()
    button(page, "Check usage").click()
    expect(page.get_by_text("to the nano-dollar")).to_be_visible()


def test_hostile_text_shows_as_what_was_written(app: str, page: Page, pictures: Path) -> None:
    hostile = (
        "![x](http://127.0.0.1:9/x.png) <b>bold</b> :red[r] :material/home: www.evil.example a@b.example $x$ -- -> >="
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ":9/" in request.url else None)
    sign_in(page, app)
    wait_for_cookie(page)
    page.goto(f"{app}/personas")
    button(page, "Add manually").click()
    page.get_by_role("textbox", name="Name").fill("Mallory")
    page.get_by_role("textbox", name="Quote").fill(hostile)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    card = page.get_by_role("main").get_by_text("bold", exact=False).last
    expect(card).to_be_visible()
    assert card.inner_text().replace("\u2060", "") == hostile
    assert (
        page.get_by_role("main")
        .locator("a[href*='evil'], a[href*='127.0.0.1:9'], a[href^='mailto'], img[src*=':9/']")
        .count()
        == 0
    )
    assert asked == []
    shot(page, pictures, "13-hostile")


def test_a_quota_can_be_set_and_taken_away_again(app: str, page: Page) -> None:
    sign_in(page, app, "admin")
    wait_for_cookie(page)
    page.goto(f"{app}/admin?user=user")
    for entered, shown in (("50000", "50,000 tokens"), ("", "tokens")):
        button(page, "Quota").last.click()
        page.get_by_role("dialog").get_by_role("textbox", name="Tokens").fill(entered)
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("main").get_by_text(shown).first).to_be_visible()
    expect(page.get_by_role("main").get_by_text("of 50,000 tokens")).to_have_count(0)


def test_what_one_types_survives_what_the_other_posts(app: str, page: Page) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    set_up(page, app, "Draft survives")
    button(page, "Moderate it myself").click()
    expect(page.get_by_text("Nothing has been said yet")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    typed = other.get_by_test_id("stChatInputTextArea")
    typed.fill("A careful question")
    page.get_by_test_id("stChatInputTextArea").fill("What do you think of it?")
    page.keyboard.press("Enter")
    expect(other.get_by_text("What do you think of it?")).to_be_visible()
    expect(typed).to_have_value("A careful question")


def test_two_windows_on_one_session_agree(app: str, page: Page) -> None:
    sign_in(page, app)
    wait_for_cookie(page)
    set_up(page, app, "Two windows")
    button(page, "Moderate it myself").click()
    expect(page.get_by_text("Nothing has been said yet")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Nothing has been said yet")).to_be_visible()
    button(page, "Run automatically").click()
    expect(button(other, "Stop")).to_be_visible(timeout=8_000)
    button(other, "Stop").click()
    expect(page.get_by_text("Stopped by a person.")).to_be_visible(timeout=5_000)
