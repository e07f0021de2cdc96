"""The base of all operations that code: they write changes, each of which its author can take back."""

from collections.abc import Sequence

from semblance_core.domain.coding.changes import Change, Write
from semblance_core.domain.coding.provenance import Author, by_person
from semblance_core.domain.errors import Conflict
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import Operations

MEANWHILE = "Somebody changed the same thing meanwhile, so nothing was changed now. Look at it as it is, and try again."


class CodingOperations(Operations):
    def _me(self, source: str = "") -> Author:
        now = self._clock()
        return by_person(
            self._actor, now.replace(microsecond=now.microsecond // 1000 * 1000), source
        )  # as it is stored

    def _change(self, project_id: str, words: str, writes: Sequence[Write]) -> Change:
        return Change(new_id(), project_id, self._actor.id, self._clock(), words, tuple(writes))

    def _write(self, project_id: str, words: str, writes: Sequence[Write], group_id: str = "") -> None:
        """Writes a change by the actor; raises `Conflict` where somebody was first. group_id: the session that it adds to."""
        if writes and not self._store.codings.apply(self._change(project_id, words, writes), group_id):
            raise Conflict(MEANWHILE)
