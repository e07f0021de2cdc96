"""`interviews` from the shell: the same files twice with one seed, and what is missing."""

import csv
import io
import json
from pathlib import Path

import pytest

from semblance_core.cli import main
from tests.studies import GUIDE

BEGIN = (
    "interviews",
    "--guide",
    "guide.md",
    "--personas",
    "personas.json",
    "--model",
    "simulator/instant",
    "--seed",
    "7",
)


def test_a_round_leaves_its_files_and_the_same_seed_the_same_answers(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "guide.md").write_text(GUIDE, encoding="utf-8")
    answers = []
    for out in ("one", "two"):
        assert main([*BEGIN, "--title", "Oat milk alone", "--out", out]) == 0
        said = capsys.readouterr()
        assert "About " in said.err
        figures = json.loads(said.out.splitlines()[-1])
        assert (figures["interviews"], figures["answered"], figures["simulated"]) == (3, 9, True)
        assert figures["themes"]
        text = (here / out / "answers.csv").read_text(encoding="utf-8-sig")
        answers.append([(row["person"], row["answer"]) for row in csv.DictReader(io.StringIO(text))])
        assert "## Method card" in (here / out / "interviews.md").read_text(encoding="utf-8")
        quotes = json.loads((here / out / "themes.json").read_text(encoding="utf-8"))["themes"][0]["verbatims"]
        assert quotes[0]["session_id"]
    assert len(answers[0]) == 9
    assert answers[0] == answers[1]
    assert main(["interviews", "--out", "out"]) == 2
    assert "Say what is asked and whom" in capsys.readouterr().err
