"""The process that keeps the embedded mongod: starts it, starts it again if it dies, stops it after its last user.

Runs as `python -m semblance_core.store.server.mongod_supervisor FOLDER MONGOD PORT`. A user is any process that holds the shared lock
`users.lock`; the operating system lets go of it when the process ends, however it ends.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from semblance_core.domain.errors import SetupError
from semblance_core.store.server.embedded import REPLICA_SET, free_port, is_free
from semblance_core.store.server.log_rotation import rotate_if_large

GRACE_S = 3.0


def main(folder: Path, program: Path, wanted_port: int) -> None:
    """Keep the server until nobody uses it. Errors before it is ready are left in `failed.txt` in words."""
    kept = FileLock(folder / "keeper.lock")
    kept.acquire()
    _wait_for_predecessor(folder)
    port = wanted_port or _last_port(folder) or free_port()
    try:
        server = _launch(folder, program, port)
        _make_replica_set(server, folder, port)
    except SetupError as failed:
        kept.release()
        _put(folder / "failed.txt", str(failed))
        return
    _record(folder, port, server.pid)
    (folder / "port.txt").write_text(str(port))
    users = ReadWriteLock(folder / "users.lock")
    recorded, pause_s = True, 0.5
    while not _nobody_left(users):
        if server.poll() is None:
            pause_s = 0.5
            rotate_if_large(folder, port)
        else:
            server = _launch(folder, program, port)
            recorded, pause_s = False, min(5.0, 2 * pause_s)
        if not recorded:
            with contextlib.suppress(OSError):  # the disk may be full, which is why it had to be started again
                _record(folder, port, server.pid)
                recorded = True
        time.sleep(pause_s)
    # Held until mongod is gone: who comes now waits, and then starts a new one.
    (folder / "server.json").unlink(missing_ok=True)
    server.terminate()
    server.wait()
    kept.release()
    users.release()


def _record(folder: Path, port: int, pid: int) -> None:
    """Writes down the server's address for processes that join."""
    _put(folder / "server.json", json.dumps({"port": port, "pid": pid}))


def _put(file: Path, text: str) -> None:
    """Replaces the file as a whole, so that nobody reads half of it."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(text)
    fresh.replace(file)


def _wait_for_predecessor(folder: Path) -> None:
    """Waits for a server that is still shutting down after its supervisor was killed; it holds the data until it is gone."""
    deadline = time.monotonic() + 20
    while sys.platform != "win32" and time.monotonic() < deadline:
        try:
            os.kill(int((folder / "data" / "mongod.lock").read_text()), 0)
        except (OSError, ValueError):
            return
        time.sleep(0.1)


def _nobody_left(users: ReadWriteLock) -> bool:
    """Takes the users' lock for good if nobody holds it, now and after a short grace (a reload leaves and comes back)."""
    try:
        with users.write_lock(timeout=0, blocking=False):
            pass
        time.sleep(GRACE_S)
        users.acquire_write(timeout=0, blocking=False)
    except Timeout:
        return False
    return True


def _last_port(folder: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        port = int((folder / "port.txt").read_text())
        return port if is_free(port) else None
    return None


def _launch(folder: Path, program: Path, port: int) -> subprocess.Popen[bytes]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for socket_file in folder.glob("mongodb-*.sock"):
        socket_file.unlink(missing_ok=True)
    flags = ["--bind_ip", "127.0.0.1", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "128"]
    if sys.platform != "win32":
        flags += ["--unixSocketPrefix", str(folder)] if len(str(folder)) < 80 else ["--nounixsocket"]
    return subprocess.Popen(
        [
            *(str(program), "--dbpath", str(data), "--port", str(port), "--replSet", REPLICA_SET),
            *(*flags, "--networkMessageCompressors", "disabled"),  # this release's decompression reads too far
            *(
                "--logpath",
                str(folder / "mongod.log"),
                "--logappend",
                "--quiet",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false",
            ),
            # What a killed process left half-written keeps others off those documents until then.
            *("--setParameter", "transactionLifetimeLimitSeconds=30"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    """Linux: mongod is asked to stop when the supervisor is killed, so that none is orphaned."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _make_replica_set(server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    """A replica set of one at this address: initiated once, and told its new address where the port has changed."""
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure, PyMongoError

    client: MongoClient[dict[str, object]] = MongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500
    )
    member = {"_id": 0, "host": f"127.0.0.1:{port}"}
    deadline = time.monotonic() + 45
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SetupError(
                f"The database server stopped at once (exit {server.returncode}): {_last_complaint(folder)}"
            )
        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                client.close()
                return
            if not hello.get("setName"):
                _initiate_or_move(client, member)
        except OperationFailure as refused:
            if refused.code not in (23, 93, 94, 103):  # being initiated, or moved, at this moment
                raise SetupError(f"The database server refused to become a replica set: {refused}.") from None
        except PyMongoError:
            pass  # not listening yet
        time.sleep(0.05)
    raise SetupError(f"The database server did not become writable; {folder / 'mongod.log'} says why.")


def _initiate_or_move(client: "object", member: dict[str, object]) -> None:
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure

    assert isinstance(client, MongoClient)
    stored = client.local["system.replset"].find_one()
    if stored is None:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
        return
    moved = {**stored, "version": int(stored["version"]) + 1, "members": [{**stored["members"][0], **member}]}
    with contextlib.suppress(OperationFailure):
        client.admin.command("replSetReconfig", moved, force=True)


def _last_complaint(folder: Path) -> str:
    """Returns mongod's last complaint from its log, in its own words."""
    try:
        lines = (folder / "mongod.log").read_text(errors="replace").splitlines()[-200:]
    except OSError:
        return "it left no log."
    for line in reversed(lines):
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if entry.get("s") in ("E", "F") and "error" in json.dumps(entry.get("attr", {})).lower():
                return f"{entry.get('msg')} {json.dumps(entry['attr'])[:300]}"
    return f"see {folder / 'mongod.log'}."


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
