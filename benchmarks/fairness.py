"""Another researcher's round and small panel while one has 160 discussions and a panel of 100 under way, against the same alone.

`python -m benchmarks.fairness [--sessions 160] [--panel 100] [--rounds 7] [--latency 1.0]` prints the medians of both and their
ratio, in one run; the target is at most 1.5 for a round of 8. The model is the scripted server in a process of its own,
which answers after a fixed latency.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from benchmarks.rounds import personas, platform, scripted_model
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import SessionConfig, Workspace

CONCURRENCY = 24
PEOPLE, SMALL_PANEL = 8, 3
QUESTIONS = 40
RAMP_S = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=160)
    parser.add_argument("--panel", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--latency", type=float, default=1.0)
    given = parser.parse_args()
    with scripted_model(given.latency) as url, platform(url, CONCURRENCY) as semblance:
        semblance.engine.start()
        busy, other = semblance.workspace("user"), semblance.workspace("admin")
        ask, recruit = _round(other), _recruiting(other)
        ask()  # the first call of a process
        alone = [ask() for _ in range(given.rounds)], [recruit() for _ in range(given.rounds)]
        groups = _discussions(busy, given.sessions)
        panels = busy.projects.create("Panels")
        beside: tuple[list[float], list[float]] = [], []
        time.sleep(RAMP_S)
        before, began = _turns(semblance), time.perf_counter()
        for _ in range(given.rounds):
            for took, work in zip(beside, (ask, recruit), strict=True):
                _keep_recruiting(busy, panels.id, given.panel)
                took.append(work())
        rate = (_turns(semblance) - before) / (time.perf_counter() - began)
        running = sum(busy.sessions.get(group_id).is_busy for group_id in groups)
        for group_id in groups:
            busy.sessions.stop(group_id)
        for task in busy.tasks.mine():
            busy.tasks.cancel(task.id)
    print(f"{running} of {given.sessions} discussions still ran at the end, at {rate:.0f} calls a second in all")
    for words, one, both in (
        (f"a round of {PEOPLE}", alone[0], beside[0]),
        (f"recruiting {SMALL_PANEL}", alone[1], beside[1]),
    ):
        print(f"{words}: alone {_said(one)}; beside the others {_said(both)}; ", end="")
        print(
            f"ratio {statistics.median(both) / statistics.median(one):.2f}{' (target ≤ 1.5)' if both is beside[0] else ''}"
        )


def _round(workspace: Workspace) -> Callable[[], float]:
    """Puts a question to eight people of another researcher's, and says how many seconds their answers took."""
    guide = parse_guide("- What do you think of it?")
    group = workspace.sessions.create(
        workspace.projects.create("Round").id, SessionConfig("Round", "Oat milk", guide, personas(PEOPLE))
    )

    def ask() -> float:
        began = time.perf_counter()
        workspace.sessions.post(group.id, "What do you think of it now?")
        while workspace.sessions.get(group.id).is_busy:
            time.sleep(0.02)
        return time.perf_counter() - began

    return ask


def _recruiting(workspace: Workspace) -> Callable[[], float]:
    project = workspace.projects.create("Small panel")

    def recruit() -> float:
        began = time.perf_counter()
        task = workspace.personas.recruit(project.id, "People who drink oat milk", SMALL_PANEL)
        while not workspace.tasks.get(task.id).state.is_over:
            time.sleep(0.02)
        return time.perf_counter() - began

    return recruit


def _discussions(workspace: Workspace, count: int) -> list[str]:
    guide = parse_guide("\n".join(f"- What about matter number {number}?" for number in range(QUESTIONS)))
    project = workspace.projects.create("Discussions")
    groups = []
    for number in range(count):
        set_up = SessionConfig(f"Session {number}", "Oat milk", guide, personas(4), turn_limit=400, seed=number)
        groups.append(workspace.sessions.create(project.id, set_up).id)
    for group_id in groups:
        workspace.sessions.start(group_id)
    return groups


def _keep_recruiting(workspace: Workspace, project_id: str, size: int) -> None:
    """A panel is under way all the time."""
    if not any(not task.state.is_over for task in workspace.tasks.of_project(project_id)):
        workspace.personas.recruit(project_id, "People who buy oat milk", size)
        time.sleep(2.0)


def _turns(semblance: Semblance) -> int:
    return semblance.connection.database["usage_events"].estimated_document_count()


def _said(took: list[float]) -> str:
    return f"{statistics.median(took):.2f} s ({min(took):.2f}–{max(took):.2f})"


if __name__ == "__main__":
    main()
