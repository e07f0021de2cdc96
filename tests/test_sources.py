"""What docstrings, comments and docs name is there: files, folders, sections, lessons and modules to run."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.studies import REPOSITORY

NOT_OURS = {".venv", "venv", "node_modules", ".semblance", ".git", "build", "dist", "data"}
COMMENTED = {".sh", ".toml", ".yaml", ".conf", ".py"}
UNDER = (Path(), Path("semblance_core"), Path("docs"))
"""Folders that a path may be given from, besides that of the file which names it and the one above."""
MADE_ELSEWHERE = {"report.md", "guide.md", "GUIDE.md", "questionnaire.md", "method.md", "oat.md", "pages/NAME.py"}
"""Files of those who use the product, which it writes or examples hand to it, and files that instructions ask to write."""
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
PLACE = re.compile(
    r"(?<![\w./:{}*-])((?:[\w.-]+/)*[\w-]+\.(?:py|md)|(?:[\w.-]+/)+[\w-]+\.(?:sh|js|css|json|toml|conf|jinja))\b(?![/\w*])"
)
FOLDER = re.compile(r"`((?:[\w-]+/){2,})`")
SECTION = re.compile(r"([\w/.-]+\.md), (?:lesson (\d+)|\"([^\"]+)\")")
RUN = re.compile(r"python -m ([a-z_]+(?:\.[a-z_]+)*)(?![.\w])")


class Prose(NamedTuple):
    """A docstring, a comment or a line of a document, and where it stands."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@cache
def files() -> tuple[Path, ...]:
    found = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*") if path.is_file())
    return tuple(path for path in found if not NOT_OURS & set(path.parts))


@cache
def names() -> frozenset[str]:
    return frozenset(path.name for path in files())


@cache
def prose() -> tuple[Prose, ...]:
    """Everything that is written for people, read once."""
    return tuple(_prose())


def _prose() -> Iterator[Prose]:
    for path in files():
        if path.suffix == ".md" and "prompts" not in path.parts:
            yield from _lines(path)
        elif path.suffix == ".py":
            yield from _docstrings(path)
            yield from _comments(path)
        elif path.suffix in COMMENTED or path.name in ("Makefile", "Dockerfile", ".env.example"):
            yield from (one for one in _lines(path) if "#" in one.text)


def _text(path: Path) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def _lines(path: Path) -> Iterator[Prose]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        yield Prose(path, number, line)


def _docstrings(path: Path) -> Iterator[Prose]:
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Prose(path, node.lineno, node.value.value)


def _comments(path: Path) -> Iterator[Prose]:
    for token in tokenize.generate_tokens(io.StringIO(_text(path)).readline):
        if token.type == tokenize.COMMENT:
            yield Prose(path, token.start[0], token.string)


def place_of(name: str, named_in: Path) -> Path | None:
    """The file or folder that is meant, from the top of the repository; a name without a folder may stand anywhere."""
    for base in (named_in.parent, named_in.parent.parent, *UNDER):
        if (REPOSITORY / base / name).exists():
            return base / name
    if "/" not in name and name in names():
        return next(path for path in files() if path.name == name)
    return None


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", _text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.casefold()).replace(" ", "-") for head in heads}


def sections(path: Path) -> set[str]:
    """What can be cited of a document: its headings, the first cells of its tables, and `lesson 1` and so on of its numbered list."""
    text = _text(path)
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    cells = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    lessons = re.findall(r"^(\d+)\. ", text, re.MULTILINE)
    return {one.casefold() for one in (*heads, *cells)} | {f"lesson {number}" for number in lessons}


def test_every_file_that_is_named_is_there() -> None:
    offenders = []
    for one in prose():
        if one.path.name == "CHANGELOG.md":
            continue  # names what was, too
        for name in (*PLACE.findall(one.text), *FOLDER.findall(one.text)):
            name = name.removeprefix("HERE/")  # README: the checkout that one stands in
            if name not in MADE_ELSEWHERE and place_of(name, one.path) is None:
                offenders.append(f"{one} names {name}")
    assert not offenders, "\n".join(offenders)


def test_every_section_that_is_cited_is_there() -> None:
    cited, offenders = 0, []
    for one in prose():
        for name, lesson, section in SECTION.findall(" ".join(one.text.split())):
            target, wanted = place_of(name, one.path), f"lesson {lesson}" if lesson else section.casefold()
            cited += 1
            if target is None or wanted not in sections(target):
                offenders.append(f"{one} cites {name}, {wanted}")
    assert not offenders, "\n".join(offenders)
    assert cited > 15


def test_every_link_of_the_docs_leads_somewhere() -> None:
    followed, offenders = 0, []
    for one in prose():
        if one.path.suffix != ".md":
            continue
        for name, anchor in LINK.findall(one.text):
            target = (one.path.parent / name) if name else one.path
            followed += 1
            if not (REPOSITORY / target).exists() or (anchor and anchor not in anchors(target)):
                offenders.append(f"{one} links to {name}#{anchor}")
    assert not offenders, "\n".join(offenders)
    assert followed > 40


def test_every_module_that_is_to_be_run_is_there() -> None:
    offenders = []
    for one in prose():
        for module in RUN.findall(one.text):
            at = REPOSITORY / module.replace(".", "/")
            ours = (REPOSITORY / module.partition(".")[0]).exists()
            if ours and not (at.with_suffix(".py").exists() or (at / "__main__.py").exists()):
                offenders.append(f"{one} runs {module}")
    assert not offenders, "\n".join(offenders)


def test_the_tree_of_the_architecture_has_every_room() -> None:
    tree = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    drawn = set(re.findall(r"(\w+)/(?= |$)", tree, re.MULTILINE))
    rooms = {
        path.parent for path in files() if path.suffix == ".py" and path.parts[0] in ("semblance_core", "ui", "api")
    }
    missing = sorted(str(folder) for folder in rooms if folder.name not in drawn)
    assert not missing, missing


def test_no_table_has_an_empty_head() -> None:
    """Drawn on a page, it is an empty first row."""
    for path in (
        *(REPOSITORY / "ui").rglob("*.py"),
        *(REPOSITORY / "pages").rglob("*.py"),
        *(REPOSITORY / "semblance_core").rglob("*.py"),
    ):
        assert not re.search(r"\| +\| +\|\\n\|-", path.read_text(encoding="utf-8")), path
