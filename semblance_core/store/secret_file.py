"""A secret of this machine, made once and kept in a file that only its owner can read."""

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from filelock import FileLock

SHORTEST = 32
"""Characters that a secret has at least: what is shorter was cut off while it was written, and opens nothing safely."""
log = logging.getLogger(__name__)


def secret_in(path: Path) -> str:
    """Returns the file's secret; writes a new one where it is missing, empty or cut off.

    Many processes may ask at once: they get the same one. Where it can be neither read nor written, as on a full disk, this process gets
    one of its own, which is said in the log.
    """
    try:
        return kept_secret(path)
    except OSError as failed:  # a lock that is not given in time is one too
        log.warning("%s cannot be used (%s): sign-ins end when this process does.", path, failed)
        return secrets.token_urlsafe(48)


def kept_secret(path: Path) -> str:
    """Returns the same; raises `OSError` where the file can be neither read nor written."""
    if whole := known_secret(path):
        return whole
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=10):
        if whole := known_secret(path):  # another process was a moment faster
            return whole
        _write(path, fresh := secrets.token_urlsafe(48))
    return fresh


def _write(path: Path, text: str) -> None:
    """Puts the text into the file, its owner's only, so that whoever reads it finds all of it or what was there before."""
    number, unnamed = mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(number, "w", encoding="utf-8") as fresh:
            fresh.write(text)
            fresh.flush()
            os.fsync(fresh.fileno())
        Path(unnamed).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(unnamed).unlink(missing_ok=True)
        raise


def known_secret(path: Path) -> str:
    """Returns the file's secret; empty where there is none that is whole. Writes nothing."""
    try:
        found = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        found = ""
    if len(found) < SHORTEST:
        log.warning("%s is empty or cut off, so it is no secret any more: a new one is made when one is needed.", path)
        return ""
    return found
