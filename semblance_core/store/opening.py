"""Opens the store: reaches the database, brings its data to the version of this program, and makes the indexes."""

from dataclasses import dataclass

from pymongo.errors import PyMongoError

from semblance_core.settings import Settings
from semblance_core.store.server.connection import Reached, reach, unprepared
from semblance_core.store.server.indexes import ensure_indexes
from semblance_core.store.version.migrate import join_version
from semblance_core.store.version.presence import Presence


@dataclass(frozen=True, slots=True)
class Connection(Reached):
    """An open connection to data of the version that this program knows. presence: this process, known to be at work on them.

    unmade: which indexes could not be made and why, in words.
    """

    presence: Presence
    unmade: tuple[str, ...] = ()


def connect(settings: Settings) -> Connection:
    """The database that the settings name, a replica set, with data of this version and its indexes; raises `SetupError` in words."""
    reached = reach(settings)
    database = reached.database
    try:
        presence = join_version(database)
    except PyMongoError as failed:
        reached.close()
        raise unprepared(database.name, failed) from None
    except BaseException:
        reached.close()
        raise

    def close() -> None:
        presence.leave()
        reached.close()

    try:
        unmade = ensure_indexes(database)
    except PyMongoError as failed:
        close()
        raise unprepared(database.name, failed) from None
    return Connection(database, close, reached.is_embedded, presence, unmade)
