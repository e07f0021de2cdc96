"""Free text of a survey's answers → answers on their scales. Pure."""

from dataclasses import replace

from semblance_core.analysis.surveys.similarity import Similarity, rate
from semblance_core.domain.instruments.anchors import AnchorBank
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.questions import Question, Scale

NEAR_NOTHING = "The words share too little with any anchored statement to be rated."


def rated(
    question: Question,
    answer: Answer,
    bank: AnchorBank,
    similarity: Similarity | None = None,
    *,
    sharpness: float = 1.0,
) -> Answer:
    """The answer with the distribution of its words, where it was asked for by similarity; else as it is."""
    if answer.method is not RatingMethod.SIMILARITY or answer.state is not AnswerState.ANSWERED:
        return answer
    assert isinstance(question, Scale)
    assert question.topic is not None
    found = rate(answer.text, bank.of(question.topic), similarity, sharpness=sharpness)
    if found is None:
        return replace(answer, state=AnswerState.UNRATED, problem=NEAR_NOTHING)
    return replace(answer, value=found.mean, shares=found.shares)
