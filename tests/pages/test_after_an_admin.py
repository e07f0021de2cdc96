"""What others did meanwhile: an administrator's help breaks no page of the owner, and a stale window pays for nothing twice."""

from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import set_up_of
from tests.pages.conftest import Opened, Visit
from tests.pages.test_personas import press, texts
from tests.scripted_server import Reply, ScriptedServer, sensible
from tests.studies import asked_round, finished, session


def test_every_page_of_the_owner_is_whole_after_an_administrator_did_everything(
    visit: Visit, semblance: Semblance, model_server: ScriptedServer
) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    model_server.script = lambda asked: sensible(asked) if asked.schema else Reply("I like the kitchen.")
    group = session(user, 2)
    user.open_project(group.project_id)
    finished(semblance, admin, admin.recruit(group.project_id, "Somebody", 3))
    made = admin.create_focus_group(group.project_id, replace(set_up_of(group), title="Made for you"))
    copied = admin.duplicate_focus_group(group.id)
    finished(semblance, admin, admin.add_stimuli(made.id, [("a.txt", b"Oats.")]).task)  # type: ignore[arg-type]
    asked_round(semblance, admin, made.id, "What do you think?")
    finished(semblance, admin, admin.analyse(made.id))
    model_server.script = lambda asked: Reply("no", status=400)
    failed = finished(semblance, admin, admin.recruit(group.project_id, "Nobody", 3))
    assert failed.error

    home = visit("user", "home")
    assert "Recruiting failed" in texts(home)
    personas = visit("user", "personas")
    assert "3 of 3 personas" in texts(personas)
    sessions = visit("user", "focus_groups")
    assert "Made for you" in texts(sessions)
    opened = [visit("user", "session", id=each.id) for each in (made, copied)]
    findings = visit("user", "findings", id=made.id)
    assert "Find themes again" in [button.label for button in findings.button]
    for page in (home, personas, sessions, *opened, findings, visit("user", "usage")):
        assert not page.exception
        assert "There is no such" not in texts(page)


def test_a_window_that_knows_of_an_older_analysis_is_shown_the_newer_one_and_pays_nothing(
    visit: Visit, semblance: Semblance, model_server: ScriptedServer
) -> None:
    user, admin = semblance.workspace("user"), semblance.workspace("admin")
    group = session(user, 2)
    asked_round(semblance, user, group.id, "What do you think?")
    first = finished(semblance, user, user.analyse(group.id))
    page = visit("user", "findings", id=group.id)
    second = finished(semblance, admin, admin.analyse(group.id, seen=first.id))
    asked = len(model_server.asked)
    press(page, "Find themes again")
    assert not page.exception
    assert [each.analysis_id for each in user.analyses(group.id)] == [second.id, first.id]
    assert user.analysis_under_way(group.id) == second
    assert "nothing was asked again" in "".join(str(toast.value) for toast in page.toast)
    press(page, "Find themes again")
    third = user.analysis_under_way(group.id)
    assert third
    assert finished(semblance, user, third).id not in (first.id, second.id)
    assert len(model_server.asked) > asked


def test_the_same_panel_is_recruited_again_only_where_that_is_meant(
    opened: Opened, semblance: Semblance, model_server: ScriptedServer
) -> None:
    user = semblance.workspace("user")
    project = user.create_project("Panel")
    model = semblance.settings.default_model
    task = finished(semblance, user, user.recruit(project.id, "Anybody", 6, model=model))
    dialog = opened("ui.recruiting.recruit", project.id)
    dialog.text_area[0].set_value("Anybody").run()
    dialog = press(dialog, "Recruit")
    assert "This very panel was recruited on" in texts(dialog)
    assert [each.id for each in user.tasks(project.id)] == [task.id]
    press(dialog, "Recruit another one like it")
    another, _ = user.tasks(project.id)
    assert another.id != task.id
    user.cancel_task(another.id)


def test_a_provider_that_ignores_its_bound_is_named_beside_its_price(visit: Visit, semblance: Semblance) -> None:
    database = semblance.connection.database
    database["usage_daily"].insert_one({"_id": "2026-11-01/x", "day": "2026-11-01", "model": "m/1", "calls": 3})
    bounds = {"kept": 0, "beyond": {"prompt": 0, "completion": 1_940}}
    database["model_traits"].insert_one({"_id": "m/1", "bounds": bounds})
    page = visit("admin", "prices")
    assert not page.exception
    assert "went up to 0 prompt and 1,940 completion tokens beyond what a request allows" in texts(page)
