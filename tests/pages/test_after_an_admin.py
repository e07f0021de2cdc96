"""What others did meanwhile: an administrator's help breaks no page of the owner, and a stale window pays for nothing twice."""

from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import config_of
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
    user.projects.open(group.project_id)
    finished(semblance, admin, admin.personas.recruit(group.project_id, "Somebody", 3))
    made = admin.sessions.create(group.project_id, replace(config_of(group), title="Made for you"))
    copied = admin.sessions.duplicate(group.id)
    finished(semblance, admin, admin.stimuli.add(made.id, [("a.txt", b"Oats.")]).task)  # type: ignore[arg-type]
    asked_round(semblance, admin, made.id, "What do you think?")
    finished(semblance, admin, admin.findings.analyse(made.id))
    model_server.script = lambda asked: Reply("no", status=400)
    failed = finished(semblance, admin, admin.personas.recruit(group.project_id, "Nobody", 3))
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
    first = finished(semblance, user, user.findings.analyse(group.id))
    page = visit("user", "findings", id=group.id)
    second = finished(semblance, admin, admin.findings.analyse(group.id, seen=first.id))
    asked = len(model_server.asked)
    press(page, "Find themes again")
    assert not page.exception
    assert [each.analysis_id for each in user.findings.analyses(group.id)] == [second.id, first.id]
    assert user.findings.newest_task(group.id) == second
    assert "Themes are up to date" in "".join(str(toast.value) for toast in page.toast)
    press(page, "Find themes again")
    third = user.findings.newest_task(group.id)
    assert third
    assert finished(semblance, user, third).id not in (first.id, second.id)
    assert len(model_server.asked) > asked


def test_the_same_panel_is_recruited_again_only_where_that_is_meant(
    opened: Opened, semblance: Semblance, model_server: ScriptedServer
) -> None:
    user = semblance.workspace("user")
    project = user.projects.create("Panel")
    model = semblance.defaults.talk
    task = finished(semblance, user, user.personas.recruit(project.id, "Anybody", 6, model=model))
    dialog = opened("ui.personas.recruiting.recruit", project.id)
    dialog.text_area[0].set_value("Anybody").run()
    dialog = press(dialog, "Recruit")
    assert "This panel was already recruited on" in texts(dialog)
    assert [each.id for each in user.tasks.of_project(project.id)] == [task.id]
    press(dialog, "Recruit again")
    another, _ = user.tasks.of_project(project.id)
    assert another.id != task.id
    user.tasks.cancel(another.id)


def test_a_provider_that_ignores_its_bound_is_named_beside_its_price(visit: Visit, semblance: Semblance) -> None:
    database = semblance.connection.database
    database["usage_daily"].insert_one({"_id": "2026-11-01/x", "day": "2026-11-01", "model": "m/1", "calls": 3})
    bounds = {"kept": 0, "beyond": {"prompt": 0, "completion": 1_940}}
    database["model_traits"].insert_one({"_id": "m/1", "bounds": bounds})
    page = visit("admin", "prices")
    assert not page.exception
    assert "exceeded requests by up to 0 prompt and 1,940 completion tokens" in texts(page)
