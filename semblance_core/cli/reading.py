"""`read-document`: a file as participants would be shown it."""

import argparse
import sys
from pathlib import Path

from semblance_core.domain.errors import InvalidInput


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's command to the parser."""
    read = commands.add_parser(
        "read-document", help="print a PDF, DOCX or text file as participants would be shown it", description=_READ
    )
    read.add_argument("file", metavar="FILE", type=Path)
    read.add_argument("--encoding", metavar="NAME", default="", help=f"what a text is in, such as {', '.join(USUAL)}")
    read.set_defaults(command=_read_document)


_READ = (
    "The text goes to stdout; what was left out, and a picture's kind, to stderr. What cannot be shown is said in one sentence, "
    "with exit code 2. Needs no database."
)
USUAL = ("cp1252", "cp1250", "cp1251", "mac-roman", "shift-jis", "gbk", "big5", "euc-kr")


def _read_document(given: argparse.Namespace) -> int:
    from semblance_core.documents import read_document
    from semblance_core.documents.guard import check_size
    from semblance_core.documents.text.encoding_names import GUESSED, named

    path: Path = given.file
    try:
        check_size(path.stat().st_size if path.is_file() else 1, path.name)  # before it is in memory
        content = path.read_bytes()
    except OSError as refused:
        raise InvalidInput(f"{path} cannot be read: {refused.strerror}.") from None
    document = read_document(content, path.name, named(given.encoding) if given.encoding else "")
    for note in document.notes:
        print(note, file=sys.stderr)
    if not given.encoding and any(note.startswith(GUESSED) for note in document.notes):
        print("Name another encoding with --encoding.", file=sys.stderr)
    if document.kind == "image":
        print("A picture; it is shown to participants upright, at most 1,024 pixels long.", file=sys.stderr)
    else:
        print(document.text)
    return 0
