"""The process that reads documents: `python -m semblance_core.documents.child`, started by guard.py.

For each document its parent sends a line of JSON (name, size, limits) and the file's bytes, and gets one line of JSON.
Where processes can be forked, each document is read in a fork of its own, which dies with what it held.
"""

import json
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from semblance_core.documents import fence
from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.kinds import family_of, mismatch

READERS = {"pdf": "pdf", "zip": "word", "image": "image", "text": "plain"}


def main(requests: BinaryIO, replies: BinaryIO) -> int:
    """Serves until its parent has no more; 128 + the signal, when a reading was ended by one."""
    fence.leave_network()
    while line := requests.readline():
        asked = json.loads(line)
        content = requests.read(asked["size"])
        name, limits = asked["name"], Limits(**asked["limits"])
        if not hasattr(os, "fork"):
            _answer(content, name, limits, replies)
            return 0
        with suppress(DocumentRefused):
            import_module(f"semblance_core.documents.{READERS[family_of(content, name)]}")
        _import_encodings()
        if (reading := os.fork()) == 0:
            _answer(content, name, limits, replies)
            os._exit(0)
        del content
        if status := os.waitpid(reading, 0)[1]:
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1
    return 0


def _answer(content: bytes, name: str, limits: Limits, replies: BinaryIO) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    replies.write(json.dumps(_read(content, name, limits), ensure_ascii=False).encode("utf-8") + b"\n")
    replies.flush()


def _read(content: bytes, name: str, limits: Limits) -> dict[str, Any]:
    """The document as a dict, or {"refused": words}."""
    try:
        family = family_of(content, name)
        reader = import_module(f"semblance_core.documents.{READERS[family]}")
        fence.close(limits)
        document: ReadDocument = reader.read(content, name, limits)
        return asdict(document) | {"notes": [*mismatch(document.kind, name), *document.notes]}
    except DocumentRefused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": f"{shown_name(name)} takes more memory to read than a document may."}
    except RecursionError:
        return {"refused": f"{shown_name(name)} is nested too deeply to be read."}
    except Exception as failed:  # noqa: BLE001 - a parser fails on hostile input in ways that nobody has listed
        return {"refused": f"{shown_name(name)} is damaged ({type(failed).__name__})."}


def _import_encodings() -> None:
    """All of Python's, which it otherwise looks for on disk when a document first asks for one."""
    import encodings

    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # those of other systems
            import_module(f"encodings.{module.name}")


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
