"""`survey` from the shell: files and figures, what is missing, and going on with one that failed."""

import csv
import io
import json
from pathlib import Path

import pytest

from semblance_core.cli import main
from tests.scripted_server import Reply, ScriptedServer
from tests.surveys import SHORT, answering

BEGIN = ("survey", "--questionnaire", "oat.md", "--personas", "personas.json", "--out", "out", "--seed", "2")


def test_a_survey_leaves_its_files_and_goes_on_where_it_failed(
    here: Path, model_server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "oat.md").write_text(SHORT, encoding="utf-8")
    model_server.script = lambda asked: (
        answering()(asked) if len(model_server.asked) <= 4 else Reply("down", status=500)
    )
    assert main([*BEGIN, "--concurrency", "1", "--scales", "direct", "similarity"]) == 1
    said = capsys.readouterr()
    assert "About " in said.err
    figures = json.loads(said.out.splitlines()[-1])
    assert (figures["state"], figures["answers"], figures["respondents"]) == ("failed", 4, 3)
    asked = len(model_server.asked)

    model_server.script = answering()
    assert main(["survey", "--resume", figures["survey_id"], "--out", "out"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["state"], figures["answers"], figures["simulated"]) == ("done", 9, False)
    assert len(model_server.asked) - asked == 5
    assert sorted(path.name for path in (here / "out").iterdir()) == [
        *(
            "answers-wide-columns.csv",
            "answers-wide.csv",
            "answers.csv",
            "method.md",
            "questionnaire.md",
            "results.json",
        )
    ]
    text = (here / "out" / "answers.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["method"] for row in rows].count("similarity") == 3


def test_what_is_missing_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["survey", "--out", "out"]) == 2
    assert "Say what is asked and whom" in capsys.readouterr().err
    (here / "oat.md").write_text("# T\n## Q?\n", encoding="utf-8")
    assert main(list(BEGIN)) == 2
    assert "Line 2: this question has no “type: …”" in capsys.readouterr().err
