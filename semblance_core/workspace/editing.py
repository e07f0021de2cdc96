"""One way for everything that is edited: what somebody else changed meanwhile is kept, or told, and never overwritten."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from semblance_core.domain.accounts.account import User
from semblance_core.domain.editing import Base, Edit, EditConflict, Join, Merge, change_words, merge
from semblance_core.domain.errors import Conflict

TRIES = 20
Value = TypeVar("Value", bound=Any)


def edited(
    first: Value,
    read: Callable[[], Value],
    write: Callable[[Value, Collection[str]], bool],
    yours: Mapping[str, Any],
    base: Base,
    called: Mapping[str, str],
    by: User,
    at: datetime,
    joins: Mapping[str, Join] | None = None,
) -> Value:
    """Merges an edit into what is stored.

    Args:
        first: the value as it was just read.
        read: reads it again, where somebody else wrote meanwhile.
        write: a compare-and-set on the version before the given value's; False where somebody else was first, and then the
            edit is merged anew with what they wrote.
        yours: the fields as they are wanted.
        base: what the edit was made from; see `editing.Base`.
        called: the fields in words.
        by: who edits.
        at: when.
        joins: how fields that hold several things are merged.

    Returns:
        The value as it is then.

    Raises:
        EditConflict: somebody else changed the same fields since `base`.
    """
    for turn in range(TRIES):
        now = read() if turn else first
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
    raise Conflict("Other people are changing this right now. Nothing was saved; try again.")


def _words(merged: Merge, at: datetime, me: str) -> str:
    said = change_words([(clash.called, clash.edit) for clash in merged.clashes], at, me)
    return f"{said}. What you opened does not have that yet, so nothing was saved over it."
