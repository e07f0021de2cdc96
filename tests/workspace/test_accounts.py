"""Local accounts: who gets in, who does not, and what an attacker learns from it."""

import statistics
import time
from datetime import timedelta
from typing import Any

import bcrypt
import pytest

from semblance_core.accounts import DEVELOPMENT_PASSWORD, hash_password, password_fits, sign_in
from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.errors import Conflict, InvalidInput, SetupError, SignInFailed
from semblance_core.domain.people import Role, User
from semblance_core.settings import load_settings
from tests.conftest import OpenPlatform

GOOD = "a good password"


@pytest.fixture
def known(semblance: Semblance) -> Semblance:
    """A platform on which dana has a password, hashed with less work than real ones so that the tests take less time."""
    cheap = bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(4)).decode()
    semblance.store.users.add(User("dana", "Dana Doe", Role.RESEARCHER, semblance.clock()), cheap)
    return semblance


def test_the_right_password_signs_in_and_the_token_names_the_user(known: Semblance) -> None:
    token = sign_in(known.store, " Dana ", GOOD, "here")
    now = known.clock()
    assert known.store.sign_ins.user_of(token, now) == "dana"
    assert known.store.sign_ins.user_of(token, now + timedelta(days=15)) is None
    assert known.store.sign_ins.user_of(token + "x", now) is None
    assert token not in str(list(known.connection.database["sign_ins"].find()))
    known.store.sign_ins.revoke(token)
    assert known.store.sign_ins.user_of(token, now) is None


def test_a_wrong_password_and_an_unknown_user_fail_in_the_same_words_and_time(known: Semblance) -> None:
    known.store.users.set_password_hash("dana", hash_password(GOOD))
    took: dict[str, list[float]] = {"dana": [], "nobody": []}
    said = set()
    for _ in range(4):
        for name, times in took.items():
            began = time.process_time()
            with pytest.raises(SignInFailed) as refused:
                sign_in(known.store, name, "a wrong password", "here")
            times.append(time.process_time() - began)
            said.add(str(refused.value))
    assert said == {"The user name or the password is not right."}
    one, other = (statistics.median(times) for times in took.values())
    assert 0.5 < one / other < 2


@pytest.mark.parametrize("password", ["", GOOD.upper(), GOOD + " ", "x" * 5_000, "\0", "pass\ud800"])
def test_anything_but_the_password_is_refused(known: Semblance, password: str) -> None:
    with pytest.raises(SignInFailed, match="not right"):
        sign_in(known.store, "dana", password, "here")


@pytest.mark.parametrize("name", ["", "$ne", "x" * 100_000, "dana\0", "dana\ud800"])
def test_odd_names_are_refused_like_others(known: Semblance, name: str) -> None:
    with pytest.raises(SignInFailed, match="not right"):
        sign_in(known.store, name, GOOD, "here")


def test_after_ten_tries_even_the_right_password_waits(known: Semblance) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="not right"):
            sign_in(known.store, "dana", "wrong", "here")
    began = time.monotonic()
    with pytest.raises(SignInFailed, match="Too many tries"):
        sign_in(known.store, "dana", GOOD, "here")
    assert time.monotonic() - began < 0.1
    assert sign_in(known.store, "dana", GOOD, "elsewhere")
    earlier = known.clock() - timedelta(minutes=16)
    known.connection.database["login_attempts"].update_many({}, {"$set": {"at": earlier}})
    assert sign_in(known.store, "dana", GOOD, "here")


def test_signing_in_forgets_the_tries_before(known: Semblance) -> None:
    for _ in range(3):
        for _ in range(3):
            with pytest.raises(SignInFailed):
                sign_in(known.store, "dana", "wrong", "here")
        assert sign_in(known.store, "dana", GOOD, "here")


def test_a_disabled_account_does_not_get_in_and_is_signed_out(known: Semblance) -> None:
    token = sign_in(known.store, "dana", GOOD, "here")
    known.workspace("admin").set_disabled("dana", True)
    assert known.store.sign_ins.user_of(token, known.clock()) is None
    with pytest.raises(SignInFailed, match="disabled"):
        sign_in(known.store, "dana", GOOD, "here")
    with pytest.raises(SignInFailed, match="not right"):
        sign_in(known.store, "dana", "wrong", "here")


def test_nobody_disables_their_own_account(known: Semblance) -> None:
    with pytest.raises(InvalidInput, match="your own"):
        known.workspace("admin").set_disabled("admin", True)


@pytest.mark.parametrize("password", ["short", "1234567", "x" * 73, "ä" * 37])
def test_a_password_that_bcrypt_cannot_hold_apart_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="at least 8 characters and at most 72 bytes"):
        hash_password(password)


@pytest.mark.parametrize("password", ["12345678", "x" * 72, "ä" * 36])
def test_a_password_within_the_bounds_is_kept_as_a_hash(password: str) -> None:
    hashed = hash_password(password)
    assert hashed.startswith("$2b$12$")
    assert password not in hashed


def test_development_has_two_accounts_that_production_refuses(
    platform_settings: dict[str, Any], open_platform: OpenPlatform
) -> None:
    development = load_settings(**platform_settings | {"SEMBLANCE_ENV": "development"})
    with open_semblance(development) as semblance:
        accounts = {user.id: (user.role, user.development) for user in semblance.store.users.list()}
        assert accounts == {"user": (Role.RESEARCHER, True), "admin": (Role.ADMIN, True)}
        assert password_fits(semblance.store, "user", DEVELOPMENT_PASSWORD)
        assert password_fits(semblance.store, "admin", DEVELOPMENT_PASSWORD)
    with open_semblance(development) as again:
        assert len(again.store.users.list()) == 2
    with pytest.raises(
        SetupError, match=r"SEMBLANCE_ENV is production.*development accounts admin and user.*disable-user admin"
    ):
        open_semblance(load_settings(**platform_settings))
    with open_semblance(development) as semblance:
        semblance.store.users.set_disabled("admin", True)
        semblance.store.users.set_password_hash("user", hash_password(GOOD))
    open_platform()


def test_a_user_name_is_one_that_an_address_can_hold(known: Semblance) -> None:
    admin = known.workspace("admin")
    for name in ("", "a b", "-dash", "ünal", "x" * 65, "a/b", "$where"):
        with pytest.raises(InvalidInput, match="user name"):
            admin.add_user(name, "Name", Role.RESEARCHER, GOOD)
    with pytest.raises(Conflict, match="already a user named dana"):
        admin.add_user("DANA", "Name", Role.RESEARCHER, GOOD)
