"""Turns litellm's responses, whole or streamed, into one plain value, without parts that a provider left out or made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from semblance_core.llm.providers.choice import Broken, broke_off, broken_in, is_filtered, overheard, refusal_in
from semblance_core.llm.providers.thinking import without_thinking
from semblance_core.llm.writing import Show, now_and_then

MOST_TOKENS_A_CALL = 100_000_000


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """A response, in one piece or from a stream. finish_reason: None where there was no choice at all.

    usage: the provider's own counts by name, those that are missing or absurd left out. thinking: what was thought before the
    answer, as far as the provider shows it. refused: arguments that were left out, because the model takes none. refusal: the words
    with which the model refused; broken: an error inside the answer.
    """

    text: str
    finish_reason: str | None
    usage: dict[str, int]
    thinking: str = ""
    refused: frozenset[str] = frozenset()
    refusal: str = ""
    broken: Broken | None = None

    @property
    def thought(self) -> bool:
        """Returns whether the model thought before it answered."""
        return bool(self.thinking or self.usage.get("reasoning_tokens"))


def whole(response: Any) -> ProviderResponse:
    usage = _counts([getattr(response, "usage", None)])
    if not getattr(response, "choices", None):
        return ProviderResponse("", None, usage)
    choice = response.choices[0]
    text, thinking = without_thinking(getattr(choice.message, "content", None) or "")
    shown = _thinking_in(choice.message)
    return ProviderResponse(
        text,
        "content_filter" if is_filtered(choice) else choice.finish_reason or "stop",
        usage,
        f"{shown} {thinking}".strip(),
        refusal=refusal_in(choice.message),
        broken=broken_in(choice),
    )


async def gathered(chunks: Any, show: Show | None = None) -> ProviderResponse:
    """A stream as one response. show: takes its text so far, without thinking."""
    shows = now_and_then(lambda text: show(without_thinking(text)[0])) if show else None
    parts: list[str] = []
    thoughts: list[str] = []
    finish_reason: str | None = None
    refusal = overheard(chunks)
    async for chunk in chunks:
        for choice in getattr(chunk, "choices", None) or []:
            parts.append(getattr(choice.delta, "content", None) or "")
            thoughts.append(_thinking_in(choice.delta))
            finish_reason = choice.finish_reason or finish_reason
        if shows and parts:
            shows("".join(parts))
    # At the end litellm hands out a usage and a reason of its own making; what the provider said stands in what it kept.
    usage = _counts([getattr(chunk, "usage", None) for chunk in chunks.chunks])
    said_why = chunks.received_finish_reason or chunks.intermittent_finish_reason
    if parts and "".join(parts) and not said_why:
        raise StreamBroken("The stream ended before the answer did.")
    text, thinking = without_thinking("".join(parts))
    thought = f"{''.join(thoughts)} {thinking}".strip()
    return ProviderResponse(
        text,
        finish_reason if said_why else None,
        usage,
        thought,
        refusal="".join(refusal).strip(),
        broken=broke_off(said_why),
    )


def _thinking_in(message: Any) -> str:
    """Returns the thinking that a provider sends beside the answer; its name differs from server to server."""
    found = getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None)
    return found if isinstance(found, str) else ""


class StreamBroken(ConnectionError):
    """A stream that ended without its provider saying why."""


def _counts(reported: Sequence[Any]) -> dict[str, int]:
    """The highest of each count that was reported: a stream tells them as it goes, some providers one at the start.

    What is no count, or too large to be one, is as good as missing.
    """
    counts: dict[str, int] = {}
    for usage in reported:
        found = {
            "prompt_tokens": getattr(usage, "prompt_tokens", None),
            "completion_tokens": getattr(usage, "completion_tokens", None),
            "cached_tokens": getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None),
            "reasoning_tokens": getattr(getattr(usage, "completion_tokens_details", None), "reasoning_tokens", None),
        }
        for name, value in found.items():
            if isinstance(value, int) and 0 < value <= MOST_TOKENS_A_CALL:
                counts[name] = max(value, counts.get(name, 0))
    return counts
