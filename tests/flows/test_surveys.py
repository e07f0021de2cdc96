"""A survey over a real database and a model over HTTP: asked, checked, stored, resumed, cancelled, deleted, counted."""

import json
from collections import Counter

import pytest

from semblance_core.analysis.surveys.anchor_bank import anchor_bank
from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput, NotFound, QuotaExceeded
from semblance_core.domain.instruments.answers import AnswerState, RatingMethod
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.engine.test_workers import NobodyHere
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import eventually, with_engine
from tests.surveys import EVERY, SHORT, answering, asked_person, asked_question, fitting, project_with, surveyed

DIRECT, SIMILARITY, VERBALISED = RatingMethod.DIRECT, RatingMethod.SIMILARITY, RatingMethod.VERBALISED


def test_everybody_answers_every_question_in_every_way_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering()
    project = project_with(workspace, 5)
    survey = workspace.surveys.begin(project, EVERY, methods=list(RatingMethod), seed=7)
    task = surveyed(semblance, workspace, survey)
    assert (task.state, task.done, task.total, task.error) == (TaskState.DONE, 55, 55, "")
    asked = Counter((asked_person(each), asked_question(each), each.feature) for each in model_server.asked)
    assert len(model_server.asked) == 55
    assert max(asked.values()) == 3, "a scale, asked in three ways"
    answered = workspace.surveys.answered(survey.id)
    assert Counter(each.answer.state for each in answered.given) == {AnswerState.ANSWERED: 55}
    assert {each.answer.model for each in answered.given} == {survey.model}
    by_way = {(each.place, each.method) for each in answered.results()}
    assert {method for place, method in by_way if place == 1} == {DIRECT, SIMILARITY, VERBALISED}
    assert {method for place, method in by_way if place == 3} == {DIRECT, VERBALISED}, "of 11 points"
    assert task.result == {"survey_id": survey.id, "answered": 55, "dont_know": 0, "unrated": 0, "unusable": 0}
    assert survey.rater.startswith("TF-IDF")
    assert survey.anchors == "1"


def test_an_answer_that_does_not_fit_is_asked_for_again_once_and_then_stored_as_none(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def one_is_wrong(asked: Asked) -> Reply:
        is_wrong = asked_person(asked) == "Ben Cole" and asked_question(asked).startswith("How")
        return Reply(json.dumps({"number": 9, "because": "So."} if is_wrong else fitting(asked)))

    model_server.script = one_is_wrong
    survey = workspace.surveys.begin(project_with(workspace, 3), SHORT)
    assert surveyed(semblance, workspace, survey).state is TaskState.DONE
    of_ben = [
        each
        for each in model_server.asked
        if asked_person(each) == "Ben Cole" and asked_question(each).startswith("How")
    ]
    assert len(of_ben) == 2
    assert "the answer is one whole number from 1 to 5" in of_ben[1].prompt
    unusable = [
        each for each in workspace.surveys.answered(survey.id).given if each.answer.state is AnswerState.UNUSABLE
    ]
    assert [(each.respondent, each.answer.question) for each in unusable] == [(1, 1)]
    assert "one whole number from 1 to 5" in unusable[0].answer.problem


def test_options_are_shown_in_the_recorded_order(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering()
    survey = workspace.surveys.begin(project_with(workspace, 8), SHORT, seed=3)
    surveyed(semblance, workspace, survey)
    answered = workspace.surveys.answered(survey.id)
    first = {each.respondent: each.answer for each in answered.given if each.answer.question == 0}
    assert all(answer.options == answer.order[:1] for answer in first.values()), "the model took the first one shown"
    assert len({answer.order for answer in first.values()}) > 1


@pytest.mark.parametrize(("method", "times"), [(DIRECT, 0), (SIMILARITY, 1)])
def test_the_statements_are_read_once_and_only_where_words_are_compared_with_them(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, method: RatingMethod, times: int
) -> None:
    """Reading and testing them takes half a second of a processor, and 24 calls may need them at the same moment."""
    model_server.script = answering()
    waiting = with_engine(workspace, NobodyHere())
    survey = waiting.surveys.begin(project_with(workspace, 8), SHORT, methods=[method])
    anchor_bank.cache_clear()
    semblance.engine.worker.run("task", survey.id)
    assert workspace.tasks.get(survey.id).state is TaskState.DONE
    assert anchor_bank.cache_info().misses == times


def test_a_failed_survey_goes_on_without_asking_again(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CALL_ATTEMPTS=1, SEMBLANCE_CONCURRENCY=2)
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: (
        answering()(asked) if len(model_server.asked) <= 9 else Reply("down", status=500)
    )
    survey = workspace.surveys.begin(project_with(workspace, 8), SHORT)
    task = surveyed(semblance, workspace, survey)
    assert task.state is TaskState.FAILED
    assert "provider" in task.error
    stored = {(each.respondent, each.answer.question) for each in workspace.surveys.answered(survey.id).given}
    assert len(stored) == 9
    before = len(model_server.asked)
    model_server.script = answering()
    workspace.tasks.rerun(survey.id)
    task = surveyed(semblance, workspace, survey)
    assert (task.state, task.done, task.total) == (TaskState.DONE, 16, 16)
    assert len(model_server.asked) - before == 16 - 9


def test_a_cancelled_survey_keeps_its_answers_and_resumes(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=2)
    workspace = semblance.workspace("user")
    model_server.script = answering(delay_s=0.05)
    survey = workspace.surveys.begin(project_with(workspace, 20), SHORT)
    eventually(lambda: len(workspace.surveys.answered(survey.id).given) > 3, within_s=30)
    workspace.tasks.cancel(survey.id)
    semblance.engine.wait("task", survey.id)
    eventually(lambda: model_server.in_flight == 0, within_s=60)
    assert len(model_server.asked) < 40
    workspace.tasks.rerun(survey.id)
    assert surveyed(semblance, workspace, survey).state is TaskState.DONE
    again = len(model_server.asked) - 40
    assert 0 <= again <= 2, (
        "a call that was just being made when it was cancelled, and two run at once, may be made again"
    )
    assert len(workspace.surveys.answered(survey.id).given) == 40


def test_the_quota_stops_a_survey_in_words(semblance: Semblance, model_server: ScriptedServer) -> None:
    workspace = semblance.workspace("user")
    model_server.script = answering()
    project = project_with(workspace, 3)
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(tokens=0))
    with pytest.raises(QuotaExceeded):
        workspace.surveys.begin(project, SHORT)
    assert workspace.surveys.of_project(project) == []
    assert model_server.asked == []
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(tokens=9_000))
    survey = workspace.surveys.begin(project, SHORT)
    task = surveyed(semblance, workspace, survey)
    if task.state is TaskState.FAILED:
        assert "quota" in task.error
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota())
    if task.state is TaskState.FAILED:
        workspace.tasks.rerun(survey.id)
        task = surveyed(semblance, workspace, survey)
    assert task.state is TaskState.DONE
    assert len(model_server.asked) == 6


