"""Personas of a project: what a search finds, what is moved, and what is refused."""

from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.personas.search import PersonaOrder, PersonaSearch
from semblance_core.workspace import Workspace
from tests.studies import panel

PEOPLE = (
    Persona("Zoë Hart", 29, "woman", "Leeds", "nurse", values=("thrift",), quote="Too dear (for me)."),
    Persona("adam Poe", 41, "man", "York", "baker", education="school", backstory="Bakes sourdough."),
    Persona("Ben Cole", None, "man", "Leeds", "nurse", origin="imported"),
    Persona("Cleo Falk", 66, "", "", "retired nurse"),
)


@pytest.fixture
def project_id(workspace: Workspace) -> str:
    project = workspace.projects.create("People")
    for person in PEOPLE:
        workspace.personas.add(project.id, person)
    return project.id


def found(workspace: Workspace, project_id: str, **search: object) -> list[str]:
    wanted = PersonaSearch(**search)  # type: ignore[arg-type]
    return [person.name.split()[0] for person in workspace.personas.find(project_id, wanted).personas]


def test_every_word_must_be_there_in_any_field_in_any_case(workspace: Workspace, project_id: str) -> None:
    assert found(workspace, project_id, text="NURSE leeds") == ["Zoë", "Ben"]
    assert found(workspace, project_id, text="thrift") == ["Zoë"]
    assert found(workspace, project_id, text="sour") == ["adam"]
    assert found(workspace, project_id, text="nurse york") == []


@pytest.mark.parametrize("text", ["(for me)", ".*", "[", "\\", "$where", "\0", "\ud83d"])
def test_a_search_is_text_and_no_pattern(workspace: Workspace, project_id: str, text: str) -> None:
    wanted = {"(for me)": ["Zoë"], "\0": ["Zoë", "adam", "Ben", "Cleo"]}
    assert found(workspace, project_id, text=text) == wanted.get(text, [])


def test_a_search_is_narrowed_by_age_by_value_and_by_what_is_not_stated(workspace: Workspace, project_id: str) -> None:
    assert found(workspace, project_id, age_bands=("25–34", "65+")) == ["Zoë", "Cleo"]
    assert found(workspace, project_id, age_bands=("",)) == ["Ben"]
    assert found(workspace, project_id, values={"gender": ("man", "")}) == ["adam", "Ben", "Cleo"]
    assert found(workspace, project_id, values={"gender": ("man",), "origin": ("imported",)}) == ["Ben"]
    with pytest.raises(InvalidInput, match="no age band 3"):
        PersonaSearch(age_bands=("3",))
    with pytest.raises(InvalidInput, match="narrowed by owner_id"):
        PersonaSearch(values={"owner_id": ("x",)})


def test_a_search_is_in_the_order_that_is_asked_for(workspace: Workspace, project_id: str) -> None:
    orders = {order: found(workspace, project_id, order=order) for order in PersonaOrder}
    assert orders[PersonaOrder.OLDEST] == ["Zoë", "adam", "Ben", "Cleo"]
    assert orders[PersonaOrder.NEWEST] == ["Cleo", "Ben", "adam", "Zoë"]
    assert orders[PersonaOrder.NAME] == ["adam", "Ben", "Cleo", "Zoë"]
    assert orders[PersonaOrder.YOUNGEST] == ["Zoë", "adam", "Cleo", "Ben"]
    assert orders[PersonaOrder.ELDEST] == ["Cleo", "adam", "Zoë", "Ben"]


def test_a_page_of_a_search_says_how_many_there_are_in_all(workspace: Workspace, project_id: str) -> None:
    page = workspace.personas.find(project_id, PersonaSearch(text="nurse"), skip=1, limit=1)
    assert ([person.name for person in page.personas], page.total) == (["Ben Cole"], 3)


def test_facets_count_what_there_is(workspace: Workspace, project_id: str) -> None:
    facets = workspace.personas.facets(project_id)
    assert facets.total == 4
    assert facets.values["gender"] == {"man": 2, "woman": 1, "": 1}
    assert facets.age_bands == {"25–34": 1, "35–44": 1, "65+": 1, "": 1}
    assert facets.runs == {}


