"""The dialogs that bring personas in: an import and its questions, a brief and its shares."""

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import Workspace
from tests.pages.conftest import Opened, Visit
from tests.pages.test_personas import press, texts
from tests.studies import finished


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def project_id(ws: Workspace) -> str:
    return ws.projects.mine()[0].id


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
