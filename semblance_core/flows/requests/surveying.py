"""The request for one answer to a survey's question, and the forms that it may come in. Pure."""

import random
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, Field, model_validator

from semblance_core.conversation.language import answer_tokens
from semblance_core.domain.instruments.answers import Answer, RatingMethod
from semblance_core.domain.instruments.order import lettered
from semblance_core.domain.instruments.questions import (
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OpenText,
    OptionQuestion,
    Question,
    Rated,
)
from semblance_core.domain.instruments.replies import Reply, answer_of
from semblance_core.domain.personas.persona import Persona, card
from semblance_core.flows.requests.replies import CARD_CHARS
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.llm.structured import schema_of
from semblance_core.prompts import as_data, line_of, render
from semblance_core.requests.surveying import SurveyRequest

FORMS = "survey_forms"
REASON_WORDS, TEXT_WORDS = 30, 90
PART_TOKENS, FIELD_TOKENS = 20, 80


class _Form(BaseModel):
    dont_know: bool = False

    @property
    def reply(self) -> Reply:
        """The reply that the form holds."""
        raise NotImplementedError


class ChosenForm(_Form):
    chosen: list[str] = Field(default_factory=list)
    because: str = ""

    @property
    def reply(self) -> Reply:
        return Reply(self.dont_know, chosen=tuple(self.chosen), text=self.because)


class NumberForm(_Form):
    number: float | None = None
    because: str = ""

    @property
    def reply(self) -> Reply:
        return Reply(self.dont_know, number=self.number, text=self.because)


class Part(BaseModel):
    name: str
    points: float


class PartsForm(_Form):
    parts: list[Part] = Field(default_factory=list)
    because: str = ""

    @property
    def reply(self) -> Reply:
        return Reply(self.dont_know, parts=tuple((part.name, part.points) for part in self.parts), text=self.because)


class TextForm(_Form):
    text: str = ""

    @property
    def reply(self) -> Reply:
        return Reply(self.dont_know, text=self.text)


AnswerForm = ChosenForm | NumberForm | PartsForm | TextForm


def form_for(question: Question, method: RatingMethod) -> type[AnswerForm]:
    """The form that answers to this question, asked in this way, come in."""
    if isinstance(question, OpenText) or (isinstance(question, Rated) and method is RatingMethod.SIMILARITY):
        return TextForm
    if isinstance(question, Allocation) or (isinstance(question, Rated) and method is RatingMethod.VERBALISED):
        return PartsForm
    return NumberForm if isinstance(question, Rated | NumberQuestion) else ChosenForm


def checked_form(question: Question, place: int, order: tuple[int, ...], method: RatingMethod) -> type[AnswerForm]:
    """The same form, which takes nothing but an answer to this very question: another one is asked for again, with what is wrong."""
    form = form_for(question, method)

    class Checked(form):  # type: ignore[valid-type, misc]
        @model_validator(mode="after")
        def _is_an_answer(self) -> Any:
            answer_of(question, place, self.reply, order, method)
            return self

    return Checked


def answer_in(form: AnswerForm, question: Question, place: int, order: tuple[int, ...], method: RatingMethod) -> Answer:
    """The answer that a checked form holds."""
    return answer_of(question, place, form.reply, order, method)


def survey_request(
    persona: Persona,
    introduction: str,
    question: Question,
    order: tuple[int, ...],
    method: RatingMethod,
    draw: str,
) -> CompletionRequest:
    """Builds the request for one answer.

    Args:
        persona: who is asked.
        introduction: what they have read.
        question: the question.
        order: the order of its options.
        method: how a point on a scale is asked for.
        draw: names the draw that makes an answer of the simulator repeatable.
    """
    asked = SurveyRequest(persona, introduction, question, order, method)
    form = form_for(question, method)
    has_reason = "because" in form.model_fields
    prompt = render(
        "survey",
        introduction=as_data(introduction) or line_of(FORMS, "nothing_read"),
        card=as_data(card(persona)[:CARD_CHARS]),
        question=as_data(question.text),
        form=form_words(question, order, method),
        behind=line_of(FORMS, "because") if has_reason else "",
        dont_know=line_of(FORMS, "dont_know" if question.dont_know else "no_dont_know"),
    )
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt),),
        max_tokens=answer_bound(question, order, method, introduction),
        asked=asked,
        schema=schema_of(form),
        temperature=1.0,
        seed=random.Random(draw).randrange(2**31),
    )


def answer_bound(question: Question, order: tuple[int, ...], method: RatingMethod, introduction: str) -> int:
    """Most tokens of an answer to the question."""
    parts = len(order) or (len(question.values) if isinstance(question, Rated) else 0)
    words = TEXT_WORDS if form_for(question, method) is TextForm else REASON_WORDS
    return answer_tokens(words, question.text, introduction) + PART_TOKENS * parts + FIELD_TOKENS


def form_words(question: Question, order: tuple[int, ...], method: RatingMethod) -> str:
    """The words that say in which form the question is answered, with its options in their order."""
    words: dict[str, object] = {}
    key = question.type_name
    if isinstance(question, Rated):
        key = "point" if method is RatingMethod.DIRECT else method.value
        first, *_, last = question.values
        words = {"first": first, "last": last, "low": as_data(question.low), "high": as_data(question.high)}
    elif isinstance(question, OptionQuestion):
        options = "".join(f"\n{letter}. {as_data(option)}" for letter, option in lettered(question, order))
        words = {"options": f"{options}\n", "most": _most(question)}
    elif isinstance(question, NumberQuestion):
        words = {"bounds": _bounds(question)}
    return line_of(FORMS, key, **words)


def _most(question: OptionQuestion) -> str:
    return f", at most {question.most}" if isinstance(question, MultipleChoice) and question.most else ""


def _bounds(question: NumberQuestion) -> str:
    told = [
        f"{word} {value:g}"
        for word, value in (("at least", question.least), ("at most", question.most))
        if value is not None
    ]
    unit = [f"in {as_data(question.unit)}"] if question.unit else []
    return "".join(f", {each}" for each in [*unit, *told])


Rater = Callable[[Question, Answer], Answer]
"""Rates the words of an answer, where they are to be rated."""
