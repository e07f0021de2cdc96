"""Stimuli on the screen: dropped several at once, a card each or why not, and named where they were shown."""

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.left_out import Kind
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.documents.office import p, run, word
from tests.faults.conftest import NobodyHere
from tests.flows.test_stimuli import LEAFLET, PNG
from tests.pages.conftest import Opened, Visit
from tests.studies import asked_round, eventually, session, with_engine

HOSTILE = "![x](http://evil.example) :red[x].txt"


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def group(ws: Workspace) -> FocusGroup:
    return session(ws, model="simulator/instant")


def texts(page: AppTest) -> str:
    shown = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.text)
    return "\n".join(str(each.value) for each in shown).replace("\\", "").replace("\u2060", "")


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def all_read(ws: Workspace, group_id: str, page: AppTest) -> AppTest:
    """The page once nothing is being read any more."""
    eventually(lambda: all(task.state.is_over for task in ws.stimuli.tasks(group_id)))
    return page.run()


def test_several_are_dropped_at_once_and_each_becomes_a_card_or_a_sentence(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "focus_group", step="stimuli")
    files = [
        ("Leaflet.txt", LEAFLET, "text/plain"),
        (HOSTILE, b"Words.", "text/plain"),
        ("broken.pdf", b"%PDF-1.7 nothing", "application/pdf"),
    ]
    page.file_uploader[0].set_value([*files, ("empty.txt", b"", "text/plain")]).run()
    assert not page.exception
    assert "Not added: empty.txt: This file is empty." in texts(page)
    (draft,) = ws.sessions.of_project(ws.projects.mine()[0].id)
    page = all_read(ws, draft.id, page)
    assert next(asset.name for asset in ws.stimuli.of_session(draft.id)) == "Leaflet.txt"
    assert len(ws.stimuli.of_session(draft.id)) == 2
    assert "**Leaflet.txt**" in texts(page)
    assert "Not added: broken.pdf" in texts(page)
    assert not any(":red[x]" in str(each.value) for each in page.markdown)
    page = press(page, "Got it")
    assert "Not added" not in texts(page)
    page = visit("user", "focus_group", id=draft.id, step="stimuli")
    assert "Not added" not in texts(page), "nor in another browser"
    page = press(page, "Remove it")
    assert [asset.name for asset in ws.stimuli.of_session(draft.id)] == [ws.stimuli.of_session(draft.id)[0].name]
    assert "Leaflet.txt" not in texts(page)
    assert "Leaflet.txt" not in texts(visit("user", "focus_group", id=draft.id, step="check"))


