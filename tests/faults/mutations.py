"""The fences of the turn protocol, and what each becomes when it is taken out: `./test.sh tests/faults --mutate`.

Each is taken out by itself in a copy of the repository, where the tests that should notice are run. The table of
docs/reliability.md says which did.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

REPOSITORY = Path(__file__).parents[2]
KEPT = REPOSITORY / "docs" / "fences.json"
PAGE = REPOSITORY / "docs" / "reliability.md"
BEGIN, END = "<!-- fences: written by the tests -->", "<!-- end of fences -->"
STORE, ENGINE, LLM = (f"semblance_core/{part}" for part in ("store", "engine", "llm"))
FENCES, GROUPS = "tests/store/test_fences.py", "tests/store/test_focus_groups.py"


@dataclass(frozen=True)
class Fence:
    """One fence. without: what its source becomes. tests: those that should fail then."""

    name: str
    path: str
    source: str
    without: str
    tests: str

    def taken_out(self) -> str:
        """The file without the fence; raises `LookupError` where its source does not stand there exactly once."""
        text = (REPOSITORY / self.path).read_text(encoding="utf-8")
        if text.count(self.source) != 1:
            raise LookupError(f"{self.path} holds the source of “{self.name}” {text.count(self.source)} times.")
        return text.replace(self.source, self.without)


ALL = (
    Fence(
        "a reply is written under its worker's epoch",
        f"{STORE}/sessions/focus_groups.py",
        '"status": PENDING, "epoch": message.epoch}',
        '"status": PENDING}',
        GROUPS,
    ),
    Fence(
        "a round is closed under its worker's epoch",
        f"{STORE}/sessions/focus_groups.py",
        'mine = {"_id": group.id, "epoch": group.epoch, "next_seq": group.next_seq}  # not the round after this one',
        'mine = {"_id": group.id}',
        GROUPS,
    ),
    Fence(
        "a turn is committed under its worker's epoch",
        f"{STORE}/sessions/focus_groups.py",
        'mine = {"_id": group.id, "epoch": group.epoch, "next_seq": message.seq, "state": AUTONOMOUS}',
        'mine = {"_id": group.id, "next_seq": message.seq, "state": AUTONOMOUS}',
        GROUPS,
    ),
    Fence(
        "a discussion is concluded under its worker's epoch",
        f"{STORE}/sessions/focus_groups.py",
        'mine = {"_id": group.id, "epoch": group.epoch, "state": AUTONOMOUS}\n        now',
        'mine = {"_id": group.id, "state": AUTONOMOUS}\n        now',
        GROUPS,
    ),
    Fence(
        "a worker pauses its session under its epoch",
        f"{ENGINE}/work.py",
        "detail=why, epoch=group.epoch)",
        "detail=why)",
        FENCES,
    ),
    Fence(
        "a task is written under its worker's epoch",
        f"{STORE}/sessions/tasks.py",
        'return {"_id": task.id, "epoch": task.epoch, "state": TaskState.RUNNING.value}',
        'return {"_id": task.id, "state": TaskState.RUNNING.value}',
        FENCES,
    ),
    Fence(
        "a reply is asked for again in the session that was looked at",
        f"{STORE}/sessions/awaited.py",
        'free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state, **NO_STOP_UNFINISHED}',
        'free = {"_id": group.id, "pending": 0, "state": state, **NO_STOP_UNFINISHED}',
        FENCES,
    ),
    Fence(
        "a reply is not asked for again while others are awaited",
        f"{STORE}/sessions/awaited.py",
        'free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state, **NO_STOP_UNFINISHED}',
        'free = {"_id": group.id, "epoch": group.epoch, "state": state, **NO_STOP_UNFINISHED}',
        FENCES,
    ),
    Fence(
        "a reply is not asked for again before a stop is finished",
        f"{STORE}/sessions/awaited.py",
        'free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state, **NO_STOP_UNFINISHED}',
        'free = {"_id": group.id, "epoch": group.epoch, "pending": 0, "state": state}',
        FENCES,
    ),
    Fence(
        "a discussion starts from where it was looked at",
        f"{STORE}/sessions/focus_groups.py",
        'free = {"_id": group.id, "epoch": group.epoch, "state": state, "pending": 0, **NO_STOP_UNFINISHED}',
        'free = {"_id": group.id, "state": state, "pending": 0, **NO_STOP_UNFINISHED}',
        FENCES,
    ),
    Fence(
        "a discussion does not start before a stop is finished",
        f"{STORE}/sessions/focus_groups.py",
        'free = {"_id": group.id, "epoch": group.epoch, "state": state, "pending": 0, **NO_STOP_UNFINISHED}',
        'free = {"_id": group.id, "epoch": group.epoch, "state": state, "pending": 0}',
        FENCES,
    ),
    Fence(
        "who takes a session over settles what was held",
        f"{STORE}/sessions/focus_groups.py",
        'if found["abandoned"]:',
        "if False:",
        FENCES,
    ),
    Fence(
        "who takes a task over settles what was held",
        f"{STORE}/sessions/tasks.py",
        'if found["abandoned"]:',
        "if False:",
        FENCES,
    ),
    Fence(
        "holds expire by the database's clock",
        f"{STORE}/usage/ledger.py",
        'server_now = as_utc(self._database.client.admin.command("hello")["localTime"])',
        "from semblance_core.domain.times import utc_now\n\n        server_now = utc_now()",
        "tests/faults/test_clock_skew.py",
    ),
    Fence(
        "a call whose outcome is not known is charged in full",
        f"{LLM}/charging.py",
        "tokens, estimated, served = hold.tokens, True, UNKNOWN",
        "tokens, estimated, served = TokenCounts(), True, STANDARD",
        "tests/llm/test_faults.py",
    ),
    Fence(
        "leases are renewed while their worker works",
        f"{ENGINE}/lease_renewer.py",
        "claims.renew_all(held, self._lease_s)",
        "pass",
        "tests/engine/test_lease_renewer.py",
    ),
)


def noticed(fence: Fence, folder: Path) -> bool:
    """Whether the tests that should notice fail once the fence is taken out of a copy of the repository in this folder."""
    copy = folder / "repository"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, tracked.stdout.split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, copy / name)
    (copy / fence.path).write_text(fence.taken_out(), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *fence.tests.split()]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"The tests did not run (exit {done.returncode}):\n{done.stdout[-2_000:]}{done.stderr[-2_000:]}"
        )
    return done.returncode == 1


def keep(name: str, caught: bool) -> None:
    """Adds one fence's verdict to what is kept, and writes the page's table."""
    with FileLock(KEPT.with_suffix(".lock")):
        known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        known[name] = caught
        KEPT.write_text(json.dumps({fence.name: known.get(fence.name) for fence in ALL}, indent=1) + "\n")
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(before + table(known) + rest.partition(END)[2])


def table(known: dict[str, bool | None]) -> str:
    """The table between its marks."""
    words = {True: "noticed", False: "**not noticed**", None: "not tried"}
    rows = [f"| {fence.name} | `{fence.tests}` | {words[known.get(fence.name)]} |" for fence in ALL]
    return "\n".join([BEGIN, "| fence | tests | when it is taken out |", "|---|---|---|", *rows, END])
