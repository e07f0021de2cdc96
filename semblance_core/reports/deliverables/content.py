"""The content of a deliverable: all that a deck, a report or a workbook says of a session, ready to be laid out. Pure values.

Every text in it may be written into XML (`clean.py`). Counts come from the verbatims and messages, never from a model.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from semblance_core.domain.usage.events import UsageEvent

SYNTHETIC = "Synthetic participants"
"""Stands on every slide, page and sheet."""
NOBODY = f"{SYNTHETIC}: nobody real was asked"


class Part(StrEnum):
    """A section that can be left out. The title, the notice and the method card cannot."""

    SUMMARY = "summary"
    THEMES = "themes"
    TALK = "talk"
    SURVEY = "survey"
    ALONE = "alone"
    PANEL = "panel"
    GUIDE = "guide"
    COST = "cost"
    TRANSCRIPT = "transcript"


PART_WORDS = {
    Part.SUMMARY: "Summary",
    Part.THEMES: "Themes and quotes",
    Part.TALK: "Who spoke, beside people",
    Part.SURVEY: "Survey results",
    Part.ALONE: "First impressions",
    Part.PANEL: "Panel",
    Part.GUIDE: "Discussion guide",
    Part.COST: "Cost",
    Part.TRANSCRIPT: "Transcript",
}
ALL_PARTS = frozenset(Part)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts and numbers below their headings. note: what to know of them; wide: shares of the width, one a column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    note: str = ""
    wide: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one or several series over the same labels.

    Attributes:
        series: Each with its name and a value for every label; None where there is none.
        stacked: The series of a label stand behind one another.
        in_per_cent: Values are shares from 0 to 1.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    note: str = ""
    stacked: bool = False
    in_per_cent: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A verbatim with who said it. who: facts of the person, as in "58, hospital receptionist, Stockport"."""

    quote: str
    speaker: str
    who: str
    seq: int
    sentiment: str
    by_hand: bool

    @property
    def said_by(self) -> str:
        """The line below the quote."""
        told = ", ".join(part for part in (self.speaker, self.who) if part)
        return f"{told} · message {self.seq}{' · picked by hand' if self.by_hand else ''}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A theme with its quotes. speakers: participants who are quoted, each once; of: participants of the session.

    summary: with a mark in brackets behind each sentence that goes beyond the messages; note: how many these are, and how many were
    not checked, empty where there are none.
    """

    name: str
    summary: str
    quotes: tuple[Quoted, ...]
    speakers: tuple[str, ...]
    of: int
    note: str = ""

    @property
    def count(self) -> str:
        """The number of people behind the theme, counted from its quotes."""
        return f"{len(self.speakers)} of {self.of}"

    @property
    def counted(self) -> str:
        """The same as a sentence with the names."""
        verb = "is" if len(self.speakers) == 1 else "are"
        return f"{self.count} participants {verb} quoted: {', '.join(self.speakers)}."

    @property
    def told_apart(self) -> tuple[Quoted, ...]:
        """All quotes, so that every speaker is heard once before anyone is heard again."""
        by_speaker: dict[str, list[Quoted]] = {}
        for said in self.quotes:
            by_speaker.setdefault(said.speaker, []).append(said)
        return tuple(said for turn in zip_longest(*by_speaker.values()) for said in turn if said)


@dataclass(frozen=True, slots=True)
class Participant:
    """A person of the panel. facts: in a few words; about: the person's own text."""

    name: str
    facts: str
    about: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the guide. notes: what it shows, its planned probes, whether it is answered alone first."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideSection:
    heading: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Impression:
    """Texts that participants wrote alone to a question before its discussion: speakers with their texts."""

    question: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it stands in a transcript. section: of the guide, empty outside it; note: what belongs to it in words."""

    seq: int
    speaker: str
    role: str
    text: str
    section: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SurveyContent:
    """Results of a survey. charts: one a question whose answers can be counted; answers: one row each, as its files have it."""

    title: str
    charts: tuple[Chart, ...]
    open_answers: tuple[Table, ...]
    answers: Table
    method: tuple[tuple[str, str], ...]
    limits: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """The whole content. A part that was not chosen, or of which there is nothing, is empty.

    Attributes:
        notice: That everybody is synthetic, in a sentence.
        label: The same in two words; it stands on every slide, page and sheet.
        about: When it was held and with whom, in a line.
        summary: Paragraphs, marked as a finding's summary is.
        themes_note: Who found and who edited the themes, how many quotes were dropped, and what of the summaries nobody said.
        themes_chart, tones, words: Charts of the themes, of the quotes' sentiment, of who spoke.
        matrix: Who is quoted on what.
        segments: Themes by groups of participants, a table for each field that tells them apart.
        method: The method card: names and values; always there.
        events: Calls behind the usage sheet, as they are stored.
        accent: A colour as six hexadecimal digits.
    """

    title: str
    topic: str
    notice: str
    label: str
    about: str
    method: tuple[tuple[str, str], ...]
    limits: str
    simulated: bool
    parts: frozenset[Part] = ALL_PARTS
    summary: tuple[str, ...] = ()
    themes_note: str = ""
    findings: tuple[Finding, ...] = ()
    themes_chart: Chart | None = None
    tones: Chart | None = None
    matrix: Table | None = None
    segments: tuple[Table, ...] = ()
    words: Chart | None = None
    beside: Table | None = None
    survey: SurveyContent | None = None
    alone: tuple[Impression, ...] = ()
    panel: tuple[Participant, ...] = ()
    guide: tuple[GuideSection, ...] = ()
    cost: str = ""
    events: tuple[UsageEvent, ...] = field(default=(), repr=False)
    transcript: tuple[Line, ...] = field(default=(), repr=False)
    accent: str = ""

    def has(self, parts: Collection[Part]) -> bool:
        """Returns whether all of these were chosen."""
        return self.parts.issuperset(parts)
