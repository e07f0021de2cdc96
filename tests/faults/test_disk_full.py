"""The database's disk runs full during a session, and has room again later; a tmpfs stands for the disk."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings
from semblance_core.store.server.embedded import writable_folder
from tests.faults.conftest import Tell, assert_whole, summaries
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import eventually, session

FULL_S = 4.0
SIZE_MB = 420
"""A fresh server takes about 300 MB, most of it for its journal."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        assert not os.environ.get("CI"), mounted.stderr
        pytest.skip(f"A small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    eventually(lambda: subprocess.run(["umount", str(folder)], capture_output=True).returncode == 0, within_s=30)


@pytest.fixture
def on_disk(disk: Path, platform_settings: dict[str, Any]) -> Iterator[Semblance]:
    own = {"SEMBLANCE_DATA_DIR": disk, "SEMBLANCE_LEASE_S": 20, "SEMBLANCE_SWEEP_S": 0.3}
    with open_semblance(load_settings(**platform_settings | own)) as semblance:
        semblance.store.users.add(User("user", "User", Role.RESEARCHER, semblance.clock()), "no password fits")
        yield semblance


def fill(disk: Path) -> None:
    """Takes all that is left of the disk."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(b"\0" * 65_536)


def run_out(semblance: Semblance, disk: Path) -> int:
    """Writes until the server gives up; returns the newest message number that was acknowledged before."""
    ballast = semblance.connection.database["ballast"]
    groups = semblance.connection.database["focus_groups"]
    ballast.insert_one({})
    fill(disk)
    seen = 0
    with pytest.raises(PyMongoError):  # noqa: PT012 - the sessions write at the same time, and so may fail first
        for _ in range(500):  # into what is set aside for its journal
            seen = int((groups.find_one() or {})["next_seq"])
            ballast.insert_many([{"text": os.urandom(500_000).hex()} for _ in range(4)])
    return seen


def test_a_full_disk_loses_nothing_that_was_acknowledged_and_goes_on_when_there_is_room(
    on_disk: Semblance, disk: Path, model_server: ScriptedServer, tell: Tell
) -> None:
    workspace = on_disk.workspace("user")
    on_disk.engine.start()
    model_server.script = lambda asked: Reply(chatter(asked.number, 300), delay_s=0.2)
    group = session(workspace, size=4, turn_limit=60)
    workspace.sessions.start(group.id)
    eventually(lambda: workspace.sessions.get(group.id).next_seq > 5, within_s=30)
    seen = run_out(on_disk, disk)
    time.sleep(FULL_S)
    paid = len(model_server.asked)
    (disk / "filler").unlink()
    back = time.monotonic()
    eventually(lambda: len(model_server.asked) > paid, within_s=30)
    again_s = time.monotonic() - back

    def is_over() -> bool:
        try:
            return not workspace.sessions.get(group.id).is_busy
        except PyMongoError:
            return False

    eventually(is_over, within_s=60)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert_whole(group, messages)
    assert group.reason in ("guide_covered", "no_new_codes")
    assert group.next_seq > seen > 5
    # The one call that was in flight when the disk ran full may have been made again, if its lease ran out meanwhile.
    assert len(model_server.asked) <= sum(message.attempts for message in messages) + summaries(model_server) + 1
    on_disk.gateway.batcher.flush()
    eventually(lambda: on_disk.store.reconciliation.check().differences == ())
    tell(
        "database's disk full",
        f"full for {FULL_S:.0f} s in the middle of a session: turns went on {again_s:.0f} s after there was room, nothing lost",
    )


def test_a_full_disk_at_the_start_is_a_sentence(disk: Path) -> None:
    fill(disk)
    with pytest.raises(SetupError, match="No space left on device"):
        writable_folder(disk)
