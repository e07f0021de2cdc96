"""Databases to back up and to restore into, and what is in them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database

from semblance_core.domain.times import utc_now
from semblance_core.settings import load_settings
from semblance_core.store.backups.backup import back_up
from semblance_core.store.ids import new_id
from semblance_core.store.opening import connect
from semblance_core.store.version.schema import SCHEMA

Data = Database[dict[str, Any]]


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[Any]:
    connection = connect(load_settings(SEMBLANCE_DATA_DIR=data_dir, SEMBLANCE_DATABASE=f"test-{new_id()}"))
    yield connection.database.client
    connection.database.client.drop_database(connection.database.name)
    connection.close()


@pytest.fixture
def new_database(client: Any) -> Iterator[Callable[[], Data]]:
    """Makes empty databases."""
    made: list[Data] = []

    def make() -> Data:
        made.append(client[f"test-{new_id()}"])
        return made[-1]

    yield make
    for database in made:
        if not is_untouched(database):
            client.drop_database(database.name)


@pytest.fixture
def empty(new_database: Callable[[], Data]) -> Data:
    return new_database()


@pytest.fixture
def filled(empty: Data) -> Data:
    """A database of two collections, to be changed."""
    return fill(empty)


@pytest.fixture(scope="module")
def small(client: Any) -> Iterator[Data]:
    """A database of two collections that nobody changes."""
    database = fill(client[f"test-{new_id()}"])
    yield database
    client.drop_database(database.name)


def fill(database: Data) -> Data:
    database["projects"].insert_many([{"_id": number, "name": f"Project {number}"} for number in range(20)])
    database["projects"].create_index("name", unique=True)
    database["users"].insert_one({"_id": "user"})
    return database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup shall be: a folder with nothing else in it."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "backup.tar.gz"


@pytest.fixture
def backup(small: Data, file: Path) -> Path:
    """A backup of the two collections."""
    back_up(small, file, utc_now())
    return file


def held(database: Data) -> dict[str, tuple[list[bytes], list[Any]]]:
    """Every document's bytes and every index, by collection."""
    options = bson.CodecOptions(document_class=RawBSONDocument)
    return {
        name: (
            sorted(bytes(document.raw) for document in database.get_collection(name, codec_options=options).find()),
            sorted(str(dict(index)) for index in database[name].list_indexes()),
        )
        for name in sorted(database.list_collection_names())
        if name != SCHEMA  # says who is at work on the data, which changes by itself
    }


def is_untouched(database: Data) -> bool:
    return database.list_collection_names() == []


def left_in(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())
