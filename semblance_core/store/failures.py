"""How the database fails, in one place, so that nobody else has to know its driver."""

from typing import Any

import pymongo
from pymongo.database import Database
from pymongo.errors import ConnectionFailure as DatabaseAway
from pymongo.errors import PyMongoError as DatabaseFailed
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

__all__ = ["PATIENCE_S", "DatabaseAway", "DatabaseFailed", "check_answers", "patiently"]

PATIENCE_S = 60.0

patiently = retry(
    retry=retry_if_exception_type(DatabaseAway), stop=stop_after_delay(PATIENCE_S), wait=wait_fixed(0.25), reraise=True
)
"""For operations that may be done twice: waits for a database that is away, because what they write has been paid for."""


def check_answers(database: Database[dict[str, Any]], within_s: float) -> None:
    """Raises `DatabaseFailed` unless the database answers in this time."""
    with pymongo.timeout(within_s):
        database.command("ping")
