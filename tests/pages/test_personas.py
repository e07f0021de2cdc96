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
from tests.studies import finished, panel, session
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


def test_an_import_shows_what_is_wrong_row_by_row_and_adds_none(opened: Opened, ws: Workspace, project_id: str) -> None:
    page = opened("ui.personas.importing.import_dialog", project_id)
    table = "name,age\nMaya,34\nBen,12\n,40\n"
    page.file_uploader[0].set_value(("people.csv", table.encode(), "text/csv")).run()
    words = texts(page)
    assert "2 rows have errors:" in words
    assert not page.toast
    assert not page.success
    assert "Row 3 \\(Ben\\)" in words or "Row 3 (Ben)" in words
    assert "Row 4: A persona needs a name" in words or "Row 4\\: A persona needs a name" in words
    (button,) = [button for button in page.button if button.label == "Import 1 persona"]
    assert button.disabled
    assert ws.personas.of_project(project_id) == []
    next(box for box in page.checkbox if box.label.startswith("Skip these rows")).check().run()
    press(page, "Import 1 persona")
    assert [person.name for person in ws.personas.of_project(project_id)] == ["Maya"]


def test_an_import_shows_how_the_file_was_read_and_asks_what_it_does_not_tell(
    opened: Opened, ws: Workspace, project_id: str
) -> None:
    page = opened("ui.personas.importing.import_dialog", project_id)
    table = "name;age;shoes\nBen;51,0;44\nAyşe Yıldız;34,0;38\n".encode("cp1254")
    page.file_uploader[0].set_value(("people.csv", table, "text/csv")).run()
    assert [radio.label for radio in page.radio] == ["Encoding", "Number format"]
    assert next(button for button in page.button if button.label.startswith("Import ")).disabled
    shown = texts(page).replace("\\", "")
    assert (list(page.error), list(page.dataframe)) == ([], [])
    assert not any(words in shown for words in ("were read as", "Windows")), shown
    page.radio[0].set_value("cp1254").run()
    assert not page.error
    assert "2 rows depend on your answer above." in texts(page)
    assert next(button for button in page.button if button.label.startswith("Import ")).disabled
    page.radio[1].set_value("comma").run()
    words = texts(page).replace("\\", "")
    for part in ("Turkish (Windows-1254)", "columns between semicolons", "Imported columns:"):
        assert part in words, part
    assert "shoes" in "\n".join(str(warning.value) for warning in page.warning)
    assert list(page.dataframe[0].value["name"]) == ["Ben", "Ayşe Yıldız"]
    press(page, "Import 2 personas")
    assert {person.name: person.age for person in ws.personas.of_project(project_id)} == {"Ayşe Yıldız": 34, "Ben": 51}


def test_a_panel_is_recruited_to_shares_from_a_table(
    visit: Visit, opened: Opened, ws: Workspace, semblance: Semblance, project_id: str
) -> None:
    page = opened("ui.personas.recruiting.recruit", project_id)
    assert "About" in texts(page)
    page.text_area(key=f"recruit_brief_{project_id}").set_value("Oat milk buyers")
    page.slider(key=f"recruit_size_{project_id}").set_value(4)
    page.selectbox(key=f"recruit_model_{project_id}").set_value("simulator/v1")
    page.button_group(key=f"recruit_shares_{project_id}_fields").set_value(["gender"]).run()
    assert "4 personas: 2 women, 2 men" in texts(page)
    assert "4 personas: a view that 20% of people hold comes up at least once with 59% probability." in texts(page)
    assert "Recruit **16 personas** or more." in texts(page)
    press(page, "Recruit")
    (task,) = ws.tasks.of_project(project_id)
    assert task.request["margins"] == [{"field": "gender", "shares": [["women", 0.5], ["men", 0.5]]}]
    finished(semblance, ws, task)
    page = visit("user", "personas")
    words = texts(page)
    assert "Gender: 2 women, 2 men, exactly as asked." in words
    assert "4 of 4 personas" in words
    page = press(page, "Show panel report")
    assert "Gender is met exactly." in texts(page)
    assert {metric.label: metric.value for metric in page.metric}["Personas"] == "4"


def test_the_simulator_refuses_a_brief_it_cannot_read_where_it_is_written(
    opened: Opened, ws: Workspace, project_id: str
) -> None:
    ws.me.confirm_costs()
    page = opened("ui.personas.recruiting.recruit", project_id)
    brief = page.text_area(key=f"recruit_brief_{project_id}").set_value(
        "Haushalte, die über eine Wärmepumpe nachdenken"
    )
    page.selectbox(key=f"recruit_model_{project_id}").set_value("simulator/v1").run()
    assert "reads plain English only" in texts(page)
    for _ in range(2):
        page = press(page, "Recruit")
        (error,) = page.error
        assert "cannot read the brief. Choose a language model under “Model and seed” to continue" in str(error.value)
    assert page.text_area(key=brief.key).value == brief.value
    assert ws.tasks.of_project(project_id) == []
    page.selectbox(key=f"recruit_model_{project_id}").set_value("openai/gpt-4o-mini").run()
    assert "reads plain English only" not in texts(page)
    press(page, "Recruit")
    assert len(ws.tasks.of_project(project_id)) == 1


def test_a_brief_that_contradicts_its_shares_is_warned_of_and_not_stopped(
    opened: Opened, ws: Workspace, project_id: str
) -> None:
    ws.me.confirm_costs()
    page = opened("ui.personas.recruiting.recruit", project_id)
    page.text_area(key=f"recruit_brief_{project_id}").set_value("UK women aged 25–45 who buy oat milk")
    page.button_group(key=f"recruit_shares_{project_id}_fields").set_value(["gender"]).run()
    (warning,) = page.warning
    assert "The brief asks for women, the shares for men (50%). The shares decide." in str(warning.value)
    press(page, "Recruit")
    assert len(ws.tasks.of_project(project_id)) == 1


def test_a_brief_that_is_too_long_is_taken_in_and_says_by_how_much(opened: Opened, project_id: str) -> None:
    page = opened("ui.personas.recruiting.recruit", project_id)
    page.text_area(key=f"recruit_brief_{project_id}").set_value("x" * 7_800).run()
    assert "7,800 of 4,000 characters: shorten it by 3,800." in texts(page)
    assert len(page.text_area(key=f"recruit_brief_{project_id}").value) == 7_800


def test_shares_as_text_are_what_the_table_says_and_are_refused_in_words(
    opened: Opened, ws: Workspace, project_id: str
) -> None:
    page = opened("ui.personas.recruiting.recruit", project_id)
    page.button_group(key=f"recruit_shares_{project_id}_fields").set_value(["gender"]).run()
    page.toggle(key=f"recruit_shares_{project_id}_as_text").set_value(True).run()
    text = page.text_area(key=f"recruit_shares_{project_id}_text")
    assert text.value == "gender: women 50%, men 50%"
    text.set_value("gender: women 50%").run()
    assert "add up to 50" in texts(page)
    page.text_area(key=f"recruit_brief_{project_id}").set_value("Anybody")
    page = press(page, "Recruit")
    assert "add up to 50" in "".join(str(error.value) for error in page.error)
    page.toggle(key=f"recruit_shares_{project_id}_as_text").set_value(False).run()
    assert page.text_area(key=f"recruit_shares_{project_id}_text").value == "gender: women 50%"


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
