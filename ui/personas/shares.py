"""Target shares on the screen: a small table a field, and the same as text for who knows how to write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from semblance_core.analysis.panel import MARGIN_FIELDS, Margin, parse_margins
from semblance_core.analysis.shares import SUGGESTED, Rows, margin_of, people_words, rows_of, text_of
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import label
from semblance_core.domain.plurals import number
from ui.parts.words import md, safe_markdown

EXAMPLE = "gender: women 50%, men 50%\nage: 25-34 60%, 35-45 40%"


@dataclass(frozen=True, slots=True)
class Shares:
    """The target shares that were entered.

    problem: says what is wrong with them, in words; then there are no margins.
    """

    margins: tuple[Margin, ...] = ()
    problem: str = ""


def share_editor(key: str, size: int = 0) -> Shares:
    """Draws the editor. size: of the panel, to say what shares come to in people; 0 where there is none."""
    as_text = st.toggle(
        "Edit as text", key=f"{key}_as_text", on_change=_carry_over, args=(key,), persist_state="session"
    )
    if problem := st.session_state.pop(f"{key}_refused", ""):
        st.caption(f":red[{safe_markdown(problem)}]")
    return _as_text(key, size) if as_text else _as_tables(key, size)


def _as_tables(key: str, size: int) -> Shares:
    fields = st.pills(
        "Fields to balance",
        list(MARGIN_FIELDS),
        selection_mode="multi",
        key=f"{key}_fields",
        format_func=lambda field: safe_markdown(label(field).capitalize()),
        persist_state="session",
    )
    begun: Mapping[str, Rows] = st.session_state.get(f"{key}_begun", {})
    round_ = st.session_state.get(f"{key}_round", 0)
    made: dict[str, Rows] = {}
    margins, problems = list[Margin](), list[str]()
    if fields:
        st.caption("These shares are a starting point. Adapt them to your market; add and remove rows as needed.")
    with st.grid(2, min_column_width=260) as grid:
        for field in fields:
            with grid.cell():
                made[field] = _table(f"{key}_{field}_{round_}", field, begun.get(field) or SUGGESTED[field])
                try:
                    margins.append(margin := margin_of(field, made[field]))
                    words = (
                        f"{number(size, 'persona')}: {people_words(margin, size)}" if size else "These add up to 100%."
                    )
                    st.caption(safe_markdown(words))
                except InvalidInput as wrong:
                    problems.append(str(wrong))
                    st.caption(f":red[{safe_markdown(wrong)}]")
    st.session_state[f"{key}_made"] = made
    return Shares(problem=" ".join(problems)) if problems else Shares(tuple(margins))


def _table(key: str, field: str, rows: Rows) -> Rows:
    name = label(field).capitalize()
    column = st.column_config
    edited: dict[str, Any] = st.data_editor(
        {name: [value for value, _ in rows], "Share": [float(share) for _, share in rows]},
        num_rows="dynamic",
        key=key,
        hide_index=True,
        column_config={
            name: column.TextColumn(
                name, help="Bands such as 25-34, 65+ or under 30" if field == "age" else None, max_chars=80
            ),
            "Share": column.NumberColumn("Share", min_value=0, max_value=100, format="%g%%", width="small"),
        },
        alt=f"Target shares of {name}",
    )
    return tuple((_text(value), _number(share)) for value, share in zip(edited[name], edited["Share"], strict=True))


def _as_text(key: str, size: int) -> Shares:
    text = st.text_area(
        "One per line: field, colon, values with their shares",
        key=f"{key}_text",
        persist_state="session",
        placeholder=EXAMPLE,
        help=md("Fields: {}. Give age in bands.", ", ".join(map(label, MARGIN_FIELDS))),
    )
    try:
        margins = parse_margins(text or "")
    except InvalidInput as wrong:
        st.caption(f":red[{safe_markdown(wrong)}]")
        return Shares(problem=str(wrong))
    for margin in margins if size else ():
        st.caption(safe_markdown(f"{label(margin.field).capitalize()}: {people_words(margin, size)}"))
    return Shares(margins)


def _carry_over(key: str) -> None:
    """Takes what was entered in one way over into the other; what cannot be read stays where it can be mended."""
    state = st.session_state
    if state[f"{key}_as_text"]:
        state[f"{key}_text"] = text_of(state.get(f"{key}_made", {}))
        return
    try:
        rows = rows_of(state.get(f"{key}_text", ""))
    except InvalidInput as wrong:
        state[f"{key}_as_text"], state[f"{key}_refused"] = True, str(wrong)
        return
    state[f"{key}_begun"], state[f"{key}_fields"] = rows, list(rows)
    state[f"{key}_round"] = state.get(f"{key}_round", 0) + 1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float:
    """A cell's number, 0 for an empty one."""
    return float(value) if isinstance(value, int | float) and value == value else 0.0
