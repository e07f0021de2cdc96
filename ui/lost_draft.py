"""A draft that was deleted or begun elsewhere while this window was on it: what was typed here is still here."""

from dataclasses import replace

import streamlit as st

from semblance_core.workspace import SET_UP
from ui.conflicts import as_text
from ui.draft import Draft
from ui.routes import page_at
from ui.words import safe_markdown, say_here


def lost_draft(draft: Draft) -> None:
    """Says that it was deleted, shows what this window knows of it, and makes a new one of that where one wants it."""
    st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
    st.title(safe_markdown(draft.set_up.title))
    st.warning(
        "This draft was deleted meanwhile. What this window knows of it is still here.", icon=":material/delete:"
    )
    changes = {name: value for refused in draft.window.refused.values() for name, value in refused.changes.items()}
    set_up = replace(draft.set_up, **changes)
    if st.button("Save as a new draft", type="primary", icon=":material/add:"):
        with say_here():
            made = draft.ws.create_focus_group(draft.project_id, set_up)
            st.switch_page(page_at("focus_group"), query_params={"id": made.id})
    for name in ("title", "topic", "guide", "participants"):
        if value := getattr(set_up, name):
            _to_copy(name, value)
    st.stop()


def not_saved(draft: Draft) -> None:
    """What was typed here and could not be saved any more."""
    typed = {name: value for refused in draft.window.refused.values() for name, value in refused.changes.items()}
    if typed:
        st.markdown("What you typed meanwhile is not part of it. It is here to be copied:")
    for name, value in typed.items():
        _to_copy(name, value)


def _to_copy(name: str, value: object) -> None:
    st.caption(safe_markdown(SET_UP[name].removeprefix("the ").capitalize()))
    st.code(as_text(value), language=None, wrap_lines=True)
