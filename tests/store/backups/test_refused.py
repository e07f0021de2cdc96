"""What cannot be written is said in words and leaves nothing; what is no whole backup changes nothing."""

import gzip
import os
import resource
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from semblance_core.domain.errors import InvalidInput, SetupError
from semblance_core.domain.times import utc_now
from semblance_core.settings import load_settings
from semblance_core.store.backups.backup import back_up, restore
from semblance_core.store.opening import connect
from tests.conftest import OpenPlatform
from tests.store.backups.archives import packed
from tests.store.backups.conftest import Data, is_untouched, left_in


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda file: file.symlink_to("nowhere")])
def test_no_file_is_replaced(small: Data, file: Path, make: Callable[[Path], object]) -> None:
    make(file)
    before = file.lstat()
    with pytest.raises(InvalidInput, match=r"backup.tar.gz is there already"):
        back_up(small, file, utc_now())
    assert file.lstat() == before
    assert left_in(file.parent) == [file.name]


def test_a_file_that_appears_meanwhile_is_not_replaced(small: Data, file: Path) -> None:
    with pytest.raises(InvalidInput, match="is there already"):
        back_up(small, file, utc_now(), lambda part: file.write_text("somebody's"))
    assert file.read_text() == "somebody's"
    assert left_in(file.parent) == [file.name]


@pytest.mark.parametrize("where", ["nowhere", "a-file", "/proc"])
def test_a_folder_that_cannot_be_written_is_a_sentence(small: Data, tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(InvalidInput, match=r"No backup can be written to the folder .+: [A-Z].+\."):
        back_up(small, tmp_path / where / "backup.tar.gz", utc_now())


def test_what_cannot_be_read_back_is_no_backup(filled: Data, file: Path) -> None:
    """Something else writes into the file while it is made, as a damaged disk would."""

    def damage(_: object) -> None:
        (unnamed,) = file.parent.glob(".backup-*.part")
        with unnamed.open("r+b") as whole:
            whole.seek(1_000_000)  # behind what is packed
            whole.write(b"damage")

    with pytest.raises(SetupError, match=r"No backup was made: .+ could not be read back as it was written"):
        back_up(filled, file, utc_now(), damage)
    assert left_in(file.parent) == []


@contextmanager
def tiny_disk(folder: Path) -> Iterator[str]:
    """A disk of 64 kB in the folder's place, and what is said when it is full."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"No small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield "No space left on device"
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def tiny_files(folder: Path) -> Iterator[str]:
    """No file of this process can be larger than 64 kB, and what is said of those that would be."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, usual[1]))
    try:
        yield "File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize(
    ("limited", "size"),
    [(tiny_disk, 70_000), (tiny_disk, 50_000), (tiny_files, 70_000)],
    ids=["disk full as they are read", "disk full as they are packed", "file too large"],
)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    filled: Data, file: Path, limited: Callable[[Path], Any], size: int
) -> None:
    filled["noise"].insert_one({"_id": 1, "noise": os.urandom(size)})
    with limited(file.parent) as words:
        with pytest.raises(SetupError, match=rf"No backup was made: .+ could not be written \({words}\)\."):
            back_up(filled, file, utc_now())
        assert left_in(file.parent) == []


def test_a_database_that_fails_is_a_sentence_and_leaves_nothing(
    open_platform: OpenPlatform, platform_settings: dict[str, Any], file: Path
) -> None:
    connection = connect(load_settings(**platform_settings))
    with pytest.raises(SetupError, match=r"No backup was made: test-\w+ could not be read \(.+\)\."):
        back_up(connection.database, file, utc_now(), lambda part: connection.close())
    assert left_in(file.parent) == []


def test_a_moment_that_the_server_does_not_keep_for_long_enough_is_a_sentence(filled: Data, file: Path) -> None:
    window = {"minSnapshotHistoryWindowInSeconds": 0}
    usual = filled.client.admin.command("getParameter", 1, **dict.fromkeys(window, 1))

    def write(part: Any) -> None:
        for _ in range(3):
            filled["others"].insert_one({})
            time.sleep(0.1)

    filled.client.admin.command("setParameter", 1, **window)
    try:
        with pytest.raises(
            SetupError, match=r"could not be read \(reading took longer.*minSnapshotHistoryWindow\w+\)\."
        ):
            back_up(filled, file, utc_now(), write)
    finally:
        filled.client.admin.command("setParameter", 1, **{name: usual[name] for name in window})
    assert left_in(file.parent) == []


# Files that are no whole backup


def test_a_file_that_is_cut_anywhere_is_refused(backup: Path, empty: Data) -> None:
    whole = backup.read_bytes()
    for length in {*range(0, len(whole), 13), len(whole) - 1}:
        backup.write_bytes(whole[:length])
        with pytest.raises(InvalidInput, match=r"is cut off or damaged|is no backup"):
            restore(empty, backup)
    assert is_untouched(empty)


def test_a_byte_that_is_changed_anywhere_is_noticed(backup: Path, empty: Data) -> None:
    whole = backup.read_bytes()
    noticed = 0
    for at in range(10, len(whole), 7):  # gzip's header before says nothing of the content
        changed = whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
        if still_says(changed, gzip.decompress(whole)):
            continue  # such as a run of zeros that is copied from another place in the run
        backup.write_bytes(changed)
        with pytest.raises(InvalidInput, match=r"is cut off or damaged|is no backup|was made by a newer version"):
            restore(empty, backup)
        noticed += 1
    assert noticed > 50
    assert is_untouched(empty)


def still_says(changed: bytes, plain: bytes) -> bool:
    with suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(changed) == plain
    return False


OTHER_FILES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda file: file.touch(),
    "a text": lambda file: file.write_text("No backup"),
    "a packed text": lambda file: file.write_bytes(gzip.compress(b"No backup" * 200)),
    "another tar": lambda file: packed(file, [("notes.txt", b"No backup")]),
    "another manifest": lambda file: packed(file, [("manifest.json", b'{"name": "app"}')]),
    "a manifest that is no JSON": lambda file: packed(file, [("manifest.json", b"[" * 200_000)]),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_another_file_is_no_backup(file: Path, empty: Data, name: str) -> None:
    OTHER_FILES[name](file)
    with pytest.raises(InvalidInput, match=r"backup.tar.gz is no backup of Semblance\."):
        restore(empty, file)
    assert is_untouched(empty)


def test_a_file_that_is_not_there_is_a_sentence(file: Path, empty: Data) -> None:
    with pytest.raises(InvalidInput, match=r"cannot be read: No such file"):
        restore(empty, file)
    with pytest.raises(InvalidInput, match=r"cannot be read: Is a directory"):
        restore(empty, file.parent)
