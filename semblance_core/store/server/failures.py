"""Failures of the database, in one place, so that nobody else has to know its driver."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pymongo
from pymongo.database import Database
from pymongo.errors import ConnectionFailure as DatabaseAway
from pymongo.errors import PyMongoError as DatabaseFailed
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

__all__ = ["PATIENCE_S", "DatabaseAway", "DatabaseFailed", "check_answers", "one_by_one", "patiently"]

PATIENCE_S = 60.0
Item = TypeVar("Item")
log = logging.getLogger(__name__)

patiently = retry(
    retry=retry_if_exception_type(DatabaseAway), stop=stop_after_delay(PATIENCE_S), wait=wait_fixed(0.25), reraise=True
)
"""For operations that may be done twice: waits for a database that is away, because what they write has been paid for."""


def one_by_one(items: Iterable[Item], do: Callable[[Item], object], doing: str) -> None:
    """Calls `do` for each item; one that fails is logged and keeps no other from its turn.

    A database that is away is raised: the others would only wait for it too.
    """
    for item in items:
        try:
            do(item)
        except DatabaseAway:
            raise
        except Exception:  # the boundary that keeps one damaged document from stopping a whole sweep
            log.exception("%s failed for one of them", doing)


def check_answers(database: Database[dict[str, Any]], within_s: float) -> None:
    """Raises `DatabaseFailed` unless the database answers in this time."""
    with pymongo.timeout(within_s):
        database.command("ping")
