"""A survey in a real browser: its questionnaire mended, estimated, begun, answered; results read, split, crossed, taken along, deleted."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.signed_in import QUICK, opened, settled
from tests.e2e.wizard import button, shot
from tests.flows.test_ballots import BALLOT
from tests.studies import discussed, eventually, session
from tests.surveys import project_with


@pytest.fixture(scope="module")
def served(module_dir: Path) -> Iterator[tuple[str, Semblance]]:
    data = module_dir / "data"
    with serving(data, **QUICK) as app, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data, **QUICK)) as semblance:
        yield app.address, semblance


def test_a_survey_from_its_questionnaire_to_its_files(
    browser: Browser, served: tuple[str, Semblance], pictures: Path
) -> None:
    address, semblance = served
    workspace = semblance.workspace("user")
    project_id = project_with(workspace, 60)
    workspace.projects.open(project_id)
    context = opened(browser, address, semblance, "user")
    page = context.new_page()
    page.goto(f"{address}/surveys?project_id={project_id}")
    settled(page)
    expect(page.get_by_text("No surveys yet")).to_be_visible()
    button(page, "New survey").click()

    text = page.get_by_role("textbox", name="Questionnaire, as Markdown")
    expect(text).to_have_value("")
    button(page, "Use an example questionnaire").click()
    expect(page.get_by_text("As it will be asked: 4 questions")).to_be_visible()
    expect(text).to_have_value(re.compile("anchors: purchase intent"))
    whole = text.input_value()
    text.fill(whole.replace("low: not at all\n", ""))
    text.press("Control+Enter")
    expect(page.get_by_text("To be mended")).to_be_visible()
    expect(page.get_by_text("The end “low: …” has no words.")).to_be_visible()
    expect(button(page, "Begin the survey")).to_be_disabled()
    text.fill(whole + "\n## How likely are you to recommend it to a friend?\ntype: nps\n")
    text.press("Control+Enter")
    expect(page.get_by_text("As it will be asked: 5 questions")).to_be_visible()
    page.get_by_role("combobox", name="How scales are answered").click()
    page.get_by_role("option", name=re.compile("^Similarity")).click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Question 5 is asked in the other ways chosen")).to_be_visible()
    expect(page.get_by_text(re.compile("^About .*tokens"))).to_be_visible()
    shot(page, pictures, "60-new-survey")
    button(page, "Begin the survey").click()

    expect(page).to_have_url(re.compile(r"surveys\?id="))
    expect(page.get_by_role("heading", name="A new oat milk")).to_be_visible()
    expect(page.get_by_text("synthetic", exact=True).first).to_be_visible()
    survey_id = page.url.split("id=")[1]
    eventually(lambda: len(workspace.surveys.answered(survey_id).given) == 60 * 7, within_s=300)
    page.reload()
    settled(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ of 60 answered")).first).to_be_visible()
    expect(page.locator(".js-plotly-plot .annotation-text").first).to_have_text(re.compile(r"^[\d.]+% · \d+$"))
    expect(page.get_by_text("Similarity: free text, compared with anchored statements").first).to_be_visible()
    expect(page.get_by_text(re.compile("top two")).first).to_be_visible()
    expect(page.get_by_text("not benchmarked").first).to_be_visible()
    shot(page, pictures, "61-survey-results")

    page.locator(".js-plotly-plot .bars .point path").nth(2).click(force=True)
    expect(page.get_by_text(re.compile("^“.+”")).first).to_be_visible()
    page.get_by_role("combobox", name="Show results for").click()
    page.get_by_role("option", name="by gender").click()
    expect(page.get_by_role("columnheader", name="Group").first).to_be_visible()
    expect(page).to_have_url(re.compile("by=gender"))
    shot(page, pictures, "62-survey-by-gender")
    page.get_by_test_id("stButtonGroup").get_by_text("Cross-table").click()
    expect(page.get_by_text(re.compile("answered both"))).to_be_visible()
    shot(page, pictures, "63-survey-crossed")
    page.get_by_test_id("stButtonGroup").get_by_text("Files and method").click()
    expect(page.get_by_role("heading", name="Method card")).to_be_visible()
    with page.expect_download() as download:
        button(page, "Answers, long (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 60 * 7
    assert {row["synthetic"] for row in rows} == {"True"}
    shot(page, pictures, "64-survey-files")

    page.set_viewport_size({"width": 400, "height": 850})
    page.get_by_test_id("stButtonGroup").get_by_text("Results").click()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, pictures, "65-survey-narrow")
    page.set_viewport_size({"width": 1400, "height": 950})
    button(page, "Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No surveys yet")).to_be_visible()
    assert workspace.surveys.of_project(project_id) == []
    context.close()


def test_opinions_before_and_after_a_discussion_and_a_fork_of_it(
    browser: Browser, served: tuple[str, Semblance], pictures: Path
) -> None:
    address, semblance = served
    workspace = semblance.workspace("user")
    group = session(workspace, 6, ballot=BALLOT, model="simulator/instant", turn_limit=8)
    discussed(semblance, workspace, group.id)
    eventually(lambda: sum(workspace.ballots.shift(group.id).counts.values()) == 24, within_s=60)
    workspace.projects.open(group.project_id)
    context = opened(browser, address, semblance, "user")
    page = context.new_page()
    page.goto(f"{address}/findings?id={group.id}&view=Opinion+shift")
    expect(page.get_by_text("Private ballots of 6 participants")).to_be_visible()
    expect(page.get_by_text("Before → after the discussion").first).to_be_visible()
    expect(page.get_by_text("Control: twice, without the discussion").first).to_be_visible()
    expect(page.get_by_text(re.compile("beyond asking again")).first).to_be_visible()
    expect(page.get_by_role("heading", name="Method card")).to_be_visible()
    shot(page, pictures, "66-opinion-shift")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Ballots (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) == 6 * 4 * 3

    page.goto(f"{address}/session?id={group.id}")
    settled(page)
    said = page.get_by_role("log").get_by_role("listitem")
    expect(said).to_have_count(8)  # it scrolls to its end once it is there, and another message comes under the pointer
    said.nth(1).hover()
    said.nth(1).get_by_role("button", name="Fork from here").click()
    expect(page.get_by_text("Fork from message 2")).to_be_visible()
    page.get_by_text("Put other words in its place").click()
    page.get_by_role("textbox", name="What is said instead").fill("I would never buy it.")
    page.get_by_role("textbox", name="What is said instead").press("Control+Enter")
    page.get_by_role("spinbutton", name="Branches").fill("2")
    page.get_by_role("spinbutton", name="Branches").press("Enter")
    button(page, "Make 2 branches").click()
    expect(page.get_by_text("The session itself")).to_be_visible()
    expect(page.get_by_text("I would never buy it.").first).to_be_visible()
    expect(page.get_by_text("Branch 2", exact=True)).to_be_visible()
    shot(page, pictures, "67-branches")
    page.get_by_role("link", name=re.compile("Open.*Branch 1:")).click()
    expect(page.get_by_text(re.compile("Branch 1, forked from “Oat milk” at message 2"))).to_be_visible()
    context.close()
