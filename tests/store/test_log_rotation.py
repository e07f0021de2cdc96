"""The embedded server's log: another file when it is large, and no more than three earlier ones."""

import shutil
from pathlib import Path

import pytest

from semblance_core.store.server import embedded
from semblance_core.store.server.log_rotation import KEPT, LOG, MOST_BYTES, rotate_if_large
from tests.studies import eventually


@pytest.fixture(scope="module")
def folder(module_dir: Path) -> Path:
    """An embedded server's folder whose log is large from before."""
    log = embedded.writable_folder(module_dir) / LOG
    with log.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    return module_dir


def test_the_supervisor_begins_another_log_and_three_earlier_ones_stay(folder: Path) -> None:
    server = embedded.join(folder)
    try:
        inside = folder / "mongodb"
        eventually(lambda: len(list(inside.glob(f"{LOG}.*"))) == 1)
        (large,) = inside.glob(f"{LOG}.*")
        assert large.stat().st_size > MOST_BYTES
        assert (inside / LOG).stat().st_size < MOST_BYTES

        port = int(server.uri.split(":")[2].split("/")[0])
        assert not rotate_if_large(inside, port)
        for number in range(KEPT):
            shutil.copy(large, inside / f"{LOG}.2020-01-0{number + 1}T00-00-00")
        eventually(lambda: rotate_if_large(inside, port, most_bytes=0))  # files are named by the second
        kept = sorted(path.name for path in inside.glob(f"{LOG}.*"))
        assert len(kept) == KEPT
        assert not any(name.endswith(("01T00-00-00", "02T00-00-00")) for name in kept)
    finally:
        server.leave()


def test_a_server_that_does_not_answer_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"x" * 10)
    assert not rotate_if_large(tmp_path, embedded.free_port(), most_bytes=1)
    assert not rotate_if_large(tmp_path / "nowhere", embedded.free_port())
