"""The database is killed while a session runs: the session goes on when it is back, and no call is made twice."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.settings import load_settings
from semblance_core.store.server.connection import HEARTBEAT_S, SILENT_S
from semblance_core.store.server.failures import DatabaseAway, check_answers
from tests.faults.conftest import Tell
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import eventually, session
from tests.zygote import freeze

DOWN_S = 10.0
"""Longer than the driver waits for a server, and shorter than a lease."""


@pytest.fixture
def alone(platform_settings: dict[str, Any], tmp_path: Path) -> Iterator[Semblance]:
    """A platform with a database server of its own, which a test may kill."""
    own = {"SEMBLANCE_DATA_DIR": tmp_path, "SEMBLANCE_LEASE_S": 20, "SEMBLANCE_SWEEP_S": 0.2}
    with open_semblance(load_settings(**platform_settings | own)) as semblance:
        semblance.store.users.add(User("user", "User", Role.RESEARCHER, semblance.clock()), "no password fits")
        yield semblance


def test_long_calls_in_flight_survive_an_outage_however_many_sweepers_wait_for_it(
    platform_settings: dict[str, Any], model_server: ScriptedServer, tmp_path: Path
) -> None:
    """At the default lease, with calls that were in flight all the time: none is taken for a dead worker's."""
    own = {"SEMBLANCE_DATA_DIR": tmp_path, "SEMBLANCE_SWEEP_S": 0.5}
    with open_semblance(load_settings(**platform_settings | own)) as alone:
        alone.store.users.add(User("user", "User", Role.RESEARCHER, alone.clock()), "no password fits")
        workspace = alone.workspace("user")
        with open_semblance(load_settings(**platform_settings | own)) as other:
            alone.engine.start()
            other.engine.start()
            model_server.script = lambda asked: Reply(
                chatter(asked.number, 30), delay_s=22.0 if asked.number < 4 else 0.0
            )
            groups = [session(workspace, size=3, guide="- What do you drink?", turn_limit=3).id for _ in range(4)]
            for group_id in groups:
                workspace.sessions.start(group_id)
            eventually(lambda: len(model_server.asked) == 4, within_s=20)
            time.sleep(1)
            crash(tmp_path)
            eventually(lambda: not any(is_busy(alone, group_id) for group_id in groups), within_s=60)
        for group_id in groups:
            assert workspace.sessions.get(group_id).epoch == 1, "nobody else took it up"
        messages = [message for group_id in groups for message in workspace.sessions.messages(group_id)]
        assert len(model_server.asked) == sum(message.attempts for message in messages) == 8
        alone.gateway.batcher.flush()
        assert {event.status for event in alone.store.usage.events()} == {"ok"}


def test_a_database_that_hangs_is_noticed_and_a_session_goes_on_when_it_answers_again(
    alone: Semblance, model_server: ScriptedServer, tmp_path: Path
) -> None:
    """Stopped as by SIGSTOP, a disk that is away or a machine that is moved: connections stand, and nobody answers."""
    workspace = alone.workspace("user")
    alone.engine.start()
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.15)
    group = session(workspace, size=4, turn_limit=30)
    workspace.sessions.start(group.id)
    eventually(lambda: len(model_server.asked) > 3, within_s=40)
    raised: list[type[BaseException]] = []

    def read_and_write() -> None:
        for operation in (workspace.projects.mine, lambda: workspace.projects.create("Meanwhile")):
            with pytest.raises(DatabaseAway) as failed:
                operation()
            raised.append(failed.type)

    asking = [threading.Thread(target=read_and_write) for _ in range(3)]
    mongod = mongod_of(tmp_path)
    freeze(mongod)
    try:
        for thread in asking:
            thread.start()
        with pytest.raises(DatabaseAway):
            check_answers(alone.connection.database, 1.0)
        deadline = time.monotonic() + 22  # the driver alone would take 30 s for the first of the two
        for thread in asking:
            thread.join(max(0.0, deadline - time.monotonic()))
        assert len(raised) == 6
    finally:
        os.kill(mongod, signal.SIGCONT)

    eventually(lambda: not is_busy(alone, group.id), within_s=60)
    check_answers(alone.connection.database, 5.0)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert (group.reason, group.epoch) == ("guide_covered", 1)
    assert [message.seq for message in messages] == list(range(1, 31))
    assert len(model_server.asked) == sum(message.attempts for message in messages)
    alone.gateway.batcher.flush()
    assert len(workspace.sessions.calls(group.id)) == len(model_server.asked)
    assert alone.store.reconciliation.check().differences == ()


def test_what_takes_long_while_the_database_lives_takes_as_long_as_it_needs(semblance: Semblance) -> None:
    """Longer than a server may be silent."""
    slow = {
        "body": f"function() {{ sleep({(HEARTBEAT_S + SILENT_S) * 1000 + 1000}); return 1; }}",
        "args": [],
        "lang": "js",
    }
    users = semblance.connection.database["users"]
    found = list(users.aggregate([{"$limit": 1}, {"$project": {"slow": {"$function": slow}}}]))
    assert [each["slow"] for each in found] == [1]


def is_busy(semblance: Semblance, group_id: str) -> bool:
    """Whether it is, as far as one can tell: also while the database is away."""
    try:
        return semblance.store.focus_groups.is_busy(group_id)
    except PyMongoError:
        return True


def mongod_of(folder: Path) -> int:
    """The process id of the embedded server in this folder."""
    return int(json.loads((folder / "mongodb" / "server.json").read_text())["pid"])


def crash(folder: Path) -> None:
    """Kills the embedded server in this folder and keeps it away for a while."""
    mongod = mongod_of(folder)
    supervisor = int((Path("/proc") / str(mongod) / "stat").read_text().rpartition(")")[2].split()[1])
    freeze(supervisor)
    os.kill(mongod, signal.SIGKILL)
    time.sleep(DOWN_S)
    os.kill(supervisor, signal.SIGCONT)


def test_a_session_goes_on_when_the_database_is_back_and_pays_for_no_turn_twice(
    alone: Semblance, model_server: ScriptedServer, tmp_path: Path, tell: Tell
) -> None:
    workspace = alone.workspace("user")
    alone.engine.start()
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.15)
    group = session(workspace, size=4, turn_limit=30)
    workspace.sessions.start(group.id)
    eventually(lambda: len(model_server.asked) > 3, within_s=20)
    crash(tmp_path)
    said = len(model_server.asked)
    back = time.monotonic()
    eventually(lambda: len(model_server.asked) > said, within_s=5)
    again_s = time.monotonic() - back
    eventually(lambda: not is_busy(alone, group.id), within_s=40)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert group.reason == "guide_covered"
    assert [message.seq for message in messages] == list(range(1, 31))
    assert len(model_server.asked) == sum(message.attempts for message in messages)
    alone.gateway.batcher.flush()
    assert len(workspace.sessions.calls(group.id)) == len(model_server.asked)
    assert alone.store.reconciliation.check().differences == ()
    tell(
        "database killed for 10 s",
        f"down for {DOWN_S:.0f} s; the next turn began {again_s:.1f} s after its return; no extra call",
    )
