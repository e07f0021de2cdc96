"""Turns a second: many autonomous sessions at once against as many threads of bare litellm calls, and two workers against one.

`python -m benchmarks.throughput [--sessions 100] [--turns 20] [--latency 1.0]` prints calls a second of both, in turn, and
their ratio; the target is at least 0.9. `--fleet` measures one and two Celery workers over RabbitMQ, each with `--concurrency`
sessions at once; the target is at least 1.8. The model is the scripted server in a process of its own.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tenacity import retry, stop_after_attempt

from benchmarks.rounds import MODEL, bare_call, personas, platform, scripted_model
from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.settings import load_settings
from semblance_core.workspace import SessionConfig

QUESTIONS = 4
RAMP_S = 3.0
PROMPT_WORDS = 1_100
"""About the mean prompt of a discussion of 20 turns."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--fleet", action="store_true")
    parser.add_argument("--concurrency", type=int, default=16)
    given = parser.parse_args()
    with scripted_model(given.latency) as url:
        if given.fleet:
            _fleet(url, given)
        else:
            _one_process(url, given)


def _one_process(url: str, given: argparse.Namespace) -> None:
    calls = given.sessions * (given.turns - QUESTIONS)
    bare, ours = [], []
    _bare_call(url, 0)  # litellm makes its client with the first call; a hundred first calls at once break each other's
    with platform(url, given.sessions) as semblance:
        for run in range(given.runs):
            bare.append(_bare(url, given.sessions, calls))
            ours.append(_sessions(semblance, given.sessions, given.turns, run))
            print(f"run {run + 1}: bare {bare[-1]:.1f} calls/s, ours {ours[-1]:.1f} turns with a call/s", flush=True)
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"{given.sessions} sessions at {given.latency:g} s: ratio {ratio:.3f} (target ≥ 0.9)")


def _bare(url: str, threads: int, calls: int) -> float:
    """Calls a second of bare litellm from so many threads."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(lambda number: _bare_call(url, number), range(calls)))
    return calls / (time.perf_counter() - began)


@retry(stop=stop_after_attempt(3), reraise=True)
def _bare_call(url: str, number: int) -> None:
    """One call, again where its connection broke: among a hundred threads that share litellm's client one in thousands does."""
    bare_call(url, number, PROMPT_WORDS)


def _sessions(semblance: Semblance, count: int, turns: int, run: int) -> float:
    """Model calls a second of so many discussions at once, while all of them run: from a moment after the start to the first end."""
    workspace = semblance.workspace("user")
    guide = parse_guide("\n".join(f"- What about matter number {number}?" for number in range(QUESTIONS)))
    project = workspace.projects.create(f"Throughput {run}")
    groups = [
        workspace.sessions.create(
            project.id,
            SessionConfig(f"Session {number}", "Oat milk", guide, personas(4), turn_limit=turns, seed=number),
        ).id
        for number in range(count)
    ]
    for group_id in groups:
        semblance.store.focus_groups.start(semblance.store.focus_groups.get(group_id), semblance.clock())
    for group_id in groups:
        semblance.engine.submit("focus_group", group_id)
    time.sleep(RAMP_S)
    events = semblance.connection.database["usage_events"]
    before, began = events.count_documents({"project_id": project.id}), time.perf_counter()
    while semblance.connection.database["focus_groups"].count_documents(
        {"project_id": project.id, "state": "autonomous"}
    ) == len(groups):
        time.sleep(0.2)
    made, took = events.count_documents({"project_id": project.id}) - before, time.perf_counter() - began
    for group_id in groups:
        semblance.engine.wait("focus_group", group_id)
    if not made:
        raise SystemExit(
            f"The discussions were over within {RAMP_S:.0f} s, so nothing was measured: give them more --turns."
        )
    return made / took


def _fleet(url: str, given: argparse.Namespace) -> None:
    from tests.broker import Broker

    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder) / "rabbitmq") as broker:
        settings = {
            "SEMBLANCE_DATA_DIR": Path(folder) / "data",
            "SEMBLANCE_MODEL": MODEL,
            "OPENAI_API_KEY": "sk-benchmark",
            "OPENAI_BASE_URL": url,
            "SEMBLANCE_BROKER_URL": broker.url,
        }
        with open_semblance(load_settings(**settings)) as semblance:
            rates: dict[int, list[float]] = {1: [], 2: []}
            for run in range(given.runs):
                for workers in rates:
                    with _workers(semblance, settings, workers, given.concurrency):
                        rates[workers].append(_sessions(semblance, 4 * given.concurrency, given.turns, run))
                    print(
                        f"run {run + 1}: {workers} worker(s): {rates[workers][-1]:.1f} turns with a call/s", flush=True
                    )
    ratio = statistics.median(rates[2]) / statistics.median(rates[1])
    print(f"two workers of {given.concurrency} at {given.latency:g} s: {ratio:.2f} times one (target ≥ 1.8)")


@contextmanager
def _workers(semblance: Semblance, settings: dict[str, Any], count: int, concurrency: int) -> Iterator[None]:
    from semblance_core.engine.fleet.publisher import FleetEngine, living_workers
    from tests.studies import process_environment

    assert isinstance(semblance.engine, FleetEngine)
    with ExitStack() as ending:
        for number in range(count):
            command = [sys.executable, "-m", "semblance_core", "worker", "--name", f"w{number}@here"]
            process = subprocess.Popen(
                [*command, "--concurrency", str(concurrency)],
                env=process_environment(settings),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            ending.callback(process.wait)
            ending.callback(process.terminate)
        while len(living_workers(semblance.engine.app, 0.5)) < count:
            time.sleep(0.2)
        yield


if __name__ == "__main__":
    main()
