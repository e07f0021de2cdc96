"""Reads the wanted part of a model's answer, or fails where it holds something else."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from semblance_core.analysis.sentences import whole_sentences
from semblance_core.conversation.speech.own_words import Spoken
from semblance_core.conversation.speech.refusing import is_refusal
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm import structured
from semblance_core.llm.providers.failures import refused
from semblance_core.llm.request import Completion
from semblance_core.llm.retries import NOT_THE_FORM

Shape = TypeVar("Shape", bound=BaseModel)


def can_be_told(failed: ModelFailed) -> bool:
    """Returns whether the model answered something that it can be told of: the same request again would bring the same."""
    answer = failed.answer
    if not isinstance(answer, Completion):
        return False
    return (failed.kind in NOT_THE_FORM and bool(answer.text)) or (failed.kind == "empty" and answer.thought)


def value_or_failure(answer: Completion, hear: Callable[[str], Spoken]) -> str:
    """Returns the wanted part of an answer; one that hit its bound ends with its last whole sentence."""
    spoken = hear(answer.text)
    if spoken.refusal:
        raise refused(spoken.refusal)
    if not spoken.text:
        raise ModelFailed(spoken.why, kind="not_speech", transient=True)
    return whole_sentences(spoken.text) if answer.truncated and not spoken.is_cut else spoken.text


def value_of(answer: Completion, shape: type[Shape]) -> Shape:
    """The value of an answer in JSON, or the failure of one that refuses instead of giving any."""
    if is_refusal(answer.text):
        raise refused(answer.text)
    return structured.read(answer.text, shape)
