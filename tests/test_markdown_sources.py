"""What is drawn as Markdown holds no text of people, models or files that was not made safe: read from the source itself."""

import ast
from collections.abc import Iterator

import pytest

from tests.studies import REPOSITORY

FIRST = {
    *("markdown", "caption", "write", "title", "header", "subheader", "toast", "error", "warning", "info", "success"),
    *("button", "download_button", "form_submit_button", "checkbox", "toggle", "radio", "pills", "segmented_control"),
    *("selectbox", "multiselect", "slider", "text_input", "text_area", "number_input", "date_input", "file_uploader"),
    *("expander", "popover", "metric", "badge", "spinner", "status", "menu_button", "dialog", "latex", "exception"),
}
"""Calls of Streamlit whose first argument is Markdown."""
NAMED = {"body", "label", "text", "help", "caption", "delta"}
"""Arguments that are Markdown wherever they are named."""
CHOICES = {"radio", "pills", "segmented_control", "menu_button"}
"""Calls whose choices are Markdown too; in lists to choose from they are plain text."""
OURS = {"nothing_yet", "say_done"}
"""Functions of ours that draw what they are given as Markdown."""
SAFE = {
    *("safe_markdown", "len", "sum", "min", "max", "int", "when", "ago", "money", "label", "span", "estimate_words"),
    *("guide_words", "noise_words", "named_icon", "made_by", "dropped", "_alike_words", "_side", "_label", "_count"),
    *("_number", "number", "_listed"),
}
"""Functions that give safe Markdown, figures, or words of the app's own."""
ALLOWED = {
    "pages/account.py": {"words"},  # quota_share: figures
    "pages/focus_group.py": {"ORDER.index(name)"},
    "pages/home.py": {"number", "title", "words", "label"},  # step(): constants
    "pages/personas.py": {"total", "kind"},
    "pages/prices.py": {"words"},  # a count
    "pages/usage.py": {"words", "status.unpriced_calls"},
    "ui/conflicts.py": {"label"},  # show_conflict(): constants
    "ui/deletion.py": {"label"},  # is_sure(): constants and a count
    "ui/draft.py": {"label"},  # show_conflict(): constants
    "ui/finding_themes.py": {"missed"},
    "ui/findings_charts.py": {"tone_name", "value"},  # one of the three sentiments; counts in a plot
    "ui/findings_files.py": {
        "method_card(group, ws.messages(group.id), findings, safe_markdown)",
        *("title", "about", "label"),  # _kind(): constants
    },
    "ui/guide_editor.py": {"label", "name"},  # _button(): constants and places
    "ui/guide_sources.py": {"line.number", "n"},
    "ui/live.py": {"covered", "group.course.turns", "group.turn_limit", "count"},
    "ui/panel_report.py": {"trait.words", "words"},  # of figures
    "ui/usage_books.py": {"doing"},  # _bar(): constants
    "ui/participants.py": {"facets.runs[run]"},
    "ui/persona_card.py": {"words", "what"},  # one of the origins
    "ui/persona_compare.py": {"words", "mark"},  # _choice(): constants
    "ui/persona_form.py": {"trait"},
    "ui/persona_picks.py": {"kind", "gone"},
    "ui/persona_views.py": {"trait", "level", "persona.origin"},
    "ui/pieces.py": {"icon", "title", "words"},  # nothing_yet(): what it is called with is looked at, too
    "ui/recruiting.py": {"words"},
    "ui/session_list.py": {"said", "name", "what"},
    "ui/set_up_check.py": {
        "words",
        "more",
        "what",
        "STEPS[name][0]",
    },  # missing() and _parts() make safe what they name; the names of fields
    "ui/shares.py": {"', '.join(map(label, MARGIN_FIELDS))"},
    "ui/shell.py": {"words", "what", "are"},  # quota_share: figures; whose(): constants
    "ui/stimuli.py": {"icon", "label"},  # show_conflict(): constants
    "ui/stimuli_list.py": {"words"},  # a count
    "ui/task_progress.py": {"doing", "task.done"},
    "ui/theme_cards.py": {"words", "counted", "seq"},
    "ui/theme_editing.py": {
        "findings.version",
        "way",
        "part",
        "what",
    },  # parts are made safe where they are put together
    "ui/tour.py": {"stop", "shown.title", "shown.words"},  # constants
    "ui/usage_filters.py": {"title"},
    "ui/usage_totals.py": {"label", "last", "amount", "expected.days"},  # constants, a date, figures
    "ui/user_card.py": {"words"},  # quota_share: figures
    "ui/words.py": {"words"},  # say_done(): what it is called with is looked at, too
}
"""What is known to hold figures, words of the app's own or safe Markdown, where the source does not show it by itself."""


