"""The guide of a draft: written, moved, taken back, pasted and read from a file."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import SessionConfig, Workspace
from tests.pages.conftest import Visit
from tests.pages.test_focus_group import errors, field, icon, questions
from tests.pages.test_personas import press, texts
from tests.studies import GUIDE, panel


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def project_id(ws: Workspace) -> str:
    return ws.projects.mine()[0].id


@pytest.fixture
def draft(ws: Workspace, project_id: str) -> FocusGroup:
    return ws.sessions.create(project_id, SessionConfig("Oat milk", "Breakfast", parse_guide(GUIDE), panel(3)))


def test_a_guide_is_written_moved_and_taken_back_field_by_field(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    assert "3 questions: 9–40 turns, up to about 12 answers each." in texts(page)
    first, second, third = questions(ws, draft)
    field(page, "Question 2").set_value("Why that one?\nReally?").run()
    assert questions(ws, draft) == (first, "Why that one? Really?", third)
    page = icon(page, "Move question 2 down")
    assert [section.questions for section in ws.sessions.get(draft.id).guide.sections] == [
        (first,),
        ("Why that one? Really?", third),
    ]
    page = icon(page, "Add a question to section 1")
    assert len(questions(ws, draft)) == 3  # a blank one is not kept
    field(page, "Question 2").set_value("And then?").run()
    assert questions(ws, draft)[1] == "And then?"
    field(page, "Section 2").set_value("Cost").run()
    page = icon(page, "Move section down")
    assert [section.title for section in ws.sessions.get(draft.id).guide.sections] == ["Cost", "Habits"]
    page = icon(page, "Remove section")
    assert [section.title for section in ws.sessions.get(draft.id).guide.sections] == ["Habits"]
    page = press(page, "Undo")
    assert [section.title for section in ws.sessions.get(draft.id).guide.sections] == ["Cost", "Habits"]
    page = icon(page, "Remove question 1")
    assert "Why that one? Really?" not in questions(ws, draft)
    field(page, "Question 1").set_value("  ")
    press(page, "Add a section")
    again = visit("user", "focus_group", id=draft.id, step="guide")
    assert [area.value for area in again.text_area if area.label.startswith("Question")] == list(questions(ws, draft))


def test_what_is_taken_back_is_one_step_and_can_be_had_again(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    before = questions(ws, draft)
    page = icon(page, "Move section down")
    moved = questions(ws, draft)
    field(page, "Question 1").set_value("Typed first?").run()
    field(page, "Question 2").set_value("Typed second?").run()
    page = press(page, "Undo")
    assert questions(ws, draft) == ("Typed first?", *moved[1:])
    page = press(press(page, "Undo"), "Undo")
    assert questions(ws, draft) == before
    assert "Undo" not in [button.label for button in page.button]
    page = press(press(press(page, "Redo"), "Redo"), "Redo")
    assert questions(ws, draft) == ("Typed first?", "Typed second?", *moved[2:])
    field(page, "Question 1").set_value("Typed just before the click?")
    page = press(page, "Undo")
    assert questions(ws, draft)[0] == "Typed first?"


def test_the_last_words_typed_are_kept_by_a_click_on_something_else(
    visit: Visit, ws: Workspace, draft: FocusGroup
) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    field(page, "Question 1").set_value("Typed just before the click?")
    icon(page, "Move section down")
    assert "Typed just before the click?" in questions(ws, draft)


def test_a_pasted_guide_says_what_it_could_not_read(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    pasted = next(area for area in page.text_area if area.label.startswith("A guide in Markdown"))
    pasted.set_value(f"## Taste\nAsk <b>kindly</b>.\n- How does it taste?\n- {'w' * 600}\n## Empty\n").run()
    words = "\n".join(str(warning.value) for warning in page.warning).replace("\\", "").replace("\u2060", "")
    assert "Line 2, “Ask <b>kindly</b>.”: It is neither a “## section” nor a “- question”." in words
    assert "at most 500 characters, and this one has 600" in words
    assert "This section has no question." in words
    assert "Found 1 question in 1 section." in texts(page)
    page = press(page, "Add to the guide")
    assert len(questions(ws, draft)) == 4
    page.file_uploader[0].set_value(("guide.md", b"# One\n1. Only this?\n", "text/markdown")).run()
    page = press(page, "Replace all 4 questions")
    assert questions(ws, draft) == ("Only this?",)
    assert len(press(page, "Undo").text_area) > 4
    assert len(questions(ws, draft)) == 4
    page.file_uploader[0].set_value(("guide.md", b"\xff\xfe\x00", "text/markdown")).run()
    assert "damaged" in errors(page)


def test_a_guide_in_an_old_encoding_is_taken_as_somebody_says(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    page.file_uploader[0].set_value(("guide.txt", "1.\tGdzie kupuje pan łosoś?\n".encode("cp1250"), "text/plain")).run()
    (encoding,) = [box for box in page.selectbox if box.label == "Encoding"]
    assert encoding.value == "cp1250"
    assert "łosoś" in texts(page)
    press(page, "Replace all 3 questions")
    assert questions(ws, draft) == ("Gdzie kupuje pan łosoś?",)


def test_more_than_fits_is_refused_in_words_and_what_was_there_stays(
    visit: Visit, ws: Workspace, draft: FocusGroup
) -> None:
    page = visit("user", "focus_group", id=draft.id, step="guide")
    pasted = next(area for area in page.text_area if area.label.startswith("A guide in Markdown"))
    pasted.set_value("## Many\n" + "- Why?\n" * 98).run()
    page = press(page, "Add to the guide")
    assert "101 questions; at most 100" in errors(page)
    assert len(questions(ws, draft)) == 3
    assert next(area for area in page.text_area if area.label.startswith("A guide")).value.count("Why?") == 98


def test_a_template_fills_an_empty_guide(visit: Visit, ws: Workspace, project_id: str) -> None:
    page = visit("user", "focus_group", step="guide")
    menu = next(menu for menu in page.get("menu_button") if menu.label == "Insert a template")
    menu.click("Concept test").run()
    (saved,) = ws.sessions.of_project(project_id)
    assert len(saved.guide.questions) == 9
