"""A moderated round of 16 personas against 16 bare litellm calls from as many threads, in one run.

`python -m benchmarks.rounds [--personas 16] [--rounds 5] [--latency 1.0]` prints both medians and their ratio; the target
is at most 1.1. The model is the scripted server in a process of its own, which answers after a fixed latency.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.personas.persona import Persona
from semblance_core.settings import load_settings
from semblance_core.store.server.embedded import free_port
from semblance_core.workspace import SessionConfig

MODEL = "openai/gpt-4o-mini"


@contextmanager
def scripted_model(latency_s: float) -> Iterator[str]:
    """Address of a scripted server that runs in a process of its own."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "tests.scripted_server", str(port), str(latency_s)])
    try:
        time.sleep(2.0)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def platform(url: str, concurrency: int, *, calls_in_subprocess: bool = True) -> Iterator[Semblance]:
    """Semblance over a database of its own and the model at this address, as the app and workers open it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            SEMBLANCE_DATA_DIR=Path(folder),
            SEMBLANCE_MODEL=MODEL,
            OPENAI_API_KEY="sk-benchmark",
            OPENAI_BASE_URL=url,
            SEMBLANCE_CONCURRENCY=concurrency,
        )
        with open_semblance(settings, calls_in_subprocess=calls_in_subprocess) as semblance:
            semblance.warm_up()
            yield semblance


def personas(count: int) -> tuple[Persona, ...]:
    return tuple(
        Persona(name=f"Person {number} Test", age=25 + number, occupation="Nurse", backstory="Lives near work. " * 20)
        for number in range(count)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--personas", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latency", type=float, default=1.0)
    given = parser.parse_args()
    with scripted_model(given.latency) as url, platform(url, given.personas) as semblance:
        bare = [_bare_round(url, given.personas) for _ in range(given.rounds)]
        ours = _rounds(semblance, given.personas, given.rounds)
    one, other = statistics.median(bare), statistics.median(ours)
    print(f"bare {one:.3f} s  {['%.3f' % took for took in bare]}")
    print(f"ours {other:.3f} s  {['%.3f' % took for took in ours]}")
    print(f"ratio {other / one:.3f} (target ≤ 1.1)")


def bare_call(url: str, number: int, words: int) -> None:
    """One call of litellm by itself, with a prompt of about so many words."""
    import litellm

    litellm.completion(
        model=MODEL,
        messages=[{"role": "user", "content": f"{number} " + "words " * words}],
        api_base=url,
        api_key="sk-benchmark",
        max_tokens=200,
        max_retries=0,
        timeout=60,
    )


def _bare_round(url: str, count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(lambda number: bare_call(url, number, 1_500), range(count)))
    return time.perf_counter() - began


def _rounds(semblance: Semblance, count: int, rounds: int) -> list[float]:
    workspace = semblance.workspace("user")
    guide = parse_guide("- What do you think of it?")
    project = workspace.projects.create("Benchmark")
    group = workspace.sessions.create(project.id, SessionConfig("Benchmark", "Oat milk", guide, personas(count)))
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        workspace.sessions.post(group.id, f"Question number {number}?")
        semblance.engine.wait("focus_group", group.id)
        took.append(time.perf_counter() - began)
    return took


if __name__ == "__main__":
    main()
