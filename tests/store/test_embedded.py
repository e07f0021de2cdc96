"""The embedded server: joined by every process, gone with the last, and nothing acknowledged is ever lost."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from filelock import ReadWriteLock, Timeout
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings
from semblance_core.store.server import embedded
from tests.studies import eventually, process_environment

USER = (
    "import sys; from pathlib import Path; from semblance_core.store.server import embedded;"
    "print(embedded.join(Path(sys.argv[1])).uri, flush=True); sys.stdin.read()"
)


@contextmanager
def another_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that uses the server in this folder, and the address it found."""
    command = [sys.executable, "-c", USER, str(folder)]
    user = subprocess.Popen(
        command, env=process_environment({}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout
    try:
        yield user, user.stdout.readline().strip()
    finally:
        user.kill()
        user.communicate()


@contextmanager
def stranger(port: int = 0) -> Iterator[int]:
    """Another program that listens on a port and hangs up on everybody."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        eventually(lambda: bound(listening, port))  # a server that is gone can still have its port for a moment
        listening.listen()

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    listening.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def bound(listening: socket.socket, port: int) -> bool:
    with suppress(OSError):
        listening.bind(("127.0.0.1", port))
        return True
    return False


def mongod_of(folder: Path) -> int:
    """The server's process, or 0 where none is recorded."""
    try:
        return int(json.loads((folder / "mongodb" / "server.json").read_text())["pid"])
    except OSError:
        return 0


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def supervisor_of(mongod: int) -> int:
    return int((Path("/proc") / str(mongod) / "stat").read_text().rpartition(")")[2].split()[1])


def collection(uri: str) -> Any:
    client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=10_000)
    return client["test"]["things"]


def test_every_process_joins_the_one_server_and_the_last_to_leave_ends_it(tmp_path: Path) -> None:
    server = embedded.join(tmp_path)
    collection(server.uri).insert_one({"_id": 1})
    mongod = mongod_of(tmp_path)
    with another_process(tmp_path) as (user, uri):
        assert uri == server.uri
        assert mongod_of(tmp_path) == mongod
        server.leave()
        time.sleep(1.0)
        assert is_alive(mongod)
        assert collection(uri).find_one({"_id": 1})
        user.send_signal(signal.SIGKILL)
        eventually(lambda: not is_alive(mongod), within_s=15)

    port = int((tmp_path / "mongodb" / "port.txt").read_text())
    with stranger(port):
        moved = embedded.join(tmp_path)
        assert str(port) not in moved.uri
        assert collection(moved.uri).find_one({"_id": 1})
        collection(moved.uri).insert_one({"_id": 2})
        moved.leave()


def test_a_server_that_is_killed_comes_back_with_every_write_it_acknowledged(tmp_path: Path) -> None:
    server = embedded.join(tmp_path)
    things, acknowledged, stop = collection(server.uri), list[int](), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                things.insert_one({"_id": number})
                acknowledged.append(number)
            except PyMongoError:
                pass

    writer = threading.Thread(target=write)
    writer.start()

    def written_more(than: int) -> bool:
        return len(acknowledged) > than + 20

    try:
        for _ in range(2):
            eventually(partial(written_more, len(acknowledged)), within_s=20)
            killed = mongod_of(tmp_path)
            os.kill(killed, signal.SIGKILL)
            eventually(lambda killed=killed: mongod_of(tmp_path) not in (0, killed), within_s=10)
        eventually(partial(written_more, len(acknowledged)), within_s=20)
    finally:
        stop.set()
        writer.join()
    assert {found["_id"] for found in things.find()} >= set(acknowledged)
    server.leave()


def test_a_process_that_joins_while_the_server_is_coming_back_waits_for_it(tmp_path: Path) -> None:
    server = embedded.join(tmp_path)
    collection(server.uri).insert_one({"_id": 1})
    supervisor = supervisor_of(mongod_of(tmp_path))
    os.kill(mongod_of(tmp_path), signal.SIGKILL)
    again = embedded.join(tmp_path)
    assert again.uri == server.uri
    assert collection(again.uri).find_one({"_id": 1})
    assert supervisor_of(mongod_of(tmp_path)) == supervisor
    again.leave()
    server.leave()


def test_no_server_outlives_its_supervisor_and_the_next_one_takes_over(tmp_path: Path) -> None:
    server = embedded.join(tmp_path)
    collection(server.uri).insert_one({"_id": 1})
    mongod = mongod_of(tmp_path)
    supervisor = supervisor_of(mongod)
    os.kill(supervisor, signal.SIGKILL)
    eventually(lambda: not embedded._is_kept(tmp_path / "mongodb"))
    again = embedded.join(tmp_path)
    assert not is_alive(mongod)
    assert collection(again.uri).find_one({"_id": 1})
    again.leave()
    server.leave()


def test_a_keeper_that_is_killed_is_started_again_for_those_who_use_the_server(tmp_path: Path) -> None:
    server = embedded.join(tmp_path)
    with MongoClient[dict[str, object]](server.uri, serverSelectionTimeoutMS=500) as client:
        client["t"]["c"].insert_one({"_id": 1})
        mongod = mongod_of(tmp_path)
        os.kill(supervisor_of(mongod), signal.SIGKILL)

        def is_back() -> bool:
            with suppress(PyMongoError):
                return client["t"]["c"].count_documents({}) == 1 and mongod_of(tmp_path) != mongod
            return False

        eventually(is_back, within_s=30)
        client["t"]["c"].insert_one({"_id": 2})
    mongod = mongod_of(tmp_path)
    server.leave()
    eventually(lambda: not is_alive(mongod), within_s=20)


def test_two_users_in_one_process_leave_one_by_one(tmp_path: Path) -> None:
    one, other = embedded.join(tmp_path), embedded.join(tmp_path)
    users = ReadWriteLock(tmp_path / "mongodb" / "users.lock", is_singleton=False)
    one.leave()
    one.leave()
    with pytest.raises(Timeout):
        users.acquire_write(timeout=0.5)
    other.leave()
    users.acquire_write(timeout=5)
    users.release()


def test_what_listens_on_a_port_of_long_ago_is_not_taken_for_our_server(tmp_path: Path) -> None:
    with stranger() as port:
        folder = tmp_path / "mongodb"
        folder.mkdir()
        (folder / "server.json").write_text(json.dumps({"port": port, "pid": 1}))
        (folder / "port.txt").write_text(str(port))
        server = embedded.join(tmp_path)
        assert str(port) not in server.uri
        collection(server.uri).insert_one({"_id": 1})
        server.leave()


def test_a_wanted_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with (
        stranger() as port,
        pytest.raises(SetupError, match=f"Port {port} on 127.0.0.1 is taken.*SEMBLANCE_MONGODB_PORT"),
    ):
        open_semblance(load_settings(SEMBLANCE_DATA_DIR=tmp_path, SEMBLANCE_MONGODB_PORT=port))


def test_a_platform_without_a_server_program_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"No MongoDB server program.*Install MongoDB.*MONGODB_URI"):
        embedded.join(tmp_path)


def test_a_server_program_that_does_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\nexit 14\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SetupError, match=r"stopped at once \(exit 14\)"):
        embedded.join(tmp_path / "data")


@pytest.mark.parametrize("where", ["a-file", "a-file/below", "/proc/semblance"])
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").write_text("")
    with pytest.raises(SetupError, match=r"cannot be written \(.+\).*SEMBLANCE_DATA_DIR"):
        embedded.join(tmp_path / where)
