"""What the tests of faults share: processes on one database, and figures for docs/reliability.md."""

import json
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.faults import figures
from tests.scripted_server import Asked, ScriptedServer
from tests.studies import with_engine
from tests.zygote import Zygote, kill

LEASE_S = 1.5
MEASURED: pytest.StashKey[dict[str, str]] = pytest.StashKey()
Tell = Callable[[str, str], None]


class NobodyHere:
    """Wakes nobody up: other processes find the work by sweeping."""

    def submit(self, kind: str, work_id: str) -> None:
        pass

    def wait(self, kind: str, work_id: str) -> None:
        raise AssertionError("nobody is here to do it")


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """`tell("worker killed", "20 kills: …")` says what was measured for a row of the table."""
    measured = request.config.stash.setdefault(MEASURED, {})

    def write_down(fault: str, words: str) -> None:
        assert fault in figures.FAULTS
        measured[fault] = words

    return write_down


def pytest_sessionfinish(session: pytest.Session) -> None:
    measured = session.config.stash.get(MEASURED, {})
    if session.config.getoption("--figures") and measured:
        figures.keep(measured)


@pytest.fixture
def elsewhere(platform_settings: dict[str, Any]) -> dict[str, Any]:
    """Settings of the worker processes."""
    return platform_settings | {"SEMBLANCE_LEASE_S": LEASE_S, "SEMBLANCE_SWEEP_S": 0.3, "SEMBLANCE_CALL_ATTEMPTS": 1}


@pytest.fixture
def onlooker(open_platform: OpenPlatform) -> tuple[Semblance, Workspace]:
    """A process that gives orders, as many as a test needs, and looks on, and does no work."""
    unbounded = {"SEMBLANCE_OPEN_PANELS": 0, "SEMBLANCE_OPEN_TASKS": 0}
    semblance = open_platform(SEMBLANCE_LEASE_S=LEASE_S, SEMBLANCE_CALL_ATTEMPTS=1, **unbounded)
    return semblance, with_engine(semblance.workspace("user"), NobodyHere())


def assert_whole(group: FocusGroup, messages: list[Message]) -> None:
    """No turn lost, doubled or reordered."""
    assert [message.seq for message in messages] == list(range(1, group.next_seq))
    said = [message.text for message in messages if message.role == "persona" and message.status is MessageStatus.SAID]
    assert len(set(said)) == len(said)
    asked = [message.question for message in messages if message.role == "moderator"]
    assert asked == sorted(set(asked), key=lambda question: question or 0)
    one_by_one = [message for message in messages if message.reply_to is None]
    assert [message.at for message in one_by_one] == sorted(message.at for message in one_by_one)
    epochs = [message.epoch for message in one_by_one if message.feature != "moderated"]
    assert epochs == sorted(epochs)


def calls_on_record(semblance: Semblance) -> set[str]:
    """Calls of the user that are settled, or still held and so charged in full before long."""
    budgets = semblance.connection.database["budgets"].find()
    held = {call_id for budget in budgets for call_id in budget["holds"]}
    return held | {event.id for event in semblance.store.usage.events(user_id="user")}


class Crew:
    """Worker processes that the model's server can tell apart. harmed: those that were killed or frozen.

    folder: keeps their log lines, which say who claimed what, and whether the lease of whoever had it before had run out.
    """

    def __init__(self, zygote: Zygote, settings: dict[str, Any], server: ScriptedServer, folder: Path):
        self._zygote, self._settings, self._server, self._folder = zygote, settings, server, folder
        self._names: dict[int, str] = {}
        self.harmed: set[str] = set()

    def start(self) -> int:
        """One more; its process id."""
        name = f"worker-{len(self._names)}"
        address = {"OPENAI_BASE_URL": f"{self._server.url}/{name}/v1"}
        process = self._zygote.start(self._settings | address, log=str(self._folder / name))
        self._names[process] = name
        return process

    def harm(self, process: int, how: int = signal.SIGKILL) -> None:
        kill(process, how)
        self.harmed.add(self._names[process])

    def leases_lost(self) -> Counter[str]:
        """How many leases of each process ran out: it was harmed, or the machine let it wait for longer than they last."""
        claims = {(line["id"], line["epoch"]): (name, line["lost"]) for name, line in self._claims()}
        lost = {(work_id, epoch - 1) for (work_id, epoch), (_, lost) in claims.items() if lost}
        return Counter(claims[held][0] for held in lost & claims.keys()) + Counter(self.harmed)

    def _claims(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for log in self._folder.iterdir():
            for line in log.read_text().splitlines():
                with suppress(json.JSONDecodeError):  # the last line of a killed process
                    told = json.loads(line)
                    if told["event"] == "work claimed":
                        yield log.name, told | {"id": told.get("focus_group_id") or told["task_id"]}

    def assert_only_lost_made_again(self) -> int:
        """No call was made again but one of a process that lost its lease, and by each only as often as it did; how many."""
        again, lost = 0, self.leases_lost()
        for same in made_alike(self._server):
            made = Counter(request.caller for request in same)
            kept = [caller for caller in made if not lost[caller]]
            assert len(kept) <= 1, f"{kept} held their leases and made the same call: {same[0].prompt[-500:]}"
            assert all(times <= 1 + lost[caller] for caller, times in made.items()), (
                f"made more often than lost: {made}"
            )
            again += len(same) - 1
        return again


def made_alike(server: ScriptedServer, about: str = "") -> list[list[Asked]]:
    """Requests with the same words, together. about: only those whose words hold this.

    Sessions and panels of these tests have topics and briefs of their own, so that the same words ask for the same thing.
    """
    asked: dict[str, list[Asked]] = {}
    for request in server.asked:
        if about in request.prompt:
            asked.setdefault(request.prompt, []).append(request)
    return list(asked.values())


@pytest.fixture
def crew(zygote: Zygote, elsewhere: dict[str, Any], model_server: ScriptedServer, tmp_path: Path) -> Crew:
    folder = tmp_path / "logs"
    folder.mkdir()
    return Crew(zygote, elsewhere, model_server, folder)


def summaries(server: ScriptedServer) -> int:
    """Requests for notes on what falls out of the window; no message counts them among its attempts."""
    return sum("<notes>" in asked.prompt and "Speak now" not in asked.prompt for asked in server.asked)