class Scope:
    """What the names of one function or module are set to; None where something else sets them."""

    def __init__(self, body: ast.AST, allowed: set[str]):
        self._allowed = allowed
        self._set: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.NamedExpr(ast.Name(id=name), value):
                    self._set.setdefault(name, []).append(value)
                case ast.AugAssign(target=ast.Name(id=name), value=value):
                    self._set.setdefault(name, []).append(value)

    def holds_safe(self, node: ast.expr | None) -> bool:
        if node is None or ast.unparse(node) in self._allowed:
            return node is not None
        match node:
            case ast.Constant():
                return True
            case (
                ast.JoinedStr(values=values)
                | ast.BoolOp(values=values)
                | ast.List(elts=values)
                | ast.Tuple(elts=values)
            ):
                return all(map(self.holds_safe, values))
            case ast.FormattedValue(value=value, format_spec=spec):
                return is_of_numbers(spec) or self.holds_safe(value)
            case ast.Starred(value=value):
                return self.holds_safe(value)
            case ast.BinOp(op=ast.Sub()):
                return True  # numbers
            case ast.BinOp(right=ast.Constant(int())):
                return True
            case ast.BinOp(left=left, right=right):
                return self.holds_safe(left) and self.holds_safe(right)
            case ast.IfExp(body=body, orelse=orelse):
                return self.holds_safe(body) and self.holds_safe(orelse)
            case ast.GeneratorExp(elt=made) | ast.ListComp(elt=made):
                return self.holds_safe(made)
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[joined]):
                return self.holds_safe(joined)
            case ast.Call(func=ast.Attribute(value=changed, attr="capitalize" | "replace")):
                return self.holds_safe(changed)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                return name in SAFE
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                values = self._set.get(name, [])
                return name.isupper() or (bool(values) and all(map(self.holds_safe, values)))
            case ast.Attribute(attr=name):
                return name.isupper() or name in ("seq", "value", "total")
        return False


def is_of_numbers(spec: ast.expr | None) -> bool:
    """Whether a format takes nothing but numbers or times, as `:,` and `:%d %b` do."""
    return spec is not None and any(mark in ast.unparse(spec) for mark in (",", ".0f", ".2f", "%"))


def drawn(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Everything that is drawn as Markdown, with the function that it stands in."""

    def within(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.expr, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            yield from within(child, child if isinstance(child, ast.FunctionDef) else scope)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OURS:
            yield from ((given, scope) for given in node.args)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in FIRST and node.args:
                yield node.args[0], scope
            for keyword in node.keywords:
                if keyword.arg in NAMED and name != "Request":
                    yield keyword.value, scope
                if keyword.arg == "format_func" and name in CHOICES and isinstance(keyword.value, ast.Lambda):
                    yield keyword.value.body, scope

    return within(tree, tree)


def unsafe(source: str, allowed: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    tree = ast.parse(source)
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node, scope in drawn(tree)
        if not Scope(scope, allowed).holds_safe(node)
    ]


SOURCES = sorted(
    path.relative_to(REPOSITORY).as_posix() for part in ("ui", "pages") for path in (REPOSITORY / part).glob("*.py")
)


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_drawn_as_markdown_was_made_safe(name: str) -> None:
    assert unsafe((REPOSITORY / name).read_text(), ALLOWED.get(name, set())) == []


@pytest.mark.parametrize(
    "source",
    [
        "st.title(group.title)",
        "st.caption(f'by {user.name}')",
        "words = f'{safe_markdown(a)} {b.text}'\nst.info(words)",
        "for name in names:\n    st.button(name)",
        "st.button('', help=f'Remove {person.name}')",
        "st.page_link(page, label=message.speaker)",
        "st.pills('Age', ages, format_func=lambda one: names[one])",
        "left.markdown(' '.join(theme.name for theme in themes))",
    ],
)
def test_what_was_not_is_found(source: str) -> None:
    assert unsafe(source)


def test_everything_that_is_allowed_is_still_there() -> None:
    for name, expressions in ALLOWED.items():
        source = ast.unparse(ast.parse((REPOSITORY / name).read_text()))
        assert [each for each in expressions if each not in source] == []
