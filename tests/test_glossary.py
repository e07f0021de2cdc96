"""docs/developers/glossary.md and the code agree on the nouns."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.studies import REPOSITORY

CORE = "semblance_core"
PAGE = REPOSITORY / "docs" / "developers" / "glossary.md"
NOT_USED = "## Names that are not used"
PRODUCT = (CORE, "ui", "api", "pages", "app.py")


@cache
def trees() -> dict[str, ast.Module]:
    """The product's modules by their names."""
    found = (
        path for top in PRODUCT for path in ((REPOSITORY / top).rglob("*.py") if "." not in top else [REPOSITORY / top])
    )
    return {_module(path.relative_to(REPOSITORY)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def room(module: str) -> str:
    """A top folder, or of the core the folder or file below it."""
    return ".".join(module.split(".")[: 2 if module.startswith(CORE) else 1])


def classes() -> set[tuple[str, str]]:
    return {
        (module, node.name) for module, tree in trees().items() for node in tree.body if isinstance(node, ast.ClassDef)
    }


def shared_classes() -> set[str]:
    """Public classes of the core that at least two other rooms import."""
    known, users = classes(), defaultdict(set)
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and room(node.module) != room(module):
                for alias in node.names:
                    if (node.module, alias.name) in known and node.module.startswith(CORE):
                        users[alias.name].add(room(module))
    return {name for name, rooms in users.items() if len(rooms) > 1 and not name.startswith("_")}


def first_cells(text: str) -> set[str]:
    """The names in the first column of its tables."""
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def identifiers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name, node.lineno) for alias in names)


def parts() -> tuple[str, str]:
    used, _, not_used = PAGE.read_text(encoding="utf-8").partition(NOT_USED)
    return used, not_used


def test_every_class_that_rooms_share_is_explained() -> None:
    missing = sorted(shared_classes() - set(re.findall(r"`(\w+)`", parts()[0])))
    assert not missing, missing


def test_every_class_that_is_explained_exists() -> None:
    gone = sorted(first_cells(parts()[0]) - {name for _, name in classes()})
    assert not gone, gone


def test_names_that_were_given_up_do_not_return() -> None:
    banned = first_cells(parts()[1])
    assert len(banned) > 15
    offenders = [
        f"{module}:{line}: {name}"
        for module, tree in trees().items()
        for name, line in identifiers(tree)
        if name in banned
    ]
    offenders += [module for module in trees() if banned & set(module.split("."))]
    assert not offenders, "\n".join(offenders)
