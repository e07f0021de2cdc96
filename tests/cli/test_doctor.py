"""The commands of who keeps an installation: what is wrong with it, and who may use it."""

import io
from pathlib import Path

import pytest

from semblance_core.cli import main
from semblance_core.cli.books import open_store
from semblance_core.domain.accounts.audit_log import COMMAND_LINE, AuditFilter
from tests.conftest import KEY
from tests.scripted_server import Reply, ScriptedServer


def test_the_doctor_finds_a_sound_installation_ready(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "FAIL" not in said
    for words in ("Python: 3.", "can be written", "Semblance's own server", "2 for development", "OPENAI_API_KEY"):
        assert words in said
    assert "openai/gpt-4o-mini answered in" in said
    assert "$0.15 prompt and $0.6 completion" in said
    assert KEY not in said
    assert len(model_server.asked) == 1


def test_the_doctor_says_what_is_wrong(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.script = lambda asked: Reply("no", status=401)
    monkeypatch.setenv("MONGODB_URI", "mongodb://127.0.0.1:nine")
    monkeypatch.setenv("SEMBLANCE_DATA_DIR", "/proc/semblance")
    monkeypatch.setenv("SEMBLANCE_MICROSOFT_CLIENT_ID", "client")
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "FAIL  Database: MONGODB_URI is not a usable address" in said
    assert "FAIL  Microsoft: Signing in with Microsoft is only partly set up: set SEMBLANCE_MICROSOFT_TENANT_ID" in said
    assert "FAIL  Model: openai/gpt-4o-mini: The provider did not accept the API key" in said
    assert "FAIL  Data folder: The data folder /proc/semblance/mongodb cannot be written" in said


def test_accounts_are_added_and_disabled_from_the_shell(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMBLANCE_ENV", "production")
    monkeypatch.setattr("sys.stdin", io.StringIO("a good password\n"))
    assert main(["add-user", "Dana", "--role", "admin", "--full-name", "Dana Doe"]) == 0
    assert "Added dana as admin." in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("a good password\n"))
    assert main(["add-user", "dana"]) == 2
    assert "already a user named dana" in capsys.readouterr().err
    assert main(["disable-user", "dana"]) == 0
    assert main(["disable-user", "nobody"]) == 2
    assert "no user named nobody" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["add-user", "eve"]) == 2
    with open_store() as store:
        log = store.audit_log.find(AuditFilter())
    assert {entry.actor_id for entry in log} == {COMMAND_LINE}
    assert [(entry.action, entry.owner_id, entry.outcome.value) for entry in reversed(log)] == [
        ("add_user", "dana", "done"),
        ("add_user", "dana", "refused"),
        ("set_disabled", "dana", "done"),
    ]
