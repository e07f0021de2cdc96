"""Recognises choices that are no answers: a refusal in the model's own words, or an error inside the choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


BROKE_OFF = _listed(
    "error abort aborted cancelled canceled failed failure timeout time_limit network_error server_error incomplete interrupted other_error "
    "insufficient_system_resource"
)
"""Reasons to finish that litellm takes for a stop, and that are none."""
FILTERED = _listed("sensitive content-filter content_filtered safety blocked prohibited_content moderation flagged")
FINAL_CODES = frozenset((400, 401, 402, 403, 404, 413, 422))


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer that broke off. code: of the error, None where none was given; said: the provider's words."""

    code: int | None = None
    said: str = ""


def refusal_in(message: Any) -> str:
    """The words with which a model refuses; empty where it does not."""
    found = getattr(message, "refusal", None) or _besides(message).get("refusal")
    return found.strip() if isinstance(found, str) else ""


def broken_in(choice: Any) -> Broken | None:
    """Returns the error that a choice reports; None for none."""
    besides = _besides(choice)
    error = getattr(choice, "error", None) or besides.get("error")
    if error:
        return _broken(error)
    return broke_off(besides.get("native_finish_reason"))


def broke_off(reason: object) -> Broken | None:
    """Returns the error that a finish reason reports; None for none."""
    return Broken() if isinstance(reason, str) and reason.casefold() in BROKE_OFF else None


def is_filtered(choice: Any) -> bool:
    """Returns whether the provider filtered the answer and says so in words of its own."""
    reason = _besides(choice).get("native_finish_reason")
    return isinstance(reason, str) and reason.casefold() in FILTERED


class Overheard:
    """A stream of OpenAI's client, of which litellm hands on a refusal's first part at most. words: all parts of it."""

    def __init__(self, stream: Any):
        self._stream = stream
        self.words: list[str] = []

    def __aiter__(self) -> "Overheard":
        return self

    async def __anext__(self) -> Any:
        chunk = await self._stream.__anext__()
        for choice in getattr(chunk, "choices", None) or []:
            refusal = getattr(getattr(choice, "delta", None), "refusal", None)
            if isinstance(refusal, str):
                self.words.append(refusal)
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def overheard(chunks: Any) -> list[str]:
    """Returns a list in which a refusal's parts gather while these chunks are read."""
    stream = getattr(chunks, "completion_stream", None)
    if type(stream).__name__ != "AsyncStream":
        return []
    chunks.completion_stream = listening = Overheard(stream)
    return listening.words


def _broken(error: object) -> Broken:
    if not isinstance(error, Mapping):
        return Broken(None, str(error))
    code = error.get("code")
    return Broken(int(str(code)) if str(code).isdecimal() else None, str(error.get("message") or ""))


def _besides(part: Any) -> Mapping[str, Any]:
    found = getattr(part, "provider_specific_fields", None)
    return found if isinstance(found, Mapping) else {}
