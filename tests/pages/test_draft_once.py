"""A wizard makes one draft, whichever of its windows saves first: a reload may come before the address names the draft."""

from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import config_of
from tests.pages.conftest import Visit
from tests.pages.test_focus_group import field

WORD = "a1b2c3d4"


def test_two_windows_of_one_new_wizard_make_one_draft(visit: Visit, semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    (project,) = ws.projects.mine()
    before, after = visit("user", "focus_group", new=WORD), visit("user", "focus_group", new=WORD)
    field(before, "Title").set_value("Oat milk").run()
    field(after, "Topic, as participants are told it").set_value("Breakfast").run()
    assert not after.error
    (draft,) = ws.sessions.of_project(project.id)
    assert (draft.title, draft.topic) == ("Oat milk", "Breakfast")


def test_a_window_that_comes_back_to_a_new_wizard_finds_its_draft(visit: Visit, semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    (project,) = ws.projects.mine()
    field(visit("user", "focus_group", new=f"{WORD}-2"), "Title").set_value("Oat milk").run()
    (draft,) = ws.sessions.of_project(project.id)
    ws.sessions.change(draft.id, replace(config_of(draft), topic="Breakfast"))
    back = visit("user", "focus_group", new=f"{WORD}-2")
    assert field(back, "Topic, as participants are told it").value == "Breakfast"
    assert back.query_params["id"] == draft.id
    # The word is another one for somebody else.
    assert field(visit("other", "focus_group", new=f"{WORD}-2"), "Title").value == ""
