"""A secret file is whole or made anew: what was cut off at birth locks nobody out."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from semblance_core.store.secret_file import secret_in

CUT_OFF = (b"", b"\n", b"AbC", b"\xff" * 64)


@pytest.mark.parametrize("content", CUT_OFF)
def test_a_secret_that_was_cut_off_is_made_anew_and_kept(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cookie.key"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        made = secret_in(path)
    assert len(made) >= 43
    assert (secret_in(path), path.read_text()) == (made, made)
    assert path.stat().st_mode & 0o777 == 0o600 or not hasattr(os, "getuid")
    assert "cookie.key is empty or cut off" in caplog.text
    assert made not in caplog.text


def test_a_secret_that_somebody_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "cookie.key"
    path.write_text("x" * 40 + "\n")
    assert secret_in(path) == "x" * 40


@pytest.mark.parametrize("begun", [False, True])
def test_all_who_ask_at_once_get_the_same(tmp_path: Path, begun: bool) -> None:
    path = tmp_path / "new" / "cookie.key"
    if begun:
        path.parent.mkdir()
        path.touch()
    with ThreadPoolExecutor(8) as several:
        assert len(set(several.map(lambda _: secret_in(path), range(16)))) == 1
    assert {found.name for found in path.parent.iterdir()} <= {"cookie.key", "cookie.key.lock"}


def test_where_nothing_can_be_kept_one_signs_in_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cookie.key").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "cookie.key", tmp_path / "file" / "cookie.key"):
        assert len(secret_in(path)) >= 43
    assert "sign-ins end when this process does" in caplog.text
