"""The database as compose.yaml sets it up, with a real mongod and mongosh: keyfile, replica set, the app's account."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.errors import SetupError
from semblance_core.domain.times import utc_now
from semblance_core.settings import load_settings
from semblance_core.store.server import embedded
from tests.deploy.conftest import DEPLOY, needed
from tests.studies import REPOSITORY, asked_round, eventually, process_environment, session

ROOT_PASSWORD, APP_PASSWORD = "root-0f3c9a7714b2d5e8", "app-7be1f20c55d94a33"
KEYFILE = "Zm9jdXMtZ3JvdXBzLWFyZS1zeW50aGV0aWMtaGVyZQ=="
SERVICES: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"]


@dataclass(frozen=True)
class Database:
    folder: Path
    port: int

    def uri(self, user: str, password: str) -> str:
        """MONGODB_URI as compose.yaml writes it, for this server's address."""
        shipped = SERVICES["app"]["environment"]["MONGODB_URI"]
        assert shipped.startswith(
            "mongodb://semblance:${MONGO_APP_PASSWORD:?set MONGO_APP_PASSWORD in .env}@mongo:27017/?"
        )
        options = shipped.partition("/?")[2]
        return f"mongodb://{user}:{password}@127.0.0.1:{self.port}/?{options}"

    def set_up(self, **changed: str) -> "subprocess.CompletedProcess[str]":
        """What the service mongo-setup runs."""
        program, *flags, script = SERVICES["mongo-setup"]["entrypoint"]
        assert script == "/semblance/setup.js"
        environment = {
            "HOME": str(self.folder),
            "MONGO_ADDRESS": f"127.0.0.1:{self.port}",
            "MONGO_ROOT_PASSWORD": ROOT_PASSWORD,
            "MONGO_APP_PASSWORD": APP_PASSWORD,
            "SEMBLANCE_DATABASE": "semblance",
        }
        assert set(environment) == set(SERVICES["mongo-setup"]["environment"])
        return subprocess.run(
            [needed(program, "npm install --global mongosh@2.12.0"), *flags, str(DEPLOY / "mongo/setup.js")],
            env={"PATH": os.environ["PATH"], **environment, **changed},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def is_healthy(self) -> bool:
        """What compose.yaml's health check of mongo says."""
        _, program, *arguments = SERVICES["mongo"]["healthcheck"]["test"]
        shell = needed(program, "npm install --global mongosh@2.12.0")
        here = [word.replace("127.0.0.1:27017", f"127.0.0.1:{self.port}") for word in arguments]
        assert here != arguments
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        return subprocess.run([shell, *here], env=environment, capture_output=True, timeout=60).returncode == 0


def programs(folder: Path) -> Path:
    """In place of the image's own entrypoint: runs what it is given, as that one does in the end."""
    (folder / "bin").mkdir(exist_ok=True)
    entrypoint = folder / "bin/docker-entrypoint.sh"
    entrypoint.write_text('#!/bin/sh\nenv >"$HOME/environment"\nexec "$@"\n')
    entrypoint.chmod(0o755)
    (folder / "bin/mongod").symlink_to(embedded.find_mongod())
    return folder / "bin"


def start(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """The service mongo: the shipped start script, with the shipped command's flags."""
    keyfile = folder / "run/keyfile"
    keyfile.parent.mkdir(exist_ok=True)
    command = [str(keyfile) if word == "/run/mongodb/keyfile" else word for word in SERVICES["mongo"]["command"]]
    assert str(keyfile) in command
    command.remove("--bind_ip_all")
    command[command.index("--wiredTigerCacheSizeGB") + 1] = "0.25"
    (folder / "data").mkdir(exist_ok=True)
    quiet = ("--nounixsocket", "--logpath", str(folder / "mongod.log"), "--oplogSize", "64")
    return subprocess.Popen(
        [
            "bash",
            str(DEPLOY / "mongo/start.sh"),
            *command,
            "--dbpath",
            str(folder / "data"),
            "--port",
            str(port),
            *quiet,
        ],
        env={
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "KEYFILE": str(keyfile),
            "MONGO_KEYFILE": KEYFILE,
        },
        stdout=subprocess.DEVNULL,
    )


def make_root(folder: Path, port: int) -> None:
    """The administrator, as the image's own entrypoint makes it, in a server without accounts."""
    quiet = ("--nounixsocket", "--logpath", str(folder / "first.log"), "--wiredTigerCacheSizeGB", "0.25")
    server = subprocess.Popen(
        [str(folder / "bin/mongod"), "--dbpath", str(folder / "data"), "--port", str(port), *quiet]
    )
    client: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://127.0.0.1:{port}/?directConnection=true")
    roles = [{"role": "root", "db": "admin"}]
    client.admin.command(
        "createUser", SERVICES["mongo"]["environment"]["MONGO_INITDB_ROOT_USERNAME"], pwd=ROOT_PASSWORD, roles=roles
    )
    client.close()
    server.send_signal(signal.SIGTERM)
    server.wait(30)


@pytest.fixture(scope="module")
def database(module_dir: Path) -> Iterator[Database]:
    """Started as compose starts it, and set up once."""
    needed("mongosh", "npm install --global mongosh@2.12.0")
    folder, port = module_dir, embedded.free_port()
    programs(folder)
    (folder / "data").mkdir()
    make_root(folder, port)
    server = start(folder, port)
    try:
        eventually(lambda: embedded.answers(port), within_s=30)
        found = Database(folder, port)
        assert not found.is_healthy()
        done = found.set_up()
        assert done.returncode == 0, done.stdout + done.stderr
        yield found
    finally:
        server.terminate()
        server.wait(30)


def connected(database: Database, password: str = APP_PASSWORD) -> dict[str, Any]:
    return {
        "MONGODB_URI": database.uri("semblance", password),
        "SEMBLANCE_ENV": "production",
        "SEMBLANCE_DATA_DIR": database.folder / "unused",
        "SEMBLANCE_SIMULATOR_DELAY_S": 0.0,
    }


def test_once_it_is_set_up_the_database_is_healthy_and_a_replica_set(database: Database) -> None:
    assert database.is_healthy()
    client: MongoClient[dict[str, Any]] = MongoClient(database.uri("root", ROOT_PASSWORD))
    assert client.admin.command("hello")["setName"] == "semblance"
    client.close()


def test_the_keyfile_is_for_its_owner_alone_and_not_in_the_servers_environment(database: Database) -> None:
    keyfile = database.folder / "run/keyfile"
    assert stat.S_IMODE(keyfile.stat().st_mode) == 0o400
    assert keyfile.read_text().strip() == KEYFILE
    assert KEYFILE not in (database.folder / "environment").read_text()


def test_the_platform_works_with_the_apps_account(database: Database, tmp_path: Path) -> None:
    with open_semblance(load_settings(**connected(database))) as semblance:
        semblance.seed_prices()
        semblance.store.users.add(User("user", "User", Role.RESEARCHER, utc_now()), "no password fits")
        workspace = semblance.workspace("user")
        group = session(workspace)
        assert len(asked_round(semblance, workspace, group.id, "What comes to mind?")) == 4
    assert not (database.folder / "unused").exists()


def test_the_apps_account_reaches_nothing_but_its_own_database(database: Database) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(database.uri("semblance", APP_PASSWORD))
    for refused in (
        lambda: client["other"]["things"].insert_one({}),
        lambda: client.admin.command("usersInfo", 1),
        lambda: client.admin.command("shutdown"),
        lambda: client.admin.command("createUser", "me", pwd="x", roles=["root"]),
    ):
        with pytest.raises(OperationFailure, match="not authorized"):
            refused()
    client.close()


def test_without_an_account_nothing_is_read(database: Database) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://127.0.0.1:{database.port}/?directConnection=true")
    with pytest.raises(OperationFailure, match="requires authentication"):
        client["semblance"]["users"].find_one()
    client.close()


def test_a_wrong_password_is_a_sentence_without_it(database: Database) -> None:
    with pytest.raises(SetupError, match=r"The database at 127\.0\.0\.1:\d+ refused the connection: Auth") as refused:
        open_semblance(load_settings(**connected(database, "not-this-one-123456")))
    assert "not-this-one" not in str(refused.value)


def test_setting_up_again_changes_nothing_but_the_apps_password(database: Database) -> None:
    assert database.set_up().returncode == 0
    with open_semblance(load_settings(**connected(database))):
        pass
    assert database.set_up(MONGO_APP_PASSWORD="app-of-a-later-day-1").returncode == 0
    with pytest.raises(SetupError, match="refused the connection"):
        open_semblance(load_settings(**connected(database)))
    with open_semblance(load_settings(**connected(database, "app-of-a-later-day-1"))):
        pass
    assert database.set_up().returncode == 0


def test_a_backup_is_made_and_restored_with_the_apps_account(database: Database, tmp_path: Path) -> None:
    def run(*words: str, name: str) -> None:
        settings = process_environment(connected(database) | {"SEMBLANCE_DATABASE": name})
        subprocess.run([sys.executable, "-m", "semblance_core", *words], env=settings, check=True, cwd=tmp_path)

    with open_semblance(load_settings(**connected(database))) as semblance:
        there = [user.id for user in semblance.store.users.list()]
    assert there
    run("backup", "all.tar.gz", name="semblance")
    assert database.set_up(SEMBLANCE_DATABASE="restored").returncode == 0
    run("restore", "all.tar.gz", name="restored")
    with open_semblance(load_settings(**connected(database), SEMBLANCE_DATABASE="restored")) as semblance:
        assert [user.id for user in semblance.store.users.list()] == there
    assert database.set_up().returncode == 0


def test_a_root_password_that_was_changed_later_is_explained(database: Database) -> None:
    done = database.set_up(MONGO_ROOT_PASSWORD="another-one-1234567890")
    assert done.returncode == 1
    assert "MongoDB refuses MONGO_ROOT_PASSWORD" in done.stdout
    assert "another-one" not in done.stdout + done.stderr


@pytest.mark.parametrize("wrong", ["", "short", "with spaces in it", "x" * 1025])
def test_a_keyfile_that_mongod_would_refuse_is_refused_in_words(tmp_path: Path, wrong: str) -> None:
    done = subprocess.run(
        ["bash", str(DEPLOY / "mongo/start.sh"), "true"],
        env={"PATH": os.environ["PATH"], "KEYFILE": str(tmp_path / "keyfile"), "MONGO_KEYFILE": wrong},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "MONGO_KEYFILE must have 6 to 1024 characters" in done.stderr
    assert not (tmp_path / "keyfile").exists()
