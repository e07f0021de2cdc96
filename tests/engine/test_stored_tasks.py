"""Tasks as the database keeps them: what an earlier release stored is run by this one, and this one stores the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from semblance_core.analysis.panel import Margin
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.asset import HandedFile
from semblance_core.domain.errors import Unreadable
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks import (
    analyse,
    analyse_interviews,
    backfill,
    ballot,
    code_session,
    example,
    recruit,
    stimuli,
    suggest,
    survey,
)
from semblance_core.engine.tasks.kinds import KINDS
from semblance_core.engine.tasks.stored import fingerprint_of, request_of, result_of, to_stored
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.store.ids import new_id
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.workspace import Workspace
from tests.flows.test_attach import drawn
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round, session

MODEL = "openai/gpt-5-mini"
RECRUIT = {
    "text": "UK shoppers",
    "size": 2,
    "margins": [{"field": "gender", "shares": [["women", 0.5], ["men", 0.5]]}],
    "seed": 7,
    "model": MODEL,
}
STIMULI = {
    "focus_group_id": "group",
    "files": [{"name": "a.txt", "sha256": "5e", "encoding": "cp1252"}],
    "models": [MODEL],
}
BRIEF = Brief("UK shoppers", 2, (Margin("gender", (("women", 0.5), ("men", 0.5))),), seed=7)
REQUESTS: list[tuple[Any, dict[str, Any]]] = [
    (recruit.Request.of(BRIEF, MODEL), RECRUIT),
    (analyse.Request("group", MODEL), {"focus_group_id": "group", "model": MODEL}),
    (suggest.Request("group", 4), {"focus_group_id": "group", "through_seq": 4}),
    (analyse_interviews.Request("round", MODEL), {"round_id": "round", "model": MODEL}),
    (ballot.Request("group", 4), {"focus_group_id": "group", "through": 4, "control": True}),
    (
        code_session.Request("group", MODEL, "user", propose=True),
        {"focus_group_id": "group", "model": MODEL, "by": "user", "propose": True},
    ),
    (survey.Request("survey", MODEL), {"survey_id": "survey", "model": MODEL}),
    (stimuli.Request.of("group", [HandedFile("a.txt", "5e", b"", "cp1252")], [MODEL]), STIMULI),
    (
        backfill.Request(datetime(2026, 1, 2, 3, tzinfo=UTC), None),
        {"since": "2026-01-02T03:00:00+00:00", "until": ""},
    ),
    (
        example.Request(BRIEF.text, BRIEF.size, BRIEF.margins, BRIEF.seed, MODEL, "user"),
        {**RECRUIT, "for": "user"},
    ),
]


def as_stored(kind: str, request: dict[str, Any], result: dict[str, Any] | None = None) -> Task:
    return Task("task", kind, "user", "", request, datetime(2026, 1, 1, tzinfo=UTC), result=result or {})


def run_as_stored(semblance: Semblance, document: dict[str, Any], files: list[bytes] | None = None) -> dict[str, Any]:
    """Has a worker run a task that stands in the database like this; the task as it stands there afterwards."""
    tasks, task_id = semblance.connection.database["tasks"], new_id()
    common = {"owner_id": "user", "created_at": semblance.clock(), "state": "queued", "done": 0, "total": 2, "now": ""}
    common |= {"error": "", "result": {}, "epoch": 0, "finished_at": None, "estimate": None, "lease_until": NO_LEASE}
    if files:
        group_id = document["request"]["focus_group_id"]
        semblance.store.uploads.put(task_id, group_id, files, semblance.clock())
    tasks.insert_one({"_id": task_id, **common, **document})
    semblance.engine.wait("task", task_id)
    done = tasks.find_one({"_id": task_id})
    assert done
    assert done["state"] == TaskState.DONE, done["error"]
    return dict(done)


@pytest.mark.parametrize(("request_", "stored"), REQUESTS, ids=[type(each).__module__ for each, _ in REQUESTS])
def test_a_request_is_stored_in_the_form_of_earlier_releases_and_read_from_it(
    request_: Any, stored: dict[str, Any]
) -> None:
    assert to_stored(request_) == stored
    assert request_of(type(request_), as_stored("", stored)) == request_


def test_an_analysis_that_names_no_model_is_read_too() -> None:
    assert request_of(analyse.Request, as_stored("", {"focus_group_id": "group"})) == analyse.Request("group")


def test_every_kind_of_task_has_its_stored_form_tried_here() -> None:
    assert {type(request) for request, _ in REQUESTS} == {kind.request for kind in KINDS.values()}


def test_the_fingerprint_that_keeps_the_same_from_being_begun_twice_is_that_of_earlier_releases() -> None:
    by_type = {type(request): fingerprint_of(request) for request, _ in REQUESTS}
    assert by_type[recruit.Request] == "8806dccea360245dfa94d3d2852dde00f335f60d250857978d8802dc6b248bd1"
    assert by_type[stimuli.Request] == "1215bba7ce24880c084109ec4d532b130d8a6e86cbcef15538b7fb41fd8c1d03"


def test_a_recruiting_goes_on_from_a_checkpoint_that_an_earlier_release_kept(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    project = workspace.projects.create("Panel")
    ada = {"name": "Ada Bell", "gender": "woman", "age": 40, "backstory": "Bakes bread at night.", "_id": "ada"}
    kept = {
        "sketches": [{"name": "Ada Bell", "sketch": "Bakes."}, {"name": "Ben Cole", "sketch": "Runs."}],
        "written": {"0": ada},
        "notes": ["Noted before."],
    }
    document = {"kind": "recruit", "project_id": project.id, "request": RECRUIT, "result": kept}
    result = run_as_stored(semblance, document)["result"]
    assert [asked.feature for asked in model_server.asked] == ["recruit_persona"]
    assert result.keys() == {"persona_ids", "notes", "redrawn", "fit"}
    assert (result["notes"], result["redrawn"]) == (["Noted before."], 0)
    assert result["fit"][0].keys() == {"field", "target", "achieved", "total_variation", "jensen_shannon"}
    assert workspace.personas.get(result["persona_ids"][0]).name == "Ada Bell"


def test_a_recruiting_keeps_its_checkpoint_in_the_form_of_earlier_releases() -> None:
    ada = {"name": "Ada Bell", "age": 40, "_id": "ada"}
    kept = {"sketches": [{"name": "Ada Bell", "sketch": "Bakes."}], "written": {"3": ada}, "notes": ["Noted."]}
    checkpoint = result_of(recruit.Checkpoint, as_stored("recruit", RECRUIT, kept))
    stored = to_stored(checkpoint)
    assert stored | {"written": {}} == kept | {"written": {}}
    assert stored["written"].keys() == {"3"}
    assert stored["written"]["3"].items() >= ada.items()


def test_adding_files_goes_on_from_what_an_earlier_release_kept(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, model="openai/gpt-3.5-turbo")
    kept = {
        "0": {"why": "The file is broken."},
        "1": {"description": "A red square.", "described_by": "openai/gpt-5-mini"},
    }
    names = ["broken.pdf", "square.png", "leaflet.txt"]
    request = {
        "focus_group_id": group.id,
        "files": [{"name": name, "sha256": name} for name in names],  # the oldest do not name an encoding
        "models": [MODEL],
    }
    document = {"kind": "attach", "project_id": group.project_id, "request": request, "result": {"files": kept}}
    files = run_as_stored(semblance, document, [b"broken", drawn("red"), b"Oat milk costs 2 euros."])["result"]["files"]
    assert model_server.asked == []
    assert files["0"] == kept["0"]
    assert [files[place].keys() for place in ("1", "2")] == [{"asset_id"}] * 2
    described, text = (semblance.store.assets.get(files[place]["asset_id"]) for place in ("1", "2"))
    assert (described.description, text.name) == ("A red square.", "leaflet.txt")


def of_session(kind: str) -> Callable[[Semblance, Workspace], dict[str, Any]]:
    def document(semblance: Semblance, workspace: Workspace) -> dict[str, Any]:
        group = session(workspace)
        asked_round(semblance, workspace, group.id, "What do you drink?")
        request = (
            {"focus_group_id": group.id} if kind == "analyse" else {"since": "2026-01-01T00:00:00+00:00", "until": ""}
        )
        return {"kind": kind, "project_id": group.project_id if kind == "analyse" else "", "request": request}

    return document


def of_example(_semblance: Semblance, workspace: Workspace) -> dict[str, Any]:
    project = workspace.projects.create("Example")
    return {"kind": "example", "project_id": project.id, "request": {**RECRUIT, "for": "user"}}


@pytest.mark.parametrize(
    ("document", "result"),
    [
        (of_session("analyse"), {"themes", "dropped_quotes"}),
        (of_session("backfill"), {"messages", "models"}),
        (of_example, {"focus_group_id"}),
    ],
    ids=["analyse", "backfill", "example"],
)
def test_a_task_that_an_earlier_release_stored_is_run(
    semblance: Semblance,
    workspace: Workspace,
    document: Callable[[Semblance, Workspace], dict[str, Any]],
    result: set[str],
) -> None:
    assert run_as_stored(semblance, document(semblance, workspace))["result"].keys() == result


def test_what_a_task_has_before_anything_is_kept_is_an_empty_result() -> None:
    assert result_of(recruit.Result, as_stored("recruit", RECRUIT)) == recruit.Result()
    assert result_of(stimuli.Result, as_stored("attach", STIMULI)).files == {}


def test_a_damaged_request_is_unreadable_and_nothing_of_it_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unreadable, match="stored task"):
        request_of(recruit.Request, as_stored("recruit", RECRUIT | {"size": "a secret"}))
    assert "size" in caplog.text
    assert "secret" not in caplog.text
