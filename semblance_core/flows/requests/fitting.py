"""Keeps prompts within what a model takes: built for the room that there is, and built anew, once, where that was too much."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from semblance_core.conversation.tokens import tokens_at_most, tokens_usually
from semblance_core.domain.usage.events import Spent
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import CheckedCompletion
from semblance_core.llm.request import PICTURE_TOKENS, CompletionRequest

TOO_MUCH = ("truncated", "too_long")
"""Failures that a smaller part of the same is spared."""
Room = Callable[[int], int | None]
"""Tokens that a prompt may have besides an answer of so many; None where nobody knows how much the model takes."""
Content = TypeVar("Content")


def any_room(_answer_tokens: int) -> int | None:
    """The room in a model that takes everything."""
    return None


def room_for(room: Room, answer_tokens: int, most: int) -> int:
    """Returns the tokens that a prompt may have.

    Args:
        room: gives the tokens that the model takes for a prompt.
        answer_tokens: bound of the answer.
        most: the prompt's own bound. It is never exceeded, and holds alone where nobody knows how much the model takes.
    """
    there = room(answer_tokens)
    return most if there is None else min(most, there)


def prompt_tokens(request: CompletionRequest) -> int:
    """Estimated tokens of a prompt, its pictures and schema included."""
    schema = tokens_at_most(str(request.schema)) if request.schema else 0
    pictures = sum(len(message.pictures) for message in request.messages) * PICTURE_TOKENS
    return schema + pictures + sum(tokens_at_most(message.content) for message in request.messages)


def usual_prompt_tokens(request: CompletionRequest) -> int:
    """The tokens that a prompt usually has, its pictures and schema included: for estimates alone."""
    schema = tokens_usually(str(request.schema)) if request.schema else 0
    pictures = sum(len(message.pictures) for message in request.messages) * PICTURE_TOKENS
    return schema + pictures + sum(tokens_usually(message.content) for message in request.messages)


def fitting(
    build: Callable[[], CompletionRequest], send: Callable[[CompletionRequest], CheckedCompletion[Content]]
) -> CheckedCompletion[Content]:
    """The answer to what is built; once more where it was too long for the model, which by then has told how much it takes.

    What the first try used counts with it. Raises what `send` raises.
    """
    request = build()
    try:
        return send(request)
    except ModelFailed as failed:
        shorter = build() if failed.kind == "too_long" else request
        if shorter == request:
            raise
        first = failed.spent or Spent()
    try:
        done = send(shorter)
    except ModelFailed as failed:
        failed.spent = first + (failed.spent or Spent())
        raise
    return replace(done, spent=first + done.spent)
