"""The page of personas as Streamlit runs it: what it shows, finds, refuses and asks first."""

import csv
import io
import math
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.personas.persona import TRAITS, BigFive, Persona
from semblance_core.reports.exports import personas_csv
from semblance_core.workspace import Workspace
from tests.pages.conftest import Opened, Visit
from tests.studies import panel, session
from ui.faces.avatar import SIZE, avatar, avatar_among
from ui.parts.words import DONE

HOSTILE = "<b>x</b> ![i](http://127.0.0.1:9/x.png) :red[r] $x$ " + "w" * 300


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def project_id(ws: Workspace) -> str:
    return ws.projects.mine()[0].id


def enter(semblance: Semblance, project_id: str, people: list[Persona] | tuple[Persona, ...]) -> list[str]:
    return [person.id for person in semblance.store.personas.add(project_id, people, semblance.clock())]


def texts(page: AppTest) -> str:
    shown = [*page.markdown, *page.caption, *page.info, *page.error, *page.subheader]
    return "\n".join(str(element.value) for element in shown).replace("\u2060", "")


def press(page: AppTest, label: str, at: int = 0) -> AppTest:
    """Presses a button by its words; those of several alike are followed by what each is for."""
    return [button for button in page.button if button.label.partition(" ![")[0] == label][at].click().run()


def cards(page: AppTest) -> int:
    return len([button for button in page.button if button.label.startswith("Open ")])


def test_an_empty_project_says_what_to_do(visit: Visit, ws: Workspace) -> None:
    page = visit("user", "personas")
    assert "No personas yet" in texts(page)
    assert {"Recruit from a brief", "Add manually", "Import"} <= {button.label for button in page.button}


def test_a_gallery_of_two_hundred_draws_one_page_of_cards(visit: Visit, semblance: Semblance, project_id: str) -> None:
    enter(semblance, project_id, [replace(panel(1)[0], name=f"Person{number} Test") for number in range(200)])
    page = visit("user", "personas")
    assert not page.exception
    assert "200 of 200 personas" in texts(page)
    assert cards(page) == 12
    assert "**Person199 Test**" in texts(page)
    last = visit("user", "personas", page="17")
    assert cards(last) == 8
    assert "**Person0 Test**" in texts(last)


def test_search_and_filters_come_from_the_address(visit: Visit, semblance: Semblance, project_id: str) -> None:
    maya, ben, ines = panel(3)
    people = [replace(maya, gender="woman"), replace(ben, gender="man", quote="I am thrifty."), replace(ines, age=66)]
    enter(semblance, project_id, people)
    page = visit("user", "personas", gender="woman", find="nurse", age="25–34")
    assert "1 of 3 personas" in texts(page)
    assert "**Maya Rao**" in texts(page)
    page.button_group(key=f"personas/{project_id}:age").set_value(["65+"])
    page.multiselect(key=f"personas/{project_id}:gender").set_value([])
    page.run()
    assert "**Ines Falk**" in texts(page)
    assert "1 of 3 personas" in texts(page)
    assert "No personas match this search" in texts(visit("user", "personas", find="zebra"))
    assert "3 of 3 personas" in texts(press(visit("user", "personas", find="zebra"), "Show all"))


def test_a_form_that_does_not_hold_names_the_fields_and_keeps_what_was_typed(
    visit: Visit, opened: Opened, ws: Workspace, project_id: str
) -> None:
    assert "Save" in [button.label for button in press(visit("user", "personas"), "Add manually").button]
    page = opened("ui.personas.form.edit_persona", project_id, None)
    fields = {field.label: field for field in [*page.text_input, *page.text_area]}
    fields["Age"].set_value("abc")
    fields["Occupation"].set_value("nurse")
    fields["Values, one per line"].set_value("\n".join(f"value {number}" for number in range(13)))
    page = press(page, "Save")
    words = texts(page)
    assert "Not saved yet" in words
    assert "A persona needs a name" in words
    assert "Age: “abc” is not a whole number from 16 to 110" in words
    assert "Values: there are 13 entries; at most 12 fit" in words
    fields = {field.label: field for field in [*page.text_input, *page.text_area]}
    assert (fields["Age"].value, fields["Occupation"].value) == ("abc", "nurse")
    assert "value 12" in fields["Values, one per line"].value
    assert ws.personas.of_project(project_id) == []
    fields["Age"].set_value("34")
    fields["Name"].set_value("Maya Rao")
    fields["Values, one per line"].set_value("calm")
    press(page, "Save")
    (saved,) = ws.personas.of_project(project_id)
    assert (saved.name, saved.age, saved.occupation, saved.values) == ("Maya Rao", 34, "nurse", ("calm",))


