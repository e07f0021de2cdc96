"""Finds what screens draw as Markdown though it is neither a literal nor of the type `Markdown`, by the types that mypy infers."""

import ast
import gc
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree

from mypy import build
from mypy.config_parser import parse_config_file
from mypy.modulefinder import BuildSource
from mypy.options import Options
from mypy.types import CallableType, Instance, LiteralType, NoneType, Overloaded, Type, UnionType, get_proper_type

from tests.studies import REPOSITORY

FIRST = {
    *("markdown", "caption", "write", "title", "header", "subheader", "toast", "error", "warning", "info", "success"),
    *("button", "download_button", "form_submit_button", "link_button", "checkbox", "toggle", "radio", "pills", "tabs"),
    *("segmented_control", "selectbox", "select_slider", "multiselect", "slider", "text_input", "text_area", "dialog"),
    *("number_input", "date_input", "time_input", "datetime_input", "file_uploader", "color_picker", "expander"),
    *("popover", "metric", "badge", "spinner", "status", "menu_button", "latex", "exception", "audio_input", "table"),
    *("camera_input", "html"),
}
"""Calls of Streamlit whose first argument is Markdown, or which we use for nothing else than literals."""
NAMED = {"body", "label", "text", "help", "caption", "captions", "delta", "title"}
"""Arguments that are Markdown wherever they are named."""
CHOICES = {"radio", "pills", "segmented_control", "menu_button"}
"""Calls whose choices are Markdown too; in lists to choose from they are plain text."""
NUMBERS = {
    *("builtins.int", "builtins.float", "builtins.bool", "decimal.Decimal", "datetime.datetime", "datetime.date"),
    "datetime.timedelta",
}
MARKDOWN = "ui.parts.words.Markdown"
FAR, APART = 20_000, 400
"""mypy gives the types of all modules by line and column in one table: each of ours is checked below so many empty lines."""
Place = tuple[int, int]
Types = Mapping[tuple[Place, Place], list[Type]]


