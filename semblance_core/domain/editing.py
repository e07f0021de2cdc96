"""Values edited in several windows: their version, the last change of each field, and the merge of two changes.

Pure. A value that is edited has a `version`, one more with each edit, and `edits`: the last edit of each field. A change is
made from a base, the value as it was read; fields that somebody else changed since then are kept, and a field that both
changed is a clash, which a person decides.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from semblance_core.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change of one field. version: the one it made; by: a user's id; name: their name at that time."""

    version: int
    by: str
    name: str
    at: datetime


class Versioned(Protocol):
    """version: None for what was never stored."""

    @property
    def version(self) -> int | None: ...
    @property
    def edits(self) -> Mapping[str, Edit]: ...


Base = object | int | None
"""Base of a change: the value as it was read, its version alone, or None to let the last writer win."""
Join = Callable[[Any, Any, Any], Any]
"""Base, theirs and yours of one field → both changes together, or None where that would not be safe."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed. called: its name in words; edit: theirs, None where its author is unknown.

    base: what both began with; None as well where only its version was given.
    """

    field: str
    called: str
    yours: Any
    theirs: Any
    base: Any
    edit: Edit | None


class EditConflict(Conflict):
    """Somebody else changed the same fields first, so nothing was written. now: the value as it is, with its version."""

    def __init__(self, message: str, clashes: tuple[Clash, ...], now: Any):
        super().__init__(message)
        self.clashes = clashes
        self.now = now

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(clash.field for clash in self.clashes)


@dataclass(frozen=True, slots=True)
class Merge:
    """changes: fields to write, over what is there now. clashes: fields that both changed, which are not among them."""

    changes: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge(
    yours: Mapping[str, Any],
    now: Versioned,
    base: Base,
    called: Mapping[str, str],
    joins: Mapping[str, Join] | None = None,
) -> Merge:
    """Puts a change on top of what is there now, field by field.

    Of a base of which only the version is known, a field that somebody changed since then clashes wherever yours is
    another: nobody can tell whether you changed it or only carried it along.
    """
    changes: dict[str, Any] = {}
    clashes: list[Clash] = []
    for field, mine in yours.items():
        theirs, edit = getattr(now, field), now.edits.get(field)
        before = None if isinstance(base, int) or base is None else getattr(base, field)
        if isinstance(base, int):
            was_changed = edit is not None and edit.version > base
        else:
            was_changed = base is not None and theirs != before
            if base is not None and mine == before:
                continue
        if mine == theirs:
            continue
        if not was_changed:
            changes[field] = mine
        elif (
            not isinstance(base, int)
            and joins
            and field in joins
            and (both := joins[field](before, theirs, mine)) is not None
        ):
            changes[field] = both
        else:
            clashes.append(Clash(field, called[field], mine, theirs, before, edit))
    return Merge({field: value for field, value in changes.items() if value != getattr(now, field)}, tuple(clashes))


def changed_since(now: Versioned, version: int) -> dict[str, Edit]:
    """The last edits of the fields that were changed after that version."""
    return {field: edit for field, edit in now.edits.items() if edit.version > version}


def change_words(edits: Iterable[tuple[str, Edit | None]], now: datetime, me: str) -> str:
    """Returns who changed which fields and when, as a sentence without its full stop.

    edits: what was changed, in words, with who did it. me: the reader's id.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    >>> alex = Edit(2, "admin", "Alex Admin", noon)
    >>> change_words([("the guide", alex), ("the title", alex)], noon, "user")
    'Alex Admin changed the guide and the title at 12:00 UTC'
    >>> change_words([("the quota", alex), ("the role", None)], noon, "admin")
    'You changed the quota in another window at 12:00 UTC, and somebody changed the role'
    """
    by_whom: dict[str, list[tuple[str, Edit | None]]] = {}
    for what, edit in edits:
        by_whom.setdefault(edit.by if edit else "", []).append((what, edit))
    said = ", and ".join(_said(each, now, me) for each in by_whom.values())
    return f"S{said[1:]}" if said.startswith("somebody ") else said


def in_a_row(words: Collection[str]) -> str:
    """
    >>> in_a_row(["the guide", "the topic", "the title"])
    'the guide, the topic and the title'
    """
    first, last = list(words)[:-1], list(words)[-1]
    return f"{', '.join(first)} and {last}" if first else last


def joined_by_id(base: tuple[Any, ...], theirs: tuple[Any, ...], yours: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """A list of what has ids, with what both added and without what either removed.

    None where yours did more than that, for that cannot be put on top of theirs.

    >>> from types import SimpleNamespace as Named
    >>> a, b, c, d = (Named(id=name) for name in "abcd")
    >>> [each.id for each in joined_by_id((a, b), (a, b, c), (b, d))]
    ['b', 'c', 'd']
    """
    before, mine, there = ({each.id for each in some} for some in (base, yours, theirs))
    if [each for each in base if each.id in mine] != [each for each in yours if each.id in before]:
        return None
    kept = [each for each in theirs if each.id in mine or each.id not in before]
    return (*kept, *(each for each in yours if each.id not in before and each.id not in there))


def _said(edits: list[tuple[str, Edit | None]], now: datetime, me: str) -> str:
    what = in_a_row([words for words, _ in edits])
    made = [edit for _, edit in edits if edit]
    if not made:
        return f"somebody changed {what}"
    at = max(edit.at for edit in made)
    time = f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%d %b %Y, %H:%M} UTC"
    if made[0].by == me:
        return f"You changed {what} in another window at {time}"
    return f"{made[0].name or made[0].by or 'Somebody'} changed {what} at {time}"
