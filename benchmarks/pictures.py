"""Memory of a round of 24 participants who are shown ten pictures of nearly 4 MB each: of this process and all that it started.

`python -m benchmarks.pictures [--participants 24] [--pictures 10] [--latency 1.0]` prints resident memory idle and at its peak, by
process, and how large a request is; the target is at most 600 MB in all. The pictures are noise, which no format makes small.
"""

import argparse
import random
import threading
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from benchmarks.rounds import personas, platform, scripted_model
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import SessionConfig

SIDE = 1_150
LOOKS_S = 0.05
KINDS = {"apart_child": "calls", "documents.child": "reader", "keeper": "keeper", "mongod": "mongod"}


def noise(seed: int) -> bytes:
    """A PNG of nearly 4 MB."""
    drawn = BytesIO()
    Image.frombytes("RGB", (SIDE, SIDE), random.Random(seed).randbytes(SIDE * SIDE * 3)).save(drawn, "PNG")
    return drawn.getvalue()


def memory_mb() -> dict[str, int]:
    """Resident memory by what a process does; Linux only."""
    found: dict[str, int] = {}
    children = {pid: parent for pid, parent, _, _ in _processes()}
    for pid, _, command, resident in _processes():
        if _is_ours(pid, children):
            kind = next((name for part, name in KINDS.items() if part in command), "")
            if kind or pid == _own():
                found[kind or "app"] = found.get(kind or "app", 0) + resident
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--participants", type=int, default=24)
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--latency", type=float, default=1.0)
    given = parser.parse_args()
    files = [(f"{number}.png", noise(number)) for number in range(given.pictures)]
    print(f"a picture has {len(files[0][1]) / 1e6:.1f} MB")
    with scripted_model(given.latency) as url, platform(url, given.participants) as semblance:
        del url
        _say("idle", memory_mb())
        group_id = _session(semblance, given.participants)
        workspace = semblance.workspace("user")
        with Peak() as adding:
            handed = workspace.stimuli.add(group_id, files)
            assert handed.task
            del files
            semblance.engine.wait("task", handed.task.id)
        _say("adding them", adding.most)
        for number in range(2):
            began = time.perf_counter()
            with Peak() as peak:
                before = workspace.sessions.get(group_id).next_seq
                workspace.sessions.post(group_id, f"What do you make of these? ({number})")
                semblance.engine.wait("focus_group", group_id)
            answered = [
                message.status.value for message in workspace.sessions.messages(group_id) if message.seq > before
            ]
            _say(f"round {number + 1}", peak.most)
            print(f"  {time.perf_counter() - began:.1f} s, {len(answered)} replies: {set(answered)}")


class Peak:
    """The most memory of all processes together while it lasts."""

    def __init__(self) -> None:
        self.most: dict[str, int] = {}
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(LOOKS_S):
            self.most = max(self.most, memory_mb(), key=lambda found: sum(found.values()))


def _session(semblance: Semblance, participants: int) -> str:
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Benchmark")
    guide = parse_guide("- What do you think of it?")
    return workspace.sessions.create(
        project.id, SessionConfig("Benchmark", "Oat milk", guide, personas(participants))
    ).id


def _say(when: str, found: dict[str, int]) -> None:
    ours = sum(size for kind, size in found.items() if kind not in ("keeper", "mongod"))
    parts = ", ".join(f"{kind} {size}" for kind, size in sorted(found.items()))
    print(f"{when}: {ours} MB, with the database {sum(found.values())} MB ({parts})", flush=True)


def _own() -> int:
    return int(Path("/proc/self").resolve().name)


def _is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid and pid != _own():
        pid = parents.get(pid, 0)
    return bool(pid)


def _processes() -> list[tuple[int, int, str, int]]:
    """Of every process its id, its parent's, its command line and its resident megabytes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            lines = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        resident = int(lines.get("VmRSS", "0 kB").split()[0]) // 1024
        found.append((int(folder.name), int(lines["PPid"]), command, resident))
    return found


if __name__ == "__main__":
    main()
