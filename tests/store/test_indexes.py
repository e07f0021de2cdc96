"""Indexes that are other than wanted: made anew, or said in words; the start goes on."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from semblance_core.cli import main
from semblance_core.settings import load_settings
from semblance_core.store.opening import Connection, connect
from semblance_core.store.server.indexes import WANTED

Data = Database[dict[str, Any]]


@pytest.fixture
def data(platform_settings: dict[str, Any]) -> Iterator[Data]:
    """A database without any index."""
    connection = connect(load_settings(**platform_settings))
    for name in WANTED:
        connection.database[name].drop_indexes()
    yield connection.database
    connection.database.client.drop_database(connection.database.name)
    connection.close()


@pytest.fixture
def again(platform_settings: dict[str, Any]) -> Iterator[Any]:
    """Starts once more over it."""
    opened: list[Connection] = []

    def start() -> Connection:
        opened.append(connect(load_settings(**platform_settings)))
        return opened[-1]

    yield start
    for connection in opened:
        connection.close()


def names(data: Data) -> dict[str, set[str]]:
    return {name: set(data[name].index_information()) - {"_id_"} for name in WANTED}


WANTED_NAMES = {name: {index.document["name"] for index in wanted} for name, wanted in WANTED.items()}


@pytest.mark.parametrize(
    ("collection", "keys", "before", "name", "after"),
    [
        ("login_attempts", [("at", 1)], {"expireAfterSeconds": 1800}, "at_1", {"expireAfterSeconds": 3600}),
        ("sign_ins", [("expires_at", 1)], {}, "expires_at_1", {"expireAfterSeconds": 0}),
        ("focus_groups", [("stop_unfinished", 1)], {}, "stop_unfinished_1", {"sparse": True}),
        ("focus_groups", [("state", 1)], {"name": "waiting"}, "waiting", {"key": [("reason", 1)]}),
        ("users", [("microsoft_id", 1)], {"name": "microsoft"}, "microsoft", {"unique": True}),
        (
            "focus_group_messages",
            [("focus_group_id", 1), ("seq", 1)],
            {"name": "pending", "partialFilterExpression": {"status": "open"}},
            "pending",
            {"partialFilterExpression": {"status": "pending"}},
        ),
        # The name that MongoDB gives was ours before the index got one of its own.
        (
            "assets",
            [("touched_at", 1)],
            {"expireAfterSeconds": 60},
            "unkept",
            {"partialFilterExpression": {"kept": False}},
        ),
    ],
)
def test_one_of_ours_with_other_options_or_keys_is_made_anew(
    data: Data, again: Any, collection: str, keys: Any, before: Any, name: str, after: Any
) -> None:
    data[collection].create_index(keys, **before)
    assert again().unmade == ()
    found = data[collection].index_information()[name]
    assert {option: found[option] for option in after} == after
    assert WANTED_NAMES[collection] <= names(data)[collection]


def test_indexes_of_an_operator_are_left_alone(data: Data, again: Any, caplog: pytest.LogCaptureFixture) -> None:
    data["users"].create_index("name", name="theirs")
    data["projects"].create_index("owner_id", name="by owner")  # does what ours would do
    data["login_attempts"].create_index("at", name="short", expireAfterSeconds=60)
    with caplog.at_level(logging.WARNING):
        (words,) = again().unmade
    assert words == (
        "The index at_1 of login_attempts could not be made, because the index short, which is none of Semblance's, stands in its "
        "way. Semblance works without it, slower. Drop that one, and the next start makes it."
    )
    assert words in caplog.messages
    there = names(data)
    assert {"theirs"} < there["users"]
    assert there["projects"] == {"by owner"}
    assert there["login_attempts"] == {"short", "key_1_at_1"}
    data["login_attempts"].drop_index("short")
    assert again().unmade == ()


def test_duplicates_are_named_the_rest_is_made_and_the_start_goes_on(
    data: Data, again: Any, platform_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    data["focus_group_messages"].create_index([("focus_group_id", 1), ("seq", 1)])
    data["focus_group_messages"].insert_many([{"focus_group_id": "a", "seq": n} for n in (1, 2, 2, 2)])
    user = {"name": "A", "role": "admin", "created_at": datetime.now(UTC)}
    data["users"].insert_many([{**user, "_id": f"u{n}", "microsoft_id": "t/o" if n < 2 else ""} for n in range(4)])
    assert again().unmade == (
        "The unique index microsoft of users could not be made, because documents share what only one may have: microsoft_id "
        "'t/o' (2 documents). Change or remove all but one of each, and the next start makes it.",
        "The unique index focus_group_id_1_seq_1 of focus_group_messages could not be made, because documents share what only one "
        "may have: focus_group_id 'a', seq 2 (3 documents). Change or remove all but one of each, and the next start makes it.",
    )
    there = names(data)
    assert there == WANTED_NAMES | {"users": set()}
    assert (
        "unique" not in data["focus_group_messages"].index_information()["focus_group_id_1_seq_1"]
    )  # the old one stays
    data["users"].delete_many({"_id": "u1"})
    for name, value in {**platform_settings, "SEMBLANCE_MODEL": "simulator/v1"}.items():
        monkeypatch.setenv(name, str(value))
    main(["doctor"])
    assert "FAIL  Indexes: The unique index focus_group_id_1_seq_1" in capsys.readouterr().out
    data["focus_group_messages"].delete_many({"seq": 2})
    assert again().unmade == ()
    assert data["focus_group_messages"].index_information()["focus_group_id_1_seq_1"]["unique"]
    assert names(data) == WANTED_NAMES


def test_where_all_is_as_wanted_nothing_is_dropped(data: Data, again: Any, caplog: pytest.LogCaptureFixture) -> None:
    again()
    with caplog.at_level(logging.INFO, logger="semblance_core.store"):
        assert again().unmade == ()
    assert not caplog.messages
    assert names(data) == WANTED_NAMES
