"""The way to the database: one code path for one's own server and for the embedded one."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from semblance_core.domain.errors import SetupError
from semblance_core.settings import Settings
from semblance_core.store.server import embedded
from semblance_core.store.server.document import Document

HEARTBEAT_S, SILENT_S, BACK_WITHIN_S = 1.0, 3.0, 5.0
"""A server says every second that it lives. One that is silent for 3 s more is away: every waiting request fails
and is tried once more for 5 s. So nobody waits longer than 9 s for a database that hangs, and what takes long while
the server lives (a backup, a repair, a large report) takes as long as it needs."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reached:
    """A replica set that answers. close: gives it up, and the embedded server with it if nobody else uses it."""

    database: Database[Document]
    close: Callable[[], None]
    is_embedded: bool


def reach(settings: Settings) -> Reached:
    """The database that the settings name as it is: nothing is looked at in it, and nothing written."""
    server = None if settings.mongodb_uri else embedded.join(settings.data_dir, settings.mongodb_port)
    uri = server.uri if server else settings.mongodb_uri
    try:
        client: MongoClient[Document] = MongoClient(
            uri,
            tz_aware=True,
            w="majority",
            journal=True,
            appname="semblance",
            datetime_conversion="DATETIME_AUTO",  # a time beyond Python's spoils its own document, not all of an answer
            **_patience(uri),
        )
    except (InvalidURI, ConfigurationError, ValueError) as wrong:
        raise SetupError(f"MONGODB_URI is not a usable address: {wrong}.") from None

    def close() -> None:
        client.close()
        if server:
            server.leave()

    try:
        _check_replica_set(client, uri)
        database = client[settings.mongodb_database]
    except PyMongoError as failed:
        close()
        raise unprepared(settings.mongodb_database, failed) from None
    except SetupError:
        close()
        raise
    return Reached(database, close, is_embedded=server is not None)


def unprepared(database: str, failed: PyMongoError) -> SetupError:
    return SetupError(f"The database {database} could not be prepared: {failed}.")


def _patience(uri: str) -> dict[str, Any]:
    """Returns how long the driver waits for a silent server; a value in the address itself counts."""
    wanted = {
        "heartbeatFrequencyMS": int(HEARTBEAT_S * 1000),
        "connectTimeoutMS": int(SILENT_S * 1000),
        "serverSelectionTimeoutMS": int(BACK_WITHIN_S * 1000),
    }
    said = uri.partition("?")[2].casefold()
    return {name: value for name, value in wanted.items() if f"{name.casefold()}=" not in said}


def _check_replica_set(client: MongoClient[Document], uri: str) -> None:
    host = re.split("[/?]", uri.rpartition("://")[2].rsplit("@", 1)[-1])[0]  # no password, no options
    try:
        hello = client.admin.command("hello")
    except OperationFailure as refused:
        raise SetupError(f"The database at {host} refused the connection: {_words(refused)}.") from None
    except PyMongoError:
        raise SetupError(
            f"No database answered at {host} within 5 s. Check MONGODB_URI and that the server runs; without MONGODB_URI "
            "Semblance starts one of its own."
        ) from None
    if "setName" not in hello:
        raise SetupError(
            f"The database at {host} is not a replica set, so acknowledged writes could be lost. Start mongod with "
            "--replSet NAME and run rs.initiate() once; one member is enough."
        )
    if client.options.direct_connection:
        log.warning(
            "MONGODB_URI asks for a direct connection to %s. After that server was restarted the costs of calls may stay open until "
            "Semblance is restarted too. Write replicaSet=%s in the place of directConnection=true.",
            host,
            hello["setName"],
        )


def _words(refused: OperationFailure) -> str:
    return str((refused.details or {}).get("errmsg", refused)).rstrip(".")
