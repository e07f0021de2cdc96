"""`read-document`: the text that participants would be shown, or one sentence; no database."""

import subprocess
import sys
from pathlib import Path

import pytest

from semblance_core.cli import main
from tests.documents.office import p, run, word
from tests.hostile.corpus import WORDS, good_docx, good_pdf, locked_pdf, picture
from tests.studies import process_environment


@pytest.mark.parametrize(
    ("name", "content"), [("plan.pdf", good_pdf()), ("plan.docx", good_docx()), ("a", WORDS.encode())]
)
def test_a_documents_text_is_printed(
    tmp_path: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert main(["read-document", str(tmp_path / name)]) == 0
    said = capsys.readouterr()
    assert WORDS in said.out
    assert said.err == ""


def test_what_is_odd_is_said_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.txt").write_bytes(good_pdf())
    (tmp_path / "face.png").write_bytes(picture())
    assert main(["read-document", str(tmp_path / "plan.txt")]) == 0
    said = capsys.readouterr()
    assert (said.out.strip(), "but it is a PDF" in said.err) == (WORDS, True)
    assert main(["read-document", str(tmp_path / "face.png")]) == 0
    assert capsys.readouterr() == ("", "A picture; it is shown to participants upright, at most 1,024 pixels long.\n")


def test_an_encoding_can_be_named_and_what_was_left_out_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes("Wiśniewski".encode("cp1250"))
    (tmp_path / "plan.docx").write_bytes(word(p("Shown. ", run("Not.", "<w:vanish/>"))))
    assert main(["read-document", str(tmp_path / "a.txt")]) == 0
    said = capsys.readouterr().err
    assert "They may as well be Central Europe (Windows-1250)" in said
    assert said.endswith("Name another encoding with --encoding.\n")
    assert main(["read-document", str(tmp_path / "a.txt"), "--encoding", "windows-1250"]) == 0
    assert capsys.readouterr() == ("Wiśniewski\n", "")
    assert main(["read-document", str(tmp_path / "plan.docx")]) == 0
    assert capsys.readouterr() == ("Shown.\n", "1 hidden passage is left out.\n")
    for encoding, words in (
        ("rot13", "is not a known encoding"),
        ("utf-8", "a.txt: It is no text in Unicode (UTF-8)"),
    ):
        assert main(["read-document", str(tmp_path / "a.txt"), "--encoding", encoding]) == 2
        assert words in capsys.readouterr().err


def test_what_cannot_be_shown_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "locked.pdf").write_bytes(locked_pdf("secret", "AES-256"))
    (tmp_path / "huge.txt").open("wb").truncate(10**11)  # would not fit into memory
    expected = {
        "locked.pdf": "locked.pdf is locked with a password; save it without one.",
        "huge.txt": "huge.txt has 95,368 MB; a document may have up to 25 MB.",
        "none.pdf": "none.pdf cannot be read: No such file or directory.",
        ".": ". cannot be read: Is a directory.",
    }
    for name, words in expected.items():
        command = [sys.executable, "-m", "semblance_core", "read-document", name]
        environment = process_environment(
            {"PYTHONPATH": Path(__file__).parents[2], "SEMBLANCE_DATA_DIR": tmp_path / "data"}
        )
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"semblance: {words}\n")
    assert not (tmp_path / "data").exists()  # no database was started


def test_personas_and_guides_are_read_as_an_import_would_and_what_is_left_out_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, guide = tmp_path / "people.csv", tmp_path / "guide.txt"
    table.write_bytes("name;age;shoes\nŁucja Gąska;34,0;40\n".encode("cp1250"))
    guide.write_text("Discussion guide\n\n1.\tWhen?\n[Show A]\n• Why?\n", encoding="utf-8")
    assert main(["read-personas", str(table)]) == 2
    said = capsys.readouterr().err
    for words in (
        "Windows-1250",
        "semicolons",
        "Left out: “shoes”",
        "Age “34,0” is 34",
        "(--numbers)",
        "Łucja Gąska | 34,0 | 40",
    ):
        assert words in said, words
    assert main(["read-personas", str(table), "--encoding", "cp1250", "--numbers", "comma"]) == 0
    assert '"age": 34' in capsys.readouterr().out
    assert main(["read-personas", str(table), "--encoding", "utf-8"]) == 2
    assert "no text in Unicode (UTF-8)" in capsys.readouterr().err
    assert main(["read-guide", str(guide)]) == 0
    read = capsys.readouterr()
    assert read.out == "## Discussion\n- When?\n- Why?\n"
    assert "Left out, line 1: “Discussion guide”" in read.err
    assert "Left out, line 4: “[Show A]”. It is an instruction to the moderator." in read.err
    guide.write_bytes("- Où ça?\n".encode("latin-1"))
    assert main(["read-guide", str(guide)]) == 2
    assert "Say its --encoding; in cp1252 it reads “- Où ça?”" in capsys.readouterr().err
    assert main(["read-guide", str(guide), "--encoding", "latin-1"]) == 0
