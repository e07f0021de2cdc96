"""Requests of an analysis: codes of a part of the transcript, themes of codes, the summary above them, and checks of both."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from semblance_core.conversation.window import Line
from semblance_core.domain.findings.theme import Code, Theme
from semblance_core.domain.personas.persona import Persona


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """Codes, at most so many, of a part of the transcript, each with exact quotes."""

    feature: ClassVar[Literal["code_transcript"]] = "code_transcript"

    topic: str
    lines: tuple[Line, ...]
    most: int


@dataclass(frozen=True, slots=True)
class ThemeRequest:
    """Three to six themes of these codes, which are numbered from 0. people: how many take part."""

    feature: ClassVar[Literal["build_themes"]] = "build_themes"

    topic: str
    codes: tuple[Code, ...]
    people: int = 0


@dataclass(frozen=True, slots=True)
class SessionSummaryRequest:
    """The summary of a session, given its themes and who took part."""

    feature: ClassVar[Literal["summarise_session"]] = "summarise_session"

    topic: str
    themes: tuple[Theme, ...]
    participants: tuple[Persona, ...]


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """Verdicts on a summary's sentences, which are numbered from 1, by these messages."""

    feature: ClassVar[Literal["check_claims"]] = "check_claims"

    topic: str
    lines: tuple[Line, ...]
    sentences: tuple[str, ...]
