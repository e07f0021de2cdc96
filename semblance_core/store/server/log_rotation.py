"""Keeps the embedded server's log small: mongod appends to one file and never begins another by itself."""

import contextlib
from pathlib import Path

MOST_BYTES = 10_000_000
KEPT = 3
"""Number of earlier files that stay beside the current one."""
LOG = "mongod.log"


def rotate_if_large(folder: Path, port: int, most_bytes: int = MOST_BYTES) -> bool:
    """Has the server begin a new log where the one there is larger than this; whether it did.

    The earlier files stay as `mongod.log.<time>`, the newest three of them.
    """
    try:
        if (folder / LOG).stat().st_size <= most_bytes:
            return False
    except OSError:
        return False
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    try:
        with MongoClient[dict[str, object]](
            "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500, timeoutMS=2_000
        ) as client:
            client.admin.command("logRotate", "server")
    except PyMongoError:
        return False  # it is away or busy: the next look tries again
    for earlier in sorted(folder.glob(f"{LOG}.*"))[:-KEPT]:
        with contextlib.suppress(OSError):
            earlier.unlink()
    return True
