"""What a model is asked and what it answered: values only, no library behind them.

A request carries its prompt twice: as `messages`, which real models read, and as `context`, plain JSON values of the same
facts, which only the simulator reads and only its requests need. A context never holds anything that the prompt does not.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from semblance_core.domain.usage import TokenCounts

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
class Picture:
    """A picture that goes with a prompt. content: a whole PNG or JPEG file, as media_type says."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """pictures: for models that see; for others the gateway takes them out, so `content` has to stand without them."""

    role: Literal["system", "user", "assistant"]
    content: str
    pictures: tuple[Picture, ...] = ()


PICTURE_TOKENS, MOST_PICTURE_TOKENS = 800, 6_000
"""What a picture usually counts as, and what none exceeds at the low detail that is asked for."""


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One thing to ask a model.

    feature: what it is for; usage is broken down by it. max_tokens: bound of the answer, always set. schema: a JSON schema
    that the answer must meet, or None for plain text. temperature: 0–2. seed: makes the simulator's answer repeatable, and
    is handed to models that take one. left_out: arguments that are not sent, because the model does not take them.
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
    """

    text: str
    tokens: TokenCounts
    latency_s: float
    estimated: bool = False
    truncated: bool = False
    thought: bool = False
    refused: frozenset[str] = frozenset()