def test_one_is_deleted_only_after_it_was_confirmed(
    visit: Visit, opened: Opened, ws: Workspace, semblance: Semblance, project_id: str
) -> None:
    enter(semblance, project_id, panel(2))
    page = visit("user", "personas").get("menu_button")[0].click("Delete").run()
    assert "Delete **Ben Cole**?" in texts(page)
    assert len(ws.personas.of_project(project_id)) == 2
    page = press(opened("ui.personas.card.delete_persona", project_id, ws.personas.of_project(project_id)[1]), "Delete")
    assert page.session_state[DONE] == ["Deleted Ben Cole"]
    assert [person.name for person in ws.personas.of_project(project_id)] == ["Maya Rao"]


def test_several_are_picked_across_pages_and_deleted_only_after_it_was_confirmed(
    visit: Visit, opened: Opened, ws: Workspace, semblance: Semblance, project_id: str
) -> None:
    ids = enter(semblance, project_id, panel(14))
    page = visit("user", "personas")
    page.checkbox[0].check().run()
    page.get("pagination")[0].set_value(2).run()
    page.checkbox[0].check().run()
    assert "**2 selected**" in texts(page)
    (link,) = [link for link in page.get("page_link") if link.label == "Start a focus group"]
    assert link.proto.query_string == f"with={ids[13]}%2C{ids[1]}"
    page = press(page, "Delete selected")
    assert "Delete **Ben Cole, Person13 Test**?" in texts(page)
    assert len(ws.personas.of_project(project_id)) == 14
    press(opened("ui.personas.selection.delete_some", project_id, [ids[1], ids[13]]), "Delete 2 personas")
    assert {person.id for person in ws.personas.of_project(project_id)} == {*ids} - {ids[1], ids[13]}


def test_those_picked_go_to_another_project(
    visit: Visit, opened: Opened, ws: Workspace, semblance: Semblance, project_id: str
) -> None:
    ids = enter(semblance, project_id, panel(3))
    page = press(visit("user", "personas"), "Select all")
    assert "**3 selected**" in texts(page)
    assert "You have no other project" in texts(press(page, "Copy to a project"))
    into = ws.projects.create("Round two")
    press(opened("ui.personas.selection.copy_to", project_id, ids), "Copy")
    assert len(ws.personas.of_project(into.id)) == 3
    assert len(ws.personas.of_project(project_id)) == 3


def test_a_panel_report_shows_fit_differences_and_traits(visit: Visit, semblance: Semblance, project_id: str) -> None:
    maya, ben, ines = (replace(person, big_five=BigFive(openness=51)) for person in panel(3))
    unstated = replace(panel(4)[3], age=None, backstory="Walks to work.")
    enter(
        semblance,
        project_id,
        [maya, replace(ben, backstory=maya.backstory), replace(ines, backstory="Sings."), unstated],
    )
    page = visit("user", "personas", view="Panel report")
    assert not page.exception
    words = texts(page)
    assert "Were 4 people drawn at random" in words
    assert "Near-duplicates repeat each other" in words
    assert "Openness: mean 51, within what chance gives a panel of 3; spread narrow" in words
    assert "Left out, because they state no traits: 1 persona." in words
    assert len(page.get("plotly_chart")) >= 3
    one = visit("user", "personas", view="Panel report", find="Maya")
    assert {metric.label: metric.value for metric in one.metric} == {"Personas": "1"}


def test_two_are_compared_by_their_address(visit: Visit, semblance: Semblance, project_id: str) -> None:
    maya, ben = enter(semblance, project_id, [replace(panel(1)[0], brands=("Oatly", "Alpro")), panel(2)[1]])
    page = visit("user", "personas", view="Compare", a=maya, b=ben)
    assert {metric.label: metric.value for metric in page.metric}["Shared facts"] == "2 of 3"
    words = texts(page)
    assert ":primary-background[Oatly]" in words
    assert "calm" in words
    assert ":primary-background[calm]" not in words
    half = visit("user", "personas", view="Compare", a=maya, b="gone")
    assert "Choose two personas" in texts(half)


