"""A REFI-QDA file as it was read, before anything of it is taken in. Pure values; everything in it is somebody's word."""

from dataclasses import dataclass, field
from datetime import datetime

from semblance_core.reports.coding.reading import ReadCode


@dataclass(frozen=True, slots=True)
class ReadUser:
    """id: as the file has it; empty where it has none."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReadNote:
    """maker, confirmer: GUIDs of its creating and its modifying user; empty where it has none."""

    name: str
    text: str
    maker: str
    made_at: datetime | None
    confirmer: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadCoding:
    """A code on a selection, by GUIDs."""

    guid: str
    code: str
    maker: str
    made_at: datetime | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSelection:
    """start, end: characters of the source's text, the end excluded."""

    start: int
    end: int
    codings: tuple[ReadCoding, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadSource:
    guid: str
    text: str
    selections: tuple[ReadSelection, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadProject:
    """codes: by GUID, in the order of the file; code_notes: GUIDs of the notes on each."""

    codes: dict[str, ReadCode]
    users: dict[str, ReadUser] = field(default_factory=dict)
    sources: tuple[ReadSource, ...] = ()
    notes: dict[str, ReadNote] = field(default_factory=dict)
    code_notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
