"""Plans the calls of a survey before it begins: the start of an estimate."""

from collections.abc import Sequence
from statistics import fmean

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.conversation.language import usual_tokens
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.order import option_order
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.survey import Respondent
from semblance_core.domain.personas.persona import Persona
from semblance_core.flows.requests.fitting import usual_prompt_tokens
from semblance_core.flows.requests.surveying import TextForm, form_for, survey_request
from semblance_core.flows.survey import puts
from semblance_core.llm.gateway import Gateway

SAMPLE = 8
"""So many people stand for all in the size of prompts."""
USUAL_WORDS, REASON_WORDS, FORM_TOKENS = 45, 18, 15
ASKED_AGAIN = 0.05
"""The share of answers that may have to be asked for again; ours."""


def survey_plan(
    questionnaire: Questionnaire,
    personas: Sequence[Persona],
    methods: tuple[RatingMethod, ...],
    model: str,
    gateway: Gateway,
) -> list[PlannedCalls]:
    """One call for each person, question and way of asking."""
    step = max(1, len(personas) // SAMPLE)
    some = [Respondent(number, each) for number, each in enumerate(personas[::step][:SAMPLE])]
    prompts, answers = [], []
    for put in puts(questionnaire, methods, some):
        order = option_order(put.question, put.place, 0, 0)
        asked = put.respondent.persona, questionnaire.introduction, put.question, order, put.method
        prompts.append(usual_prompt_tokens(survey_request(*asked, "estimate")))
        words = USUAL_WORDS if form_for(put.question, put.method) is TextForm else REASON_WORDS
        answers.append(usual_tokens(words, put.question.text) + FORM_TOKENS)
    if not prompts:
        return []
    calls = len(prompts) * len(personas) // len(some)
    most = calls + max(1, round(calls * ASKED_AGAIN))
    room = gateway.room_to_think(model)
    return [PlannedCalls("survey", calls, most, round(fmean(prompts)), round(fmean(answers)), room)]
