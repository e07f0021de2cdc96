"""Shapes one request to one model by the known traits, and reshapes it where an answer shows more.

What is learned here is worth asking again at once, with a hold of its own, and never the same request twice: what was refused is left
out or said in another way, thinking gets the room that it did not have, and that room is doubled once.
"""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.domain.usage.model_traits import SOME, ModelTraits
from semblance_core.llm.catalogue.traits import TraitBook
from semblance_core.llm.request import PICTURE_TOKENS, Completion, CompletionRequest
from semblance_core.llm.shaping import shaped

ROOM_RAISED = 2
"""Factor by which the room to think that the settings give may be raised."""
UNTOLD_SHARE = 0.6
"""Of a prompt that was too long, where the model did not say how much it takes: the share that is tried next."""
MESSAGE_TOKENS = 16
BOUNDS = frozenset(("max_tokens", "max_completion_tokens"))
"""The two names of an answer's bound; it is always given by one of them, because what is held for a call goes by it."""
FORMS = frozenset(("response_format", "json_object"))
UNNAMED = ("response_format", "json_object", "seed", "temperature")
"""Parts to leave out, one after the other, where a refusal names no argument."""
INSTEAD = {"response_format": "json_object", "repeated_roles": "system_role"}
"""Parts to leave out next, where the refusal stays the same without the first."""


def room_to_think(traits: ModelTraits, reasoning_tokens: int) -> int:
    """Tokens that a model may spend on thinking: what the settings give, up to twice that where it was seen to need it."""
    if not traits.thinks:
        return 0
    return min(max(traits.thinking_tokens, reasoning_tokens), ROOM_RAISED * reasoning_tokens)


