"""The shares that a survey finds: those that were planted, and when they are precise enough."""

import random
from collections import Counter

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.task import TaskState
from semblance_core.reports.surveys.method import method_card
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, ScriptedServer
from tests.studies import finished
from tests.surveys import EVERY, SHORT, answering, asked_person, asked_question, project_with, surveyed


def test_planted_distributions_are_found_again(open_platform: OpenPlatform, model_server: ScriptedServer) -> None:
    """200 personas, each with an answer drawn from a known distribution: total variation at most .05 from what was drawn, 0 in fact."""
    semblance = open_platform()
    workspace = semblance.workspace("user")
    planted = {"Which do you drink most?": (0.5, 0.3, 0.2), "How likely are you to buy it?": (0.1, 0.2, 0.4, 0.2, 0.1)}
    drawn: dict[str, Counter[int]] = {question: Counter() for question in planted}

    def planted_answer(asked: Asked) -> dict[str, object]:
        question = asked_question(asked)
        place = quantile(planted[question], number_of(asked_person(asked)), 200)
        drawn[question][place] += 1
        if question.startswith("How"):
            return {"number": place + 1, "because": "So."}
        return {"chosen": [("Oat milk", "Cow's milk", "None")[place]], "because": "So."}

    model_server.script = answering(planted_answer)
    survey = workspace.surveys.begin(project_with(workspace, 200), SHORT)
    assert surveyed(semblance, workspace, survey).state is TaskState.DONE
    for result in workspace.surveys.answered(survey.id).results():
        shares = planted[result.question.text]
        distance = sum(abs(bar.share.figure - share) for bar, share in zip(result.bars, shares, strict=True)) / 2
        assert distance <= 0.05
        assert [bar.share.figure for bar in result.bars] == [
            drawn[result.question.text][at] / 200 for at in range(len(shares))
        ]


def number_of(name: str) -> int:
    from tests.studies import NAMES

    return NAMES.index(name) if name in NAMES else int(name.removeprefix("Person").removesuffix(" Test"))


def quantile(shares: tuple[float, ...], number: int, people: int) -> int:
    """The option that a person's place in the panel falls on."""
    order = list(range(people))
    random.Random(str(shares)).shuffle(order)
    at, summed = (order[number] + 0.5) / people, 0.0
    for place, share in enumerate(shares):
        summed += share
        if at < summed:
            return place
    return len(shares) - 1


def test_the_simulator_answers_every_type(open_platform: OpenPlatform) -> None:
    semblance = open_platform()
    workspace = semblance.workspace("user")
    project = project_with(workspace, 12)
    ways = list(RatingMethod)
    survey = workspace.surveys.begin(project, EVERY, methods=ways, model="simulator/v1", seed=1)
    task = surveyed(semblance, workspace, survey)
    assert (task.state, task.result["unusable"]) == (TaskState.DONE, 0)
    assert task.result["answered"] >= 110
    answered = workspace.surveys.answered(survey.id)
    assert answered.simulated
    assert all("simulated" in result.flags for result in answered.results())
    again = workspace.surveys.begin(project, EVERY, methods=ways, model="simulator/v1", seed=1)
    surveyed(semblance, workspace, again)
    assert workspace.surveys.answered(again.id).given == answered.given, "the same seed, the same answers"


def test_a_survey_stops_once_it_is_precise_and_again_at_the_same_place(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = answering()
    project = project_with(workspace, 120)
    for points in (26, -1):
        with pytest.raises(InvalidInput, match="1 to 25 percentage points"):
            workspace.surveys.begin(project, SHORT, precision_points=points)
    with pytest.raises(InvalidInput, match="everybody has to be asked"):
        workspace.surveys.begin(project, "# Why?\n\n## Why?\ntype: open\n", precision_points=5)
    survey = workspace.surveys.begin(project, SHORT, seed=3, precision_points=20)
    task = surveyed(semblance, workspace, survey)
    assert (task.state, task.done, task.total) == (TaskState.DONE, 100, 100)
    answered = workspace.surveys.answered(survey.id)
    assert (answered.survey.stopped_after, len(answered.survey.asked)) == (50, 50)
    assert {each.respondent for each in answered.given} == answered.survey.asked != set(range(50))
    assert all((each.counts.asked, each.counts.missing) == (50, 0) for each in answered.results())
    assert sum(map(len, answered.groups("gender").values())) == 50
    assert "50 of 120 personas" in method_card(answered)

    database = semblance.connection.database
    lost = {"survey_id": survey.id, "respondent": {"$in": list(answered.survey.order[10:20])}}
    assert database["survey_answers"].delete_many(lost).deleted_count == 20
    database["surveys"].update_one({"_id": survey.id}, {"$set": {"stopped_after": 0}})
    database["tasks"].update_one({"_id": survey.id}, {"$set": {"state": "failed"}})
    before = len(model_server.asked)
    workspace.tasks.rerun(survey.id)
    assert finished(semblance, workspace, workspace.tasks.get(survey.id)).state is TaskState.DONE
    assert len(model_server.asked) - before == 20
    assert workspace.surveys.get(survey.id).stopped_after == 50