def test_what_is_still_being_read_is_said_wherever_it_matters_and_can_be_cancelled(
    semblance: Semblance, visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    handed = with_engine(ws, NobodyHere()).stimuli.add(group.id, [("Leaflet.txt", LEAFLET), ("b.txt", b"More.")])
    assert handed.task
    assert semblance.store.tasks.claim(handed.task.id, 600.0), "a worker that reads for long"
    for page in (visit("user", "focus_group", id=group.id, step="stimuli"), visit("user", "session", id=group.id)):
        assert not page.exception
        assert "0 of 2 done" in texts(page)
    assert "0 of 2 done" in texts(visit("user", "home"))
    page = visit("user", "focus_group", id=group.id, step="check")
    assert "2 files are still being read." in [warning.value for warning in page.warning]
    page = press(page, "Run automatically")
    assert "2 files are still being read. Participants would not be shown them yet" in texts(page)
    page = press(page, "Cancel")
    assert "still being read" not in texts(page)
    assert ws.tasks.get(handed.task.id).state is TaskState.CANCELLED
    assert "0 of 2 done" not in texts(visit("user", "focus_group", id=group.id, step="stimuli"))


def test_who_comes_back_is_told_what_could_not_be_read(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    ws.stimuli.add(group.id, [("broken.pdf", b"%PDF-1.7 nothing")])
    eventually(lambda: ws.stimuli.tasks(group.id)[0].state is TaskState.DONE)
    for name in ("session", "focus_group"):
        assert "Not added: broken.pdf" in texts(visit("user", name, id=group.id, step="stimuli"))


def test_a_picture_for_a_model_that_does_not_see_asks_for_words(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    asset = ws.stimuli.attach(group.id, "pack.png", PNG)
    assert "no description yet" in texts(visit("user", "focus_group", id=group.id, step="check"))
    page = visit("user", "focus_group", id=group.id, step="stimuli")
    assert "simulator/instant may not be able to see pictures" in texts(page)
    page = press(page, "Save description")  # always to be pressed: what is typed may not have been told yet
    assert "A description has 1–2,000 characters." in "".join(str(error.value) for error in page.error)
    page.text_area[0].set_value("A blue carton.").run()
    page = press(page, "Save description")
    assert ws.stimuli.get(asset.id).description == "A blue carton."
    assert "see pictures" not in texts(page)


def test_the_session_lists_what_was_shown_and_what_comes_next(
    semblance: Semblance, visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    ws.stimuli.attach(group.id, "Leaflet.txt", LEAFLET)
    asked_round(semblance, ws, group.id, "What do you see?")
    ws.stimuli.attach(group.id, "Price.txt", b"Two for three.")
    page = visit("user", "session", id=group.id)
    assert not page.exception
    assert {"Leaflet.txt", "Price.txt", "Manage stimuli"} <= {button.label for button in page.button}
    assert texts(page).count("with the next question") == 1
    opened = visit("user", "session", id=group.id, stimulus=ws.stimuli.of_session(group.id)[0].id)
    assert "whole oats" in texts(opened)
    assert "Participants see the whole text with every question." in texts(opened)


def test_more_is_added_while_it_is_moderated(
    opened: Opened, semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    asked_round(semblance, ws, group.id, "Hello?")
    dialog = opened("ui.stimuli.beside_transcript.change", group.id)
    dialog.file_uploader[0].set_value([("Leaflet.txt", LEAFLET, "text/plain")]).run()
    eventually(lambda: [asset.name for asset in ws.stimuli.of_session(group.id)] == ["Leaflet.txt"])


def test_a_text_that_does_not_say_its_encoding_is_asked_about_with_its_first_lines(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "focus_group", step="stimuli")
    polish = "Wiśniewski\n\nGęś\nŻółw\nFour".encode("cp1250")
    page.file_uploader[0].set_value([("a.txt", polish, "text/plain"), ("Leaflet.txt", LEAFLET, "text/plain")]).run()
    assert not page.exception
    (draft,) = ws.sessions.of_project(ws.projects.mine()[0].id)
    page = all_read(ws, draft.id, page)
    assert [asset.name for asset in ws.stimuli.of_session(draft.id)] == ["Leaflet.txt"]
    chosen = page.selectbox[0].select("cp1252").run()
    assert "Wiœniewski" in chosen.code[0].value
    chosen = chosen.selectbox[0].select("cp1250").run()
    assert chosen.code[0].value == "Wiśniewski\nGęś\nŻółw"
    page = all_read(ws, draft.id, press(chosen, "Add it"))
    added = ws.stimuli.of_session(draft.id)[1]
    assert (added.name, added.encoding, added.notes) == ("a.txt", "cp1250", ())
    assert ws.stimuli.text(added.id).startswith("Wiśniewski")
    assert "Add it" not in [button.label for button in page.button]

    page.file_uploader[0].set_value([("b.txt", "Größe".encode("cp1252"), "text/plain")]).run()
    page = press(page, "Leave it out")
    assert "Leave it out" not in [button.label for button in page.button]
    assert len(ws.stimuli.of_session(draft.id)) == 2


def test_what_was_left_out_stands_on_the_card(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    hidden = word(p("Shown. ", run("Not.", "<w:vanish/>")), comments=f'<w:comment w:id="1">{p("No.")}</w:comment>')
    asset = ws.stimuli.attach(group.id, "Plan.docx", hidden)
    assert [(each.kind, each.count) for each in asset.left_out] == [(Kind.COMMENT, 1), (Kind.HIDDEN, 1)]
    page = visit("user", "focus_group", id=group.id, step="stimuli")
    assert "1 comment is left out." in texts(page)
    assert "1 hidden passage is left out." in texts(page)


def test_a_picture_that_cannot_be_read_is_named_on_screen(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "focus_group", step="stimuli")
    page.file_uploader[0].set_value([("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(40), "image/heic")]).run()
    (draft,) = ws.sessions.of_project(ws.projects.mine()[0].id)
    page = all_read(ws, draft.id, page)
    assert "Not added: IMG_1.HEIC is a picture in HEIC; PNG and JPEG can be read." in texts(page)
