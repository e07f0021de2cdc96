"""The table of docs/reliability.md: each fault, what is promised, and what its test measured.

`./test.sh tests/faults --figures` measures anew and writes it; without the option nothing is written.
"""

import json
from pathlib import Path

from filelock import FileLock

DOCS = Path(__file__).parents[2] / "docs"
KEPT = DOCS / "reliability.json"
PAGE = DOCS / "reliability.md"
BEGIN, END = "<!-- figures: written by the tests -->", "<!-- end of figures -->"

FAULTS = {
    "worker killed": "No turn lost, doubled or reordered; no call made again but one that a killed process had under way; spend never under-counted.",
    "worker killed between two writes": "Every command ends as done, failed or cancelled, and the books agree.",
    "runner frozen, waking late": "Only the current epoch writes.",
    "message doubled or needless": "A message that comes twice, late or never costs time alone.",
    "stop during a hung call": "Stored within 100 ms, on screen within 2 s; the late reply is discarded, its cost kept.",
    "database killed for 10 s": "Goes on within 5 s of its return, without an extra call.",
    "database's disk full": "Nothing acknowledged is lost; it goes on once there is room.",
    "clock off by 3 h either way": "No effect.",
    "proxy that cuts at 30 s": "No page waits on a model.",
    "RabbitMQ restarted": "Sessions go on; no turn lost or doubled.",
    "app told to stop (SIGTERM)": "Turns finished or handed back within 10 s; no database left behind.",
    "worker told to stop (SIGTERM)": "Turns finished or handed back within 10 s.",
    "quota race": "Settled and held together never pass the quota.",
    "model that fails in every way": "Sessions end; each failure is seen, can be retried, and is on record.",
}


def keep(measured: dict[str, str]) -> None:
    """Adds what was measured to what is kept, and writes the page's table."""
    with FileLock(KEPT.with_suffix(".lock")):
        _keep(measured)


def _keep(measured: dict[str, str]) -> None:
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    known |= measured
    KEPT.write_text(json.dumps({fault: known[fault] for fault in FAULTS if fault in known}, indent=1) + "\n")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + table(known) + rest.partition(END)[2])


def table(measured: dict[str, str]) -> str:
    """The table between its marks."""
    rows = [f"| {fault} | {promise} | {measured.get(fault, 'not measured')} |" for fault, promise in FAULTS.items()]
    return "\n".join([BEGIN, "| fault | promise | measured |", "|---|---|---|", *rows, END])