class Adapted:
    """request: as the flow made it. reasoning_tokens: the setting of that name."""

    def __init__(self, request: CompletionRequest, model: str, traits: TraitBook, reasoning_tokens: int):
        self.request = request
        self._model = model
        self._traits = traits
        self._setting = reasoning_tokens
        self._left_out: frozenset[str] = frozenset()
        self._left = 0
        """Tokens that the model said are left for the answer to this very prompt."""
        self._room = room_to_think(traits.of(model), reasoning_tokens)

    def asked(self) -> CompletionRequest:
        """The request as this model takes it: with room to think, without pictures and arguments that it does not take."""
        request, traits = self.request, self._traits.of(self._model)
        if any(message.pictures for message in request.messages) and not traits.sees:
            request = replace(request, messages=tuple(replace(each, pictures=()) for each in request.messages))
        most = request.max_tokens + self._room
        if traits.output_tokens:
            most = min(most, max(traits.output_tokens, request.max_tokens))
        if traits.context_tokens:  # what is left beside the prompt, but never less than the answer itself needs
            most = min(most, max(traits.context_tokens - _prompt_tokens(request), request.max_tokens))
        if self._left:
            most = min(most, max(self._left, request.max_tokens))
        most = min(most, traits.most_tokens or most)
        return replace(request, max_tokens=most, left_out=traits.refused | self._left_out)

    def heard(self, answer: Completion) -> None:
        """Learns from an answer; raises `ModelFailed` where its words were cut for the thinking, and more room is to be had."""
        if is_simulated(self._model):
            return
        before = self._room
        facts: dict[str, bool | int | str] = {f"takes_{name}": False for name in self._left_out | answer.refused}
        if answer.served.model:
            facts["answers_as"] = answer.served.model
        if answer.thought:
            facts["thinks"] = True
            if self._room > self._setting:
                facts["thinking_tokens"] = self._room
        self._traits.learn(self._model, **facts)
        cut_short = answer.truncated and answer.thought and (not before or answer.tokens.reasoning > before)
        if cut_short and self._raised() > before:
            raise ModelFailed(
                "The model's answer was cut off, because it thought for so long.", kind="truncated", transient=True
            )

    def adapts_to(self, failed: ModelFailed, asked: CompletionRequest) -> bool:
        """Learns from a failure; whether the request is another one now, so that asking again at once is worth it."""
        if is_simulated(self._model):
            return False
        if failed.kind == "bad_request" and (refused := self._without(failed.refused, asked)):
            self._left_out |= FORMS if refused == "json_object" else {refused}
            return True
        if failed.kind == "bad_request" and failed.output_tokens:
            self._traits.learn(self._model, most_tokens=failed.output_tokens)
            return self.asked() != asked
        if failed.kind == "too_long":
            self._traits.learn(self._model, context_tokens=failed.context_tokens or _less_than(asked))
            if failed.context_tokens and failed.prompt_tokens:
                self._left = failed.context_tokens - failed.prompt_tokens
            return self.asked() != asked
        if failed.kind != "truncated" or not isinstance(answer := failed.answer, Completion):
            return False
        if not answer.text or answer.thought:
            self._traits.learn(self._model, thinks=True)
        elif not self._traits.of(self._model).thinks:
            return False
        is_raised = self._raised() > self._room
        self._room = max(self._room, self._raised())
        return is_raised and self.asked() != asked

    def explain(self, failed: ModelFailed) -> None:
        """Puts what helps into a failure's words, where the request cannot be changed any more."""
        if failed.kind == "too_long":
            takes = failed.context_tokens or self._traits.of(self._model).context_tokens
            known = f", which takes {takes:,} tokens at once" if takes else ""
            failed.args = (
                f"The prompt is too long for this model{known}. Choose a model with a larger context window, or shorten the topic, "
                f"the question and what is shown. ({failed})",
            )
        elif self._is_all_thought(failed) and self._raised() <= self._room:
            given = (
                f" This answer had {self._room:,} to think, {ROOM_RAISED} × that." if self._room > self._setting else ""
            )
            failed.args = (
                "The model spent all that an answer may have on thinking. Raise SEMBLANCE_REASONING_TOKENS, which is "
                f"{self._setting:,} now.{given}",
            )

    def deny(self, failed: ModelFailed, why: str) -> None:
        """Says of a failure that the request with more room was refused, and why."""
        if self._is_all_thought(failed):
            failed.args = (
                f"The model spent all that its answer might have on thinking, and a longer one was not to be had: {why}",
            )

    def _without(self, refused: Sequence[str], asked: CompletionRequest) -> str:
        """Returns the parts to leave out so that the request differs; empty where nothing helps."""
        named = [
            *refused,
            *(INSTEAD[name] for name in refused if name in INSTEAD),
            *(UNNAMED if SOME in refused else ()),
        ]
        return next((name for name in named if name != SOME and _was_sent(name, asked)), "")

    def _is_all_thought(self, failed: ModelFailed) -> bool:
        answer = failed.answer
        return failed.kind == "truncated" and isinstance(answer, Completion) and (not answer.text or answer.thought)

    def _raised(self) -> int:
        """The room for the next try: what the settings give where there was none, then twice that."""
        return self._setting if self._room < self._setting else ROOM_RAISED * self._setting


def _was_sent(name: str, asked: CompletionRequest) -> bool:
    """Returns whether the request had what its refusal names, so that it is another one without."""
    if name in asked.left_out:
        return False
    if name in FORMS:
        return asked.schema is not None and "json_object" not in asked.left_out
    if name == "system_role":
        return any(message.role == "system" for message in asked.messages)
    if name == "repeated_roles":
        return len(shaped(asked.messages, asked.left_out | {name})) < len(shaped(asked.messages, asked.left_out))
    if name in BOUNDS:
        return not BOUNDS & asked.left_out
    return True


def _prompt_tokens(asked: CompletionRequest) -> int:
    """As many as it has at most, by an estimate."""
    return sum(
        MESSAGE_TOKENS + tokens_at_most(message.content) + PICTURE_TOKENS * len(message.pictures)
        for message in asked.messages
    )


def _less_than(asked: CompletionRequest) -> int:
    """A context that this request does not fit into, for a model that does not say what it takes."""
    return max(1, int(UNTOLD_SHARE * (_prompt_tokens(asked) + asked.max_tokens)))
