"""A fleet: real workers on a real RabbitMQ, which are killed, stopped, doubled up and left without their broker."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.errors import SetupError
from semblance_core.domain.task import TaskState
from semblance_core.engine.fleet.publisher import FleetEngine, fleet_app, living_workers
from semblance_core.settings import load_settings
from semblance_core.store.ids import new_id
from semblance_core.store.version.migrate import join_version
from semblance_core.store.version.schema import MIGRATIONS, Migration
from semblance_core.workspace import Workspace
from tests.broker import Broker, need_broker
from tests.conftest import opened, settings_for
from tests.faults.conftest import Tell, assert_whole, calls_on_record
from tests.scripted_server import Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, eventually, process_environment, session
from tests.zygote import Zygote, is_alive, kill

QUESTIONS = "\n".join(f"- What about matter number {number}?" for number in range(4))
StartWorker = Callable[[], int]


@pytest.fixture(scope="module")
def broker(module_dir: Path) -> Iterator[Broker]:
    need_broker()
    with Broker(module_dir) as running:
        yield running


@pytest.fixture
def settings(data_dir: Path, model_server: ScriptedServer, broker: Broker) -> dict[str, Any]:
    own = {"SEMBLANCE_LEASE_S": 3, "SEMBLANCE_SWEEP_S": 0.5, "SEMBLANCE_CALL_ATTEMPTS": 1}
    return settings_for(data_dir, model_server) | own | {"SEMBLANCE_BROKER_URL": broker.url}


@pytest.fixture
def semblance(settings: dict[str, Any]) -> Iterator[Semblance]:
    """The app's process: it sends messages and sweeps, and does no work."""
    with opened(settings) as semblance:
        semblance.engine.start()
        yield semblance


@pytest.fixture
def workspace(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def start_worker(
    settings: dict[str, Any], semblance: Semblance, standing_zygote: Zygote, tmp_path: Path
) -> Iterator[StartWorker]:
    """Runs the command `worker` in a process of its own, and returns that once it answers."""
    engine = semblance.engine
    assert isinstance(engine, FleetEngine)

    def start() -> int:
        name = f"worker-{new_id()}@here"
        folder = tmp_path / name
        folder.mkdir()
        command = ["worker", "--concurrency", "8", "--name", name]
        process = standing_zygote.start(settings, arguments=command, folder=str(folder))
        eventually(lambda: name in answering(engine), within_s=180)
        return process

    yield start
    standing_zygote.end_all()


def answering(engine: FleetEngine) -> list[str]:
    """Workers that answer; none while a loaded machine's broker drops connections."""
    with suppress(SetupError):
        return living_workers(engine.app, within_s=1.0)
    return []


def over(workspace: Workspace, groups: list[str]) -> bool:
    return not any(workspace.sessions.get(group_id).is_busy for group_id in groups)


def begin(workspace: Workspace, count: int, turns: int = 25) -> list[str]:
    groups = [session(workspace, size=4, guide=QUESTIONS, turn_limit=turns, seed=number).id for number in range(count)]
    for group_id in groups:
        workspace.sessions.start(group_id)
    return groups


def test_a_fleet_does_sessions_rounds_and_tasks_and_each_turn_is_a_message_of_its_own(
    semblance: Semblance, workspace: Workspace, start_worker: StartWorker, model_server: ScriptedServer, tell: Tell
) -> None:
    model_server.script = lambda asked: Reply(sensible(asked).text, delay_s=0.05)
    for _ in range(2):
        start_worker()
    groups = begin(workspace, 4)
    task = workspace.personas.recruit(workspace.projects.create("Panel").id, "Anybody", 3)
    for group_id in groups:  # doorbells that nobody needed
        for _ in range(5):
            semblance.engine.submit("focus_group", group_id)
    eventually(lambda: over(workspace, groups), within_s=60)
    eventually(lambda: workspace.tasks.get(task.id).state is TaskState.DONE, within_s=30)
    made = 0
    for group_id in groups:
        group, messages = workspace.sessions.get(group_id), workspace.sessions.messages(group_id)
        assert_whole(group, messages)
        assert (group.reason, len(messages)) == ("guide_covered", 25)
        assert len({message.epoch for message in messages}) == 25, "each turn was claimed by itself"
        made += sum(message.attempts for message in messages)
    answered = asked_round(semblance, workspace, session(workspace, size=3).id, "What do you drink?")
    assert [message.status for message in answered] == ["said"] * 4
    assert len(model_server.asked) == made + 4 + 3
    tell(
        "message doubled or needless",
        f"{5 * len(groups)} needless messages to {len(groups)} sessions on two workers: no call made twice",
    )


def test_a_worker_of_the_fleet_that_is_killed_loses_nothing(
    semblance: Semblance, workspace: Workspace, start_worker: StartWorker, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, 25), delay_s=0.1)
    first, _ = start_worker(), start_worker()
    groups = begin(workspace, 6)
    eventually(lambda: all(workspace.sessions.get(group_id).next_seq > 4 for group_id in groups), within_s=30)
    kill(first)
    killed = time.monotonic()
    eventually(lambda: over(workspace, groups), within_s=60)
    assert time.monotonic() - killed < 30
    for group_id in groups:
        assert_whole(workspace.sessions.get(group_id), workspace.sessions.messages(group_id))
    paid = sum(message.attempts for group_id in groups for message in workspace.sessions.messages(group_id))
    assert len(model_server.asked) <= paid + len(groups), "each session has one call under way at the most"
    assert len(model_server.asked) <= len(calls_on_record(semblance))


