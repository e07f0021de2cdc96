"""What all tests share: nobody's own settings, no socket beyond loopback, one real database server, a database a test."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pymongo import MongoClient

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.times import utc_now
from semblance_core.settings import Settings, load_settings
from semblance_core.store.ids import new_id
from semblance_core.store.server import embedded
from semblance_core.workspace import Workspace
from tests.browser import browser, page, pictures
from tests.databases import Databases
from tests.scripted_server import ScriptedServer
from tests.zygote import Zygote

__all__ = ["browser", "page", "pictures"]
"""Fixtures: one browser for the whole suite, because Playwright runs once in a process."""

# A loaded machine makes no claim false: no test is judged by how long an example takes.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

for name in list(os.environ):
    if name.startswith(("SEMBLANCE_", "OPENAI_", "GEMINI_", "GOOGLE_", "MONGODB_URI", "LITELLM_")):
        del os.environ[name]
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
Settings.model_config["env_file"] = None
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")
MODEL = "openai/gpt-4o-mini"
KEY = "sk-canary-0123456789abcdef"
USERS = (("user", Role.RESEARCHER), ("other", Role.RESEARCHER), ("admin", Role.ADMIN))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--storm-turns", type=int, default=80, help="turns against each way in which a model fails")
    parser.addoption("--kills", type=int, default=20, help="how often workers are killed at random")
    parser.addoption("--mutate", action="store_true", help="take out the fences of the turn protocol one at a time")
    parser.addoption("--figures", action="store_true", help="write what is measured to docs/reliability.md")


LONG = ("e2e", "faults")
FAST = ("analysis", "conversation", "documents", "domain", "reports", "store")
"""Folders of tests of pure code and of the store, which make the fast lane."""
SLOW_HERE = (
    *("backups", "test_embedded.py", "test_log_rotation.py", "test_connection.py", "test_schema.py"),
    *("test_schema_processes.py", "test_awaited.py", "test_unreadable.py", "test_rollups.py"),
)
"""What starts servers or waits there."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--mutate` what it asks for and nothing else.

    The long ones go first, so that no process idles at the end; what waits for minutes goes last, after what it waits for began.

    Those of the fast lane are marked by their folder. Of those that run alone, the ones with the wait begin it, and the others go on meanwhile.
    """

    for item in items:
        parts = item.path.relative_to(config.rootpath).parts
        if len(parts) > 2 and parts[1] in FAST and not set(SLOW_HERE) & set(parts):
            item.add_marker("fast")

    def place(item: pytest.Item) -> tuple[bool, int]:
        order = LONG[::-1] if item.get_closest_marker("alone") else LONG
        long = [number for number, folder in enumerate(order) if folder in item.path.parts]
        return item.get_closest_marker("waits") is not None, long[0] if long else len(LONG)

    mutate = bool(config.getoption("--mutate"))
    left_out = [item for item in items if (item.get_closest_marker("mutation") is not None) != mutate]
    config.hook.pytest_deselected(items=left_out)
    items[:] = sorted((item for item in items if item not in set(left_out)), key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """A file's tests together, and those with a browser one after the other: each keeps a core busy, the others mostly wait."""
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/e2e" if nodeid.startswith("tests/e2e/") else str(super()._split_scope(nodeid))

    return OneBrowser(config, log)


OpenPlatform = Callable[..., Semblance]


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """A test that reaches out to another machine fails."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def guard(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
                raise AssertionError(f"A test tried to reach {address}.")
            return connect(self, address)

        return guard

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patched.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield


@pytest.fixture(scope="module")
def module_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder of one test file. It goes with the file's last test, because an embedded database takes 300 MB."""
    folder = tmp_path_factory.mktemp("module")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of the one embedded server that all tests but its own share; it runs as long as they do."""
    folder = tmp_path_factory.mktemp("semblance")
    server = embedded.join(folder)
    yield folder
    server.leave()


@pytest.fixture(scope="session")
def databases(data_dir: Path) -> Iterator[Databases]:
    server = embedded.join(data_dir)
    with MongoClient[dict[str, Any]](server.uri) as client:
        yield Databases(client)
    server.leave()


@pytest.fixture
def model_server() -> Iterator[ScriptedServer]:
    """A model provider on loopback; `model_server.script` says what it answers."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="session")
def standing_zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
def zygote(standing_zygote: Zygote, data_dir: Path, open_platform: OpenPlatform) -> Iterator[Zygote]:
    """Starts processes in a moment; those that are left when the test ends are killed, before its platform is closed."""
    yield standing_zygote
    standing_zygote.end_all()
    server = embedded.join(data_dir)
    with MongoClient[dict[str, Any]](server.uri) as client:
        client.admin.command("killAllSessions", [])  # no drop waits for the transactions that they left open
    server.leave()


def settings_for(data_dir: Path, model_server: ScriptedServer, database: str = "") -> dict[str, Any]:
    """A database of one's own, and the scripted server as OpenAI. database: empty for a new one."""
    return {
        "SEMBLANCE_ENV": "production",
        "SEMBLANCE_DATA_DIR": data_dir,
        "SEMBLANCE_DATABASE": database or f"test-{new_id()}",
        "SEMBLANCE_MODEL": MODEL,
        "SEMBLANCE_SIMULATOR_DELAY_S": 0.0,
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": f"{model_server.url}/v1",
    }


@contextmanager
def opened(
    settings: dict[str, Any], clock: Callable[[], datetime] = utc_now, *, used_again: bool = False
) -> Iterator[Semblance]:
    """The platform with user, other and admin in it, without the second of bcrypt that real passwords would cost.

    used_again: its database is not dropped at the end.
    """
    with open_semblance(load_settings(**settings), clock=clock) as semblance:
        for name, role in USERS:
            if semblance.store.users.find(name) is None:
                semblance.store.users.add(User(name, name.title(), role, utc_now()), None)
        yield semblance
        if not used_again:
            semblance.connection.database.client.drop_database(semblance.connection.database.name)


@pytest.fixture
def platform_settings(data_dir: Path, databases: Databases, model_server: ScriptedServer) -> Iterator[dict[str, Any]]:
    name = databases.take()
    yield settings_for(data_dir, model_server, name)
    databases.give_back(name)


@pytest.fixture
def open_platform(platform_settings: dict[str, Any]) -> Iterator[OpenPlatform]:
    """`open_platform(SEMBLANCE_CALL_ATTEMPTS=1)`: the real platform with these settings; closed when the test ends."""
    with ExitStack() as closing:
        yield lambda clock=utc_now, **overrides: closing.enter_context(
            opened(platform_settings | overrides, clock, used_again=True)
        )


@pytest.fixture
def semblance(open_platform: OpenPlatform) -> Semblance:
    return open_platform()


@pytest.fixture
def workspace(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")
