"""A folder with what a study needs, and the environment of a command."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.studies import GUIDE

PANEL = [{"name": name, "age": 30, "occupation": "nurse"} for name in ("Maya Rao", "Ben Cole", "Ines Falk")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "guide.md").write_text(GUIDE)
    (tmp_path / "personas.json").write_text(json.dumps(PANEL))
    (tmp_path / "brief.txt").write_text("UK shoppers who buy oat milk")
    return tmp_path


@pytest.fixture
def environment(platform_settings: dict[str, Any]) -> dict[str, str]:
    settings = platform_settings | {"SEMBLANCE_ENV": "development", "SEMBLANCE_CALL_ATTEMPTS": 1}
    return {name: str(value) for name, value in settings.items()}


@pytest.fixture
def here(environment: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment in this process, for commands that need no process of their own."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    return folder
