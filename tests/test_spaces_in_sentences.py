"""`md` strips what fills it, so a piece that begins or ends with a space has to be Markdown itself, or the space is lost."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lost_spaces(source: str) -> list[str]:
    """The pieces of `md(...)` that lose an outer space: texts of ours, at the place or by a name of the same module."""
    tree = ast.parse(source)
    assigned = {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _has_outer_space(node.value)
    }
    return [
        ast.unparse(piece)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "md"
        for piece in call.args[1:]
        if _has_outer_space(piece) or (isinstance(piece, ast.Name) and piece.id in assigned)
    ]


def _has_outer_space(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return text.strip() not in ("", text)
        case ast.JoinedStr(values=[first, *_]):
            return _starts_with_space(first) or _ends_with_space(node.values[-1])
        case ast.IfExp():
            return _has_outer_space(node.body) or _has_outer_space(node.orelse)
    return False


def _starts_with_space(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).startswith(" ")


def _ends_with_space(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).endswith(" ")


def test_no_sentence_on_screen_loses_the_space_before_it() -> None:
    modules = [path for folder in ("ui", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert {str(path): lost for path in modules if (lost := lost_spaces(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "line", ["md('a{}', ' b')", "more = f' and {n}' if n else ''\nmd('a{}', more)", "md('{}b', 'a ' if n else '')"]
)
def test_lost_spaces_are_found(line: str) -> None:
    assert lost_spaces(line)
