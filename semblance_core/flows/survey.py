"""Asks every respondent of a survey every question, one call an answer, side by side; what is stored is not asked again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from datetime import datetime

from semblance_core import prompts
from semblance_core.analysis.surveys.anchor_bank import anchor_bank
from semblance_core.analysis.surveys.rating import rated
from semblance_core.analysis.surveys.similarity import TF_IDF
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.markdown import to_markdown
from semblance_core.domain.instruments.order import option_order
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import Question
from semblance_core.domain.instruments.survey import Given, Respondent, Survey, methods_for
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import is_waited_for
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.requests.surveying import answer_in, checked_form, survey_request
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.store.server.failures import DatabaseFailed

NO_ANSWER = frozenset({"schema", "malformed", "empty", "truncated", "refusal", "content_filter", "too_long"})
"""Failures that concern one answer alone: it is stored as unusable, with the reason, and the survey goes on."""
REPORTS = 200
"""So many times a survey says how far it is, at most."""

AnswerKey = tuple[int, int, RatingMethod]
"""A respondent's number, a question's place, and how it was asked."""


@dataclass(frozen=True, slots=True)
class Put:
    """A question put to one respondent in one way."""

    respondent: Respondent
    place: int
    question: Question
    method: RatingMethod

    @property
    def key(self) -> AnswerKey:
        return self.respondent.number, self.place, self.method


def new_survey(
    survey_id: str,
    project_id: str,
    owner_id: str,
    at: datetime,
    questionnaire: Questionnaire,
    size: int,
    model: str,
    seed: int,
    methods: tuple[RatingMethod, ...],
) -> Survey:
    """A survey that asks so many people, with what free text will be rated by."""
    compares = any(RatingMethod.SIMILARITY in methods_for(question, methods) for question in questionnaire.questions)
    return Survey(
        survey_id,
        project_id,
        owner_id,
        questionnaire.title,
        to_markdown(questionnaire),
        model,
        seed,
        size,
        at,
        methods,
        rater=TF_IDF if compares else "",
        anchors=anchor_bank().version if compares else "",
        prompts=prompts.version(),
    )


def respondents_of(personas: Sequence[Persona]) -> list[Respondent]:
    """These personas as a survey keeps them: as they are now."""
    return [Respondent(number, replace(each, version=None, edits={})) for number, each in enumerate(personas)]


def puts(
    questionnaire: Questionnaire, methods: tuple[RatingMethod, ...], respondents: Sequence[Respondent]
) -> Iterator[Put]:
    """Everything that a survey asks, person by person."""
    for respondent in respondents:
        for place, question in enumerate(questionnaire.questions):
            for method in methods_for(question, methods):
                yield Put(respondent, place, question, method)


def conduct(
    survey: Survey,
    respondents: Sequence[Respondent],
    stored: Collection[AnswerKey],
    gateway: Gateway,
    caller: Caller,
    *,
    keep: Callable[[Given], None],
    report: Callable[[int, int], None],
) -> None:
    """Asks all that is not stored yet.

    Args:
        survey: the survey.
        respondents: who is asked.
        stored: what was answered before, and is not asked again.
        gateway: the way to the model.
        caller: whose account it counts on.
        keep: stores an answer; called from many threads, right after the call.
        report: hears how many of how many are answered; may raise to stop.

    Raises:
        What the gateway raises for a failure that concerns more than one answer; answers up to then are stored.
    """
    questionnaire = survey.read()
    every = list(puts(questionnaire, survey.methods, respondents))
    left = [put for put in every if put.key not in stored]
    done, total = len(every) - len(left), len(every)
    step = max(1, total // REPORTS)
    report(done, total)

    def ask(put: Put) -> None:
        keep(Given(put.respondent.number, _answer(survey, questionnaire, put, gateway, caller)))

    executor = gateway.side_by_side(caller, waited_for=is_waited_for("survey", total))
    calls = [executor.submit(ask, put) for put in left]
    failure: Exception | None = None
    try:
        for call in as_completed(calls):
            if call.cancelled():
                continue
            try:
                call.result()
            except (SemblanceError, DatabaseFailed) as failed:
                failure = failure or failed
                for other in calls:  # those in flight are paid for: they are waited for and kept
                    other.cancel()
                continue
            done += 1
            if done % step == 0 or done == total:
                report(done, total)
    finally:
        for call in calls:
            call.cancel()
    if failure:
        raise failure


def _answer(survey: Survey, questionnaire: Questionnaire, put: Put, gateway: Gateway, caller: Caller) -> Answer:
    order = option_order(put.question, put.place, put.respondent.number, survey.seed)
    draw = f"{survey.seed}/{put.respondent.number}/{put.place}/{put.method}"
    asked = put.respondent.persona, questionnaire.introduction, put.question, order, put.method
    request, form = survey_request(*asked, draw), checked_form(put.question, put.place, order, put.method)
    try:
        found = gateway.structured(request, form, survey.model, caller)
    except ModelFailed as failed:
        if failed.kind not in NO_ANSWER:
            raise
        return Answer(put.place, put.method, AnswerState.UNUSABLE, order=order, problem=str(failed), model=survey.model)
    answer = replace(answer_in(found.content, put.question, put.place, order, put.method), model=found.model)
    return rated(put.question, answer, anchor_bank(), sharpness=survey.sharpness)
