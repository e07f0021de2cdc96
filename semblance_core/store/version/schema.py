"""The version of the data: one document holds it, and each start compares it with the one that this program knows.

A migration makes the next version out of the one before. They run forward only, one after the other, by one process
(migrate.py). Data of a newer version are refused in words. A new field with a default needs no version: old documents
open with the default, and old programs leave fields alone that they do not know. A change that old programs
could not read, or would write wrongly, needs one: a new value of an enum, another form, another meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database

from semblance_core.domain.errors import SetupError
from semblance_core.store.server.document import Document
from semblance_core.store.server.indexes import WANTED
from semblance_core.store.version.migrations.first_days import first_days
from semblance_core.store.version.migrations.who_pays import who_pays

SCHEMA = "schema"
"""The collection, and the id of the one document in it."""
GoOn = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Migration:
    """Makes the next version. what: what it does, in words. release: the day of the Semblance that brought it.

    run: is given the database and `go_on`, which it calls between batches and which raises once another process has taken
    over. It may be killed at any point and is then run again from its beginning, so each of its writes must do no harm where it was
    done before. It takes classes of the store from inside the function, not at the head of its file.
    """

    what: str
    release: str
    run: Callable[[Database[Document], GoOn], None]


MIGRATIONS: tuple[Migration, ...] = (
    Migration("themes, holds, sums and indexes of November's first versions", "2026-11-29", first_days),
    Migration("whose sessions and tasks are, and what counts on a quota", "2026-11-29", who_pays),
)
"""The first makes version 1 out of what was stored before there were versions, 0. Only ever append."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The database's record of itself. version: None for an empty one, 0 for data from before there were versions.

    release: the day of the oldest Semblance that knows this version. moving_to: the version that is being made, None for none;
    its release and who makes it.
    """

    version: int | None
    release: str = ""
    moving_to: int | None = None
    moving_release: str = ""
    moving_by: str = ""

    def is_newer_than(self, known: int) -> bool:
        return max(self.version or 0, self.moving_to or 0) > known

    def refusal(self, name: str, known: int) -> str:
        """Returns why a program that knows versions up to `known` leaves the database of this name alone."""
        if self.moving_to is not None and self.moving_to > known:
            release, state = self.moving_release, f"are being moved on to version {self.moving_to} by {self.moving_by}"
        else:
            release, state = self.release, f"have version {self.version}"
        return (
            f"The data in {name} {state}, and this Semblance knows versions up to {known} only, so it leaves them alone. Install "
            f"Semblance of {release} or newer, or restore a backup that was made before."
        )


def stored_in(database: Database[Document]) -> Stored:
    """Reads it, and writes nothing."""
    found = database[SCHEMA].find_one({"_id": SCHEMA})
    if found is None:
        return Stored(None if is_empty(database) else 0)
    return read(found, database.name)


def read(found: Document, name: str) -> Stored:
    """The document as a value; raises `SetupError` where it is none of ours."""
    moving: dict[str, Any] = found.get("moving") or {}
    versions = [found.get("version"), moving.get("to", 0)]
    if not all(isinstance(version, int) for version in versions):
        raise SetupError(
            f"The database {name} has a collection named {SCHEMA} that says no version of Semblance's data."
        )
    return Stored(
        version=found["version"],
        release=str(found.get("release", "")),
        moving_to=moving.get("to"),
        moving_release=str(moving.get("release", "")),
        moving_by=str(moving.get("name", "")),
    )


def is_empty(database: Database[Document]) -> bool:
    """Returns whether none of our collections holds a document, by one read."""
    one: Document = {"$limit": 1}
    first, *others = WANTED
    found = database[first].aggregate(
        [one, *({"$unionWith": {"coll": name, "pipeline": [one]}} for name in others), one, {"$project": {"_id": 1}}]
    )
    return not list(found)


def release_of(version: int, migrations: Sequence[Migration]) -> str:
    """The day of the Semblance that brought this version."""
    return migrations[version - 1].release if version else ""
