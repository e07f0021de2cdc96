"""Stimuli on the screen: dropped several at once, a card each or why not, and named where they were shown."""

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.workspace import Workspace
from tests.flows.test_stimuli import LEAFLET, PNG
from tests.pages.conftest import Opened, Visit
from tests.studies import asked_round, session

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


def test_several_are_dropped_at_once_and_each_becomes_a_card_or_a_sentence(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "focus_group", step="stimuli")
    files = [
        ("Leaflet.txt", LEAFLET, "text/plain"),
        (HOSTILE, b"Words.", "text/plain"),
        ("broken.pdf", b"%PDF-1.7 nothing", "application/pdf"),
    ]
    page.file_uploader[0].set_value(files).run()
    assert not page.exception
    (draft,) = ws.focus_groups(ws.projects()[0].id)
    assert next(asset.name for asset in ws.stimuli(draft.id)) == "Leaflet.txt"
    assert len(draft.stimuli) == 2
    assert "**Leaflet.txt**" in texts(page)
    assert "Not added: broken.pdf" in texts(page)
    assert not any(":red[x]" in str(each.value) for each in page.markdown)
    page = visit("user", "focus_group", id=draft.id, step="stimuli")
    page = press(page, "Remove it")
    assert [asset.name for asset in ws.stimuli(draft.id)] == [ws.stimuli(draft.id)[0].name]
    assert "Leaflet.txt" not in texts(page)
    assert "Leaflet.txt" not in texts(visit("user", "focus_group", id=draft.id, step="check"))


def test_a_picture_for_a_model_that_does_not_see_asks_for_words(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    asset = ws.attach_stimulus(group.id, "pack.png", PNG)
    assert "no description yet" in texts(visit("user", "focus_group", id=group.id, step="check"))
    page = visit("user", "focus_group", id=group.id, step="stimuli")
    assert "simulator/instant does not see pictures" in texts(page)
    page.text_area[0].set_value("A blue carton.").run()
    page = press(page, "Save words")
    assert ws.stimulus(asset.id).description == "A blue carton."
    assert "does not see pictures" not in texts(page)


def test_the_session_lists_what_was_shown_and_what_comes_next(
    semblance: Semblance, visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    ws.attach_stimulus(group.id, "Leaflet.txt", LEAFLET)
    asked_round(semblance, ws, group.id, "What do you see?")
    ws.attach_stimulus(group.id, "Price.txt", b"Two for three.")
    page = visit("user", "session", id=group.id)
    assert not page.exception
    assert {"Leaflet.txt", "Price.txt", "Add or remove"} <= {button.label for button in page.button}
    assert texts(page).count("with the next question") == 1
    opened = visit("user", "session", id=group.id, stimulus=ws.stimuli(group.id)[0].id)
    assert "whole oats" in texts(opened)
    assert "All of it, with every question." in texts(opened)


def test_more_is_added_while_it_is_moderated(
    opened: Opened, semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    asked_round(semblance, ws, group.id, "Hello?")
    dialog = opened("ui.stimuli_list.change", group.id)
    dialog.file_uploader[0].set_value([("Leaflet.txt", LEAFLET, "text/plain")]).run()
    assert [asset.name for asset in ws.stimuli(group.id)] == ["Leaflet.txt"]
