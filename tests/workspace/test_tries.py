"""Failed sign-ins: bounded by source as well as by account, without locking the rightful one out, and in the log."""

import io
import logging
from concurrent.futures import ThreadPoolExecutor

import bcrypt
import pytest

from semblance_core.accounts import NOBODY_HASH, sign_in
from semblance_core.bootstrap import Semblance
from semblance_core.cli import main
from semblance_core.domain.accounts.account import Role, User, Visitor
from semblance_core.domain.accounts.passwords import is_weak
from semblance_core.domain.errors import InvalidInput, SignInFailed, TooManyTries
from semblance_core.store.accounts.sign_ins import NAMES, fingerprint

GOOD = "a good password"
OFFICE, ELSEWHERE = Visitor("192.0.2.1", "Firefox on Linux"), Visitor("198.51.100.7")


@pytest.fixture
def team(semblance: Semblance, monkeypatch: pytest.MonkeyPatch) -> Semblance:
    """Forty accounts with a password, hashed with less work than real ones."""
    cheap = bcrypt.gensalt(4)
    monkeypatch.setattr("semblance_core.accounts.NOBODY_HASH", bcrypt.hashpw(NOBODY_HASH.encode(), cheap).decode())
    hashed = bcrypt.hashpw(GOOD.encode(), cheap).decode()
    for number in range(40):
        name = f"team{number:02}"
        semblance.store.users.add(User(name, name, Role.RESEARCHER, semblance.clock()), hashed)
    return semblance


def tried(semblance: Semblance, name: str, password: str, visitor: Visitor) -> type[Exception] | None:
    try:
        sign_in(semblance.store, name, password, visitor)
    except SignInFailed as failed:
        return type(failed)
    return None


def test_one_password_is_not_tried_at_many_accounts_from_one_address(team: Semblance) -> None:
    came = [tried(team, f"team{number:02}", "Summer2026!", OFFICE) for number in range(40)]
    assert came == [SignInFailed] * NAMES + [TooManyTries] * (40 - NAMES)
    assert tried(team, "team39", GOOD, ELSEWHERE) is None


def test_names_that_nobody_has_count_like_others_also_all_at_once(team: Semblance) -> None:
    with ThreadPoolExecutor(8) as several:
        came = list(several.map(lambda number: tried(team, f"nobody{number}", "x", OFFICE), range(120)))
    assert came.count(SignInFailed) <= NAMES
    assert came.count(TooManyTries) >= 120 - NAMES


def test_an_office_that_signs_in_in_the_morning_locks_itself_out_by_nothing(team: Semblance) -> None:
    for number in range(40):
        name = f"team{number:02}"
        assert tried(team, name, "misstyped", OFFICE) is SignInFailed
        assert tried(team, name, GOOD, OFFICE) is None


def test_a_colleagues_wrong_tries_behind_the_same_address_lock_nobody_out(team: Semblance) -> None:
    token = sign_in(team.store, "team00", GOOD, OFFICE)
    team.store.sign_ins.revoke(token)
    for _ in range(12):
        assert tried(team, "team00", "wrong", OFFICE) is SignInFailed
    for number in range(1, 40):
        tried(team, f"team{number:02}", "wrong", OFFICE)
    assert tried(team, "team00", GOOD, OFFICE) is None
    for _ in range(60):
        tried(team, "team00", "wrong", OFFICE)
    own_browser = Visitor(OFFICE.source, OFFICE.agent, fingerprint(token))
    assert tried(team, "team00", GOOD, OFFICE) is TooManyTries
    assert tried(team, "team00", GOOD, own_browser) is None


def test_the_browser_of_one_account_is_no_way_round_for_another(team: Semblance) -> None:
    token = sign_in(team.store, "team00", GOOD, OFFICE)
    browser = Visitor(ELSEWHERE.source, "", fingerprint(token))
    came = [tried(team, "team01", "wrong", browser) for _ in range(12)]
    assert came == [SignInFailed] * 10 + [TooManyTries] * 2
    came = [tried(team, "team00", "wrong", browser) for _ in range(12)]
    assert came == [SignInFailed] * 10 + [TooManyTries] * 2


def test_one_account_is_tried_a_hundred_times_by_all_addresses_together(team: Semblance) -> None:
    sign_in(team.store, "team00", GOOD, OFFICE)
    came = [tried(team, "team00", "wrong", Visitor(f"203.0.113.{number % 20}")) for number in range(120)]
    assert came.count(SignInFailed) == 100
    assert tried(team, "team00", GOOD, ELSEWHERE) is TooManyTries
    assert tried(team, "team00", GOOD, OFFICE) is None


def test_each_refusal_is_one_line_in_the_log_without_what_was_typed(
    team: Semblance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "semblance_core.accounts")
    tried(team, "team00", "wrong", OFFICE)
    tried(team, "my secret typed as a name", "wrong", OFFICE)
    lines = [record for record in caplog.records if record.message == "sign-in refused"]
    assert [(vars(line)["user_id"], vars(line)["source"]) for line in lines] == [
        ("team00", "192.0.2.1"),
        ("unknown", "192.0.2.1"),
    ]
    assert "secret" not in caplog.text
    assert "wrong" not in caplog.text


WEAK = (
    *(
        "password",
        "Password-1",
        "11111111",
        "        ",
        "12345678",
        "abcdefgh",
        "qwertzuiop",
        "Summer2026!",
        "P@ssw0rd!",
    ),
    *(
        "dana-new",
        "danadana",
        "Dana2026!",
        "abcabcabc",
        "letmein123",
        "Willkommen1",
        "q1w2e3r4t5",
        "87654321",
        "ILOVEYOU",
    ),
)


@pytest.mark.parametrize("password", WEAK)
def test_a_password_that_anybody_would_try_is_weak(password: str) -> None:
    assert is_weak(password, "dana-new") or is_weak(password, "dana")


@pytest.mark.parametrize(
    "password", ["a good password", "another good one", "kitchen lamp 7 river", "k7m2-p9xq-4hwt-zzb3"]
)
def test_a_password_of_ones_own_words_is_taken(password: str) -> None:
    assert not is_weak(password, "dana")


def test_a_weak_password_is_refused_wherever_one_is_set(team: Semblance) -> None:
    with pytest.raises(InvalidInput, match="first that anybody would try"):
        team.workspace("team00").me.change_password(GOOD, "Team00-2026", "here")
    with pytest.raises(InvalidInput, match="first that anybody would try"):
        team.workspace("admin").accounts.add("erin", "Erin", Role.ADMIN, "football99")
    with pytest.raises(InvalidInput, match="first that anybody would try"):
        team.workspace("admin").accounts.reset_password("team01", "        ")
    assert tried(team, "team00", GOOD, OFFICE) is None


def test_the_shell_refuses_a_weak_password(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("password1\n"))
    assert main(["add-user", "eve"]) == 2
    assert "first that anybody would try" in capsys.readouterr().err
