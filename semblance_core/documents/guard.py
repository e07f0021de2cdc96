"""Reads documents in a process of its own, and reports the outcome in words even if a file took the process over."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from semblance_core.documents.document import (
    MOST_SENT_BYTES,
    PARTS,
    PICTURE_TYPES,
    DocumentRefused,
    Limits,
    ReadDocument,
    ReadPicture,
    megabytes,
    shown_name,
)
from semblance_core.domain.discussion.left_out import Kind, LeftOut

ROOT = Path(__file__).parents[2]


def read_document(content: bytes, name: str, encoding: str = "", *, limits: Limits = Limits()) -> ReadDocument:  # noqa: B008 - frozen
    """A file as participants are shown it, found out from its content; its name is only compared.

    encoding: of a text, if a person gave it; empty to detect it.
    Takes about a second, at most `limits.wall_s`; the memory it needs is another process's. Raises DocumentRefused, with one
    sentence for a person, for everything that cannot be shown.
    """
    with Guard(limits) as guard:
        return guard.read(content, name, encoding)


def check_size(size: int, name: str, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
    """Raises DocumentRefused for a file of this many bytes that need not be opened at all."""
    if not size:
        raise DocumentRefused(f"{shown_name(name)} is empty.")
    if size > limits.max_bytes:
        most = megabytes(limits.max_bytes)
        raise DocumentRefused(f"{shown_name(name)} has {megabytes(size)}; a document may have up to {most}.")


class Guard:
    """Reads one document after the other in the same child process, of which each is kept from the next.

    `with Guard() as guard: guard.read(content, name)`. A file that brings the child down costs the next one a new child.
    """

    def __init__(self, limits: Limits = Limits()):  # noqa: B008 - frozen
        self.limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def __enter__(self) -> "Guard":
        return self

    def __exit__(self, *_: BaseException | type[BaseException] | TracebackType | None) -> None:
        self._end()

    def read(self, content: bytes, name: str, encoding: str = "") -> ReadDocument:
        """See read_document."""
        shown = shown_name(name)
        check_size(len(content), name, self.limits)
        return _document(self._asked(content, name, encoding), shown, self.limits)

    def kill(self) -> None:
        """Ends the child at once, from another thread; what is being read, and all after it, is refused."""
        self._is_over = True
        if child := self._child:
            _kill(child)

    def _asked(self, content: bytes, name: str, encoding: str) -> bytes:
        """The child's line and a picture behind it, or what there is of it when it died; raises DocumentRefused where it took too long."""
        child = self._child = self._child or _start()
        if self._is_over:
            _kill(child)
        late = threading.Event()

        def end_late() -> None:
            late.set()
            _kill(child)

        watch = threading.Timer(self.limits.wall_s, end_late)
        watch.daemon = True
        watch.start()
        request = {"name": name[-1000:], "size": len(content), "limits": asdict(self.limits), "encoding": encoding}
        reply, is_whole = b"", False
        try:
            assert child.stdin
            assert child.stdout
            with suppress(BrokenPipeError, OSError):
                child.stdin.write(json.dumps(request).encode() + b"\n")
                child.stdin.write(content)
                child.stdin.flush()
            line = child.stdout.readline(self.limits.max_text_chars * 5 + 100_000)
            announced = sum(_announced(line, self.limits))
            reply = line + child.stdout.read(announced)
            is_whole = line.endswith(b"\n") and len(reply) == len(line) + announced
        finally:
            watch.cancel()
            if not is_whole:
                self._end()
        if late.is_set() or child.returncode in (128 + _number("SIGXCPU"), 128 + _number("SIGALRM")):
            self._end()
            raise DocumentRefused(f"{shown_name(name)} takes longer to read than {self.limits.wall_s:.0f} seconds.")
        return reply

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            if child.stdin:
                child.stdin.close()
        if child.stdout:
            child.stdout.close()
        try:
            child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill(child)
            child.wait()


def _start() -> subprocess.Popen[bytes]:
    """A fresh interpreter with no file but its pipes and nothing of this process's environment."""
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "semblance_core.documents.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=os.path.abspath(os.sep),
        start_new_session=True,
    )


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends it and what it forked."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def _number(name: str) -> int:
    return int(getattr(signal, name, 0))


def _announced(line: bytes, limits: Limits) -> tuple[int, int]:
    """Sizes of the picture that follows a line, kept and scaled; (0, 0) for none, or none that would be taken."""
    try:
        sizes = json.loads(line).get("picture") or {}
        kept, scaled = int(sizes.get("kept", 0)), int(sizes.get("scaled", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return 0, 0
    fit = 0 <= kept <= limits.max_bytes and 0 <= scaled <= MOST_SENT_BYTES
    return (kept, scaled) if fit else (0, 0)


def _picture(said: dict[str, Any], behind: bytes, limits: Limits, line: bytes) -> ReadPicture:
    """Returns the two files behind the line, checked to be what the line claims."""
    kept_size, scaled_size = _announced(line, limits)
    kept, scaled = behind[:kept_size], behind[kept_size:]
    scaled_type = str(said["picture"]["scaled_type"])
    for content, size, kind in ((kept, kept_size, str(said["media_type"])), (scaled, scaled_size, scaled_type)):
        if len(content) != size or not content.startswith(PICTURE_TYPES[kind]):
            raise ValueError(kind)
    return ReadPicture(kept, scaled, scaled_type)


def _left_out(said: dict[str, Any]) -> LeftOut:
    return LeftOut(Kind(said["kind"]), int(said["count"]), tuple(map(int, said["pages"])))


def _document(reply: bytes, shown: str, limits: Limits) -> ReadDocument:
    """Returns the child's reply as a document. A file may have taken the child over, so nothing in the reply is trusted."""
    line, _, behind = reply.partition(b"\n")
    try:
        said: dict[str, Any] = json.loads(line)
        if "refused" in said:
            raise DocumentRefused(str(said["refused"]))
        if said["kind"] not in PARTS:
            raise ValueError(said["kind"])
        kind, text, parts = said["kind"], str(said["text"]), int(said["parts"])
        picture = _picture(said, behind, limits, line) if kind == "image" else None
        notes, left_out = tuple(map(str, said["notes"])), tuple(map(_left_out, said["left_out"]))
        return ReadDocument(kind, text, parts, notes, str(said["media_type"]), picture, left_out)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DocumentRefused(f"{shown} could not be read: the reader crashed.") from None
