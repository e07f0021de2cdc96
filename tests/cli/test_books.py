"""The shell's commands on prices and usage."""

from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.cli import main
from semblance_core.settings import load_settings
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.studies import discussed, session


@pytest.fixture
def semblance(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A platform with a simulated session in it, and the environment that leads the command line to it."""
    settings = {"SEMBLANCE_DATA_DIR": str(data_dir), "SEMBLANCE_DATABASE": f"test-{new_id()}"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with open_semblance(load_settings(SEMBLANCE_SIMULATOR_DELAY_S=0.0)) as semblance:
        yield semblance
        semblance.connection.database.client.drop_database(semblance.connection.database.name)


@pytest.fixture
def workspace(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(arguments) == code
    out = capsys.readouterr()
    return out.out + out.err


def test_prices_are_seeded_once(semblance: Semblance, capsys: pytest.CaptureFixture[str]) -> None:
    assert " 0 with a new price" in said(capsys, "seed-pricing")
    assert " 0 added, 0 with a new price" in said(capsys, "seed-pricing")
    assert len(semblance.store.pricing.all()) > 2_500


def test_the_books_are_checked_and_set_right(
    semblance: Semblance, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    discussed(semblance, workspace, session(workspace, turn_limit=9).id)
    semblance.gateway.batcher.flush()
    assert "they agree to the nano-dollar" in said(capsys, "check-usage")
    semblance.connection.database["usage_daily"].update_one({}, {"$inc": {"calls": 1}})
    assert "calls is" in said(capsys, "check-usage", code=1)
    assert "were set right" in said(capsys, "check-usage", "--repair")
    assert "they agree" in said(capsys, "check-usage")


def test_lost_usage_is_backfilled(
    semblance: Semblance, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    discussed(semblance, workspace, session(workspace, turn_limit=9).id)
    semblance.gateway.batcher.flush()
    calls = len([event for event in semblance.store.usage.events() if event.seq])
    for name in ("usage_events", "usage_daily", "usage_hourly", "budgets"):
        semblance.connection.database[name].delete_many({})
    assert f"{calls} messages without usage would be given" in said(capsys, "backfill-usage", "--dry-run")
    assert f"simulator/v1: {calls} messages" in said(capsys, "backfill-usage", "--since", "2026-01-01T00:00:00Z")
    assert "\n0 messages without usage" in f"\n{said(capsys, 'backfill-usage')}"
    again = said(capsys, "backfill-usage", "--delete-existing-estimates", "--until", "2999-01-01")
    assert f"{calls} earlier estimates removed" in again
    assert "they agree" in said(capsys, "check-usage")


def test_a_time_that_is_none_is_refused_in_words(semblance: Semblance, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("backfill-usage", "reprice"):
        assert "“last week” is not a time in ISO 8601" in said(capsys, command, "--since", "last week", code=2)


def test_nothing_to_reprice_is_said(semblance: Semblance, capsys: pytest.CaptureFixture[str]) -> None:
    assert "0 calls changed, +$0.00 in all" in said(capsys, "reprice", "--since", "2026-01-01")
