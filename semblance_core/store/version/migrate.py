"""The way into a database: join it where its version is the one that this program knows, and move it on first where it is older.

One process migrates, under a lock whose lease the database's clock counts; those that start meanwhile wait for it. It
waits until processes of the older version have left, then runs one migration after the other, each recorded as it is done. Once it
has begun there is no way back: where it dies, the next one goes on.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.errors import SetupError
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.version.presence import Presence, living
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA, Migration, is_empty, read, release_of

LEASE_S = 15.0
LOOK_S = 0.25
PATIENCE_S = 60.0
log = logging.getLogger(__name__)


def join_version(
    database: Database[Document],
    migrations: Sequence[Migration] = MIGRATIONS,
    *,
    lease_s: float = LEASE_S,
    patience_s: float = PATIENCE_S,
) -> Presence:
    """This process at work on the data, which have its version by then; raises `SetupError` in words where that cannot be.

    lease_s: how long a migrating process may be silent before another one goes on. patience_s: how long processes that know the
    older version only are waited for.
    """
    newest = len(migrations)
    presence = Presence(database, newest)
    waits_for = ""
    while not presence.join():  # nearly always at once, by one update
        found = database[SCHEMA].find_one({"_id": SCHEMA})
        if found is None:
            _stamp(database, migrations)
            continue
        stored = read(found, database.name)
        if stored.is_newer_than(newest):
            raise SetupError(stored.refusal(database.name, newest))
        if stored.version == newest:
            continue
        lock = _Lock(database, presence, lease_s)
        if lock.taken(newest, release_of(newest, migrations)):
            with lock.held():
                _wait_for_older(database, lock, patience_s)
                _migrate(database, migrations, lock)
        else:
            if waits_for != stored.moving_by:
                waits_for = stored.moving_by
                log.warning("%s moves the data on to version %s; waiting for it.", waits_for, stored.moving_to)
            time.sleep(LOOK_S)
    return presence


def _stamp(database: Database[Document], migrations: Sequence[Migration]) -> None:
    """Says the version of a database that says none: an empty one is of the newest, any other one from before there were versions."""
    version = len(migrations) if is_empty(database) else 0
    with suppress(DuplicateKeyError):  # another process was quicker
        database[SCHEMA].insert_one({"_id": SCHEMA, "version": version, "release": release_of(version, migrations)})


class _Lock:
    """Lock of the migrating process: a leased field of the document that holds the version."""

    def __init__(self, database: Database[Document], presence: Presence, lease_s: float):
        self._schema = database[SCHEMA]
        self._me = presence
        self._lease_s = lease_s
        self._mine: Document = {"_id": SCHEMA, "moving.by": presence.id}
        self._over = threading.Event()
        self._lost = threading.Event()

    def taken(self, to: int, release: str) -> bool:
        free = {"$or": [{"moving": None}, {"$expr": {"$lt": ["$moving.until", "$$NOW"]}}]}
        of_no_newer = {"version": {"$lt": to}, "moving.to": {"$not": {"$gt": to}}}
        mine = {"to": to, "release": release, "by": self._me.id, "name": self._me.name, "until": self._until()}
        mine |= {"begun": {"$ifNull": ["$moving.begun", False]}}
        return (
            self._schema.update_one({"_id": SCHEMA, **of_no_newer, **free}, [{"$set": {"moving": mine}}]).matched_count
            == 1
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Renews the lease inside, and lets others go on with what is left undone."""
        threading.Thread(target=self._renew, name="migration", daemon=True).start()
        try:
            yield
        finally:
            self._over.set()
            with suppress(DatabaseFailed):
                self._schema.update_one({**self._mine, "moving.begun": False}, {"$unset": {"moving": ""}})
                self._schema.update_one(self._mine, {"$set": {"moving.until": NO_LEASE}})

    def begin(self) -> None:
        self._write([{"$set": {"moving.begun": True}}])

    def record(self, version: int, migration: Migration, *, is_last: bool) -> None:
        done = {"version": version, "what": migration.what, "by": self._me.name, "at": "$$NOW"}
        recorded = {"$concatArrays": [{"$ifNull": ["$migrations", []]}, [done]]}
        now: Document = {"version": version, "release": migration.release, "migrations": recorded}
        self._write([{"$set": now}, *([{"$unset": "moving"}] if is_last else [])])

    def version(self) -> int:
        return int((self._schema.find_one(self._mine, {"version": 1}) or self._was_taken())["version"])

    def go_on(self) -> None:
        """Raises `SetupError` where another process has taken over, because this one was frozen."""
        if self._lost.is_set():
            self._was_taken()

    def _write(self, changes: list[Document]) -> None:
        if not self._schema.update_one(self._mine, changes).matched_count:
            self._was_taken()

    def _was_taken(self) -> Document:
        raise SetupError(
            "Another process went on with moving the data on, because this one was silent for too long. Start it anew."
        )

    def _until(self) -> Document:
        return {"$add": ["$$NOW", int(self._lease_s * 1000)]}

    def _renew(self) -> None:
        while not self._over.wait(self._lease_s / 3):
            try:
                if not self._schema.update_one(self._mine, [{"$set": {"moving.until": self._until()}}]).matched_count:
                    self._lost.set()
                    return
            except DatabaseFailed as failed:
                log.warning("The lease of a migration could not be renewed: %s", failed)


def _wait_for_older(database: Database[Document], lock: _Lock, patience_s: float) -> None:
    """Those at work have been asked to stop by the lock itself, and look every few seconds."""
    until = time.monotonic() + patience_s
    while names := living(database):
        lock.go_on()
        if time.monotonic() > until:
            raise SetupError(
                f"The data in {database.name} have to be moved on, but processes of an older Semblance still work on them: "
                f"{'; '.join(names)}. End them, then start this one again."
            )
        time.sleep(LOOK_S)


def _migrate(database: Database[Document], migrations: Sequence[Migration], lock: _Lock) -> None:
    lock.begin()
    for version in range(lock.version() + 1, len(migrations) + 1):
        migration = migrations[version - 1]
        log.warning("Moving the data in %s on to version %d: %s.", database.name, version, migration.what)
        try:
            migration.run(database, lock.go_on)
        except SetupError:
            raise
        except Exception as failed:  # a boundary: whatever it is, it is said what was being done
            log.exception("The migration to version %d failed", version)
            raise SetupError(
                f"The data in {database.name} could not be moved on to version {version} ({migration.what}): {failed}. What was done "
                "stays; the next start goes on from there."
            ) from failed
        lock.record(version, migration, is_last=version == len(migrations))
