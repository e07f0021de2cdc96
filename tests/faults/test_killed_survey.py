"""A worker is killed in the middle of a survey: the next one asks nobody again whose answer is stored, and charges nothing twice."""

from collections import Counter

from semblance_core.domain.task import TaskState
from tests.conftest import OpenPlatform
from tests.engine.test_workers import NobodyHere
from tests.scripted_server import ScriptedServer
from tests.studies import eventually, with_engine
from tests.surveys import SHORT, answering, asked_person, asked_question, project_with
from tests.zygote import Zygote, kill

AT_ONCE = 4
PEOPLE = 16


def test_a_killed_survey_asks_nobody_again_and_is_charged_once(
    zygote: Zygote, platform_settings: dict[str, object], open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    settings = platform_settings | {
        "SEMBLANCE_LEASE_S": 4,
        "SEMBLANCE_SWEEP_S": 0.2,
        "SEMBLANCE_CONCURRENCY": AT_ONCE,
    }
    semblance = open_platform(SEMBLANCE_LEASE_S=4)
    workspace = with_engine(semblance.workspace("user"), NobodyHere())
    model_server.script = answering(delay_s=0.15)
    survey = workspace.surveys.begin(project_with(workspace, PEOPLE), SHORT)

    def stored() -> int:
        return len(workspace.surveys.answered(survey.id).given)

    def is_over() -> bool:
        return workspace.tasks.get(survey.id).state.is_over

    kills = 0
    for wanted in (6, 14, 22):
        worker = zygote.start(settings)
        eventually(lambda wanted=wanted: stored() >= wanted or is_over(), within_s=180)  # type: ignore[misc]
        if not is_over():
            kill(worker)
            kills += 1
            eventually(lambda: model_server.in_flight == 0, within_s=30)

    zygote.start(settings)
    eventually(is_over, within_s=240)
    assert workspace.tasks.get(survey.id).state is TaskState.DONE
    assert stored() == 2 * PEOPLE
    asked = Counter((asked_person(each), asked_question(each)) for each in model_server.asked)
    assert len(asked) == 2 * PEOPLE
    again = sum(asked.values()) - len(asked)
    assert kills
    assert again <= kills * AT_ONCE, "none but those under way when the worker died"
    semblance.gateway.batcher.flush()
    spent = workspace.tasks.spent(survey.id)
    assert len(asked) <= spent.calls <= len(asked) + kills * AT_ONCE, (
        "a hold whose worker died is charged, whether its request went out or not"
    )
