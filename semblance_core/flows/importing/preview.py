"""Preview of a file of personas: people, columns, parts left out, and questions that only a person can answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from semblance_core.domain.personas.persona import Persona

Numbers = Literal["", "point", "comma"]
Ages = Literal["", "middle", "none"]


class NoteKind(StrEnum):
    """Subject of a note."""

    ENCODING = "encoding"
    HEADER = "header"
    COLUMNS = "columns"
    VALUES = "values"
    SAME_NAME = "same_name"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence on how something was read that could have been meant otherwise."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class ColumnTaken:
    """A column that is taken over. field: of a persona, as people read it."""

    column: str
    field: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that is not taken over, and why, as a sentence."""

    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. value: what to answer. shown: what would be read then, a line each."""

    value: str
    label: str
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An open question about a file. kind: `encoding`, `numbers` or `ages`, the name of the parameter that answers it."""

    kind: Literal["encoding", "numbers", "ages"]
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's answers about the file; empty where nothing was. encoding: what its characters are in. numbers: `point` for
    1,000.5 and `comma` for 1.000,5. ages: what a range such as 25-34 becomes, its `middle`, or `none`."""

    encoding: str = ""
    numbers: Numbers = ""
    ages: Ages = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Contents of a file before they are added. personas: the readable ones; problems: place and error of each other one.

    format: "CSV", "JSON" or "JSON lines". encoding: empty where the text was given as such. separator: between columns, as people
    call it. questions: those that nobody answered; with one on the encoding nothing can be imported. headings, rows: the columns
    and the first three rows, as they were read. awaiting: those of the problems that an answer to a question may take away.
    """

    personas: tuple[Persona, ...]
    problems: tuple[str, ...]
    format: str = "CSV"
    encoding: str = ""
    separator: str = ""
    taken: tuple[ColumnTaken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    awaiting: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Problems that no answer to a question takes away."""
        return tuple(problem for problem in self.problems if problem not in self.awaiting)

    @property
    def needs_encoding(self) -> Question | None:
        """The question that has to be answered before anything can be imported."""
        return next((each for each in self.questions if each.kind == "encoding"), None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing. key: tells it from others. heading: as it is shown. also: what else it is called, such as the
    question that was asked."""

    key: str
    heading: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One person's values by the keys of columns. where: as people find it in the file. problem: why it cannot be read at all."""

    where: str
    values: dict[str, object]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A file as columns and rows, whatever its form."""

    format: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    separator: str = ""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Note, ...] = ()
