"""Databases that tests use one after the other: emptied, not made anew, which would cost each test a quarter of a second."""

from collections import deque
from typing import Any

from pymongo import MongoClient, WriteConcern

from semblance_core.store.ids import new_id

AT_REST = 6
"""So many others are used before one is used again: what a test left running by mistake writes into none that is in use."""


class Databases:
    """Names of empty databases on this server. What is taken is one test's own until it is given back."""

    def __init__(self, client: MongoClient[dict[str, Any]]):
        self._client = client
        self._free: deque[str] = deque()

    def take(self) -> str:
        if len(self._free) < AT_REST:
            return f"test-{new_id()}"
        name = self._free.popleft()
        database = self._client.get_database(name, write_concern=WriteConcern(w=1, j=False))
        for collection in database.list_collection_names():
            database[collection].delete_many({})
        return name

    def give_back(self, name: str) -> None:
        self._free.append(name)