def test_a_second_click_begins_nothing(open_platform: OpenPlatform, model_server: ScriptedServer) -> None:
    semblance = open_platform()
    workspace = semblance.workspace("user")
    model_server.script = answering(delay_s=0.3)
    project = project_with(workspace, 4)
    first = workspace.surveys.begin(project, SHORT)
    assert workspace.surveys.begin(project, SHORT).id == first.id
    surveyed(semblance, workspace, first)
    assert len(model_server.asked) == 8
    assert [each.id for each in workspace.surveys.of_project(project)] == [first.id]


def test_a_survey_outlives_edits_of_its_personas_and_goes_with_its_project(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering()
    project = project_with(workspace, 2)
    survey = workspace.surveys.begin(project, SHORT)
    surveyed(semblance, workspace, survey)
    before = workspace.surveys.answered(survey.id)
    workspace.personas.delete_some(project, [each.persona.id for each in before.respondents])
    assert workspace.surveys.answered(survey.id) == before
    workspace.projects.delete(project)
    with pytest.raises(NotFound):
        workspace.surveys.get(survey.id)
    assert_gone(semblance)


def test_a_deleted_survey_leaves_nothing_also_while_it_is_asked(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=4)
    workspace = semblance.workspace("user")
    model_server.script = answering(delay_s=0.1)
    survey = workspace.surveys.begin(project_with(workspace, 20), SHORT)
    eventually(lambda: len(workspace.surveys.answered(survey.id).given) > 2, within_s=30)
    workspace.surveys.delete(survey.id)
    semblance.engine.wait("task", survey.id)
    eventually(lambda: model_server.in_flight == 0, within_s=30)
    eventually(lambda: not left_over(semblance), within_s=30)
    with pytest.raises(NotFound):
        workspace.surveys.get(survey.id)
    assert len(model_server.asked) < 40


def left_over(semblance: Semblance) -> list[str]:
    names = ("surveys", "survey_respondents", "survey_answers", "tasks")
    return [name for name in names if semblance.connection.database[name].count_documents({})]


def assert_gone(semblance: Semblance) -> None:
    assert left_over(semblance) == []


def test_the_estimate_is_a_range_over_all_calls(semblance: Semblance, workspace: Workspace) -> None:
    project = project_with(workspace, 6)
    estimate = workspace.surveys.estimate(project, EVERY)
    assert estimate.calls >= 48
    assert 0 < estimate.p50_tokens < estimate.p90_tokens
    assert estimate.p50_usd is not None
    three = workspace.surveys.estimate(project, EVERY, methods=list(RatingMethod))
    assert three.calls > estimate.calls
    some = workspace.surveys.estimate(project, EVERY, [next(iter(workspace.personas.names(project)))])
    assert some.p90_tokens < estimate.p50_tokens


def test_what_cannot_be_asked_is_refused(semblance: Semblance, workspace: Workspace) -> None:
    project = project_with(workspace, 1)
    empty = workspace.projects.create("Empty")
    with pytest.raises(InvalidInput, match="recruit, write or import personas first"):
        workspace.surveys.begin(empty.id, SHORT)
    with pytest.raises(InvalidInput, match="Line 1: "):
        workspace.surveys.begin(project, "# T")
    with pytest.raises(InvalidInput, match="Choose how scales are answered"):
        workspace.surveys.begin(project, SHORT, methods=[])
    with pytest.raises(InvalidInput, match="reads plain English only"):
        workspace.surveys.begin(project, "# T\n## Wie gefällt dir diese Hafermilch?\ntype: open", model="simulator/v1")
