"""What the tests of the deployment share: programs that a machine may lack, and the shipped files."""

import os
import shutil
from pathlib import Path

import pytest

from tests.studies import REPOSITORY

DEPLOY = REPOSITORY / "deploy"


def needed(program: str, package: str) -> str:
    """Where the program is; the test is skipped where it is nowhere, and fails in CI, which installs it."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/usr/local/bin")
    if found:
        return found
    words = f"{program} was not found; to run this test: {package}"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


def put(target: Path, text: str, *replaced: tuple[str, str]) -> None:
    """Writes a shipped file for a test, with some of its words exchanged; each of them must be there."""
    for old, new in replaced:
        assert old in text, f"{target.name} no longer holds {old!r}"
        text = text.replace(old, new)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
