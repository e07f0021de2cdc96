"""`export` from the shell: a study's files, made without a model."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from semblance_core.bootstrap import open_semblance
from semblance_core.cli import main


def test_a_study_is_written_as_the_files_that_were_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_semblance() as semblance:
        group_id = semblance.workspace("user").examples.open_recording("breakfast").id
    assert main(["export", group_id, "--files", "deck", "workbook", "transcript-vtt", "--out", "out"]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.suffix for path in written] == [".pptx", ".xlsx", ".vtt"]
    deck, workbook, transcript = (path.read_bytes() for path in written)
    slides = Presentation(io.BytesIO(deck)).slides
    assert all("Synthetic participants" in str(zipped) for zipped in texts(deck, len(slides)))
    assert "Verbatims" in load_workbook(io.BytesIO(workbook)).sheetnames
    assert transcript.decode().startswith("WEBVTT")
    assert main(["export", group_id, "--files", "deck", "--parts", "summary", "--out", "few"]) == 0
    few = Path(capsys.readouterr().out.strip()).read_bytes()
    assert len(Presentation(io.BytesIO(few)).slides) < len(slides)
    assert main(["export", "there-is-none", "--out", "out"]) == 2
    assert "There is no" in capsys.readouterr().err


def texts(deck: bytes, slides: int) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(deck)) as parts:
        return [parts.read(f"ppt/slides/slide{place}.xml").decode() for place in range(1, slides + 1)]
