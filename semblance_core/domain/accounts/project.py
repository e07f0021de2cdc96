"""Names of projects, and a project at a glance. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count

from semblance_core.domain.accounts.account import LONGEST_PROJECT, Project
from semblance_core.domain.errors import Conflict
from semblance_core.domain.usage.totals import UsageTotals

EDITED = {
    "name": "the project's name",
    "aim": "the project's aim",
    "notes": "the notes",
    "archived_at": "whether it is archived",
    "accent": "the colour of its files",
}
"""Fields of a project that can be edited, with their names in words."""
ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
"""Marks on letters of alphabets. Those of other scripts, such as Japanese, make another word."""


@dataclass(frozen=True, slots=True)
class ProjectOverview:
    """A project at a glance.

    Attributes:
        project: the project.
        personas: number of its personas.
        sessions: number of its focus groups, drafts among them.
        panels: number of recruiting runs.
        interviews: number of interview rounds.
        surveys: number of surveys.
        recorded: number of its focus groups that a recording brought.
        used: calls, tokens and cost of all its work.
        active_at: the newest change in it.
    """

    project: Project
    personas: int
    sessions: int
    panels: int
    used: UsageTotals
    active_at: datetime
    interviews: int = 0
    surveys: int = 0
    recorded: int = 0


@dataclass(frozen=True, slots=True)
class ProjectContents:
    """Numbers of things in a project. active_at: the newest change of any of them, None where there is none."""

    personas: int = 0
    sessions: int = 0
    panels: int = 0
    interviews: int = 0
    surveys: int = 0
    recorded: int = 0
    active_at: datetime | None = None


class Event(StrEnum):
    """Kinds of events in a project, as a list of them says it."""

    CREATED = "Created the project"
    NAMED = "Renamed the project"
    AIM = "Changed the aim"
    NOTES = "Changed the notes"
    ARCHIVED = "Archived the project"
    UNARCHIVED = "Took the project out of the archive"
    SET_UP = "Set up a focus group"
    DISCUSSED = "Last activity in a focus group"
    RECRUITING = "Began to recruit a panel"
    RECRUITED = "Recruited a panel"
    SHARED = "Shared a report by a link"
    REVOKED = "Ended the link of a shared report"


@dataclass(frozen=True, slots=True)
class Activity:
    """An event in a project. about: the title or brief of its subject. by: the name of the person, where one is on record."""

    at: datetime
    what: Event
    about: str = ""
    by: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class CopiedProject:
    """A copy, with the numbers of copied things. left_out: number of those that could not be read."""

    project: Project
    personas: int
    sessions: int
    left_out: int = field(default=0)


def overview_of(project: Project, contents: ProjectContents, used: UsageTotals) -> ProjectOverview:
    """Returns the project at a glance, from what is in it."""
    times = [project.created_at, *(edit.at for edit in project.edits.values())]
    active_at = max([*times, contents.active_at] if contents.active_at else times)
    return ProjectOverview(
        project,
        contents.personas,
        contents.sessions,
        contents.panels,
        used,
        active_at,
        contents.interviews,
        contents.surveys,
        contents.recorded,
    )


def edits_of(project: Project) -> list[Activity]:
    """Returns the creation of the project and the last edit of each of its fields, the newest first."""
    archived = Event.ARCHIVED if project.archived_at else Event.UNARCHIVED
    what = {"name": Event.NAMED, "aim": Event.AIM, "notes": Event.NOTES, "archived_at": archived}
    made = [Activity(edit.at, what[name], by=edit.name) for name, edit in project.edits.items() if name in what]
    return sorted([Activity(project.created_at, Event.CREATED), *made], key=lambda each: each.at, reverse=True)


def compared(name: str) -> str:
    """Returns the part of a name that tells projects apart: without case, spaces and accents.

    >>> compared("  Café  Étude ") == compared("cafe etude") == compared("CafeEtude")
    True
    """
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    return "".join(letter for letter in apart if letter not in ACCENTS and not letter.isspace())


def check_free(name: str, others: Iterable[Project]) -> None:
    """Raises `Conflict` where one of the others has this name, case, spaces and accents aside."""
    for other in others:
        if compared(other.name) == compared(name):
            where = " in the archive" if other.archived_at else ""
            raise Conflict(f"You already have a project called “{other.name}”{where}. Choose another name.")


COPY = " (copy)"


def copy_name(name: str, longest: int) -> str:
    """Returns the name of a copy, at most so many characters long.

    >>> copy_name("Oats", 40), copy_name("Oat milk", 12)
    ('Oats (copy)', 'Oat m (copy)')
    """
    return f"{name[: longest - len(COPY)]}{COPY}"


def free_name(name: str, others: Iterable[Project]) -> str:
    """Returns the name, with a number behind it where one of the others has it.

    >>> from datetime import UTC
    >>> there = [Project("p", "user", name, datetime(2026, 5, 1, tzinfo=UTC)) for name in ("Oats", "OATS (2)")]
    >>> free_name("Oats", there), free_name("Barley", there)
    ('Oats (3)', 'Barley')
    """
    taken = {compared(each.name) for each in others}
    stem = name.strip()[:LONGEST_PROJECT]
    if compared(stem) not in taken:
        return stem
    numbered = (f"{stem[: LONGEST_PROJECT - len(ending)]}{ending}" for ending in (f" ({n})" for n in count(2)))
    return next(each for each in numbered if compared(each) not in taken)
