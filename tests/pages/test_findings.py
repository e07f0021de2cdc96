"""The page of findings as Streamlit runs it: what it shows at each stage, what can be edited, and what is asked first."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Code, Findings, Sentiment, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import Rewrite, RewriteSummary
from semblance_core.workspace import Workspace
from tests.pages.conftest import Visit
from tests.pages.test_personas import HOSTILE, Opened, press, texts
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, finished, found_themes, session

SAID = "The price is too high. I buy two cheap ones."


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def group(semblance: Semblance, ws: Workspace, model_server: ScriptedServer) -> FocusGroup:
    model_server.script = lambda asked: Reply(SAID)
    group = session(ws, 2)
    asked_round(semblance, ws, group.id, "What do you think?")
    return ws.sessions.get(group.id)


@pytest.fixture
def found(semblance: Semblance, group: FocusGroup) -> Findings:
    one, other = (person.name for person in group.participants)
    high = Verbatim(2, one, "The price is too high.", Sentiment.NEGATIVE)
    cheap = Verbatim(3, other, "I buy two cheap ones.", Sentiment.POSITIVE)
    themes = [Theme("Price", "It is dear.", (high, cheap)), Theme("Deals", "", (cheap,))]
    return found_themes(semblance, group, themes, codes=(Code("dear", (high,)), Code("deals", (cheap,))))


@pytest.fixture
def opened(semblance: Semblance) -> Opened:
    return Opened(semblance)


def links(page: AppTest) -> dict[str, str]:
    return {link.label: link.proto.query_string for link in page.get("page_link")}


def named(findings: Findings | None) -> list[str]:
    assert findings
    return [theme.name for theme in findings.themes]


def test_each_stage_says_what_can_be_done(
    visit: Visit, semblance: Semblance, ws: Workspace, model_server: ScriptedServer
) -> None:
    group = session(ws, 2)
    page = visit("user", "findings", id=group.id)
    assert "Nothing has been said yet" in texts(page)
    assert [button.label for button in page.button if "themes" in button.label] == []
    model_server.script = lambda asked: Reply(SAID)
    asked_round(semblance, ws, group.id, "What do you think?")
    page = visit("user", "findings", id=group.id)
    assert "No themes yet" in texts(page)
    assert "tokens" in texts(page)
    model_server.script = lambda asked: Reply("no JSON")
    page = press(page, "Find themes")
    task = ws.findings.newest_task(group.id)
    assert task
    finished(semblance, ws, task)
    page = visit("user", "findings", id=group.id)
    assert "Finding themes failed" in "".join(str(error.value) for error in page.error)
    assert "Resume" in [button.label for button in page.button]


def test_a_theme_is_shown_with_its_share_and_quotes_that_lead_to_their_messages(
    visit: Visit, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    page = visit("user", "findings", id=group.id)
    assert not page.exception
    words = texts(page)
    assert "#### Price" in words
    assert "“The price is too high.”" in words.replace("\\", "")
    assert "2 quotes were dropped" in words
    assert links(page)["message 2"] == f"id={group.id}&message=2"
    (price, deals) = page.get("progress")
    assert price.proto.text == "2 of 2 participants are quoted · quotes: 1 positive, 1 negative"
    assert (price.proto.value, deals.proto.value) == (100, 50)


def test_what_the_messages_do_not_say_is_marked_counted_and_can_be_cut(
    visit: Visit, opened: Opened, semblance: Semblance, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    words = texts(visit("user", "findings", id=group.id))
    assert "Not checked: nobody held these sentences" in words
    assert "2 sentences were not checked against the messages." in words
    inferred, leaning = Claim("They hide it.", Check.INFERRED), Claim("This costs them sleep.", Check.SAID, (2,))
    claims = (Claim("It is dear.", Check.SAID, (2,)), inferred, leaning)
    price = replace(found.themes[0], summary="It is dear. They hide it. This costs them sleep.", claims=claims)
    kept = (Claim("It is dear.", Check.SAID, (2,)),)
    found_themes(semblance, group, [price], claims=kept)
    page = visit("user", "findings", id=group.id)
    words = texts(page)
    assert "They hide it. :orange-badge[the analyst's inference]" in words
    assert "2 quotes were dropped" in words
    assert "1 sentence goes beyond what the messages say and is marked." in words
    assert "This costs them sleep. :orange-badge[refers to a marked sentence]" in words
    page = press(page, "Cut 1 marked sentence and 1 that refers to it")
    assert not page.exception
    newest = ws.findings.get(group.id)
    assert newest
    assert (newest.themes[0].summary, newest.edit) == ("It is dear.", "cut 2 sentences")
    assert "inference" not in texts(page)


def test_two_analyses_stand_beside_each_other_with_what_both_found(
    visit: Visit, semblance: Semblance, group: FocusGroup, found: Findings
) -> None:
    assert "found" not in " ".join(texts(visit("user", "findings", id=group.id)).split("2 themes")[1:])
    found_themes(semblance, group, [found.themes[0], replace(found.themes[1], name=HOSTILE)])
    assert "found again in the other analysis" in texts(visit("user", "findings", id=group.id))
    page = visit("user", "findings", id=group.id, view="Agreement")
    assert not page.exception
    words = texts(page)
    assert "Two themes are taken for one above a similarity of" in words
    assert "| Price | Price | 1.00 | not defined | 1.00 | not defined | 1.00 |" in words
    assert "Not defined: all ratings are the same, so chance alone would agree as often." in words
    assert [each.label for each in page.metric][-4:] == [
        "Cohen's κ", "Gwet's AC1", "Krippendorff's α", "Positive agreement",
    ]  # fmt: skip


def test_what_was_said_since_is_counted(
    visit: Visit, semblance: Semblance, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    assert "added since" not in texts(visit("user", "findings", id=group.id))
    asked_round(semblance, ws, group.id, "And why?")
    assert "3 new messages since" in texts(visit("user", "findings", id=group.id))


def test_a_summary_says_that_themes_were_edited_since(
    visit: Visit, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    said = "edited after this summary"
    assert said not in texts(visit("user", "findings", id=group.id))
    ws.findings.edit(group.id, found.analysis_id, 0, Rewrite(0, "Cost", ""))
    assert said in texts(visit("user", "findings", id=group.id))
    assert "summary was written before" in texts(visit("user", "findings", id=group.id, view="Files"))
    ws.findings.edit(group.id, found.analysis_id, 1, RewriteSummary("All about cost."))
    assert said not in texts(visit("user", "findings", id=group.id))
    ws.findings.restore(group.id, found.analysis_id, 2, 1)
    words = texts(visit("user", "findings", id=group.id))
    assert said in words
    assert "Earlier version restored by User" in words.replace("\\", "")


def test_charts_are_drawn_and_say_where_sentiment_comes_from(visit: Visit, group: FocusGroup, found: Findings) -> None:
    page = visit("user", "findings", id=group.id, view="Charts")
    assert not page.exception
    assert len(page.get("plotly_chart")) == 6
    words = texts(page).replace("\\", "")
    assert "quote by quote as it coded; 3 of 3 quotes judged" in words
    assert "2 codes in all" in words


def test_files_are_offered_and_named_for_what_they_hold(visit: Visit, group: FocusGroup, found: Findings) -> None:
    page = visit("user", "findings", id=group.id, view="Files")
    assert not page.exception
    offered = [button.label.partition(" ![")[0] for button in page.get("download_button")]
    handed_over, transcript = (
        ["Deck (PowerPoint)", "Report (Word)", "Workbook (Excel)"],
        ["JSONL", "CSV", "Word", "WebVTT", "JSON", "REFI-QDA", "CSV"],
    )
    assert offered == [*handed_over, "Page", "Markdown", "JSON", "CSV", *transcript, "Usage", "Method card"]
    assert "nobody real was asked" in texts(page)


def test_forty_themes_are_shown_some_a_page(visit: Visit, semblance: Semblance, group: FocusGroup) -> None:
    speaker = group.participants[0].name
    said = tuple(Verbatim(2, speaker, f"{HOSTILE} {number}") for number in range(12))
    found_themes(semblance, group, [Theme(f"{number} {HOSTILE[:150]}", HOSTILE, said) for number in range(40)])
    page = visit("user", "findings", id=group.id)
    assert not page.exception
    words = texts(page)
    assert "40 themes" in words
    assert words.count("#### ") == 10
    assert "![" not in words.replace("!\\[", "")
    assert ":red[" not in words
    assert "#### 39 " in texts(visit("user", "findings", id=group.id, themes_page="4"))
    charts = visit("user", "findings", id=group.id, view="Charts")
    assert not charts.exception
    assert "judged no sentiment" in texts(charts)


def test_themes_are_rewritten_merged_and_sorted_in_dialogs(
    opened: Opened, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    page = opened("ui.findings.editing.rewrite_theme", found, 0)
    page.text_input[0].set_value("Cost")
    press(page, "Save")
    edited = ws.findings.get(group.id)
    assert named(edited) == ["Cost", "Deals"]
    page = opened("ui.findings.editing.sort_quotes", edited, 0)
    page.checkbox[0].check().run()
    page.button_group[0].set_value("Make a new theme").run()
    page.text_input[0].set_value("Too high").run()
    press(page, "Make a new theme: 1 quote")
    edited = ws.findings.get(group.id)
    assert named(edited) == ["Cost", "Too high", "Deals"]
    page = opened("ui.findings.editing.merge_themes", edited, 0)
    page.multiselect[0].set_value([2]).run()
    press(page, "Merge")
    assert named(ws.findings.get(group.id)) == ["Cost", "Too high"]
    page = press(opened("ui.findings.editing.remove_theme", found, 0), "Remove")
    assert "changed these themes meanwhile" in "".join(str(error.value) for error in page.error)
    assert named(ws.findings.get(group.id)) == ["Cost", "Too high"]


def test_a_quote_is_picked_by_marking_a_messages_words(
    opened: Opened, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    page = opened("ui.findings.editing.add_quote", found, 1)
    page.selectbox[0].select_index(0).run()
    page.slider[0].set_range(6, 10).run()
    press(page, "Add this quote")
    edited = ws.findings.get(group.id)
    assert edited
    quote = edited.themes[1].verbatims[1]
    assert (quote.seq, quote.quote, quote.by_hand) == (2, "I buy two cheap ones.", True)


def test_edits_are_said_undone_and_not_lost_to_a_new_analysis(
    visit: Visit, opened: Opened, semblance: Semblance, ws: Workspace, group: FocusGroup, found: Findings
) -> None:
    edited = ws.findings.edit(group.id, found.analysis_id, 0, Rewrite(0, "Cost", "Dear."))
    page = visit("user", "findings", id=group.id)
    assert "User rewrote “Cost”" in texts(page)
    page = press(page, "Find themes again")
    assert "were edited by people, last by **User**" in texts(page)
    assert ws.findings.newest_task(group.id) is None
    found_themes(semblance, group, [replace(found.themes[0], name="Anew")])
    assert "#### Anew" in texts(visit("user", "findings", id=group.id))
    page = visit("user", "findings", id=group.id, analysis=edited.analysis_id)
    assert "#### Cost" in texts(page)
    assert "This is an earlier analysis" in texts(page)
    page = press(page, "Undo")
    assert "#### Price" in texts(page)
    assert "Undo" not in [button.label for button in page.button]
    assert "#### Cost" in texts(press(page, "Redo"))


def test_somebody_elses_findings_are_not_there(visit: Visit, group: FocusGroup, found: Findings) -> None:
    page = visit("other", "findings", id=group.id)
    assert "no such focus group" in texts(page)
    assert "Price" not in texts(page)


def test_words_are_coded_without_a_mouse_and_taken_back(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    where = {"id": group.id, "view": "Coding"}
    page = visit("user", "findings", **where)
    assert "Add a first code" in texts(page)
    code = ws.codebook.add(group.project_id, HOSTILE[:60])
    page = visit("user", "findings", **where)
    page.selectbox[0].set_value(2)
    next(field for field in page.text_input if field.label == "Its words").set_value("too high")
    page.multiselect[0].set_value([code.id])
    press(page, "Code these words")
    assert not page.error
    (coding,) = ws.coding.of_session(group.id)
    assert SAID[coding.start : coding.end] == "too high"
    assert "1 coding by User (user)" in texts(page)
    press(page, "Undo")
    assert ws.coding.of_session(group.id) == []
    press(visit("user", "projects", id=group.project_id), "Undo")
    assert ws.codebook.of_project(group.project_id) == []
