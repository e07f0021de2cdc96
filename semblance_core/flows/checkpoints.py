"""Answers that a task was given, kept by what was asked: begun again, it asks only for what it does not have."""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.llm.request import CompletionRequest

Shape = TypeVar("Shape", bound=BaseModel)


class CheckpointedModel:
    """A gateway for one task. answers: those of an earlier try, as plain values; keep: is given all of them after each new one.

    `keep` may raise to stop. Many threads may ask at once.
    """

    def __init__(
        self,
        gateway: Gateway,
        model: str,
        caller: Caller,
        answers: Mapping[str, Any],
        keep: Callable[[dict[str, Any]], None],
    ):
        self._gateway = gateway
        self._model = model
        self._caller = caller
        self._answers = dict(answers)
        self._keep = keep
        self._keeping = threading.Lock()

    def structured(self, request: CompletionRequest, shape: type[Shape]) -> Shape:
        """An answer of this shape; raises what the gateway raises."""
        key = self._key(request)
        if key in self._answers:
            with suppress(ValidationError):  # kept by a version that asked for less
                return shape.model_validate(self._answers[key])
        content = self._gateway.structured(request, shape, self._model, self._caller).content
        self._add(key, content.model_dump())
        return content

    def text(self, request: CompletionRequest) -> str:
        """A plain answer; raises what the gateway raises."""
        key = self._key(request)
        if key not in self._answers:
            self._add(key, self._gateway.text(request, self._model, self._caller).content)
        return str(self._answers[key])

    def room(self, answer_tokens: int) -> int | None:
        """Tokens that a prompt may have besides such an answer; None where nobody knows how much the model takes."""
        return self._gateway.prompt_room(self._model, answer_tokens)

    def fitting_text(self, build: Callable[[], CompletionRequest]) -> str:
        """A plain answer to what is built, built anew once where it was too long for the model."""
        request = build()
        try:
            return self.text(request)
        except ModelFailed as failed:
            shorter = build() if failed.kind == "too_long" else request
            if shorter == request:
                raise
        return self.text(shorter)

    def _add(self, key: str, answer: Any) -> None:
        with self._keeping:  # one at a time, so that none is kept without those before it
            self._answers[key] = answer
            self._keep(dict(self._answers))

    def _key(self, request: CompletionRequest) -> str:
        asked = [self._model, request.feature, [(message.role, message.content) for message in request.messages]]
        return hashlib.sha256(json.dumps(asked).encode(errors="replace")).hexdigest()
