"""The server loads the API late, says when its database is away, and keeps answering while passwords are checked."""

import subprocess
import sys
import threading
import time

import pytest

from semblance_core.bootstrap import Semblance
from tests.api.scripts.conftest import As, told
from tests.studies import REPOSITORY, process_environment
from ui.app.runtime import running_semblance


def test_the_way_to_the_first_page_does_not_load_the_api() -> None:
    build = "import sys; from api.routes import plain_routes; plain_routes(); print('fastapi' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", build],
        env=process_environment({}),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_a_database_that_is_away_is_told_and_when_to_try_again(client: As) -> None:
    user = client("user")
    assert user.get("/me").status_code == 200
    running_semblance().close()
    try:
        refused = user.get("/me")
    finally:
        running_semblance.clear()
    assert told(refused, 503)["code"] == "unavailable"
    assert refused.headers["Retry-After"] == "5"
    assert user.get("/me").status_code == 200


def test_nothing_waits_for_a_password_that_is_being_checked(
    client: As, semblance: Semblance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty tries to sign in, of which two at a time are checked, leave other requests their threads."""
    checking = threading.Event()
    monkeypatch.setattr("semblance_core.accounts.password_fits", lambda *_: not checking.wait(20))
    tries = [
        threading.Thread(
            target=client().post, args=("/auth/login",), kwargs={"json": {"username": f"n{n}", "password": "x"}}
        )
        for n in range(40)
    ]
    for each in tries:
        each.start()
    began = time.monotonic()
    answer = client("user").get("/projects")
    took = time.monotonic() - began
    checking.set()
    for each in tries:
        each.join()
    assert answer.status_code == 200
    assert took < 15