def test_a_broker_that_is_killed_and_comes_back_costs_time_alone(
    semblance: Semblance,
    workspace: Workspace,
    start_worker: StartWorker,
    model_server: ScriptedServer,
    broker: Broker,
    tell: Tell,
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, 25), delay_s=0.1)
    start_worker()
    groups = begin(workspace, 4, turns=40)
    eventually(lambda: all(workspace.sessions.get(group_id).next_seq > 4 for group_id in groups), within_s=30)
    broker.kill()
    began = time.monotonic()
    late = session(workspace, size=3, turn_limit=9)
    workspace.sessions.start(late.id)
    assert time.monotonic() - began < 1, "no page waits for a broker"
    time.sleep(3)
    broker.start()
    back, said = time.monotonic(), len(model_server.asked)
    eventually(lambda: len(model_server.asked) > said, within_s=30)
    again_s = time.monotonic() - back
    eventually(lambda: over(workspace, [*groups, late.id]), within_s=90)
    for group_id in [*groups, late.id]:
        assert_whole(workspace.sessions.get(group_id), workspace.sessions.messages(group_id))
        assert workspace.sessions.get(group_id).reason == "guide_covered"
    paid = sum(message.attempts for group_id in [*groups, late.id] for message in workspace.sessions.messages(group_id))
    assert len(model_server.asked) == paid
    tell(
        "RabbitMQ restarted",
        f"killed during {len(groups)} sessions, back after {back - began:.0f} s: turns went on {again_s:.1f} s later, none twice",
    )


def test_a_broker_that_answers_nothing_keeps_nobody_from_ending(
    settings: dict[str, Any],
    semblance: Semblance,
    workspace: Workspace,
    start_worker: StartWorker,
    model_server: ScriptedServer,
    broker: Broker,
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, 25), delay_s=0.1)
    worker = start_worker()
    groups = begin(workspace, 3)
    eventually(lambda: all(workspace.sessions.get(group_id).next_seq > 4 for group_id in groups), within_s=30)
    with open_semblance(load_settings(**settings)) as app:
        broker.freeze()
        try:
            app.engine.submit("focus_group", groups[0])
            began = time.monotonic()
            kill(worker, signal.SIGTERM)
            app.close()
            assert time.monotonic() - began < 10
            eventually(lambda: not is_alive(worker), within_s=11 - (time.monotonic() - began))
        finally:
            broker.freeze(signal.SIGCONT)
    start_worker()
    eventually(lambda: over(workspace, groups), within_s=60)
    for group_id in groups:
        assert_whole(workspace.sessions.get(group_id), workspace.sessions.messages(group_id))


