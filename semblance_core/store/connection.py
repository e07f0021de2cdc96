"""The way to the database: one code path for one's own server and for the embedded one."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from semblance_core.domain.errors import SetupError
from semblance_core.settings import Settings
from semblance_core.store import embedded

Document = dict[str, Any]
HEARTBEAT_S, SILENT_S, BACK_WITHIN_S = 1.0, 3.0, 5.0
"""A server says every second that it lives. One that is silent for 3 s more is away: what waits for it is told, whatever it
asked for, and tries once more for 5 s. So nobody waits longer than 9 s for a database that hangs, and what takes long while
the server lives (a backup, a repair, a large report) takes as long as it needs."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection to a replica set. close: gives it up, and the embedded server with it if nobody else uses it."""

    database: Database[Document]
    close: Callable[[], None]
    is_embedded: bool


def connect(settings: Settings) -> Connection:
    """The database that the settings name, reachable and a replica set, with its indexes; raises `SetupError` in words."""
    server = None if settings.mongodb_uri else embedded.join(settings.data_dir, settings.mongodb_port)
    uri = server.uri if server else settings.mongodb_uri
    try:
        client: MongoClient[Document] = MongoClient(
            uri, tz_aware=True, w="majority", journal=True, appname="semblance", **_patience(uri)
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
        _ensure_indexes(database)
    except PyMongoError as failed:
        close()
        raise SetupError(f"The database {settings.mongodb_database} could not be prepared: {failed}.") from None
    except SetupError:
        close()
        raise
    return Connection(database, close, is_embedded=server is not None)


def _patience(uri: str) -> dict[str, Any]:
    """How long the driver waits for a server that is silent; what the address itself says of it counts."""
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


def _ensure_indexes(database: Database[Document]) -> None:
    def index(*keys: tuple[str, int], **options: Any) -> IndexModel:
        return IndexModel(list(keys), **options)

    wanted = {
        "users": [
            index(
                ("microsoft_id", ASCENDING),
                name="microsoft",
                unique=True,
                partialFilterExpression={"microsoft_id": {"$gt": ""}},
            )
        ],
        "projects": [index(("owner_id", ASCENDING))],
        "personas": [index(("project_id", ASCENDING), ("created_at", ASCENDING))],
        "focus_groups": [
            index(("project_id", ASCENDING), ("created_at", DESCENDING)),
            index(("project_id", ASCENDING), ("updated_at", DESCENDING), ("_id", ASCENDING)),
            index(("owner_id", ASCENDING), ("updated_at", DESCENDING), ("_id", ASCENDING)),
            index(("state", ASCENDING), ("lease_until", ASCENDING)),
            index(("pending", ASCENDING), ("lease_until", ASCENDING)),
            index(("stop_unfinished", ASCENDING), sparse=True),
            index(("reason", ASCENDING), name="waiting", partialFilterExpression={"state": "moderated"}),
        ],
        "focus_group_messages": [
            index(("focus_group_id", ASCENDING), ("seq", ASCENDING), unique=True),
            index(
                ("focus_group_id", ASCENDING),
                ("seq", ASCENDING),
                name="pending",
                partialFilterExpression={"status": "pending"},
            ),
        ],
        "focus_group_themes": [index(("focus_group_id", ASCENDING), ("created_at", DESCENDING))],
        "assets": [
            index(("focus_group_id", ASCENDING)),
            index(("touched_at", ASCENDING), name="unkept", partialFilterExpression={"kept": False}),
        ],
        "tasks": [
            index(("state", ASCENDING), ("lease_until", ASCENDING)),
            index(("project_id", ASCENDING), ("created_at", DESCENDING)),
            index(("owner_id", ASCENDING), ("created_at", DESCENDING)),
            index(("request.focus_group_id", ASCENDING), ("created_at", DESCENDING)),
            index(("kind", ASCENDING), ("created_at", DESCENDING)),
        ],
        "usage_events": [
            index(("user_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)),
            index(("focus_group_id", ASCENDING), ("seq", ASCENDING)),
            index(("task_id", ASCENDING)),
            index(("model", ASCENDING), ("feature", ASCENDING), ("at", DESCENDING)),
            index(("project_id", ASCENDING)),
            index(("at", DESCENDING), ("_id", DESCENDING)),
        ],
        "usage_daily": [index(("day", ASCENDING), ("user_id", ASCENDING)), index(("user_id", ASCENDING))],
        "usage_hourly": [index(("hour", ASCENDING), ("user_id", ASCENDING))],
        "model_pricing": [index(("names", ASCENDING), ("valid_from", DESCENDING))],
        "budgets": [index(("reserved_tokens", ASCENDING))],
        "sign_ins": [index(("user_id", ASCENDING)), index(("expires_at", ASCENDING), expireAfterSeconds=0)],
        "audit_log": [
            index(("at", DESCENDING), ("_id", DESCENDING)),
            index(("actor_id", ASCENDING), ("at", DESCENDING)),
            index(("owner_id", ASCENDING), ("at", DESCENDING)),
        ],
        "login_attempts": [
            index(("at", ASCENDING), expireAfterSeconds=3600),
            index(("key", ASCENDING), ("at", ASCENDING)),
        ],
    }
    for collection, indexes in wanted.items():
        database[collection].create_indexes(indexes)
