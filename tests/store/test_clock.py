"""The server's clock is carried on by a steady one, also through an outage and a night's sleep."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from semblance_core.bootstrap import Semblance
from semblance_core.domain.times import as_utc
from semblance_core.store.server.clock import ServerClock


class Machine:
    """A steady clock that stops while the machine sleeps, a wall clock that does not, and a database that may be away."""

    def __init__(self, database: Any):
        self.client = self
        self.admin = self
        self._database = database
        self.steady_s = 1_000.0
        self.wall_s = 5_000.0
        self.server_s = 0.0
        self.is_away = False
        self.reads = 0
        self._first = as_utc(database.client.admin.command("hello")["localTime"])

    def command(self, _: str) -> dict[str, Any]:
        self.reads += 1
        if self.is_away:
            self.passes(5.0)  # as long as the driver looks for it
            raise AutoReconnect("away")
        return {"localTime": self.true_time.replace(tzinfo=None)}

    @property
    def true_time(self) -> Any:
        return self._first + timedelta(seconds=self.server_s)

    def passes(self, seconds: float, *, asleep: bool = False) -> None:
        self.steady_s += 0.0 if asleep else seconds
        self.wall_s += seconds
        self.server_s += seconds


@pytest.fixture
def machine(semblance: Semblance) -> Machine:
    return Machine(semblance.connection.database)


@pytest.fixture
def clock(machine: Machine) -> ServerClock:
    return ServerClock(machine, lambda: machine.steady_s, lambda: machine.wall_s)  # type: ignore[arg-type]


def test_the_real_servers_time_is_now(semblance: Semblance) -> None:
    assert abs(semblance.store.clock() - semblance.clock()) < timedelta(seconds=5)


def test_it_is_read_once_a_minute(machine: Machine, clock: ServerClock) -> None:
    for _ in range(600):
        machine.passes(1.0)
        assert abs(clock() - machine.true_time) < timedelta(milliseconds=1)
    assert 9 <= machine.reads <= 11


def test_an_outage_costs_no_second(machine: Machine, clock: ServerClock) -> None:
    machine.is_away = True
    for _ in range(200):
        machine.passes(3.0)
        assert abs(clock() - machine.true_time) < timedelta(milliseconds=1)
    assert machine.reads < 150, "it is not looked for at every question"


def test_a_sleep_is_noticed_as_soon_as_the_server_answers(machine: Machine, clock: ServerClock) -> None:
    machine.is_away = True
    machine.passes(8 * 3600.0, asleep=True)
    clock()
    machine.is_away = False
    machine.passes(6.0)
    assert abs(clock() - machine.true_time) < timedelta(milliseconds=1)
