"""The way to the database: addresses that are none, servers that will not do, and one that is not ready yet."""

import logging
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings
from semblance_core.store.opening import connect
from semblance_core.store.server import embedded
from tests.studies import REPOSITORY, eventually


@pytest.fixture
def plain_server(tmp_path: Path) -> Iterator[str]:
    """A mongod that is no replica set."""
    port = embedded.free_port()
    (tmp_path / "plain").mkdir()
    program = [str(embedded.find_mongod()), "--dbpath", str(tmp_path / "plain"), "--port", str(port)]
    server = subprocess.Popen(
        [*program, "--bind_ip", "127.0.0.1", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25"],
        stdout=subprocess.DEVNULL,
        cwd=REPOSITORY,
    )
    eventually(lambda: embedded.answers(port))
    yield f"mongodb://127.0.0.1:{port}"
    server.kill()
    server.wait()


def test_a_server_that_is_no_replica_set_is_a_sentence(plain_server: str) -> None:
    with pytest.raises(SetupError, match=r"127.0.0.1:\d+ is not a replica set.*--replSet"):
        connect(load_settings(MONGODB_URI=plain_server))


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("mongodb://", "MONGODB_URI is not a usable address"),
        ("mongodb://127.0.0.1:nine", "MONGODB_URI is not a usable address"),
    ],
)
def test_an_address_that_is_none_is_a_sentence(uri: str, words: str) -> None:
    with pytest.raises(SetupError, match=words):
        connect(load_settings(MONGODB_URI=uri))


def test_an_address_where_nobody_answers_is_named_without_its_password() -> None:
    with pytest.raises(SetupError, match=r"No database answered at 127\.0\.0\.1:9 within") as refused:
        connect(load_settings(MONGODB_URI="mongodb://me:secret@127.0.0.1:9/?authSource=admin"))
    assert "secret" not in str(refused.value)


def test_a_database_name_that_cannot_be_is_a_sentence(data_dir: Path) -> None:
    with pytest.raises(SetupError, match=r"a/b could not be prepared|a/b"):
        connect(load_settings(SEMBLANCE_DATA_DIR=data_dir, SEMBLANCE_DATABASE="a/b"))


def direct(server: embedded.EmbeddedServer) -> str:
    return server.uri.replace("replicaSet=semblance", "directConnection=true")


def test_a_connection_from_the_time_when_the_server_was_not_ready_can_do_all_that_others_can(tmp_path: Path) -> None:
    """Like one that restarts, whose first connections are used on: the ledger writes calls in transactions."""
    connection = connect(load_settings(SEMBLANCE_DATA_DIR=tmp_path))
    asked, at_once = connection.database.client, 4
    together = threading.Barrier(at_once, timeout=10)

    def transact() -> None:
        with asked.start_session() as session:
            together.wait()
            session.with_transaction(lambda within: connection.database["budgets"].find_one(session=within))

    joined = embedded.join(tmp_path)
    with MongoClient[dict[str, Any]](direct(joined)) as server, ThreadPoolExecutor(at_once) as threads:
        server.admin.command({"replSetStepDown": 30, "secondaryCatchUpPeriodSecs": 0, "force": True})
        server.admin.command({"replSetMaintenance": True})
        # A restart ends every connection, so the driver knows; here it has to hear of it before anybody asks.
        eventually(lambda: not asked.topology_description.has_writable_server())
        early = [threads.submit(asked.admin.command, "ping") for _ in range(at_once)]
        time.sleep(0.5)
        server.admin.command({"replSetMaintenance": False})
        server.admin.command({"replSetFreeze": 0})
        for each in early:
            assert each.result()["ok"]
        eventually(lambda: server.admin.command("hello")["isWritablePrimary"])
        for each in [threads.submit(transact) for _ in range(at_once)]:
            each.result()
    joined.leave()
    connection.close()


def test_who_asks_for_a_direct_connection_is_told_what_to_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = embedded.join(tmp_path)
    with caplog.at_level(logging.WARNING):
        connect(load_settings(MONGODB_URI=server.uri)).close()
        assert not caplog.messages
        connect(load_settings(MONGODB_URI=direct(server))).close()
    assert "Write replicaSet=semblance in the place of directConnection=true." in caplog.text
    server.leave()
