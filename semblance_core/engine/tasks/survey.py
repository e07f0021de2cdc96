"""The task that asks a survey. Answers are stored one by one in their own collection, so it needs no checkpoint."""

from dataclasses import dataclass

from semblance_core.domain.instruments.answers import AnswerState
from semblance_core.domain.instruments.survey import Given
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.survey import conduct

KIND = "survey"


@dataclass(frozen=True, slots=True)
class Request:
    """The survey, and the model that it asks."""

    survey_id: str
    model: str


@dataclass(frozen=True, slots=True)
class Result:
    """Numbers of answers by what became of them."""

    survey_id: str = ""
    answered: int = 0
    dont_know: int = 0
    unrated: int = 0
    unusable: int = 0


def run(request: Request, run: TaskRun) -> Result:
    """Asks what is not stored yet."""
    surveys = run.store.surveys
    survey = surveys.get(request.survey_id)

    def keep(given: Given) -> None:
        surveys.keep(survey, given)

    def report(done: int, total: int) -> None:
        run.progress(done, total, "Asking")

    stopped_after = conduct(
        survey,
        surveys.respondents(survey.id),
        surveys.keys(survey.id),
        run.gateway,
        run.caller,
        keep=keep,
        report=report,
        read=lambda: surveys.answers(survey.id),
    )
    if stopped_after:
        surveys.stop_after(survey.id, stopped_after)
        answers = sum(surveys.states(survey.id).values())
        run.progress(answers, answers, "Asking")
    states = surveys.states(survey.id)
    counts = (AnswerState.ANSWERED, AnswerState.DONT_KNOW, AnswerState.UNRATED, AnswerState.UNUSABLE)
    return Result(survey.id, *(states.get(state, 0) for state in counts))
