"""Requests of a running discussion: a reply, the next question, notes on what prompts no longer quote, a picture in words."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self

from semblance_core.conversation.acts import Acts
from semblance_core.conversation.probing import Noticed
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.asset import Picture, Stimulus
from semblance_core.domain.personas.persona import Persona


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """One participant's next message.

    question: the one under discussion. lines: what the prompt may quote, oldest first; summary: notes on what came before.
    stimuli: shown to all by then. participants: everybody in the session, the persona included. acts: how to take the turn.
    autonomous: the participants talk among themselves; else the moderator asks all of them at once. own: the persona's earlier
    words that the lines no longer hold, oldest first. asked_by: the line that asks the persona directly, or None. thoughts: what the
    persona wrote alone, oldest first. private: it answers alone now. speaking: the rule on the language. interview: one person is interviewed.
    """

    feature: ClassVar[Literal["reply"]] = "reply"

    persona: Persona
    topic: str
    question: str
    acts: Acts
    lines: tuple[Line, ...] = ()
    summary: str = ""
    stimuli: tuple[Stimulus, ...] = ()
    participants: tuple[Persona, ...] = ()
    autonomous: bool = False
    own: tuple[str, ...] = ()
    asked_by: Line | None = None
    thoughts: tuple[str, ...] = ()
    private: bool = False
    speaking: str = ""
    interview: bool = False

    @property
    def words(self) -> int:
        """The length to aim at, in words of English."""
        return self.acts.words

    @property
    def others(self) -> tuple[str, ...]:
        """The names of the other participants."""
        return tuple(person.name for person in self.participants if person.id != self.persona.id)

    def without_pictures(self) -> Self:
        """The same with the stimuli's texts alone."""
        if not any(each.picture for each in self.stimuli):
            return self
        return replace(self, stimuli=tuple(replace(each, picture=None) for each in self.stimuli))


@dataclass(frozen=True, slots=True)
class QuestionRequest:
    """The moderator's next question, tied to what was said. question: as the guide has it. stimuli: at hand, without pictures."""

    feature: ClassVar[Literal["moderate"]] = "moderate"

    topic: str
    question: str
    lines: tuple[Line, ...] = ()
    stimuli: tuple[Stimulus, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """The moderator's welcome, which ends with the guide's first question. names: of all participants. interview: of one person."""

    feature: ClassVar[Literal["moderate"]] = "moderate"

    topic: str
    question: str
    names: tuple[str, ...]
    interview: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryRequest:
    """The moderator's decision once a question had its turns, and the words for it.

    question: the one under discussion; next_question: empty where none is left. lines: said under the question. names: of all
    participants; unheard: of those without a turn under it. to_follow: what deserves a follow-up, the most pressing first;
    empty where none may be made. others: questions of the guide after the next. planned: the guide's probes of the question that were
    not put yet; empty where none may be made. must_follow: its section has had no follow-up, and this is its last question.
    interview: one person is interviewed. followed: names of those who were followed up in the session. stimuli: at hand, without pictures.
    """

    feature: ClassVar[Literal["moderate"]] = "moderate"

    topic: str
    question: str
    next_question: str
    lines: tuple[Line, ...]
    names: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    to_follow: tuple[Noticed, ...] = ()
    others: tuple[str, ...] = ()
    may_probe: bool = False
    planned: tuple[str, ...] = ()
    must_follow: bool = False
    interview: bool = False
    followed: tuple[str, ...] = ()
    stimuli: tuple[Stimulus, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowSummaryRequest:
    """Notes that stand for lines which prompts no longer quote. previous: the notes so far. stimuli: at hand, without pictures."""

    feature: ClassVar[Literal["summarise_window"]] = "summarise_window"

    previous: str
    lines: tuple[Line, ...]
    stimuli: tuple[Stimulus, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A picture in words, for models that do not see. words: how many at most."""

    feature: ClassVar[Literal["describe_picture"]] = "describe_picture"

    picture: Picture
    words: int
