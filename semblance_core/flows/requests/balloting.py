"""The request for one participant's whole ballot, and the form that it comes in. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, model_validator

from semblance_core.conversation.window import HIGH_TOKENS, Line, transcript_lines
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.instruments.answers import Answer, RatingMethod
from semblance_core.domain.instruments.order import option_order
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import OpenText, Question
from semblance_core.domain.instruments.replies import Reply, WrongReply, answer_of
from semblance_core.domain.personas.persona import Persona, card
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.replies import CARD_CHARS
from semblance_core.flows.requests.reply_parts import fitted_talk
from semblance_core.flows.requests.surveying import FORMS, Part, answer_bound, form_words
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.llm.structured import schema_of
from semblance_core.prompts import as_data, line_of, render
from semblance_core.requests.balloting import BallotRequest

DIRECT = RatingMethod.DIRECT
BALLOT_TOKENS = 16_000
"""Most tokens that a ballot's prompt is estimated at."""
Orders = tuple[tuple[int, ...], ...]


class BallotItem(BaseModel):
    """An answer to one question. question: its number, from 1."""

    question: int
    dont_know: bool = False
    chosen: list[str] = Field(default_factory=list)
    number: float | None = None
    parts: list[Part] = Field(default_factory=list)
    text: str = ""
    because: str = ""

    def reply_to(self, question: Question) -> Reply:
        """The reply that the item holds; its reason stands for the text of a question that is not open."""
        parts = tuple((part.name, part.points) for part in self.parts)
        words = (self.text or self.because) if isinstance(question, OpenText) else (self.because or self.text)
        return Reply(self.dont_know, tuple(self.chosen), self.number, parts, words)


class BallotForm(BaseModel):
    answers: list[BallotItem] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heard:
    """The discussion as one participant remembers it. own: words of theirs that the lines no longer hold, oldest first."""

    lines: tuple[Line, ...]
    own: tuple[str, ...] = ()


def orders_for(ballot: Questionnaire, number: int, seed: int) -> Orders:
    """The order of options in which a participant sees each question: the same in every wave, so that no order moves an answer."""
    return tuple(option_order(question, place, number, seed) for place, question in enumerate(ballot.questions))


def checked_ballot(ballot: Questionnaire, orders: Orders) -> type[BallotForm]:
    """The form, which takes nothing but an answer to every question: another one is asked for again, with what is wrong."""

    class Checked(BallotForm):
        @model_validator(mode="after")
        def _answers_every_question(self) -> Any:
            answers_in(self, ballot, orders)
            return self

    return Checked


def answers_in(form: BallotForm, ballot: Questionnaire, orders: Orders) -> tuple[Answer, ...]:
    """The answers that a form holds, in the ballot's order; raises `WrongReply` with the number of what is none."""
    given = {item.question: item for item in reversed(form.answers)}
    answers = []
    for place, (question, order) in enumerate(zip(ballot.questions, orders, strict=True)):
        item = given.get(place + 1)
        if item is None:
            raise WrongReply(f"question {place + 1} has no answer")
        try:
            answers.append(answer_of(question, place, item.reply_to(question), order))
        except WrongReply as wrong:
            raise WrongReply(f"question {place + 1}: {wrong}") from None
    return tuple(answers)


def ballot_request(
    group: FocusGroup,
    persona: Persona,
    ballot: Questionnaire,
    orders: Orders,
    draw: str,
    heard: Heard | None = None,
    room: Room = any_room,
) -> CompletionRequest:
    """Builds the request for one participant's whole ballot.

    Args:
        group: the session, for its topic and notes.
        persona: the participant who is asked.
        ballot: the questions.
        orders: of each question, in which its options are shown.
        draw: names the draw that makes an answer repeatable.
        heard: the discussion as they remember it; None where they have heard nothing of it.
        room: gives the tokens that the model takes for a prompt.
    """
    asked = BallotRequest(persona, ballot.introduction, ballot.questions, orders, heard=heard is not None)
    numbered = enumerate(zip(ballot.questions, orders, strict=True), start=1)
    questions = "\n\n".join(_question(number, question, order) for number, (question, order) in numbered)
    bounds = (answer_bound(each, order, DIRECT, "") for each, order in zip(ballot.questions, orders, strict=True))
    answer = sum(bounds)

    def prompt(topic: str, lines: Sequence[Line]) -> str:
        told, own = "", ""
        if heard:
            told = render(
                "ballot_heard",
                topic=as_data(topic),
                summary=as_data(group.course.summary or "(nothing)"),
                transcript=as_data(transcript_lines(lines) or "(nobody has spoken)"),
            )
            own = render("ballot_own", own="\n".join(f"- {as_data(' '.join(each.split()))}" for each in heard.own))
        return render(
            "ballot",
            introduction=as_data(ballot.introduction) or line_of(FORMS, "nothing_read"),
            heard=f"\n{told}\n" if told else "",
            card=as_data(card(persona)[:CARD_CHARS]),
            own=f"\n{own}\n" if heard and heard.own else "",
            questions=questions,
        )

    topic, lines = "", list[Line]()
    if heard:
        most = room_for(room, answer, BALLOT_TOKENS)
        topic, lines = fitted_talk(prompt, group.heard_topic, heard.lines, most, HIGH_TOKENS)
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(topic, lines)),),
        max_tokens=answer,
        asked=asked,
        schema=schema_of(BallotForm),
        temperature=1.0,
        seed=random.Random(draw).randrange(2**31),
    )


def _question(number: int, question: Question, order: tuple[int, ...]) -> str:
    told = [f"{number}. {as_data(question.text)}", form_words(question, order, DIRECT)]
    if not isinstance(question, OpenText):
        told.append(line_of(FORMS, "because"))
    told.append(line_of(FORMS, "dont_know" if question.dont_know else "no_dont_know"))
    return "\n".join(told)
