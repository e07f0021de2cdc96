"""Requests to a model and its answers: values only, no library behind them.

Models read the messages; the simulator reads the typed request that they were rendered from.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from semblance_core.domain.discussion.asset import Picture
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.domain.usage.served import STANDARD, Served
from semblance_core.requests import Feature, FeatureRequest

__all__ = ["Completion", "CompletionRequest", "EncodedPicture", "Feature", "Picture", "PromptMessage", "SentPicture"]


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that another process was sent before, by the hash of its content."""

    digest: str


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as the address that providers take, made once for all requests."""

    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """pictures: for models that see; for others the gateway takes them out, so `content` has to stand without them."""

    role: Literal["system", "user", "assistant"]
    content: str
    pictures: tuple[Picture | SentPicture | EncodedPicture, ...] = ()


PICTURE_TOKENS, MOST_PICTURE_TOKENS = 800, 6_000
"""Tokens that a picture usually counts as, and the most that any picture counts as.

The bound holds at the low detail that requests ask for and at the size that is sent, at most 1,024 × 1,024 pixels. Such a picture
is 2,833 tokens for gpt-4o-mini, 1,400 for Claude, and 4,160 for models that make one token of 16 × 16 pixels (Pixtral).
"""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One thing to ask a model.

    feature: what it is for; usage is broken down by it. max_tokens: bound of the answer, always set. asked: the request that the
    messages were rendered from; None for a bare prompt, which the simulator cannot answer. schema: a JSON schema that the answer
    must meet, or None for plain text. temperature: 0–2. seed: makes the simulator's answer repeatable, and is handed to models
    that take one. left_out: what the model does not take, by the names of `REFUSABLE`; it is not sent, or in another way.
    """

    feature: Feature
    messages: tuple[PromptMessage, ...]
    max_tokens: int
    asked: FeatureRequest | None = None
    schema: dict[str, Any] | None = None
    temperature: float = 0.9
    seed: int = 0
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    estimated: the provider reported no usage, so the counts are Semblance's own. truncated: the answer reached max_tokens.
    thought: the model thought before it answered. refused: arguments that litellm left out, because the model does not take
    them. served: which model answered, and how. doubt: how the provider's counts contradict one another, as a sentence.
    """

    text: str
    tokens: TokenCounts
    latency_s: float
    estimated: bool = False
    truncated: bool = False
    thought: bool = False
    refused: frozenset[str] = frozenset()
    served: Served = STANDARD
    doubt: str = ""


def most_prompt_tokens(request: CompletionRequest) -> int:
    """Tokens that the prompt cannot exceed: its bytes in UTF-8, some for each message, its pictures and the schema's."""
    size = sum(len(message.content.encode(errors="replace")) + 16 for message in request.messages)
    size += sum(len(message.pictures) * MOST_PICTURE_TOKENS for message in request.messages)
    return size + len(str(request.schema or ""))
