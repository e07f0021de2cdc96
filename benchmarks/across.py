"""Measures the search over a user's sessions and the opening of a synthesis of all of them, at 50 sessions of 400 messages.

`python -m benchmarks.across [--sessions 50] [--messages 400] [--times 9] [--others 0]` prints medians and the worst. The targets: a search
takes at most 0.5 s, a synthesis opens within 2 s. Measured is the operation of the workspace, from the call to its result, over the
embedded database, and beside it the processor time of both processes, which a loaded machine changes less. others: sessions of another
user in the same database, which a search must not read.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings, Sentiment, Theme, Verbatim
from semblance_core.settings import load_settings
from semblance_core.store.codec import to_document
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace, config_of
from tests.studies import NAMES, session

SUBJECTS = (
    "price",
    "taste",
    "foam",
    "climate",
    "habit",
    "trust",
    "carton",
    "shelf",
    "brand",
    "school",
    "sugar",
    "protein",
)
WORDS = 900
THEMES, QUOTES = 8, 6
SEARCHES = ("quokka", "price taste", "the", '"of the"', "the of price", "高い", "nobody-says-this")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--others", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = load_settings(SEMBLANCE_DATA_DIR=Path(folder) / "data", SEMBLANCE_MODEL="simulator/instant")
        with open_semblance(settings) as semblance:
            began = time.perf_counter()
            workspace = semblance.workspace("user")
            project_id = _write(semblance, workspace, given.sessions, given.messages)
            if given.others:
                _write(semblance, semblance.workspace("other"), given.others, given.messages)
            print(f"{given.sessions * given.messages:,} messages written in {time.perf_counter() - began:.0f} s")
            _measure(semblance, workspace, project_id, given.times)


def _measure(semblance: Semblance, workspace: Workspace, project_id: str, times: int) -> None:
    for text in SEARCHES:
        found = workspace.search.mine(text)
        took = _took(semblance, lambda text=text: workspace.search.mine(text), times)  # type: ignore[misc]
        print(f"search for {text}: {len(found.hits)} hits, {_told(took)} (target ≤ 0.5)")
    begun: list[str] = []
    first = _took(semblance, lambda: begun.append(workspace.syntheses.begin(project_id, "All of it").id), 1)
    print(f"begin a synthesis of all sessions: {_told(first)}")
    opened = workspace.syntheses.get(begun[0])
    took = _took(semblance, lambda: workspace.syntheses.get(begun[0]), times)
    print(f"open it with {len(opened.themes)} shared themes: {_told(took)} (target ≤ 2)")


def _took(semblance: Semblance, run: Callable[[], object], times: int) -> list[tuple[float, float]]:
    """Seconds, and seconds of processor time of this process and the database's, of each run."""
    took = []
    for _ in range(times):
        began, busy = time.perf_counter(), _processor_s(semblance)
        run()
        took.append((time.perf_counter() - began, _processor_s(semblance) - busy))
    return took


def _processor_s(semblance: Semblance) -> float:
    told = semblance.connection.database.command("serverStatus")["extra_info"]
    return time.process_time() + float(told["user_time_us"] + told["system_time_us"]) / 1e6


def _told(took: list[tuple[float, float]]) -> str:
    passed, busy = zip(*took, strict=True)
    return f"{statistics.median(passed):.3f} s at the median, {max(passed):.3f} at most, processor {statistics.median(busy):.3f} s"


def _write(semblance: Semblance, workspace: Workspace, sessions: int, messages: int) -> str:
    """Sessions of one project with messages and an analysis each; returns the project's id."""
    rng = random.Random(7)
    words = [f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{number}" for number in range(WORDS)]
    first = session(workspace)
    groups = [first, *(workspace.sessions.create(first.project_id, config_of(first)) for _ in range(sessions - 1))]
    collection = semblance.connection.database["focus_group_messages"]
    for group in groups:
        said = [
            Message(
                *(group.id, seq, "persona", NAMES[seq % 3], _text(rng, words), MessageStatus.SAID, "reply"),
                semblance.clock(),
            )
            for seq in range(1, messages + 1)
        ]
        collection.insert_many([{"_id": f"{group.id}/{each.seq}", **to_document(each)} for each in said])
        themes = tuple(_theme(rng, words, subject) for subject in rng.sample(SUBJECTS, THEMES))
        findings = Findings(group.id, themes, "", 0, "bench", "0", messages, semblance.clock(), simulated=True)
        semblance.store.themes.add(findings, new_id())
    return first.project_id


def _text(rng: random.Random, words: list[str]) -> str:
    """About 60 words; some as common as “the”, some in Japanese, and one in five hundred with a rare word."""
    told = [
        rng.choice(("the", "of", "of the", rng.choice(words), rng.choice(words), rng.choice(SUBJECTS)))
        for _ in range(60)
    ]
    return " ".join(
        [*told, *(["quokka"] if rng.random() < 0.002 else []), *(["高いと思う"] if rng.random() < 0.01 else [])]
    )


def _theme(rng: random.Random, words: list[str], subject: str) -> Theme:
    about = f"{subject} {subject}ful {' '.join(f'{subject}{rng.randrange(6)}' for _ in range(6))} {' '.join(rng.sample(words, 6))}"
    quotes = tuple(
        Verbatim(rng.randrange(1, 400), NAMES[rng.randrange(3)], _text(rng, words)[:120], rng.choice(list(Sentiment)))
        for _ in range(QUOTES)
    )
    return Theme(f"About {subject}", about, quotes)


if __name__ == "__main__":
    main()
