"""Local accounts: who gets in, who does not, and what an attacker learns from it."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import bcrypt
import pytest

from semblance_core.accounts import DEVELOPMENT_PASSWORD, generated_password, hash_password, password_fits, sign_in
from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.account import Role, User, Visitor
from semblance_core.domain.errors import AccessDenied, Conflict, InvalidInput, SetupError, SignInFailed, TooManyTries
from semblance_core.settings import load_settings
from semblance_core.store.accounts.sign_ins import fingerprint
from tests.conftest import OpenPlatform

GOOD = "a good password"
HERE = Visitor("192.0.2.1", "Firefox on Linux")
ELSEWHERE = Visitor("192.0.2.2", "Safari on iOS")


@pytest.fixture
def known(semblance: Semblance) -> Semblance:
    """A platform on which dana has a password, hashed with less work than real ones so that the tests take less time."""
    cheap = bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(4)).decode()
    semblance.store.users.add(User("dana", "Dana Doe", Role.RESEARCHER, semblance.clock()), cheap)
    return semblance


def test_the_right_password_signs_in_and_the_token_names_the_user(known: Semblance) -> None:
    token = sign_in(known.store, " Dana ", GOOD, HERE)
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
    for _ in range(5):
        for name, times in took.items():
            began = time.process_time()
            with pytest.raises(SignInFailed) as refused:
                sign_in(known.store, name, "a wrong password", HERE)
            times.append(time.process_time() - began)
            said.add(str(refused.value))
    assert said == {"Wrong user name or password."}
    one, other = map(min, took.values())  # the least disturbed tries
    assert 0.9 < one / other < 1.1


@pytest.mark.parametrize("password", ["", GOOD.upper(), GOOD + " ", "x" * 5_000, "\0", "pass\ud800"])
def test_anything_but_the_password_is_refused(known: Semblance, password: str) -> None:
    with pytest.raises(SignInFailed, match="Wrong user name"):
        sign_in(known.store, "dana", password, HERE)


@pytest.mark.parametrize("name", ["", "$ne", "x" * 100_000, "dana\0", "dana\ud800"])
def test_odd_names_are_refused_like_others(known: Semblance, name: str) -> None:
    with pytest.raises(SignInFailed, match="Wrong user name"):
        sign_in(known.store, name, GOOD, HERE)


def test_after_ten_tries_even_the_right_password_waits(known: Semblance) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="Wrong user name"):
            sign_in(known.store, "dana", "wrong", HERE)
    began = time.monotonic()
    with pytest.raises(SignInFailed, match="Too many tries"):
        sign_in(known.store, "dana", GOOD, HERE)
    assert time.monotonic() - began < 0.1
    assert sign_in(known.store, "dana", GOOD, ELSEWHERE)
    tries = known.connection.database["login_attempts"]
    tries.update_many({}, {"$set": {"at": known.clock() - timedelta(minutes=14)}})
    with pytest.raises(SignInFailed, match="Too many tries"):
        sign_in(known.store, "dana", GOOD, HERE)
    tries.update_many({}, {"$set": {"at": known.clock() - timedelta(minutes=16)}})
    assert sign_in(known.store, "dana", GOOD, HERE)


def test_of_a_thousand_tries_at_once_ten_are_checked(known: Semblance) -> None:
    def attempt(number: int) -> type[SignInFailed]:
        with pytest.raises(SignInFailed) as refused:
            sign_in(known.store, "dana", f"guess {number}", HERE)
        return refused.type

    with ThreadPoolExecutor(8) as several:
        refusals = list(several.map(attempt, range(1_000)))
    assert refusals.count(SignInFailed) <= 10
    assert refusals.count(TooManyTries) == 1_000 - refusals.count(SignInFailed)
    with pytest.raises(TooManyTries):
        sign_in(known.store, "dana", GOOD, HERE)


def test_signing_in_forgets_the_tries_before(known: Semblance) -> None:
    for _ in range(3):
        for _ in range(3):
            with pytest.raises(SignInFailed):
                sign_in(known.store, "dana", "wrong", HERE)
        assert sign_in(known.store, "dana", GOOD, HERE)


def test_a_disabled_account_does_not_get_in_and_is_signed_out(known: Semblance) -> None:
    token = sign_in(known.store, "dana", GOOD, HERE)
    known.workspace("admin").accounts.set_disabled("dana", True)
    assert known.store.sign_ins.user_of(token, known.clock()) is None
    with pytest.raises(SignInFailed, match="disabled"):
        sign_in(known.store, "dana", GOOD, HERE)
    with pytest.raises(SignInFailed, match="Wrong user name"):
        sign_in(known.store, "dana", "wrong", HERE)


def test_nobody_disables_their_own_account(known: Semblance) -> None:
    with pytest.raises(InvalidInput, match="your own"):
        known.workspace("admin").accounts.set_disabled("admin", True)


def test_sign_ins_are_listed_with_where_and_since_when_and_open_nothing(known: Semblance) -> None:
    token = sign_in(known.store, "dana", GOOD, HERE)
    sign_in(known.store, "dana", GOOD, ELSEWHERE)
    admin = known.workspace("admin")
    listed = admin.accounts.sign_ins("dana")
    assert [each.user_id for each in listed] == ["dana", "dana"]
    assert {(each.source, each.agent, each.way) for each in listed} == {
        ("192.0.2.1", "Firefox on Linux", "API"),
        ("192.0.2.2", "Safari on iOS", "API"),
    }
    assert token not in repr(listed)
    assert [known.store.sign_ins.user_of(each.id, known.clock()) for each in listed] == [None, None]
    assert admin.accounts.get("dana")[0].signed_in_at


def test_a_sign_in_that_is_used_says_so_every_five_minutes(known: Semblance) -> None:
    token = sign_in(known.store, "dana", GOOD, HERE)
    began = known.store.sign_ins.of_user("dana", known.clock())[0].seen_at
    for minutes, seen in ((4, 0), (6, 6), (8, 6), (2, 6)):
        assert known.store.sign_ins.user_of(token, began + timedelta(minutes=minutes)) == "dana"
        (listed,) = known.store.sign_ins.of_user("dana", began)
        assert listed.seen_at - began == timedelta(minutes=seen)


def test_an_administrator_ends_one_sign_in_or_all_and_nobody_elses(known: Semblance) -> None:
    one, two, three = (sign_in(known.store, "dana", GOOD, HERE) for _ in range(3))
    others = known.store.sign_ins.open("other", known.clock())
    admin = known.workspace("admin")
    admin.accounts.revoke_sign_in("other", fingerprint(one))
    assert known.store.sign_ins.user_of(one, known.clock()) == "dana"
    admin.accounts.revoke_sign_in("dana", fingerprint(one))
    assert [known.store.sign_ins.user_of(token, known.clock()) for token in (one, two)] == [None, "dana"]
    assert admin.accounts.revoke_sign_ins("dana") == 2
    assert [known.store.sign_ins.user_of(token, known.clock()) for token in (two, three)] == [None, None]
    assert known.store.sign_ins.user_of(others, known.clock()) == "other"


def test_one_ends_ones_own_sign_ins_and_nobody_elses(known: Semblance) -> None:
    token, others = sign_in(known.store, "dana", GOOD, HERE), known.store.sign_ins.open("other", known.clock())
    dana = known.workspace("dana")
    dana.me.revoke_sign_in(fingerprint(others))
    assert known.store.sign_ins.user_of(others, known.clock()) == "other"
    assert [each.id for each in dana.me.sign_ins()] == [fingerprint(token)]
    assert dana.me.revoke_sign_ins() == 1
    assert known.store.sign_ins.user_of(token, known.clock()) is None


def test_who_knows_the_password_changes_it_and_every_other_sign_in_ends(known: Semblance) -> None:
    here, there = (sign_in(known.store, "dana", GOOD, HERE) for _ in range(2))
    dana = known.workspace("dana")
    with pytest.raises(InvalidInput, match="current password is incorrect"):
        dana.me.change_password("wrong", "another good one", "here")
    with pytest.raises(InvalidInput, match="at least 8 characters"):
        dana.me.change_password(GOOD, "short", "here")
    with pytest.raises(InvalidInput, match="is already your password"):
        dana.me.change_password(GOOD, GOOD, "here")
    with pytest.raises(InvalidInput, match="current password is incorrect"):  # a guess is not told that it was right
        dana.me.change_password("a good guess", "a good guess", "here")
    dana.me.change_password(GOOD, "another good one", "here", keep=fingerprint(here))
    assert [known.store.sign_ins.user_of(token, known.clock()) for token in (here, there)] == ["dana", None]
    assert not password_fits(known.store, "dana", GOOD)
    assert password_fits(known.store, "dana", "another good one")


def test_guessing_the_current_password_is_throttled_as_a_sign_in_is(known: Semblance) -> None:
    dana = known.workspace("dana")
    for _ in range(10):
        with pytest.raises(InvalidInput):
            dana.me.change_password("wrong", "another good one", HERE.source)
    with pytest.raises(TooManyTries):
        dana.me.change_password(GOOD, "another good one", HERE.source)
    with pytest.raises(TooManyTries):
        sign_in(known.store, "dana", GOOD, HERE)


def test_a_reset_password_signs_out_everywhere_and_the_old_one_is_gone(known: Semblance) -> None:
    token = sign_in(known.store, "dana", GOOD, HERE)
    admin = known.workspace("admin")
    password = generated_password()
    admin.accounts.reset_password("dana", password)
    assert known.store.sign_ins.user_of(token, known.clock()) is None
    assert password_fits(known.store, "dana", password)
    assert not password_fits(known.store, "dana", GOOD)
    with pytest.raises(InvalidInput, match="page My account"):
        admin.accounts.reset_password("admin", password)
    assert len({generated_password() for _ in range(100)}) == 100


def test_an_account_without_a_password_is_opened_by_none(known: Semblance) -> None:
    for password in ("", "None", "no password fits"):
        assert not password_fits(known.store, "other", password)


def test_the_last_administrator_stays_one(known: Semblance) -> None:
    admin = known.workspace("admin")
    with pytest.raises(Conflict, match="last administrator"):
        admin.accounts.change("admin", "Alex", Role.RESEARCHER)
    assert known.store.users.get("admin").role is Role.ADMIN
    assert known.store.users.get("admin").name == "Admin"
    admin.accounts.change("dana", "Dana", Role.ADMIN)
    assert admin.accounts.change("admin", "Alex", Role.RESEARCHER).role is Role.RESEARCHER
    with pytest.raises(AccessDenied):
        admin.accounts.all()


def test_two_administrators_cannot_demote_one_another_at_once(known: Semblance) -> None:
    users, at_once = known.store.users, Barrier(2)

    def demote(name: str) -> bool:
        read = users.get(name)
        demoted = replace(read, role=Role.RESEARCHER, version=read.version + 1)
        at_once.wait()
        try:
            return users.replace(demoted, ["role"])
        except Conflict:
            return False

    with ThreadPoolExecutor(2) as both:
        for _ in range(20):
            for name in ("admin", "dana"):
                users.set_role(name, Role.ADMIN)
            assert sorted(both.map(demote, ("admin", "dana"))) == [False, True]


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
            admin.accounts.add(name, "Name", Role.RESEARCHER, GOOD)
    with pytest.raises(Conflict, match="already a user named dana"):
        admin.accounts.add("DANA", "Name", Role.RESEARCHER, GOOD)
