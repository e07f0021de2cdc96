"""`run` with a study file from the shell: the three examples with the simulator in one process and data folder; what is refused."""

import csv
import json
from pathlib import Path

import pytest

from semblance_core.cli import main
from tests.studies import REPOSITORY

EXAMPLES = REPOSITORY / "examples"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize("example", ["pricing", "message-test", "concept-test"])
def test_each_example_runs_from_the_shell(example: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(EXAMPLES / f"{example}.md"), "--out", "out"]) == 0
    said = capsys.readouterr()
    figures = json.loads(said.out.splitlines()[-1])
    assert (figures["missing"], figures["note"], figures["simulated"], figures["cost_usd"]) == (0, "", True, 0)
    rows = rows_of(here / "out" / "comparison.csv")
    assert {row["flags"].split()[-1] for row in rows} == {"simulated"}
    if example == "pricing":
        (prices,) = (here / "out").glob("*/survey/prices.csv")
        points = {row["row"]: float(row["price"]) for row in rows_of(prices) if row["row"] != "curves"}
        assert points["PMC"] < points["OPP"] < points["PME"]
    if example == "message-test":
        assert {row["when"] for row in rows} == {"before", "after", ""}
        assert "Oat milk from a farm near you" in (here / "out" / "study.md").read_text(encoding="utf-8")
    if example == "concept-test":
        assert (figures["arms"], figures["sessions"], figures["surveys"]) == (2, 4, 4)
        told = [row["words"] for row in rows if row["row"] == "difference to Plain"]
        assert len(told) == 3
        assert all("second run" in words or "two runs" in words for words in told)
        assert main(["run", "--resume", figures["design_id"], "--out", "again"]) == 0
        again = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert again["calls"] == figures["calls"], "nothing is asked twice"


def test_what_a_study_file_cannot_do_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "study.md").write_text("---\ntitle: T\nsizes: 3\n---\n", encoding="utf-8")
    assert main(["run", "study.md", "--out", "out"]) == 2
    assert "Line 3: the study has no field “sizes”. Did you mean “size”?" in capsys.readouterr().err
    assert main(["run", "study.md", "--seed", "3", "--out", "out"]) == 2
    assert "The study file says this itself; leave --seed out." in capsys.readouterr().err
    (here / "study.md").write_text("title: T\npersonas: gone.csv\nguide: '- Why?'\n", encoding="utf-8")
    assert main(["run", "study.md", "--out", "out"]) == 2
    assert "gone.csv cannot be read" in capsys.readouterr().err
