"""Processes at work while the data move on: they step back, are named, or look before they write."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings
from semblance_core.store.opening import Connection, connect
from semblance_core.store.version import presence as presences
from semblance_core.store.version.migrate import join_version
from semblance_core.store.version.presence import Presence, living
from semblance_core.store.version.schema import SCHEMA
from tests.conftest import OpenPlatform
from tests.store.test_schema import KNOWN, Data, later, nothing, said
from tests.studies import eventually, session


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


@pytest.fixture
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presences, "BEAT_S", 0.2)


def test_an_old_process_steps_back_before_a_newer_one_moves_the_data_on(
    open_platform: OpenPlatform, attentive: None
) -> None:
    semblance = open_platform(SEMBLANCE_MODEL="simulator/v1", SEMBLANCE_SIMULATOR_DELAY_S=0.2)
    workspace = semblance.workspace("user")
    group = session(workspace)
    workspace.sessions.start(group.id)
    eventually(lambda: workspace.sessions.get(group.id).next_seq > 3, within_s=120)
    data, at_work, runs = semblance.connection.database, semblance.connection.presence, []

    def migrate(database: Data, _: Callable[[], None]) -> None:
        runs.append((living(database), database["focus_groups"].find_one()))

    newer = join_version(data, later(migrate))
    ((left, found),) = runs
    assert left == []
    assert semblance.engine.worker.stopping.is_set()
    words = f"are being moved on to version {KNOWN + 1} by .* Install Semblance of 2027-01-01 or newer"
    for refused in (
        workspace.me.account,
        lambda: workspace.sessions.post(group.id, "Hello?"),
        lambda: workspace.sessions.end(group.id),
    ):
        with pytest.raises(SetupError, match=words):
            refused()
    semblance.engine.worker.run("focus_group", group.id)
    assert data["focus_groups"].find_one() == found  # what was under way was handed back before, and stays so
    assert at_work.words
    newer.leave()


def test_an_old_process_that_does_not_step_back_is_named_and_nothing_is_begun(connection: Connection) -> None:
    connection.database["projects"].insert_one({"_id": "project"})
    runs: list[int] = []
    with pytest.raises(
        SetupError, match=f"an older Semblance still work on them: {connection.presence.name}. End them"
    ):
        join_version(connection.database, later(lambda *_: runs.append(1)), patience_s=0.3)
    assert runs == []
    assert "moving" not in said(connection.database)
    join_version(connection.database).leave()  # the older version's processes may still start


def test_a_process_that_was_frozen_looks_before_it_writes(data: Data) -> None:
    """Its lease ran out, so nobody waited for it."""
    now = [0.0]
    frozen = Presence(data, KNOWN, steady_s=lambda: now[0])
    assert frozen.join()
    frozen.check()
    data[SCHEMA].update_one({}, {"$set": {f"processes.{frozen.id}.until": datetime(2000, 1, 1, tzinfo=UTC)}})
    join_version(data, later(nothing)).leave()
    now[0] = 100.0
    with pytest.raises(SetupError, match=f"have version {KNOWN + 1}.*has stopped working on them"):
        frozen.check()
    frozen.leave()


def test_a_process_whose_lease_ran_out_for_no_reason_works_on(data: Data) -> None:
    now = [0.0]
    asleep = Presence(data, KNOWN, steady_s=lambda: now[0])
    assert asleep.join()
    data[SCHEMA].update_one({}, {"$set": {"processes": {}}})
    now[0] = 100.0
    asleep.check()
    assert living(data) == [asleep.name]
    asleep.leave()
    assert living(data) == []


def test_a_process_whose_data_are_taken_away_stops(data: Data, attentive: None) -> None:
    at_work = join_version(data)
    stopped = threading.Event()
    at_work.when_over(stopped.set)
    data[SCHEMA].delete_many({})
    assert stopped.wait(10)
    with pytest.raises(SetupError, match="were taken away or replaced"):
        at_work.check()
    at_work.leave()
