"""The sign-in page as Streamlit runs it: who gets in, and what an attacker learns from it."""

import time

import bcrypt
import pytest
from streamlit.testing.v1 import AppTest

from semblance_core import accounts
from semblance_core.accounts import hash_password
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User, Visitor
from semblance_core.domain.errors import SignInFailed
from tests.pages.conftest import Visit
from ui.app import gate

GOOD = "a good password"


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor's address, which AppTest has none of."""
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.ip_address", "192.0.2.1")


@pytest.fixture
def dana(semblance: Semblance) -> Semblance:
    """A platform on which dana has a password, hashed with less work than real ones so that the tests take less time."""
    cheap = bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(4)).decode()
    semblance.store.users.add(User("dana", "Dana Doe", Role.RESEARCHER, semblance.clock()), cheap)
    return semblance


def attempt(page: AppTest, name: str, password: str) -> AppTest:
    page.text_input[0].set_value(name)
    page.text_input[1].set_value(password)
    return page.button[0].click().run()


def said(page: AppTest) -> list[str]:
    return [error.value for error in page.error]


def test_the_right_password_opens_a_sign_in_that_says_how_it_was_opened(visit: Visit, dana: Semblance) -> None:
    page = attempt(visit("", "home"), " Dana", GOOD)
    assert said(page) == []
    token = page.session_state[gate.SIGN_IN]
    assert dana.store.sign_ins.user_of(token, dana.clock()) == "dana"
    (sign_in,) = dana.workspace("dana").me.sign_ins()
    assert (sign_in.source, sign_in.way) == ("192.0.2.1", "password")
    assert dana.store.users.get("dana").signed_in_at


def test_a_wrong_password_and_an_unknown_name_are_answered_in_the_same_words_and_time(
    visit: Visit, dana: Semblance
) -> None:
    dana.store.users.set_password_hash("dana", hash_password(GOOD))
    page = visit("", "home")
    took: dict[str, list[float]] = {"dana": [], "nobody": []}
    for _ in range(4):
        for name, times in took.items():
            began = time.process_time()
            page = attempt(page, name, "a wrong password")
            times.append(time.process_time() - began)
            assert said(page) == ["Wrong user name or password."]
    known, unknown = map(min, took.values())  # the least disturbed tries
    assert 0.9 < known / unknown < 1.1


def test_after_ten_tries_even_the_right_password_waits(visit: Visit, dana: Semblance) -> None:
    page = visit("", "home")
    for _ in range(10):
        page = attempt(page, "dana", "wrong")
    assert said(attempt(page, "dana", GOOD)) == ["Too many tries. Wait 15 minutes, then try again."]
    assert dana.workspace("admin").accounts.sign_ins("dana") == []


def test_a_disabled_account_is_told_so_only_with_its_password(visit: Visit, dana: Semblance) -> None:
    dana.workspace("admin").accounts.set_disabled("dana", True)
    page = visit("", "home")
    assert said(attempt(page, "dana", "wrong")) == ["Wrong user name or password."]
    assert said(attempt(page, "dana", GOOD)) == ["This account is disabled. Ask an administrator."]


def test_tries_on_the_page_and_through_the_api_count_together(visit: Visit, dana: Semblance) -> None:
    page, here = visit("", "home"), Visitor("192.0.2.1")
    for number in range(5):
        assert said(attempt(page, "dana", f"guess {number}")) == [accounts.REFUSED]
        with pytest.raises(SignInFailed, match="Wrong user name"):
            accounts.sign_in(dana.store, "dana", f"guess {number}", here)
    assert said(attempt(page, "dana", GOOD)) == [accounts.THROTTLED]
    with pytest.raises(SignInFailed, match="Too many tries"):
        accounts.sign_in(dana.store, "dana", GOOD, here)


@pytest.mark.parametrize("end", ["signed out elsewhere", "disabled"])
def test_an_open_page_shows_the_sign_in_at_its_next_run(visit: Visit, semblance: Semblance, end: str) -> None:
    page = visit("user", "personas")
    assert page.title[0].value == "Personas"
    if end == "disabled":
        semblance.workspace("admin").accounts.set_disabled("user", True)
    else:
        semblance.store.sign_ins.revoke(page.session_state[gate.SIGN_IN])
    page.run()
    assert [field.label for field in page.text_input] == ["User name", "Password"]
    assert [button.label for button in page.button] == ["Sign in"]


def test_only_development_accounts_that_one_can_sign_in_to_are_told(semblance: Semblance) -> None:
    assert accounts.public_accounts(semblance.store) == []
    semblance.store.users.add(User("demo", "Demo", Role.RESEARCHER, semblance.clock(), development=True), "")
    assert [user.id for user in accounts.public_accounts(semblance.store)] == ["demo"]
    semblance.workspace("admin").accounts.delete("demo")
    assert accounts.public_accounts(semblance.store) == []
