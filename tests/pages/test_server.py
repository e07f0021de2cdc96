"""What the server itself takes care of before anybody signs in: where it listens, and the key that it signs with."""

import os
from pathlib import Path

import jwt
import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import SetupError
from ui.app import gate
from ui.app.runtime import check_address


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.0.2.1", "127.0.0.1.example"])
def test_the_development_accounts_are_served_to_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setenv("SEMBLANCE_ENV", "development")
    with pytest.raises(SetupError, match="whose accounts anybody can guess"):
        check_address(address)
    for here in ("127.0.0.1", "localhost", "::1"):
        check_address(here)
    monkeypatch.setenv("SEMBLANCE_ENV", "production")
    check_address(address)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes of files as POSIX knows them")
def test_the_key_of_cookies_is_made_once_and_its_owner_alone_can_read_it(semblance: Semblance) -> None:
    assert not semblance.settings.cookie_key.get_secret_value()
    path = Path(semblance.settings.data_dir) / "cookie.key"
    path.unlink(missing_ok=True)
    keys = []
    for _ in range(2):
        gate.cookie_key.clear()
        keys.append(gate.cookie_key())
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 43
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_empty_key_of_cookies_is_made_anew(semblance: Semblance) -> None:
    """As a full disk leaves it: nobody could sign in, and who was signed in saw an error, until somebody removed it."""
    path = Path(semblance.settings.data_dir) / "cookie.key"
    path.write_text("")
    gate.cookie_key.clear()
    key = gate.cookie_key()
    assert jwt.decode(jwt.encode({"username": "x"}, key, algorithm="HS256"), key, algorithms=["HS256"])
