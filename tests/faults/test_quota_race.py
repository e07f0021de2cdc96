"""Four processes of eight threads against one quota: settled + held never exceeds it, not even when one is killed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import UsageQuota
from tests.conftest import opened, settings_for
from tests.faults.conftest import Tell
from tests.faults.spender import ASKED
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import eventually
from tests.zygote import Zygote, is_alive, kill

PROCESSES = 4
QUOTA = UsageQuota(usd=Decimal("0.05"))


@pytest.fixture
def platform(data_dir: Path) -> Iterator[tuple[Semblance, ScriptedServer, dict[str, Any]]]:
    with ScriptedServer(latency_s=0.02) as server:
        settings = settings_for(data_dir, server) | {"SEMBLANCE_CALL_ATTEMPTS": 1}
        with opened(settings) as semblance:
            semblance.workspace("admin").accounts.set_quota("user", QUOTA)
            yield semblance, server, settings


@dataclass(frozen=True)
class Spender:
    """A process that spends, and the folder that it is told by."""

    process: int
    folder: Path

    @property
    def made(self) -> int:
        return int((self.folder / "made").read_text())


@pytest.fixture
def spenders(
    platform: tuple[Semblance, ScriptedServer, dict[str, Any]], standing_zygote: Zygote, tmp_path: Path
) -> Iterator[list[Spender]]:
    """Processes that are ready to spend."""
    started = []
    for number in range(PROCESSES):
        folder = tmp_path / str(number)
        folder.mkdir()
        started.append(Spender(standing_zygote.start(platform[2], spends=str(folder)), folder))
    eventually(lambda: all((each.folder / "ready").exists() for each in started), within_s=60)
    yield started
    standing_zygote.end_all()


def begin(spenders: list[Spender]) -> None:
    for each in spenders:
        (each.folder / "go").touch()


def used(semblance: Semblance) -> Decimal:
    status = semblance.store.ledger.status("user", QUOTA, month_of(semblance.clock()))
    return status.spent_usd + status.held_usd


def sampled(semblance: Semblance, spenders: list[Spender]) -> list[Decimal]:
    seen = []
    while any(is_alive(each.process) for each in spenders):
        seen.append(used(semblance))
    return seen


def test_four_processes_never_pass_the_quota(
    platform: tuple[Semblance, ScriptedServer, dict[str, Any]], spenders: list[Spender], tell: Tell
) -> None:
    semblance, server, _ = platform
    server.script = lambda asked: (
        Reply("down", status=500) if asked.number % 9 == 8 else Reply(chatter(asked.number, 200))
    )
    begin(spenders)
    seen = sampled(semblance, spenders)
    made = [each.made for each in spenders]
    assert len(seen) > 50
    assert max(seen) <= QUOTA.usd
    assert all(count > 3 for count in made), "each had its share"
    assert sum(made) == len(semblance.store.usage.events(user_id="user"))
    assert len(server.asked) <= sum(made), "a connection that broke before the request arrived is on record too"
    status = semblance.store.ledger.status("user", QUOTA, month_of(semblance.clock()))
    assert status.held_usd == 0
    assert status.spent_usd > Decimal("0.9") * QUOTA.usd, "and it was used up"
    assert semblance.store.reconciliation.check().differences == ()
    tell(
        "quota race",
        f"{PROCESSES} processes of 8 threads, {sum(made)} calls: at most {max(seen) / QUOTA.usd:.1%} of the quota in {len(seen):,} looks, "
        f"{status.spent_usd / QUOTA.usd:.0%} used at the end",
    )


def test_what_a_killed_process_held_stays_held_until_it_is_charged(
    platform: tuple[Semblance, ScriptedServer, dict[str, Any]], spenders: list[Spender]
) -> None:
    semblance, server, _ = platform

    def hang_for_some(asked: Asked) -> Reply:
        return Reply(chatter(asked.number, 200), delay_s=60.0 if asked.number % 4 == 0 else None)

    server.script = hang_for_some
    begin(spenders)
    eventually(lambda: len(server.asked) > 40, within_s=30)
    for each in spenders:
        kill(each.process)
    eventually(lambda: not any(is_alive(each.process) for each in spenders))
    held = semblance.store.ledger.status("user", QUOTA, month_of(semblance.clock())).held_usd
    assert held > 0
    assert used(semblance) <= QUOTA.usd
    database = semblance.connection.database
    database["budgets"].update_one({}, [{"$set": {"holds": _expired(database["budgets"].find_one())}}])
    assert semblance.store.ledger.settle_expired() > 0
    status = semblance.store.ledger.status("user", QUOTA, month_of(semblance.clock()))
    assert status.held_usd == 0
    assert status.spent_usd <= QUOTA.usd
    events = semblance.store.usage.events(user_id="user")
    lost = [event for event in events if event.status == "unknown"]
    assert lost
    assert all(event.estimated and event.tokens.completion == ASKED.max_tokens for event in lost)
    # What came in the last moments before the kill was paid for and is charged in full, never left out.
    assert len(events) >= len(server.asked)
    assert semblance.store.reconciliation.check().differences == ()


def _expired(budget: Any) -> dict[str, Any]:
    """The budget's holds as they are two minutes later."""
    return {call_id: {**hold, "expires_at": hold["at"]} for call_id, hold in budget["holds"].items()}
