"""Requests of a session that a person steers: the moderator's words for a whisper, follow-ups to choose from."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.asset import Stimulus


@dataclass(frozen=True, slots=True)
class SteerRequest:
    """The moderator's next words.

    question: the one under discussion. whispers: what to steer to, which no participant reads. stimuli: at hand, without pictures.
    """

    feature: ClassVar[Literal["moderate"]] = "moderate"

    topic: str
    question: str
    whispers: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    stimuli: tuple[Stimulus, ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """Three follow-ups. names: of all participants. later: questions of the guide that come anyway. stimuli: at hand, without pictures."""

    feature: ClassVar[Literal["suggest"]] = "suggest"

    topic: str
    lines: tuple[Line, ...]
    names: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    stimuli: tuple[Stimulus, ...] = ()
