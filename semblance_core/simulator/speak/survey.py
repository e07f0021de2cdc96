"""A persona's answers to a survey's question or to a ballot, as the JSON that models are asked for."""

import json
import random

from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.order import LETTERS
from semblance_core.domain.instruments.questions import (
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OptionQuestion,
    PricePoint,
    Ranking,
    Recommendation,
    Scale,
)
from semblance_core.requests.balloting import BallotRequest
from semblance_core.requests.surveying import SurveyRequest
from semblance_core.simulator.chance import dice, share
from semblance_core.simulator.lexicon import phrases

UNSURE = 0.03
"""The share of answers that are “don't know”."""
WIDTH = 0.16
PRICES = {PricePoint.TOO_CHEAP: 0.15, PricePoint.CHEAP: 0.3, PricePoint.EXPENSIVE: 0.48, PricePoint.TOO_EXPENSIVE: 0.65}
"""Parts of the range at which a person of the middle finds the price so."""


def survey_answer(asked: SurveyRequest, seed: int) -> str:
    """JSON in the form that the question asks for: a leaning that is the persona's own, moved a little by the draw."""
    rng = dice("survey", seed, asked.persona.name, asked.question.text)
    question = asked.question
    if question.dont_know and rng.random() < UNSURE:
        return json.dumps({"dont_know": True})
    leaning = min(1.0, max(0.0, _leaning(asked) + rng.gauss(0, WIDTH / 2)))
    because = rng.choice(_said("because", leaning))
    if isinstance(question, Scale | Recommendation):
        return json.dumps(_on_scale(asked, question, leaning, because, rng))
    if isinstance(question, OptionQuestion):
        return json.dumps(_of_options(asked, question, because, rng))
    if isinstance(question, NumberQuestion):
        low = question.least if question.least is not None else 0.0
        high = question.most if question.most is not None else max(10.0, low * 2)
        if question.price:
            return json.dumps({"number": _price(asked, question.price, low, high), "because": because})
        return json.dumps({"number": round(low + (high - low) * leaning), "because": because})
    return json.dumps({"text": rng.choice(_said("open", leaning))})


def ballot_answer(asked: BallotRequest, seed: int) -> str:
    """JSON with an answer to each question of a ballot. It is not moved by talk: what changes is the draw alone."""
    answers = []
    for number, (question, order) in enumerate(zip(asked.questions, asked.orders, strict=True), start=1):
        alone = SurveyRequest(asked.persona, asked.introduction, question, order)
        answers.append({"question": number, **json.loads(survey_answer(alone, seed + number))})
    return json.dumps({"answers": answers})


def _price(asked: SurveyRequest, point: PricePoint, low: float, high: float) -> float:
    """A price in forty steps of the range; a person's four prices lie in their order, around a level of their own."""
    own = 0.6 + 0.8 * share("price", asked.persona.name, asked.persona.age)
    step = round(40 * PRICES[point] * own)
    return round(low + (high - low) * step / 40, 2)


def _leaning(asked: SurveyRequest) -> float:
    """From 0, against, to 1, for: half the person's own, half theirs towards this question."""
    person = asked.persona
    own = share("leaning", person.name, person.age)
    here = share("leaning", person.name, person.age, asked.question.text.casefold())
    return 0.15 + 0.7 * (0.5 * own + 0.5 * here)


def _on_scale(
    asked: SurveyRequest, question: Scale | Recommendation, leaning: float, because: str, rng: random.Random
) -> dict[str, object]:
    if asked.method is RatingMethod.SIMILARITY:
        return {"text": rng.choice(_said("open", leaning))}
    values = question.values
    point = values[min(len(values) - 1, int(leaning * len(values)))]
    if asked.method is RatingMethod.DIRECT:
        return {"number": point, "because": because}
    weights = [2.0 ** -abs(value - point) for value in values]
    points = [round(100 * weight / sum(weights)) for weight in weights]
    points[values.index(point)] += 100 - sum(points)
    parts = [{"name": str(value), "points": given} for value, given in zip(values, points, strict=True)]
    return {"parts": parts, "because": because}


def _of_options(asked: SurveyRequest, question: OptionQuestion, because: str, rng: random.Random) -> dict[str, object]:
    person, places = asked.persona, asked.order or tuple(range(len(question.options)))
    liked = {
        LETTERS[shown]: 0.4 * share("option", question.options[place].casefold())
        + 0.6 * share("option", person.name, person.age, question.options[place].casefold())
        + rng.random() * WIDTH
        for shown, place in enumerate(places)
    }
    ranked = sorted(liked, key=lambda letter: -liked[letter])
    if isinstance(question, Ranking):
        return {"chosen": ranked, "because": because}
    if isinstance(question, MultipleChoice):
        chosen = [letter for letter in ranked if liked[letter] > 0.55][: question.most or len(ranked)] or ranked[:1]
        return {"chosen": chosen, "because": because}
    if isinstance(question, Allocation):
        total = sum(liked.values())
        points = {letter: round(100 * value / total) for letter, value in liked.items()}
        points[ranked[0]] += 100 - sum(points.values())
        parts = [{"name": letter, "points": given} for letter, given in points.items()]
        return {"parts": parts, "because": because}
    return {"chosen": ranked[:1], "because": because}


def _said(kind: str, leaning: float) -> tuple[str, ...]:
    pole = "for" if leaning > 0.6 else "against" if leaning < 0.4 else "torn"
    return phrases("survey", f"{kind} {pole}")
