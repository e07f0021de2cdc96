"""Somebody else was first: what they wrote, beside what was typed here, and the choice between the two.

Nothing that was typed is lost: it stays in its field until one chooses.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from semblance_core.domain.accounts.account import Role
from semblance_core.domain.discussion.guide import Guide, to_markdown
from semblance_core.domain.editing import Clash, EditConflict
from semblance_core.domain.personas.persona import TRAITS, BigFive
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.domain.usage.price import ALWAYS, ListedPrice
from semblance_core.reports.costs import price_words
from ui.parts.words import ROLES, Markdown, md, safe_markdown

MINE, THEIRS = "mine", "theirs"
Values = Mapping[str, Any]


def edit_key(kind: str, read: Any) -> str:
    """Names the editing of a value as it was read, so that one that is opened later begins without this one's conflict."""
    return f"edit_{kind}_{getattr(read, 'id', getattr(read, 'model', ''))}_{read.version}"


def saved_in_form(
    key: str,
    typed: Values | Callable[[], Values],
    base: Any,
    write: Callable[[dict[str, Any], Any], object],
    row: Any = st,
) -> bool:
    """Draws a form's *Save* and does it; True once it is saved. Where somebody else was first, draws their text and the choice.

    typed: what the form holds, by field; it may raise in words. base: the value that the form was drawn from, or its version.
    row: where *Save* is drawn. It comes before the choice, because a form does what its first button says on Enter.
    """
    chosen = st.session_state.pop(f"{key}_chosen", "")
    met: EditConflict | None = st.session_state.get(key)
    is_saved = row.form_submit_button("Save", type="primary")
    notice = st.container()
    try:
        if is_saved or chosen:
            wanted = dict(typed() if callable(typed) else typed)
            if met and chosen:
                wanted, base = _settled(wanted, base, met, chosen), met.now
            if not (met and chosen and all(value == getattr(met.now, field) for field, value in wanted.items())):
                write(wanted, base)
            st.session_state.pop(key, None)
            return True
    except EditConflict as conflict:
        st.session_state[key] = met = conflict
    finally:
        if met and key in st.session_state:
            _in_form(met, notice, key)
    return False


def show_conflict(conflict: EditConflict, button: Callable[[Markdown, str, str], object]) -> None:
    """Draws what the others wrote, field by field, and the two ways out.

    button: draws one, given its label, its icon and the choice.
    """
    st.warning(f"{safe_markdown(conflict)} What you typed is kept here.", icon=":material/group:")
    for clash in conflict.clashes:
        st.caption(f"{safe_markdown(_called(clash))} is now:")
        st.code(as_text(clash.theirs), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        button(md("Keep mine"), ":material/edit:", MINE)
        button(md("Use theirs"), ":material/group:", THEIRS)


def as_text(value: Any) -> str:
    """A field's value as text that can be read and copied."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Guide():
            return to_markdown(value).strip() or "(no question)"
        case BigFive():
            return "\n".join(f"{trait}: {getattr(value, trait)}" for trait in TRAITS)
        case Role():
            return ROLES[value]
        case UsageQuota():
            usd = "no limit" if value.usd is None else f"{value.usd:f}"
            tokens = "no limit" if value.tokens is None else f"{value.tokens:,}"
            return f"US dollars: {usd}\nTokens: {tokens}"
        case ListedPrice():
            since = "the start" if value.valid_from == ALWAYS else f"{value.valid_from:%d %b %Y}"
            return f"from {since}: {price_words(value.price)}"
        case tuple():
            return "\n".join(map(as_text, value)) or "(nothing)"
    return str(getattr(value, "name", value) if value is not None else "").strip() or "(nothing)"


def _called(clash: Clash) -> str:
    return f"{clash.called[:1].upper()}{clash.called[1:]}"


def _in_form(conflict: EditConflict, notice: Any, key: str) -> None:
    def button(label: Markdown, icon: str, choice: str) -> None:
        st.form_submit_button(label, icon=icon, on_click=_choose, args=(f"{key}_chosen", choice))

    with notice:
        show_conflict(conflict, button)


def _choose(key: str, choice: str) -> None:
    st.session_state[key] = choice


def _settled(typed: dict[str, Any], base: Any, met: EditConflict, choice: str) -> dict[str, Any]:
    """Returns the values to save on top of theirs: what was typed; theirs where nothing was typed, or where theirs is chosen."""
    now = met.now
    settled = {
        field: getattr(now, field) if not isinstance(base, int) and value == getattr(base, field) else value
        for field, value in typed.items()
    }
    return settled | ({field: getattr(now, field) for field in met.fields} if choice == THEIRS else {})
