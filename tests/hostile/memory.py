"""How far a process's memory rises while something happens; Linux only."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def growth_mb(process: int | str = "self") -> Iterator[Callable[[], float]]:
    """How far the process's memory rose above where it stood, at its highest moment."""
    Path("/proc", str(process), "clear_refs").write_text("5")  # the peak begins anew
    before = rss_bytes(process)
    yield lambda: (_status(process, "VmHWM") - before) / 2**20


def rss_bytes(process: int | str) -> int:
    return _status(process, "VmRSS")


def _status(process: int | str, field: str) -> int:
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc", str(process), "status").read_text())
    assert found
    return int(found[1]) * 1024
