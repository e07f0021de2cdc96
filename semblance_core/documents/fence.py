"""Gives up rights before a process reads a stranger's file, in layers that do not rely on each other.

- `leave_network` (Linux, where user namespaces are allowed): a network namespace of its own without any interface.
- `close`: no new file descriptor at all, so neither socket nor file (Linux, macOS); bounds on memory (Linux) and processor
  time; and everywhere a hook of Python's own that refuses sockets, files and programs.
"""

import os
import signal
import sys
from contextlib import suppress
from typing import Any

from semblance_core.documents.document import Limits

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
DESCRIPTORS = 3
"""Standard input, output and errors, all open already."""
FORBIDDEN = ("open", "socket.", "subprocess.", "ctypes.", "shutil.", "os.", "winreg.", "_winapi.", "webbrowser.")
HARMLESS = {"os.listdir", "os.scandir", "os.putenv", "os.unsetenv", "os.walk", "os.fwalk"}


def leave_network() -> bool:
    """Returns whether this process is in a network of its own now. It may have one thread only."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    return bool(ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def close(limits: Limits) -> None:
    """Closes this process in for good. Whatever it still needs must be imported by now."""
    limit_resources(limits)
    sys.addaudithook(refuse_doors)


def limit_resources(limits: Limits) -> None:
    """Memory, processor time, descriptors, file sizes and core dumps, where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)  # what the parent sends next is not its to read
    os.dup2(null, 2)
    os.closerange(DESCRIPTORS, null + 1)
    for which, most, beyond in (
        ("RLIMIT_AS", limits.memory_bytes, 0),
        ("RLIMIT_CPU", limits.cpu_s, 1),  # a second between the signal that says why and the one that says nothing
        ("RLIMIT_NOFILE", DESCRIPTORS, 0),
        ("RLIMIT_FSIZE", 0, 0),
        ("RLIMIT_CORE", 0, 0),
    ):
        with suppress(AttributeError, ValueError, OSError):  # macOS refuses some
            resource.setrlimit(getattr(resource, which), (most, most + beyond))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s + 5)  # ends also where nobody is left to end it


reached: list[str] = []
"""Accesses that this process was refused; a parser may have taken them for damage."""


def refuse_doors(event: str, _: tuple[Any, ...]) -> None:
    """An audit hook: raises PermissionError where the process reaches for anything outside itself."""
    if event.startswith(FORBIDDEN) and event not in HARMLESS:
        reached.append(event)
        raise PermissionError(f"{event} is closed while a document is read")
