"""Nothing is drawn as Markdown but literals and `Markdown`, which the safe renderer alone makes: by the types that mypy infers."""

import pytest

from tests import markdown_check

HEAD = """
from typing import cast
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from semblance_core.domain.accounts.account import Role, User
from ui.parts.words import Markdown, joined, md, safe_markdown

WORDS = "Ours"
"""
HOSTILE = [
    "st.title(user.name)",
    "st.caption(f'by {user.name}')",
    "words = f'{safe_markdown(text)} {text}'\n    st.info(words)",
    "words = 'ours'\n    if count: words = text\n    st.warning(words)",
    "for name in user.name:\n        st.button(name)",
    "st.button('', help=f'Remove {user.name}')",
    "st.page_link('page', label=text)",
    "st.pills('Age', names, format_func=lambda one: one)",
    "st.radio('Age', names)",
    "st.segmented_control('Age', names, format_func=str.upper)",
    "place.markdown(' '.join(names))",
    "place.metric('Cost', text)",
    "anything.error(text)",
    "list(map(st.caption, names))",
    "draw = st.markdown\n    draw(text)",
    "st.error(Markdown(text))",
    "st.error(cast(Markdown, text))",
    "st.success(md(text))",
    "st.success(md(f'{text} {{}}', count))",
    "st.success(joined(text, [md('a'), md('b')]))",
    "st.info(safe_markdown(text) + text)",
    "st.info(safe_markdown(text).upper())",
    "st.expander(f'{WORDS} {text}')",
    "st.progress(0.5, text=text)",
    "st.tabs(names)",
    "st.html(text)",
    "st.html(ASSETS / text)",
]
SAFE = [
    "st.title(safe_markdown(user.name))",
    "st.caption(f'{WORDS}: **{count:,}** by {safe_markdown(user.name)}')",
    "words = 'one' if count else safe_markdown(text)\n    st.info(words)",
    "st.button(md('Remove {} of {:,}', text, count), help=None)",
    "st.radio('Role', list(Role))",
    "st.pills('Age', names, format_func=lambda one: safe_markdown(one))",
    "st.selectbox('Age', names)",
    "place.markdown(joined(', ', map(safe_markdown, names)))",
    "st.badge(Role.ADMIN.value)",
]


def as_module(line: str) -> str:
    given = "user: User, text: str, count: int, names: list[str], place: DeltaGenerator, anything"
    return f"{HEAD}\n\ndef draw({given}):\n    {line}\n"


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """What is found in all screens, and in each line of above, by module."""
    lines = {f"ui.line_{at}": as_module(line) for at, line in enumerate([*HOSTILE, *SAFE])}
    return markdown_check.unsafe(markdown_check.screens() | lines)


def test_what_is_drawn_as_markdown_is_a_literal_or_markdown(found: dict[str, list[str]]) -> None:
    assert {module: unsafe for module, unsafe in found.items() if unsafe and ".line_" not in module} == {}


@pytest.mark.parametrize("at", range(len(HOSTILE)), ids=HOSTILE)
def test_hostile_text_is_refused(found: dict[str, list[str]], at: int) -> None:
    assert found[f"ui.line_{at}"]


@pytest.mark.parametrize("at", range(len(SAFE)), ids=SAFE)
def test_safe_text_is_not_refused(found: dict[str, list[str]], at: int) -> None:
    assert found[f"ui.line_{len(HOSTILE) + at}"] == []