def test_personas_are_found_by_the_run_that_recruited_them(semblance: Semblance, workspace: Workspace) -> None:
    project = workspace.projects.create("Runs")
    workspace.personas.add(project.id, panel(1)[0])
    semblance.store.personas.add(project.id, panel(2), semblance.clock(), task_id="run1")
    semblance.store.personas.add(project.id, panel(3), semblance.clock(), task_id="run12")
    assert workspace.personas.facets(project.id).runs == {"run12": 3, "run1": 2}
    recruited = workspace.personas.find(project.id, PersonaSearch(task_id="run1")).personas
    assert [person.id for person in recruited] == ["run1-1", "run1-2"]


def test_several_are_deleted_from_their_own_project_only(workspace: Workspace, project_id: str) -> None:
    elsewhere = workspace.projects.create("Elsewhere")
    kept = workspace.personas.add(elsewhere.id, panel(1)[0])
    ids = [person.id for person in workspace.personas.of_project(project_id)][:2]
    assert workspace.personas.delete_some(project_id, [*ids, kept.id, "none"]) == 2
    assert [person.name for person in workspace.personas.of_project(project_id)] == ["Ben Cole", "Cleo Falk"]
    assert workspace.personas.of_project(elsewhere.id) == [kept]


def test_several_are_copied_to_another_project_of_ones_own(
    semblance: Semblance, workspace: Workspace, project_id: str
) -> None:
    into = workspace.projects.create("Into")
    originals = workspace.personas.of_project(project_id)[1:3]
    copies = workspace.personas.copy_to(project_id, [person.id for person in originals], into.id)
    assert [replace(copy, id="") for copy in copies] == [replace(person, id="") for person in originals]
    assert {copy.id for copy in copies}.isdisjoint(person.id for person in originals)
    assert len(workspace.personas.of_project(project_id)) == 4
    strangers = semblance.workspace("other").projects.create("Not mine")
    with pytest.raises(NotFound, match="no such project"):
        workspace.personas.copy_to(project_id, [originals[0].id], strangers.id)
    assert semblance.workspace("other").personas.of_project(strangers.id) == []
    with pytest.raises(InvalidInput, match="already in that project"):
        workspace.personas.copy_to(project_id, [originals[0].id], project_id)
    with pytest.raises(InvalidInput, match="any more"):
        workspace.personas.copy_to(project_id, ["gone"], into.id)


def test_an_import_adds_none_where_a_row_is_wrong_unless_it_is_to_be_left_out(
    workspace: Workspace, project_id: str
) -> None:
    table = "name,age\nMaya,34\nBen,12\nZoe,50\n"
    with pytest.raises(InvalidInput, match=r"Row 3 \(Ben\): Age: “12” is not a whole number from 16 to 110"):
        workspace.personas.import_file(project_id, table)
    assert len(workspace.personas.of_project(project_id)) == 4
    added = workspace.personas.import_file(project_id, table, leave_out_wrong=True)
    assert [person.name for person in added] == ["Maya", "Zoe"]


def test_a_panel_report_is_on_those_who_are_found(workspace: Workspace, project_id: str) -> None:
    assert workspace.personas.report(project_id, ()).size == 4
    assert workspace.personas.report(project_id, (), PersonaSearch(text="nurse")).makeup["location"] == {
        "Leeds": 2,
        "not stated": 1,
    }
    with pytest.raises(InvalidInput, match="no personas"):
        workspace.personas.report(project_id, (), PersonaSearch(text="nobody"))


def test_two_are_compared_among_their_panel(workspace: Workspace, project_id: str) -> None:
    ids = [person.id for person in workspace.personas.of_project(project_id)]
    one, other, found = workspace.personas.compare(project_id, [ids[2], ids[0]])
    assert (one.name, other.name) == ("Ben Cole", "Zoë Hart")
    assert found.same_facts == 2
    with pytest.raises(InvalidInput, match="two different personas"):
        workspace.personas.compare(project_id, [ids[0], ids[0]])
