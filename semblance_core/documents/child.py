"""The process that reads documents: `python -m semblance_core.documents.child`, started by guard.py.

For each document its parent sends a line of JSON (name, size, limits, encoding) and the file's bytes, and gets one line of JSON, which
says how many bytes of a picture follow it.
Where processes can be forked, each document is read in a fork of its own, which dies with what it held.
"""

import json
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO

from semblance_core.documents import fence
from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.kinds import family_of, mismatch

READERS = {"pdf": "pdf.reader", "zip": "word.reader", "image": "image", "text": "text.plain"}
WHOLE = {"pdf.reader": ("pypdf",)}
"""Packages that import parts of themselves late."""


def main(requests: BinaryIO, replies: BinaryIO) -> int:
    """Serves until its parent has no more; 128 + the signal, when a reading was ended by one."""
    fence.leave_network()
    while line := requests.readline():
        asked = json.loads(line)
        content = requests.read(asked["size"])
        name, limits, encoding = asked["name"], Limits(**asked["limits"]), asked["encoding"]
        if not hasattr(os, "fork"):
            _answer(content, name, limits, encoding, replies)
            return 0
        with suppress(DocumentRefused):
            _import_reader(READERS[family_of(content, name)])
        if (reading := os.fork()) == 0:
            _answer(content, name, limits, encoding, replies)
            os._exit(0)
        del content
        if status := os.waitpid(reading, 0)[1]:
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1
    return 0


def _answer(content: bytes, name: str, limits: Limits, encoding: str, replies: BinaryIO) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    reply, picture = _read(content, name, limits, encoding)
    if fence.reached:
        reply = {"refused": f"{shown_name(name)} is not read: it reaches for files, programs or the network."}
        picture = b""
    replies.write(json.dumps(reply, ensure_ascii=False).encode("utf-8") + b"\n" + picture)
    replies.flush()


def _read(content: bytes, name: str, limits: Limits, encoding: str) -> tuple[dict[str, Any], bytes]:
    """The document as a dict, and its picture's bytes; or {"refused": words}."""
    try:
        document = _document(content, name, limits, encoding)
        notes = [*mismatch(document.kind, name), *(each.words for each in document.left_out), *document.notes]
        said = asdict(replace(document, picture=None)) | {"notes": notes}
        if (picture := document.picture) is None:
            return said, b""
        sizes = {"kept": len(picture.kept), "scaled": len(picture.scaled), "scaled_type": picture.scaled_type}
        return said | {"picture": sizes}, picture.kept + picture.scaled
    except DocumentRefused as refused:
        return {"refused": str(refused)}, b""


def _document(content: bytes, name: str, limits: Limits, encoding: str) -> ReadDocument:
    try:
        family = family_of(content, name)
        reader = _import_reader(READERS[family])
        fence.close(limits)
        more = {"encoding": encoding} if family == "text" else {}
        document: ReadDocument = reader.read(content, name, limits, **more)
        return document
    except DocumentRefused:
        raise
    except MemoryError:
        raise DocumentRefused(f"{shown_name(name)} takes more memory to read than a document may.") from None
    except RecursionError:
        raise DocumentRefused(f"{shown_name(name)} is nested too deeply to be read.") from None
    except Exception as failed:  # noqa: BLE001 - a parser fails on hostile input in ways that nobody has listed
        raise DocumentRefused(f"{shown_name(name)} is damaged ({type(failed).__name__}).") from None


@cache
def _import_reader(name: str) -> ModuleType:
    """A reader, and all that it would otherwise look for on disk when a document first needs it, which the fence forbids."""
    for package in ("encodings", *WHOLE.get(name, ())):
        folders = import_module(package).__path__
        for module in pkgutil.walk_packages(folders, f"{package}.", onerror=lambda _: None):
            with suppress(ImportError):  # those of other systems
                import_module(module.name)
    return import_module(f"semblance_core.documents.{name}")


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, sys.stdout.buffer))
