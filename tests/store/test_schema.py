"""The version of what is stored: who may work on it, and how it is moved on by one process while others wait or step back."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from semblance_core.bootstrap import open_semblance
from semblance_core.cli import main
from semblance_core.domain.errors import SemblanceError, SetupError
from semblance_core.settings import load_settings
from semblance_core.store.backups.backup import back_up, restore
from semblance_core.store.opening import Connection, connect
from semblance_core.store.version.migrate import join_version
from semblance_core.store.version.presence import living
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA, Migration, stored_in

Data = Database[dict[str, Any]]
KNOWN = len(MIGRATIONS)


@pytest.fixture
def connection(platform_settings: dict[str, Any]) -> Iterator[Connection]:
    connection = connect(load_settings(**platform_settings))
    yield connection
    connection.close()


@pytest.fixture
def data(connection: Connection) -> Data:
    """Data of today's version on which nobody works."""
    connection.presence.leave()
    connection.database["projects"].insert_one({"_id": "project"})
    return connection.database


def later(*runs: Callable[[Data, Callable[[], None]], None]) -> tuple[Migration, ...]:
    """The migrations of a Semblance that knows so many versions more."""
    return (*MIGRATIONS, *(Migration(f"step {n}", f"2027-01-{n:02}", run) for n, run in enumerate(runs, start=1)))


def nothing(_: Data, __: Callable[[], None]) -> None:
    pass


def said(data: Data) -> dict[str, Any]:
    return data[SCHEMA].find_one({"_id": SCHEMA}) or {}


# Starting


def test_an_empty_database_is_of_the_newest_version(connection: Connection) -> None:
    found = said(connection.database)
    assert (found["version"], found["release"]) == (KNOWN, MIGRATIONS[-1].release)
    assert "migrations" not in found
    assert living(connection.database) == [connection.presence.name]


def test_data_from_before_there_were_versions_are_moved_on_once(data: Data) -> None:
    data[SCHEMA].delete_many({})
    assert stored_in(data).version == 0
    join_version(data).leave()
    found = said(data)
    assert [done["version"] for done in found["migrations"]] == list(range(1, KNOWN + 1))
    assert all(isinstance(done["at"], datetime) for done in found["migrations"])
    assert (found["version"], found.get("moving"), found["processes"]) == (KNOWN, None, {})
    join_version(data).leave()
    assert said(data)["migrations"] == found["migrations"]


