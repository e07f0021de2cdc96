"""The README and the docs are true: what they show runs, what they list exists."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from semblance_core.settings import Settings
from tests.faults import figures

ROOT = Path(__file__).parents[1]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_the_notebook_of_the_readme_does_a_study_in_under_ten_lines(tmp_path: Path) -> None:
    (notebook,) = blocks("python")
    assert len([line for line in notebook.splitlines() if line.strip()]) < 10
    settings = {
        "SEMBLANCE_DATA_DIR": str(tmp_path / "data"),
        "SEMBLANCE_SIMULATOR_DELAY_S": "0",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", notebook],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "simulated" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("personas.json", "transcript.jsonl", "themes.json", "usage.csv", "report.md")
    }


def test_the_settings_page_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs/settings.md").read_text()))
    assert listed == {str(field.alias) for field in Settings.model_fields.values()}


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_page_on_reliability_has_what_every_test_of_a_fault_measured() -> None:
    page = figures.PAGE.read_text()
    measured = json.loads(figures.KEPT.read_text())
    assert list(measured) == list(figures.FAULTS)
    assert figures.table(measured) in page


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    named = re.findall(r"tests/[\w/]+\.py", (ROOT / "docs" / "security.md").read_text())
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).is_file()] == []
