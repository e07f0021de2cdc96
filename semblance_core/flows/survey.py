"""Asks every respondent of a survey every question, one call an answer, side by side; what is stored is not asked again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, replace
from datetime import datetime

from semblance_core import prompts
from semblance_core.analysis.alike import numbered_names
from semblance_core.analysis.surveys.anchor_bank import anchor_bank
from semblance_core.analysis.surveys.rating import rated
from semblance_core.analysis.surveys.similarity import TF_IDF
from semblance_core.analysis.surveys.stopping import waves, widest_points
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.instruments.anchors import AnchorBank
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
    precision_points: int = 0,
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
        precision_points=precision_points,
    )


def respondents_of(personas: Sequence[Persona]) -> list[Respondent]:
    """These personas as a survey keeps them: as they are now, those of one name with numbers."""
    named = numbered_names(personas)
    return [Respondent(number, replace(each, version=None, edits={})) for number, each in enumerate(named)]


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
    read: Callable[[], Sequence[Given]] = tuple,
) -> int:
    """Asks all that is not stored yet, until all are asked or the shares are as precise as the survey wants.

    Args:
        survey: the survey.
        respondents: who is asked.
        stored: what was answered before, and is not asked again.
        gateway: the way to the model.
        caller: whose account it counts on.
        keep: stores an answer; called from many threads, right after the call.
        report: hears how many of how many are answered; may raise to stop.
        read: returns the answers that are stored; asked only where the survey may stop early.

    Returns:
        The number of people after whom it stopped early; 0 where everybody was asked.

    Raises:
        What the gateway raises for a failure that concerns more than one answer; answers up to then are stored.
    """
    questionnaire = survey.read()
    by_number = {each.number: each for each in respondents}
    people = [by_number[number] for number in survey.order if number in by_number]
    every = list(puts(questionnaire, survey.methods, people))
    done, total = sum(put.key in stored for put in every), len(every)
    step = max(1, total // REPORTS)
    report(done, total)
    # Read and tested here, and only where it is needed: else each of the calls side by side would do it again.
    bank = anchor_bank() if any(put.method is RatingMethod.SIMILARITY for put in every) else None

    def ask(put: Put) -> None:
        keep(Given(put.respondent.number, _answer(survey, questionnaire, put, bank, gateway, caller)))

    def one_more() -> None:
        nonlocal done
        done += 1
        if done % step == 0 or done == total:
            report(done, total)

    executor = gateway.side_by_side(caller, waited_for=is_waited_for("survey", total))
    asked = 0
    for wave in waves(range(len(people)), survey.precision_points):
        left = [
            put for put in puts(questionnaire, survey.methods, [people[at] for at in wave]) if put.key not in stored
        ]
        all_done([executor.submit(ask, put) for put in left], one_more)
        asked += len(wave)
        if (
            survey.precision_points
            and asked < len(people)
            and _is_precise(survey, questionnaire, people[:asked], read())
        ):
            return asked
    return 0


def _is_precise(
    survey: Survey, questionnaire: Questionnaire, people: Sequence[Respondent], given: Sequence[Given]
) -> bool:
    """Only answers of these people count, so that whoever goes on with the survey stops at the same place."""
    numbers = {each.number for each in people}
    counted = [each for each in given if each.respondent in numbers]
    return widest_points(questionnaire, survey.methods, counted) <= survey.precision_points


def all_done(calls: Sequence[Future[None]], one_more: Callable[[], None]) -> None:
    """Waits for all calls; where one fails, those that have not begun are cancelled, and the failure is raised at the end.

    one_more: hears of each that is done; may raise to stop.
    """
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
            one_more()
    finally:
        for call in calls:
            call.cancel()
    if failure:
        raise failure


def _answer(
    survey: Survey, questionnaire: Questionnaire, put: Put, bank: AnchorBank | None, gateway: Gateway, caller: Caller
) -> Answer:
    """bank: None where the survey compares no words with statements."""
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
    return rated(put.question, answer, bank, sharpness=survey.sharpness) if bank else answer
