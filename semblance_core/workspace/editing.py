"""One way for everything that is edited: what somebody else changed meanwhile is kept, or told, and never overwritten."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from semblance_core.domain.editing import Base, Edit, EditConflict, Join, Merge, change_words, merge
from semblance_core.domain.errors import Conflict
from semblance_core.domain.people import User

TRIES = 20
Value = TypeVar("Value", bound=Any)


def edited(
    read: Callable[[], Value],
    write: Callable[[Value, Collection[str]], bool],
    yours: Mapping[str, Any],
    base: Base,
    called: Mapping[str, str],
    by: User,
    at: datetime,
    joins: Mapping[str, Join] | None = None,
) -> Value:
    """Changes these fields of what `read` reads, and returns it as it is then; raises `EditConflict` where fields clash.

    write: a compare-and-set on the version before the given value's; False where somebody else was first, and then it is
    merged anew with what they wrote. base: see `editing.Base`. called: the fields in words.
    """
    for _ in range(TRIES):
        now = read()
        merged = merge(yours, now, base, called, joins)
        if merged.clashes:
            raise EditConflict(_words(merged, at, by.id), merged.clashes, now)
        if not merged.changes:
            return now
        version = (now.version or 0) + 1
        made = dict.fromkeys(merged.changes, Edit(version, by.id, by.name, at))
        after = replace(now, **merged.changes, version=version, edits={**now.edits, **made})
        if write(after, merged.changes):
            return after
    raise Conflict("Others change this faster than it can be saved. Nothing was changed; try again.")


def _words(merged: Merge, at: datetime, me: str) -> str:
    said = change_words([(clash.called, clash.edit) for clash in merged.clashes], at, me)
    return f"{said}. What you opened does not have that yet, so nothing was saved over it."
