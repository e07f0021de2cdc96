"""The wizard as Streamlit runs it: what one enters is saved at once, and what is refused is said and kept."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.personas.persona import Persona
from semblance_core.workspace import SessionConfig, Workspace, config_of
from tests.pages.conftest import Visit
from tests.pages.test_personas import HOSTILE, press, texts
from tests.studies import GUIDE, finished, panel, session


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def project_id(ws: Workspace) -> str:
    return ws.projects.mine()[0].id


@pytest.fixture
def draft(ws: Workspace, project_id: str) -> FocusGroup:
    return ws.sessions.create(project_id, SessionConfig("Oat milk", "Breakfast", parse_guide(GUIDE), panel(3)))


def enter(semblance: Semblance, project_id: str, people: tuple[Persona, ...] | list[Persona]) -> list[str]:
    return [person.id for person in semblance.store.personas.add(project_id, people, semblance.clock())]


def field(page: AppTest, label: str):  # type: ignore[no-untyped-def]
    fields = (*page.text_input, *page.text_area, *page.number_input, *page.selectbox)
    return next(one for one in fields if one.label == label)


def type_model(page: AppTest, name: str) -> AppTest:
    """Types a name that is not in the list of models."""
    box = field(page, "Model")
    box.options.append(name)
    box.set_value(name).run()
    return page


def icon(page: AppTest, name: str) -> AppTest:
    """Presses a button that has an icon and, as its help, a name."""
    return next(button for button in page.button if button.help == name).click().run()


def errors(page: AppTest) -> str:
    return "\n".join(str(error.value) for error in page.error).replace("\u2060", "")


def questions(ws: Workspace, group: FocusGroup) -> tuple[str, ...]:
    return ws.sessions.get(group.id).guide.questions


def test_a_draft_is_made_by_the_first_change_and_a_reload_keeps_it(
    visit: Visit, ws: Workspace, project_id: str
) -> None:
    page = visit("user", "focus_group")
    assert not page.exception
    page = press(page, "Next: Guide")
    page = press(page, "Back")
    assert ws.sessions.of_project(project_id) == []
    field(page, "Topic, as participants are told it").set_value("Oat milk in everyday life").run()
    (saved,) = ws.sessions.of_project(project_id)
    assert (saved.title, saved.topic) == ("Untitled focus group", "Oat milk in everyday life")
    field(page, "Title").set_value("  Oat milk ").run()
    (saved,) = ws.sessions.of_project(project_id)
    assert (saved.title, saved.topic) == ("Oat milk", "Oat milk in everyday life")
    again = visit("user", "focus_group", id=saved.id)
    assert field(again, "Title").value == "Oat milk"
    assert field(again, "Topic, as participants are told it").value == "Oat milk in everyday life"


def test_what_is_typed_on_while_the_draft_is_made_goes_into_the_same_draft(
    visit: Visit, ws: Workspace, project_id: str
) -> None:
    page = visit("user", "focus_group")
    before = dict(page.query_params)
    field(page, "Title").set_value("Oat milk").run()
    page.query_params.clear()
    for name, value in before.items():
        page.query_params[name] = value  # as the browser has it until it is told of the draft
    field(page, "Topic, as participants are told it").set_value("Breakfast").run()
    press(page, "Next: Guide")
    (saved,) = ws.sessions.of_project(project_id)
    assert (saved.title, saved.topic) == ("Oat milk", "Breakfast")
    assert page.query_params["id"] in (saved.id, [saved.id])


def test_two_windows_do_not_undo_each_others_fields(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id)
    ws.sessions.change(draft.id, replace(config_of(draft), seed=7))
    field(page, "Title").set_value("Renamed").run()
    changed = ws.sessions.get(draft.id)
    assert (changed.title, changed.seed) == ("Renamed", 7)


def test_participants_are_added_removed_and_taken_as_a_panel(
    visit: Visit, semblance: Semblance, ws: Workspace, project_id: str
) -> None:
    page = visit("user", "focus_group", step="participants")
    assert "no personas to choose from yet" in texts(page)
    enter(semblance, project_id, panel(3))
    task = finished(semblance, ws, ws.personas.recruit(project_id, "Oat milk buyers", 4, model="simulator/v1"))
    page = press(visit("user", "focus_group", step="participants", find="Maya Rao"), "Add")
    (draft,) = ws.sessions.of_project(project_id)
    assert [person.name for person in draft.participants] == ["Maya Rao"]
    page = visit("user", "focus_group", id=draft.id, step="participants")
    menu = next(menu for menu in page.get("menu_button") if menu.label == "Add a whole panel")
    menu.click(task.id).run()
    assert len(ws.sessions.get(draft.id).participants) == 5
    icon(page, "Remove Maya Rao")
    assert len(ws.sessions.get(draft.id).participants) == 4
    namesake = replace(ws.sessions.get(draft.id).participants[0], age=70)
    enter(semblance, project_id, [namesake])
    page = press(visit("user", "focus_group", id=draft.id, step="participants", find=namesake.name), "Add")
    assert not page.exception
    assert f"{namesake.name} 2" in texts(page)
    assert len(ws.sessions.get(draft.id).participants) == 5


def test_personas_named_in_the_address_take_part_once_something_is_saved(
    visit: Visit, semblance: Semblance, ws: Workspace, project_id: str
) -> None:
    ids = enter(semblance, project_id, panel(3))
    foreign = enter(semblance, semblance.workspace("other").projects.mine()[0].id, panel(1))
    given = ",".join([ids[2], ids[0], foreign[0], "gone"])
    page = visit("user", "focus_group", **{"with": given, "step": "participants"})
    assert "2 chosen" in texts(page)
    assert ws.sessions.of_project(project_id) == []
    page = visit("user", "focus_group", **{"with": given})
    field(page, "Title").set_value("With these").run()
    (saved,) = ws.sessions.of_project(project_id)
    assert [person.id for person in saved.participants] == [ids[2], ids[0]]


def test_a_model_that_is_none_is_refused_and_stays_in_its_field(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    page = visit("user", "focus_group", id=draft.id, step="limits")
    before = ws.sessions.get(draft.id).model
    type_model(page, "no such model!")
    assert "names no model" in errors(page)
    assert ws.sessions.get(draft.id).model == before
    page = press(press(page, "Next: Check and start"), "Back")
    assert field(page, "Model").value == "no such model!"
    assert "Not saved (model)" in errors(press(page, "Next: Check and start")).replace("\\", "")
    page = press(page, "Back")
    field(page, "Model").set_value("simulator/v1").run()
    assert not page.error
    field(page, "Turn limit").set_value(12).run()
    changed = ws.sessions.get(draft.id)
    assert (changed.model, changed.turn_limit, changed.simulated) == ("simulator/v1", 12, True)


def test_the_range_of_cost_is_said_and_unknown_where_there_is_no_price(
    visit: Visit, ws: Workspace, draft: FocusGroup
) -> None:
    page = visit("user", "focus_group", id=draft.id, step="limits")
    figures = {metric.label: metric.value for metric in page.metric}
    assert "$" in figures["Cost"]
    assert "–" in figures["Tokens"]
    assert figures["Left this month"] == "no limit"
    ws.sessions.change(draft.id, replace(config_of(draft), model="openai/our-own", participants=panel(2)))
    page = visit("user", "focus_group", id=draft.id, step="check")
    assert {metric.label: metric.value for metric in page.metric}["Cost"] == "unknown"


def test_what_is_missing_is_said_before_it_starts(visit: Visit, ws: Workspace, project_id: str) -> None:
    bare = ws.sessions.create(project_id, SessionConfig("Bare", "", parse_guide(GUIDE), panel(1)))
    page = visit("user", "focus_group", id=bare.id, step="check")
    words = "\n".join(str(warning.value) for warning in page.warning)
    assert "at least two participants" in words
    assert "The topic is empty" in words
    assert next(button for button in page.button if button.label == "Run automatically").disabled
    assert "There is nothing to check yet" in texts(visit("user", "focus_group", step="check"))


def test_it_is_let_run_from_the_last_step(visit: Visit, ws: Workspace, draft: FocusGroup) -> None:
    ws.sessions.change(draft.id, replace(config_of(draft), model="simulator/v1"))
    page = press(visit("user", "focus_group", id=draft.id, step="check"), "Run automatically")
    assert not page.exception
    assert ws.sessions.get(draft.id).state is not FocusGroupState.DRAFT
    again = visit("user", "focus_group", id=draft.id)
    assert "This session has started" in texts(again)
    assert "Title" not in [one.label for one in again.text_input]


def test_somebody_elses_draft_is_refused_as_if_there_were_none(visit: Visit, draft: FocusGroup) -> None:
    for page in (visit("other", "focus_group", id=draft.id), visit("user", "focus_group", id="gone")):
        assert "There is no such focus group." in texts(page)
        assert "Oat milk" not in texts(page)
        assert not [one for one in page.text_input if one.label == "Title"]


def test_hostile_words_stay_words_on_every_step(visit: Visit, ws: Workspace) -> None:
    people = (Persona(HOSTILE[:70], 30, occupation=HOSTILE), panel(1)[0])
    group = session(ws, title=HOSTILE[:150], topic=HOSTILE, guide=f"## {HOSTILE[:100]}\n- {HOSTILE}\n")
    ws.sessions.change(group.id, replace(config_of(group), participants=people))
    for step in ("topic", "guide", "stimuli", "participants", "limits", "check"):
        page = visit("user", "focus_group", id=group.id, step=step)
        assert not page.exception
        assert ":red[" not in texts(page)
        assert "<b>" not in texts(page)
