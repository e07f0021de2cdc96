"""What a model is asked and what it answered: values only, no library behind them.

A request carries its prompt twice: as `messages`, which real models read, and as `context`, plain JSON values of the same
facts, which only the simulator reads and only its requests need. A context never holds anything that the prompt does not.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from semblance_core.domain.asset import Picture
from semblance_core.domain.served import STANDARD, Served
from semblance_core.domain.usage import TokenCounts

__all__ = ["Answer", "CompletionRequest", "EncodedPicture", "Feature", "Picture", "PromptMessage", "SentPicture"]

Feature = Literal[
    "recruit_sketch",
    "recruit_persona",
    "reply",
    "moderate",
    "describe_picture",
    "summarise_window",
    "code_transcript",
    "build_themes",
    "summarise_session",
]


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
"""What a picture usually counts as, and what none exceeds at the low detail that is asked for and the size that is sent: at most
1,024 × 1,024 pixels, which are 2,833 of gpt-4o-mini, 1,400 of Claude and 4,160 where every 16 × 16 of them are a token (Pixtral)."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One thing to ask a model.

    feature: what it is for; usage is broken down by it. max_tokens: bound of the answer, always set. schema: a JSON schema
    that the answer must meet, or None for plain text. temperature: 0–2. seed: makes the simulator's answer repeatable, and
    is handed to models that take one. left_out: what the model does not take, by the names of `REFUSABLE`; it is not sent, or in another
    way.
    """

    feature: Feature
    messages: tuple[PromptMessage, ...]
    max_tokens: int
    context: dict[str, Any] = field(default_factory=dict)
    schema: dict[str, Any] | None = None
    temperature: float = 0.9
    seed: int = 0
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered. estimated: the provider reported no usage, the counts are ours. truncated: it hit max_tokens.

    thought: it thought before it answered. refused: arguments that litellm had to leave out, because the model takes none.
    served: which model answered and how. doubt: how the provider's counts contradict one another, as a sentence.
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