def test_a_worker_that_is_told_to_stop_finishes_what_is_quick_and_hands_back_what_is_not(
    semblance: Semblance, workspace: Workspace, start_worker: StartWorker, model_server: ScriptedServer, tell: Tell
) -> None:
    model_server.script = lambda asked: Reply(chatter(asked.number, 25), delay_s=45.0 if asked.number % 5 == 4 else 0.1)
    worker = start_worker()
    groups = begin(workspace, 5, turns=15)
    eventually(lambda: sum(asked.number % 5 == 4 for asked in model_server.asked) >= 2, within_s=30)
    began = time.monotonic()
    kill(worker, signal.SIGTERM)
    eventually(lambda: not is_alive(worker), within_s=20)
    took_s = time.monotonic() - began
    assert took_s < 10
    left_to_run_out = semblance.connection.database["focus_groups"].count_documents({"abandoned": True})
    assert left_to_run_out == 0, "leases were given back, so that nobody has to wait for them"
    model_server.script = lambda asked: Reply(chatter(asked.number, 25))
    start_worker()
    eventually(lambda: over(workspace, groups), within_s=30)
    for group_id in groups:
        assert_whole(workspace.sessions.get(group_id), workspace.sessions.messages(group_id))
    tell(
        "worker told to stop (SIGTERM)",
        f"a worker with calls of 45 s in flight was gone after {took_s:.1f} s, and its sessions went on elsewhere",
    )


def test_whoever_watches_is_told_of_a_broker_that_takes_no_connection(semblance: Semblance, broker: Broker) -> None:
    checks = semblance.engine.checks()
    assert {name: check() for name, check in checks.items()} == {"sweeper": "ready", "broker": "ready"}
    broker.kill()
    assert checks["broker"]().startswith("does not take a connection")
    broker.start()
    eventually(lambda: checks["broker"]() == "ready", within_s=30)


def test_who_of_the_workers_answers_is_told_by_name(
    settings: dict[str, Any], start_worker: StartWorker, broker: Broker
) -> None:
    def workers(url: str) -> "subprocess.CompletedProcess[str]":
        environment = process_environment(settings | {"SEMBLANCE_BROKER_URL": url})
        command = [sys.executable, "-m", "semblance_core", "workers"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    none = workers(broker.url)
    assert (none.returncode, none.stderr) == (1, "semblance: no worker answers.\n")
    start_worker()
    eventually(lambda: re.fullmatch(r"worker-\w+@here\n", workers(broker.url).stdout), within_s=60)
    away = workers("amqp://guest:secret@127.0.0.1:1//")
    assert away.returncode == 1
    assert "does not answer" in away.stderr
    assert "secret" not in away.stderr
    assert "Traceback" not in away.stderr
    refused = workers(broker.url.replace("guest:guest", "guest:wrong"))
    assert (refused.returncode, "does not answer" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr
    assert workers("").returncode == 2
    assert "SEMBLANCE_BROKER_URL" in workers("redis://127.0.0.1").stderr
    with pytest.raises(SetupError, match="does not answer"):
        living_workers(fleet_app("amqp://guest:guest@127.0.0.1:1//", "nothing"))
    assert os.environ.get("SEMBLANCE_BROKER_URL") is None


def test_app_and_workers_step_back_when_a_newer_release_takes_over_the_data(
    semblance: Semblance, start_worker: StartWorker, tmp_path: Path
) -> None:
    start_worker()
    newer = (*MIGRATIONS, Migration("another form", "2027-01-01", lambda *_: None))
    join_version(semblance.connection.database, newer).leave()  # waits until both are gone
    assert semblance.engine.worker.stopping.is_set()
    (ended,) = tmp_path.glob("worker-*")
    eventually(lambda: (ended / "code.txt").exists() and (ended / "code.txt").read_text() == "1", within_s=60)
    assert "Install Semblance of 2027-01-01 or newer" in (ended / "said.txt").read_text()
