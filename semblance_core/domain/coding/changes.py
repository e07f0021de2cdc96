"""Changes of a coding: the things that one act of a person or model wrote, kept so that it can be undone. Pure.

A change is written whole or not at all. It holds each thing as it was before and as it is afterwards, so undoing it is the same change
the other way round, and is refused where somebody changed one of these things since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from semblance_core.domain.accounts.account import User
from semblance_core.domain.coding.codebook import CODE_FIELDS, CodebookCode
from semblance_core.domain.coding.codings import MEMO_FIELDS, Coding, Memo
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.plurals import number

MOST_WRITES = 4_000
"""Things that one change may write, so that it can be kept and undone as one document."""
KEPT_CHANGES = 50
"""Changes of one person in a project that can be undone, the newest first."""
Thing = CodebookCode | Coding | Memo


@dataclass(frozen=True, slots=True)
class Write:
    """One thing as it was and as it is now. before: None for a new one; after: None for one that was removed."""

    before: Thing | None
    after: Thing | None

    @property
    def id(self) -> str:
        thing = self.after or self.before
        return thing.id if thing else ""


@dataclass(frozen=True, slots=True)
class Change:
    """An act of a person in a project. by: their id. words: what they did, as in “deleted the code “Price””."""

    id: str
    project_id: str
    by: str
    at: datetime
    words: str
    writes: tuple[Write, ...]

    def __post_init__(self) -> None:
        if len(self.writes) > MOST_WRITES:
            raise InvalidInput(
                f"This would change {len(self.writes):,} codings at once, and {MOST_WRITES:,} can be undone. Do it session by session."
            )


def added(things: Sequence[Thing]) -> list[Write]:
    return [Write(None, thing) for thing in things]


def removed(things: Sequence[Thing]) -> list[Write]:
    return [Write(thing, None) for thing in things]


def changed(before: Thing, after: Thing) -> Write:
    """The thing as the next version of itself."""
    return Write(before, replace(after, version=before.version + 1))


def deleting(code: CodebookCode, codes: Sequence[CodebookCode], codings: Sequence[Coding]) -> list[Write]:
    """A code less, with its codings; codes below it move up to where it stood."""
    children = [changed(each, replace(each, parent_id=code.parent_id)) for each in codes if each.parent_id == code.id]
    return [*removed([code]), *removed(codings), *children]


def merging(
    code: CodebookCode,
    into: CodebookCode,
    codes: Sequence[CodebookCode],
    codings: Sequence[Coding],
    of_into: Sequence[Coding],
) -> list[Write]:
    """One code in place of two: codings of the first get the second, once where a coder gave a span both.

    Args:
        code: the one that goes.
        into: the one that stays; where it stood below the other, it takes that one's place.
        codes: all of the codebook.
        codings: of the one that goes.
        of_into: of the one that stays.
    """
    if code.id == into.id:
        raise InvalidInput("Choose another code to merge it with.")
    there = {(coding.focus_group_id, coding.place) for coding in of_into}
    writes: list[Write] = removed([code])
    for coding in codings:
        moved = replace(coding, code_id=into.id)
        key = (coding.focus_group_id, moved.place)
        writes.append(Write(coding, None) if key in there else changed(coding, moved))
        there.add(key)
    for each in codes:
        if each.parent_id == code.id:
            above = code.parent_id if each.id == into.id else into.id
            writes.append(changed(each, replace(each, parent_id=above)))
    return writes


def undoing(change: Change, now: Mapping[str, Thing], by: User, at: datetime) -> list[Write]:
    """The writes that take a change back.

    Args:
        change: one that was written.
        now: the things that it wrote, as they are now, by id; one that is gone is missing.
        by: who undoes it.
        at: when.

    Raises:
        Conflict: one of these things is not as the change left it.
    """
    touched = [write for write in change.writes if not _is_same(now.get(write.id), write.after)]
    if touched:
        raise Conflict(
            f"This cannot be undone any more: {number(len(touched), 'thing')} that it changed "
            f"{'is' if len(touched) == 1 else 'are'} no longer as it left {'it' if len(touched) == 1 else 'them'}."
        )
    return [Write(now.get(write.id), _restored(write.before, now.get(write.id), by, at)) for write in change.writes]


def _restored(before: Thing | None, now: Thing | None, by: User, at: datetime) -> Thing | None:
    if before is None:
        return None
    version = max(before.version, now.version if now else 0) + 1
    if isinstance(before, Coding) or now is None or isinstance(now, Coding):
        return replace(before, version=version)
    names = CODE_FIELDS if isinstance(before, CodebookCode) else MEMO_FIELDS
    back = [name for name in names if getattr(before, name) != getattr(now, name)]
    return replace(
        before, version=version, edits={**now.edits, **dict.fromkeys(back, Edit(version, by.id, by.name, at))}
    )


def _is_same(now: Thing | None, left: Thing | None) -> bool:
    """Returns whether a thing is as the change left it, whatever its version is by now."""
    if now is None or left is None:
        return now is left
    return replace(now, version=0) == replace(left, version=0)


def names_in(writes: Sequence[Write]) -> list[str]:
    """The ids of all accounts that these things name, so that a change goes when one of them is put under a pseudonym."""
    things = [thing for write in writes for thing in (write.before, write.after) if thing]
    authors = [author.user_id for thing in things for author in (thing.made, thing.confirmed) if author]
    editors = [edit.by for thing in things if not isinstance(thing, Coding) for edit in thing.edits.values()]
    return sorted({*authors, *editors} - {""})