def test_newer_data_are_refused_with_what_to_install_and_left_alone(
    data: Data, platform_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    join_version(data, later(nothing, nothing)).leave()
    indexes = {name: data[name].index_information() for name in data.list_collection_names()}
    before = said(data)
    with pytest.raises(SetupError) as refused:
        open_semblance(load_settings(**platform_settings))
    assert str(refused.value) == (
        f"The data in {data.name} have version {KNOWN + 2}, and this Semblance knows versions up to {KNOWN} only, so it leaves them "
        "alone. Install Semblance of 2027-01-02 or newer, or restore a backup that was made before."
    )
    assert said(data) == before
    assert {name: data[name].index_information() for name in data.list_collection_names()} == indexes
    for name, value in {**platform_settings, "SEMBLANCE_MODEL": "simulator/v1"}.items():
        monkeypatch.setenv(name, str(value))
    assert main(["doctor"]) == 1
    assert f"FAIL  Data: {refused.value}" in capsys.readouterr().out
    assert main(["check-usage"]) == 1
    assert capsys.readouterr().err == f"semblance: {refused.value}\n"


def test_a_collection_of_that_name_that_says_no_version_is_a_sentence(data: Data) -> None:
    data[SCHEMA].replace_one({"_id": SCHEMA}, {"version": "two"})
    with pytest.raises(SetupError, match=f"{data.name} has a collection named schema that says no version"):
        join_version(data)


def test_the_doctor_says_what_is_due_and_does_not_do_it(
    data: Data, platform_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**platform_settings, "SEMBLANCE_MODEL": "simulator/v1"}.items():
        monkeypatch.setenv(name, str(value))
    main(["doctor"])
    assert f"ok    Data: version {KNOWN}, the one that this Semblance works on" in capsys.readouterr().out
    data[SCHEMA].delete_many({})
    main(["doctor"])
    out = capsys.readouterr().out
    assert f"ok    Data: version 0; the next start moves them on to {KNOWN} ({MIGRATIONS[0].what}" in out
    assert data[SCHEMA].find_one() is None


# Moving on


def test_of_processes_that_start_at_once_one_migrates_and_the_others_wait(data: Data) -> None:
    runs: list[int] = []

    def slow(database: Data, _: Callable[[], None]) -> None:
        runs.append(1)
        time.sleep(0.5)
        database["projects"].update_one({"_id": "project"}, {"$inc": {"moved": 1}})

    with ThreadPoolExecutor(4) as threads:
        there = list(threads.map(lambda _: join_version(data, later(slow, nothing)), range(4)))
    assert runs == [1]
    assert data["projects"].find_one() == {"_id": "project", "moved": 1}
    assert len(living(data)) == 4
    for presence in there:
        presence.leave()
    assert said(data)["version"] == KNOWN + 2


def test_a_migration_whose_process_died_is_run_again_once_its_lease_is_past(data: Data) -> None:
    """The first is silent for ever, as after a kill; it wakes up when another one is done, and does nothing more."""
    frozen, woken, runs = threading.Event(), threading.Event(), []

    def dies(database: Data, go_on: Callable[[], None]) -> None:
        runs.append("first")
        data[SCHEMA].update_one({}, {"$set": {"moving.until": datetime(2000, 1, 1, tzinfo=UTC)}})
        frozen.set()
        assert woken.wait(300)
        time.sleep(0.5)  # a renewal finds that the lease is another's
        go_on()
        runs.append("must not be reached")

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(join_version, data, later(dies), lease_s=0.6)
        assert frozen.wait(10)
        join_version(data, later(lambda *_: runs.append("second"), nothing)).leave()
        woken.set()
        with pytest.raises(SetupError, match="Another process went on"):
            first.result()
    assert runs == ["first", "second"]
    assert said(data)["version"] == KNOWN + 2


def test_a_lease_is_renewed_however_long_a_migration_takes(data: Data) -> None:
    runs: list[int] = []

    def slow(_: Data, go_on: Callable[[], None]) -> None:
        runs.append(1)
        time.sleep(2.0)
        go_on()

    with ThreadPoolExecutor(2) as threads:
        for presence in threads.map(lambda _: join_version(data, later(slow), lease_s=0.9), range(2)):
            presence.leave()
    assert runs == [1]


def test_a_migration_that_fails_is_said_and_the_next_start_goes_on_there(data: Data) -> None:
    runs: list[str] = []

    def fails(*_: object) -> None:
        runs.append("second")
        raise ValueError("no such thing")

    def first(*_: object) -> None:
        runs.append("first")

    with pytest.raises(
        SetupError, match=rf"moved on to version {KNOWN + 2} \(step 2\): no such thing. What was done stays"
    ):
        join_version(data, later(first, fails))
    assert said(data)["version"] == KNOWN + 1
    # Who knows the older version only could not tell what was half done.
    with pytest.raises(SetupError, match=f"are being moved on to version {KNOWN + 2} by .*, process [0-9]+, and this"):
        join_version(data)
    join_version(data, later(first, lambda *_: runs.append("mended"))).leave()
    assert runs == ["first", "second", "mended"]


# Old processes beside new ones


# Backups


def test_a_backup_from_before_there_were_versions_is_moved_on_when_it_is_restored(
    data: Data, tmp_path: Path, platform_settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    data.drop_collection(SCHEMA)
    file = tmp_path / "old.tar.gz"
    assert back_up(data, file, datetime.now(UTC)).data_version == 0
    for name, value in {**platform_settings, "SEMBLANCE_MODEL": "simulator/v1"}.items():
        monkeypatch.setenv(name, str(value))
    target = data.client[f"{data.name}-restored"]
    assert main(["restore", str(file), "--database", target.name]) == 0
    assert [done["version"] for done in said(target)["migrations"]] == list(range(1, KNOWN + 1))
    data.client.drop_database(target.name)


def test_a_backup_of_newer_data_is_refused_before_anything_is_written(data: Data, tmp_path: Path) -> None:
    join_version(data, later(nothing)).leave()
    file, target = tmp_path / "newer.tar.gz", data.client[f"{data.name}-restored"]
    back_up(data, file, datetime.now(UTC))
    with pytest.raises(
        SemblanceError, match=f"The data in {file} have version {KNOWN + 1}.*Install Semblance of 2027-01-01"
    ):
        restore(target, file)
    assert target.list_collection_names() == []
