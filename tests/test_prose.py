"""Docstrings are sentences that can be skimmed: they say first what a thing is or does."""

import ast
import re
from pathlib import Path

from tests.studies import REPOSITORY

HEADLESS = re.compile(r"(What|Who|Whom|Whose|Whoever|Whatever|How|Where|Which|Whether|When|Why) ")
"""Openings of a clause that nothing stands in front of."""


def docstrings(path: Path) -> list[tuple[int, str]]:
    """The docstrings of a module, its classes and functions, and those that stand below a constant."""
    scopes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [
        node
        for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(scope, scopes)
        for node in scope.body
    ]
    texts = [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    return [(node.lineno, node.value.value) for node in texts if isinstance(node.value.value, str)]  # type: ignore[attr-defined]


def test_no_docstring_opens_with_a_headless_clause() -> None:
    offenders = []
    for top in ("semblance_core", "ui", "api", "pages"):
        for path in sorted((REPOSITORY / top).rglob("*.py")):
            name = str(path.relative_to(REPOSITORY))
            offenders += [f"{name}:{line}: {text[:60]}" for line, text in docstrings(path) if HEADLESS.match(text)]
    assert not offenders, "\n".join(offenders)
