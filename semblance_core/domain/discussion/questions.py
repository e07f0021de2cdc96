"""A discussion guide as values: sections of questions, in the order they are put."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from semblance_core.domain.discussion.guide_text.syntax import timed
from semblance_core.domain.errors import InvalidInput

MAX_QUESTIONS = 100
QUESTION_CHARS = 500
SECTION_CHARS = 120
MOST_PROBES = 10
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the guide has it.

    shows: names of the stimuli that are shown when it is put. probes: planned follow-ups, which the moderator is offered first.
    private: each answers it alone first, for themselves.
    """

    text: str
    shows: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """questions: their texts. shows, probes, private: as of `Question`, one for each; empty where no question has any.

    minutes, turns: the time that the section is given, 0 where the guide names none.
    """

    title: str
    questions: tuple[str, ...]
    shows: tuple[tuple[str, ...], ...] = ()
    probes: tuple[tuple[str, ...], ...] = ()
    private: tuple[bool, ...] = ()
    minutes: int = 0
    turns: int = 0

    def __post_init__(self) -> None:
        count = len(self.questions)
        object.__setattr__(self, "shows", _for_each(self.shows, count, ()))
        object.__setattr__(self, "probes", _for_each(self.probes, count, ()))
        object.__setattr__(self, "private", _for_each(self.private, count, False))

    @classmethod
    def of(cls, title: str, asked: Iterable[Question], minutes: int = 0, turns: int = 0) -> "Section":
        """The section with these questions."""
        asked = tuple(asked)
        return cls(
            title,
            tuple(each.text for each in asked),
            tuple(each.shows for each in asked),
            tuple(each.probes for each in asked),
            tuple(each.private for each in asked),
            minutes,
            turns,
        )

    def with_questions(self, asked: Iterable[Question]) -> "Section":
        """The same section with other questions."""
        return Section.of(self.title, asked, self.minutes, self.turns)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Its questions with all that belongs to them."""
        count = len(self.questions)
        shows, probes = self.shows or ((),) * count, self.probes or ((),) * count
        private = self.private or (False,) * count
        return tuple(Question(*each) for each in zip(self.questions, shows, probes, private, strict=True))

    @property
    def heading(self) -> str:
        """Its title with its time, as a guide has it.

        >>> Section("Habits", ("When?",), minutes=10).heading
        'Habits (10 minutes)'
        """
        return timed(self.title, self.minutes, self.turns)


@dataclass(frozen=True, slots=True)
class Guide:
    sections: tuple[Section, ...] = ()

    def __post_init__(self) -> None:
        if len(self.questions) > MAX_QUESTIONS:
            raise InvalidInput(
                f"The guide has {len(self.questions)} questions; at most {MAX_QUESTIONS} fit into one session."
            )
        for question in self.asked:
            for text, what in ((question.text, "question"), *((probe, "probe") for probe in question.probes)):
                if len(text) > QUESTION_CHARS:
                    raise InvalidInput(
                        f"The {what} “{text[:40]}…” has {len(text)} characters; at most {QUESTION_CHARS} fit."
                    )
            if len(question.probes) > MOST_PROBES:
                raise InvalidInput(
                    f"“{question.text[:40]}” has {len(question.probes)} probes; at most {MOST_PROBES} fit."
                )

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions in order, across sections."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The same with all that belongs to them."""
        return tuple(question for section in self.sections for question in section.asked)

    @property
    def shows_stimuli(self) -> bool:
        return any(section.shows for section in self.sections)

    def section_of(self, question_index: int) -> Section:
        """The section that holds the question with this index into `questions`."""
        seen = 0
        for section in self.sections:
            seen += len(section.questions)
            if question_index < seen:
                return section
        raise InvalidInput(f"The guide has no question {question_index + 1}.")


def _for_each(values: Sequence[Item], count: int, without: Item) -> tuple[Item, ...]:
    """One value a question; nothing where none has any."""
    every = (*values, *(without,) * count)[:count]
    return every if any(every) else ()
