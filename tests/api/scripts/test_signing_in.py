"""Scripts sign in with a name and a password, and sign out again."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from semblance_core.accounts import DEVELOPMENT_PASSWORD, check_tries, hash_password
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.store.ids import new_id
from tests.api.scripts.conftest import GOOD, As, told


@pytest.fixture
def dana(semblance: Semblance) -> str:
    """Somebody with a password."""
    name = f"dana-{new_id()}"
    semblance.store.users.add(User(name, "Dana Doe", Role.RESEARCHER, semblance.clock()), hash_password(GOOD))
    return name


def test_signing_in_opens_what_signing_out_closes_and_no_other_sign_in(client: As, dana: str) -> None:
    def sign_in() -> httpx.Response:
        return client().post("/auth/login", json={"username": dana, "password": GOOD})

    opened = sign_in()
    assert opened.status_code == 200
    assert opened.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in opened.headers
    expires = datetime.fromisoformat(opened.json()["expires_at"])
    assert timedelta(days=13) < expires - datetime.now(UTC) < timedelta(days=15)
    one, other = (client(token=answer.json()["access_token"]) for answer in (opened, sign_in()))
    assert one.get("/me").json()["user"] | {"created_at": ""} == {
        "id": dana,
        "name": "Dana Doe",
        "role": "researcher",
        "disabled": False,
        "version": 0,
        "created_at": "",
        "quota": {"usd": None, "tokens": None},
    }
    assert one.post("/auth/logout").status_code == 204
    assert "Sign in again" in told(one.get("/me"), 401)["detail"]
    assert other.get("/me").status_code == 200


def test_a_wrong_password_an_unknown_name_and_odd_ones_are_told_the_same(client: As, dana: str) -> None:
    tries = [
        (dana, "wrong"),
        ("nobody", GOOD),
        ("nobody\0", "\0"),
        ("$ne", DEVELOPMENT_PASSWORD),
    ]
    refused = [client().post("/auth/login", json={"username": name, "password": password}) for name, password in tries]
    assert {str(told(answer, 401)) for answer in refused} == {str(told(refused[0], 401))}
    assert refused[0].json()["code"] == "sign_in_failed"
    assert refused[0].headers["WWW-Authenticate"] == "Bearer"


def test_tries_are_counted_together_with_those_of_the_sign_in_page(semblance: Semblance, client: As, dana: str) -> None:
    for _ in range(10):
        check_tries(semblance.store, dana, "local")
    refused = client().post("/auth/login", json={"username": dana, "password": GOOD})
    assert told(refused, 429)["code"] == "too_many_tries"
    assert refused.headers["Retry-After"] == "900"
