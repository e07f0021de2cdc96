"""Requests of coding with a codebook: codes that a transcript asks for, and spans that codes apply to."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from semblance_core.conversation.window import Line


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code as a model is told of it."""

    name: str
    definition: str = ""
    when: str = ""
    when_not: str = ""


@dataclass(frozen=True, slots=True)
class ProposeRequest:
    """Codes, at most so many, that a part of a transcript asks for. there: names of those that the codebook has already."""

    feature: ClassVar[Literal["code_transcript"]] = "code_transcript"

    topic: str
    lines: tuple[Line, ...]
    there: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """Quotes of a part of a transcript that these codes apply to; they are numbered from 1."""

    feature: ClassVar[Literal["code_transcript"]] = "code_transcript"

    topic: str
    lines: tuple[Line, ...]
    codes: tuple[AskedCode, ...]
