"""The app that clicks are measured on: served from a source tree, empty or with years of use in it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.store.ids import new_id
from semblance_core.store.server.embedded import free_port
from tests.browser import ROOT
from tests.seeds import Seeded, small

PERSONAS, SESSIONS, MESSAGES = 60, 25, 2_000


def memory(process: "subprocess.Popen[bytes]") -> str:
    """PSS in MB of a process and all that it started."""
    found: dict[str, float] = {}
    for pid in _family(process.pid):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        name = next((Path(each.decode()).name for each in command[1:] if not each.startswith(b"-")), "") or "?"
        kb = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        found[f"{name} {pid}"] = kb / 1024
    parts = ", ".join(f"{name.split()[0]} {mb:.0f}" for name, mb in found.items())
    return f"{sum(found.values()):.0f} MB PSS ({parts})"


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


@dataclass(frozen=True)
class Served:
    address: str
    process: "subprocess.Popen[bytes]"


@contextmanager
def serving(script: Path, settings: dict[str, str], folder: Path, tree: Path = ROOT) -> Iterator[Served]:
    """A Streamlit app in a process of its own, from any tree. It answers when this returns."""
    port = free_port()
    run = ["-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true"]
    with (folder / f"app-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *run, "--browser.gatherUsageStats", "false"],
            cwd=tree,
            env={**os.environ, **settings, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/api/health/ready" if settings else f"{address}/_stcore/health", process)
            yield Served(address, process)
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "the app ended at once"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the app was not ready within two minutes")


def empty_app(folder: Path) -> Path:
    script = folder / "empty.py"
    script.write_text('import streamlit as st\n\nst.write("empty")\n', encoding="utf-8")
    return script


def grown(semblance: Semblance) -> Seeded:
    """One finished study, grown to the sizes above; its session has most of the messages."""
    seeded = small(semblance)
    store, database, now = semblance.store, semblance.connection.database, semblance.clock()
    persona = semblance.workspace("user").personas.get(seeded.persona_id)
    there = len(semblance.workspace("user").personas.names(seeded.project_id))
    people = [replace(persona, id="", name=f"Person{number} Test") for number in range(PERSONAS - there)]
    store.personas.add(seeded.project_id, people, now)
    group: dict[str, Any] = database["focus_groups"].find_one({"_id": seeded.group_id}) or {}
    copies = [{**group, "_id": new_id(), "title": f"Group {number}"} for number in range(SESSIONS - 1)]
    database["focus_groups"].insert_many(copies)
    everything = list(database["focus_group_messages"].find({"focus_group_id": seeded.group_id}).sort("seq", 1))
    said = [message for message in everything if message["role"] != "moderator"]
    more = range(len(everything) + 1, MESSAGES + 1)
    database["focus_group_messages"].insert_many(
        {**said[seq % len(said)], "_id": f"{seeded.group_id}/{seq}", "seq": seq} for seq in more
    )
    database["focus_groups"].update_one({"_id": seeded.group_id}, {"$set": {"next_seq": MESSAGES + 1}})
    return seeded