def test_what_a_persona_does_not_state_stays_unknown(visit: Visit, semblance: Semblance, project_id: str) -> None:
    maya, ben = enter(semblance, project_id, [Persona("Maya"), replace(panel(2)[1], big_five=BigFive(openness=80))])
    page = visit("user", "persona", id=maya)
    assert "No details yet" in texts(page)
    assert "Big Five: not stated" in texts(page)
    compared = visit("user", "personas", view="Compare", a=maya, b=ben)
    assert {metric.label: metric.value for metric in compared.metric}["Big Five distance"] == "Not stated"
    report = visit("user", "personas", view="Panel report", find="Maya")
    assert "No persona states any traits." in texts(report)
    for shown in (page, compared, report):
        assert not shown.exception
        assert "None" not in texts(shown)
    row = next(csv.DictReader(io.StringIO(personas_csv([Persona("Maya")]).removeprefix("\ufeff"))))
    assert {row[name] for name in ("age", "gender", "location", *TRAITS)} == {""}


def test_a_persona_is_a_page_of_its_own(visit: Visit, ws: Workspace, semblance: Semblance, project_id: str) -> None:
    group = session(ws, 2)
    (persona_id,) = enter(semblance, group.project_id, [replace(panel(1)[0], quote=HOSTILE)])
    page = visit("user", "persona", id=persona_id)
    assert not page.exception
    assert "## Maya Rao" in texts(page)
    assert "<b>" not in texts(page)
    assert "No focus group yet" in texts(page)
    ws.personas.delete(persona_id)
    assert "no such persona" in texts(visit("user", "persona", id=persona_id))
    assert "no such persona" in texts(visit("other", "persona", id=persona_id))


def test_hostile_and_long_texts_are_shown_short_and_as_they_are(
    visit: Visit, semblance: Semblance, project_id: str
) -> None:
    enter(semblance, project_id, [Persona(HOSTILE[:80], 30, HOSTILE, HOSTILE, HOSTILE, quote=HOSTILE)])
    page = visit("user", "personas")
    assert not page.exception
    words = texts(page)
    assert "![" not in words.replace("!\\[", "")
    assert ":red[" not in words
    assert "w" * 200 not in words


def test_a_face_is_the_same_everywhere_and_shows_what_is_stated() -> None:
    maya = Persona("Maya Rao", 34, "woman")
    assert avatar_among("Maya Rao", [Persona("Ben"), maya]) == avatar(maya.name, maya)
    assert avatar("Maya Rao", maya) == avatar("Maya Rao", replace(maya, age=35, id="another", quote="Hm."))
    assert len({avatar("Maya Rao", replace(maya, age=age)) for age in (34, 70)}) == 2
    assert avatar("Maya Rao", replace(maya, gender="man")) != avatar("Maya Rao", maya)
    for unknown in (Persona("Maya Rao"), replace(maya, age=None), replace(maya, gender=""), replace(maya, gender="–")):
        assert avatar("Maya Rao", unknown) == avatar("Maya Rao")


@pytest.mark.parametrize("skin", ["pale", "light", "olive", "brown", "black"])
def test_a_face_is_told_from_what_is_behind_it(skin: str) -> None:
    for number in range(60):
        looks = Persona(f"Person {number}", 30, "man", backstory=f"He has {skin} skin and black hair.")
        picture = Image.open(BytesIO(avatar(looks.name, looks))).convert("RGB")
        cheek, ground = (picture.getpixel((x * SIZE // 100, 50 * SIZE // 100)) for x in (34, 8))
        assert math.dist(cheek, ground) > 30, looks.name  # type: ignore[arg-type]


def test_simulated_is_said_once_where_all_are_and_of_each_where_some_are(
    visit: Visit, semblance: Semblance, project_id: str
) -> None:
    maya, ben, ines = (replace(person, origin="generated") for person in panel(3))
    enter(semblance, project_id, [replace(person, simulated=True) for person in (maya, ben)])
    page = texts(visit("user", "personas"))
    assert page.count("simulated") == 1
    assert "The built-in simulator invented these personas" in page
    enter(semblance, project_id, [ines])
    page = texts(visit("user", "personas"))
    assert page.count("simulated") == 2
    assert "invented these" not in page
    assert "orange-badge[simulated" not in page
