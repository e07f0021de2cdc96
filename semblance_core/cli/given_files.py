"""Files that a command is given, as text, personas or a guide; and `read-personas` and `read-guide`, which only say what they hold."""

import argparse
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.domain.discussion.guide import Guide, guide_reading, parse_guide, to_markdown
from semblance_core.domain.errors import InvalidInput

if TYPE_CHECKING:
    from semblance_core.domain.personas.persona import Persona
    from semblance_core.flows.importing.preview import ImportPreview

MOST_BYTES = 25 * 1024 * 1024


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's commands to the parser."""
    personas = commands.add_parser(
        "read-personas",
        help="print the personas of a table or JSON file as an import would read them",
        description=_PERSONAS,
    )
    personas.add_argument("file", metavar="FILE", type=Path)
    add_answers(personas)
    personas.set_defaults(command=_read_personas)
    guide = commands.add_parser("read-guide", help="print a guide as it would be read", description=_GUIDE)
    guide.add_argument("file", metavar="FILE", type=Path)
    guide.add_argument("--encoding", metavar="NAME", default="", help=ENCODING)
    guide.set_defaults(command=_read_guide)


def add_answers(parser: argparse.ArgumentParser) -> None:
    """Adds options for facts about a file of personas that the file itself does not hold."""
    parser.add_argument("--encoding", metavar="NAME", default="", help=ENCODING)
    parser.add_argument(
        "--numbers",
        choices=("point", "comma"),
        default="",
        help="numbers are written 1,000.5 (point) or 1.000,5 (comma)",
    )
    parser.add_argument("--ages", choices=("middle", "none"), default="", help="what ages such as 25-34 are taken for")


ENCODING = "in what the file's characters are, such as cp1250; needed only where it does not tell"
_PERSONAS = (
    "The personas go to stdout as JSON; form, columns, what is left out, what is to be answered and the first rows to stderr. Exit "
    "code 2 where a row does not fit or something is to be answered. Needs no database."
)
_GUIDE = "The guide goes to stdout as Markdown, each line that is left out to stderr with why. Needs no database."


def given_personas(path: Path, encoding: str, numbers: str, ages: str) -> "tuple[Persona, ...]":
    """The file's personas, after it was said on stderr what was read; raises `InvalidInput` where one does not fit."""
    from semblance_core.flows.importing.persona_file import refuse_open

    preview = _previewed(path, encoding, numbers, ages)
    refuse_open(preview)
    if preview.problems:
        raise InvalidInput(preview.problems[0])
    return preview.personas


def given_guide(path: Path, encoding: str, *, always: bool = False) -> Guide:
    """The file's guide, after it was said on stderr what was left out and what to look at; raises `InvalidInput` where it
    has no question.

    always: says too that nothing was left out.
    """
    from semblance_core.flows.importing.words import guide_lines

    text = given_text(path, encoding)
    guide = parse_guide(text)
    reading = guide_reading(text)
    if reading.left_out or reading.read_as or always:
        _say(guide_lines(reading, path.name))
    return guide


def given_stimuli(paths: "Iterable[Path]") -> tuple[tuple[str, bytes], ...]:
    """The files' names and bytes."""
    return tuple((path.name, _bytes(path)) for path in paths)


def given_text(path: Path, encoding: str = "") -> str:
    """A text that a person wrote; raises `InvalidInput` for one that is not in UTF-8 unless its encoding is named."""
    from semblance_core.flows.importing.file_text import read_text

    read = read_text(_bytes(path), encoding)
    if read.guessed:
        line = next((line for line in read.text.splitlines() if not line.isascii()), "").strip()[:60]
        names = " or ".join((read.encoding, *read.others))
        raise InvalidInput(
            f"{path} is not a text in UTF-8. Say its --encoding; in {read.encoding} it reads “{line}” (may be {names})."
        )
    return read.text


def _previewed(path: Path, encoding: str, numbers: str, ages: str, *, with_rows: bool = False) -> "ImportPreview":
    from semblance_core.flows.importing.persona_file import preview_of
    from semblance_core.flows.importing.words import preview_lines

    preview = preview_of(_bytes(path), encoding=encoding, numbers=numbers, ages=ages)  # type: ignore[arg-type]  # argparse checked
    _say(preview_lines(preview, path.name, with_rows=with_rows))
    return preview


def _read_personas(given: argparse.Namespace) -> int:
    from semblance_core.reports.exports import personas_json

    preview = _previewed(given.file, given.encoding, given.numbers, given.ages, with_rows=True)
    print(personas_json(preview.personas), end="")
    return 2 if preview.problems or preview.questions else 0


def _read_guide(given: argparse.Namespace) -> int:
    print(to_markdown(given_guide(given.file, given.encoding, always=True)), end="")
    return 0


def _say(lines: Iterable[str]) -> None:
    """On stderr, without what a terminal would obey."""
    for line in lines:
        print("".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Cf")), file=sys.stderr)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MOST_BYTES:  # before it is in memory
            raise InvalidInput(f"{path} has more than 25 MB.")
        return path.read_bytes()
    except OSError as refused:
        raise InvalidInput(f"{path} cannot be read: {refused.strerror}.") from None