def unsafe(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """What is drawn unsafely in each of these files, given by module; as one sentence a place."""
    texts = {module: f"{chr(10) * (FAR + at * APART)}{text}" for at, (module, text) in enumerate(sources.items())}
    options = Options()
    parse_config_file(options, lambda: None, str(REPOSITORY / "pyproject.toml"), io.StringIO(), io.StringIO())
    options.export_types = True
    options.cache_dir = str(_cache())
    asked = [BuildSource(f"{module.replace('.', '/')}.py", module, text) for module, text in texts.items()]
    gc.disable()  # mypy keeps all it makes; looking through that again and again takes minutes
    try:
        found = build.build(asked, options).types
    finally:
        gc.enable()
    types = defaultdict[tuple[Place, Place], list[Type]](list)
    for node, kind in found.items():
        if node.line > FAR and node.end_line is not None and node.end_column is not None:
            types[(node.line, node.column), (node.end_line, node.end_column)].append(kind)
    modules = dict[str, _Module]()
    modules.update((module, _Module(text, types, modules)) for module, text in texts.items())
    return {name: list(module.unsafe()) for name, module in modules.items()}


def _cache() -> Path:
    """A folder of mypy's own for this check, whose screens stand elsewhere in their files. It begins with what `mypy` found last."""
    found = REPOSITORY / ".mypy_cache"
    cache = found / "markdown"
    for version in () if cache.exists() else [each for each in found.glob("3.*") if each.is_dir()]:
        copytree(version, cache / version.name)
    return cache


def _is_asset(given: ast.expr) -> bool:
    """True for a file of our own assets, as in `ASSETS / "session.css"`."""
    match given:
        case ast.BinOp(left=ast.Name(id="ASSETS"), op=ast.Div(), right=ast.Constant()):
            return True
    return False


class _Module:
    def __init__(self, text: str, types: Types, others: Mapping[str, "_Module"]):
        self._tree = ast.parse(text)
        self._lines = text.splitlines()
        self._types = types
        self._others = others

    def unsafe(self) -> Iterator[str]:
        makes_it = any(isinstance(node, ast.ClassDef) and node.name == "Markdown" for node in self._tree.body)
        for node in ast.walk(self._tree):
            match node:
                case ast.Call(func=ast.Name(id="Markdown")) if not makes_it:
                    yield ast.unparse(node)  # the safe renderer's module alone makes it
                case ast.Call(func=ast.Name(id="cast"), args=[kind, *_]) if "Markdown" in ast.unparse(kind):
                    yield ast.unparse(node)
        for node, scope in self._drawn(self._tree, self._tree):
            if not self._is_safe(node, scope):
                yield ast.unparse(node)

    def _drawn(self, node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Everything that is drawn as Markdown, with the function that it stands in."""
        called = node.func if isinstance(node, ast.Call) else None
        for child in ast.iter_child_nodes(node):
            inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope
            is_handed_on = isinstance(child, ast.Attribute) and child.attr in FIRST and self._is_streamlit(child.value)
            if is_handed_on and child is not called:
                yield child, scope  # its text would be given elsewhere
            yield from self._drawn(child, inner)
        if not isinstance(node, ast.Call):
            return
        match node.func:
            case ast.Name(id="md"):
                yield node.args[0], self._tree if isinstance(node.args[0], ast.Name) else scope
            case ast.Name(id="joined") | ast.Attribute(attr="from_template"):
                yield node.args[0], scope
            case ast.Attribute(attr=name):
                if name in FIRST and node.args and not (name == "html" and _is_asset(node.args[0])):
                    yield node.args[0], scope
                if name == "metric":
                    yield from ((given, scope) for given in node.args[1:3])
                for keyword in node.keywords:
                    if keyword.arg in NAMED and name not in ("update_layout", "update_xaxes", "update_yaxes"):
                        yield keyword.value, scope
                if name in CHOICES:
                    yield from self._choices(node, scope)

    def _choices(self, node: ast.Call, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        shown = next((keyword.value for keyword in node.keywords if keyword.arg == "format_func"), None)
        match shown:
            case None:
                yield from ((given, scope) for given in node.args[1:2])
            case ast.Lambda(body=body):
                yield body, scope
            case _:
                yield ast.Call(func=shown, args=[], keywords=[], lineno=0, col_offset=0), scope

    def _is_imported(self, name: str) -> bool:
        """Whether a name is that of the safe renderer's module, and nothing else in this file."""
        imported = [node for node in ast.walk(self._tree) if isinstance(node, ast.ImportFrom | ast.FunctionDef)]
        named = [
            node for node in imported if isinstance(node, ast.ImportFrom) and name in [one.name for one in node.names]
        ]
        return any(node.module == "ui.parts.words" for node in named) and len(named) == 1

    def holds_safe(self, name: str) -> bool:
        """Whether a constant of this module is safe."""
        return self._holds_safe(name, self._tree)

    def _is_streamlit(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == "st"

    def _is_safe(self, node: ast.AST | None, scope: ast.AST) -> bool:
        kinds = self._types_of(node)
        if kinds and all(map(is_safe_type, kinds)):
            return True
        match node:
            case ast.Constant():
                return True
            case ast.Dict(values=parts) | ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(self._is_safe(part, scope) for part in parts)
            case ast.FormattedValue(value=value) | ast.Starred(value=value):
                return self._is_safe(value, scope)
            case ast.Subscript(value=ast.Name(id=name)) | ast.Subscript(value=ast.Subscript(value=ast.Name(id=name))):
                return name.isupper() and self._holds_safe(name, scope)
            case ast.Call(func=ast.Attribute(value=value, attr="capitalize")):
                return self._is_safe(value, scope)
            case ast.Call(func=ast.Name(id="list" | "tuple"), args=[value]):
                return self._is_safe(value, scope) or any(map(_makes_enum, self._types_of(value)))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="__getitem__")):
                return name.isupper() and self._holds_safe(name, scope)
            case ast.Call(func=ast.Name(id="md" | "joined" | "safe_markdown" as name)):
                return self._is_imported(name)  # mypy counts the columns of some texts in formatted strings otherwise
            case ast.Call(func=func) if node.lineno == 0:
                made = [get_proper_type(kind) for kind in self._types_of(func)]
                return bool(made) and all(
                    isinstance(each, CallableType) and is_safe_type(each.ret_type) for each in made
                )
            case ast.BoolOp(values=parts):
                return all(self._is_safe(part, scope) for part in parts)
            case ast.BinOp(op=ast.Add(), left=one, right=other) | ast.IfExp(body=one, orelse=other):
                return self._is_safe(one, scope) and self._is_safe(other, scope)
            case ast.Attribute(value=value, attr="value"):
                return any(_is_enum(kind) for kind in self._types_of(value))
            case ast.Name(id=name):
                return self._holds_safe(name, scope)
        return False

    def _holds_safe(self, name: str, scope: ast.AST) -> bool:
        """Whether all that sets a name where it is used sets it to something safe."""
        given, bound = list[ast.expr](), 0
        for node in ast.walk(scope):
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    pairs = zip(names, values, strict=True)
                    given.extend(value for one, value in pairs if isinstance(one, ast.Name) and one.id == name)
                case ast.ImportFrom(module=str() as module, names=names) if any(one.name == name for one in names):
                    return module in self._others and self._others[module].holds_safe(name)
                case ast.Assign(targets=[ast.Name(id=one)], value=value) if one == name:
                    given.append(value)
                case ast.AnnAssign(target=ast.Name(id=one), value=ast.expr() as value) if one == name:
                    given.append(value)
                case ast.AugAssign(target=ast.Name(id=one), value=value) if one == name:
                    given.append(value)
                case ast.NamedExpr(target=ast.Name(id=one), value=value) if one == name:
                    given.append(value)
            is_set = isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
            bound += is_set or (isinstance(node, ast.arg) and node.arg == name)
        if not bound and scope is not self._tree:
            return name.isupper() and self._holds_safe(name, self._tree)
        return bound == len(given) > 0 and all(self._is_safe(value, scope) for value in given)

    def _types_of(self, node: ast.AST | None) -> list[Type]:
        if not isinstance(node, ast.expr) or node.end_lineno is None or node.end_col_offset is None:
            return []
        begin, end = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        return self._types.get((self._in_characters(begin), self._in_characters(end)), [])

    def _in_characters(self, place: Place) -> Place:
        """A place as mypy counts it; `ast` counts bytes."""
        line, column = place
        return line, len(self._lines[line - 1].encode()[:column].decode(errors="ignore"))


def is_safe_type(kind: Type) -> bool:
    """Whether nothing of this type can hold text from people, models or files."""
    proper = get_proper_type(kind)
    match proper:
        case NoneType() | LiteralType():
            return True
        case UnionType(items=items):
            return all(map(is_safe_type, items))
        case Instance(last_known_value=LiteralType()):
            return True
        case Instance(type=info) if info.fullname in ("builtins.list", "builtins.tuple"):
            return all(map(is_safe_type, proper.args))
        case Instance(type=info):
            return info.fullname in NUMBERS or info.fullname == MARKDOWN or info.is_enum
    return False


def _makes_enum(kind: Type) -> bool:
    proper = get_proper_type(kind)
    made = proper.items[0].ret_type if isinstance(proper, Overloaded) else getattr(proper, "ret_type", None)
    return made is not None and _is_enum(made)


def _is_enum(kind: Type) -> bool:
    proper = get_proper_type(kind)
    return isinstance(proper, Instance) and proper.type.is_enum


def screens() -> dict[str, str]:
    """The source of every page and screen, by module."""
    found = sorted(path for part in ("ui", "pages") for path in (REPOSITORY / part).rglob("*.py"))
    named = {".".join(Path(path.relative_to(REPOSITORY)).with_suffix("").parts): path for path in found}
    return {module: path.read_text() for module, path in named.items() if not module.endswith("__init__")}
