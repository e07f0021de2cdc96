"""The API as scripts meet it: the server's own routes on a port of loopback, over the real database, and who asks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import bcrypt
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from api.routes import plain_routes
from semblance_core import accounts
from semblance_core.bootstrap import Semblance
from tests.conftest import opened, settings_for
from tests.scripted_server import ScriptedServer
from tests.studies import eventually
from ui.app.runtime import running_semblance

As = Callable[..., httpx.Client]
GOOD = "a good password"


def told(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that was answered, with that status and in the one form that all have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found.keys() == {"type", "title", "status", "detail", "code", "errors"}
    assert found["status"] == status
    assert found["detail"].endswith(".")
    return found


@pytest.fixture(scope="module")
def semblance(data_dir: Path) -> Iterator[Semblance]:
    """The platform that the API finds: the same database, opened once more by the routes themselves; the simulator answers."""
    with ScriptedServer() as model_server, pytest.MonkeyPatch.context() as environment:
        settings = settings_for(data_dir, model_server) | {
            "SEMBLANCE_MODEL": "simulator/v1",
            "SEMBLANCE_SIMULATOR_DELAY_S": 1.0,
            "SEMBLANCE_OPEN_PANELS": 0,
            "SEMBLANCE_OPEN_TASKS": 0,
        }
        for name, value in settings.items():
            environment.setenv(name, str(value))
        # Passwords are hashed with less work than real ones, so that the tests take less time.
        salt = bcrypt.gensalt(4)
        environment.setattr(bcrypt, "gensalt", lambda: salt)
        environment.setattr(accounts, "NOBODY_HASH", bcrypt.hashpw(b"nobody types this", salt).decode())
        with opened(settings) as semblance:
            yield semblance
            running_semblance().close()
            running_semblance.clear()


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The address of this application, served by a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(semblance: Semblance) -> Iterator[str]:
    with served(Starlette(routes=plain_routes())) as address:
        yield address


@pytest.fixture(scope="module")
def client(semblance: Semblance, address: str) -> Iterator[As]:
    """`client("user")` speaks to the API as that user, without a name as nobody; `token` is any other one."""
    with ExitStack() as closing:

        def speaking_as(user: str = "", *, token: str = "") -> httpx.Client:
            token = token or (semblance.store.sign_ins.open(user, semblance.clock()) if user else "")
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return closing.enter_context(
                httpx.Client(base_url=f"{address}/api", headers=headers, timeout=30, verify=False)
            )

        yield speaking_as
