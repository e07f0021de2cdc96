"""A draft that was deleted or begun elsewhere while this window was on it: what was typed here is still here."""

from dataclasses import replace

import streamlit as st

from semblance_core.workspace import CONFIG_FIELDS
from ui.parts.conflicts import as_text
from ui.parts.routes import open_page, page_at
from ui.parts.words import errors_inline, safe_markdown
from ui.setup.draft import Draft


def lost_draft(draft: Draft) -> None:
    """Says that it was deleted, shows what this window knows of it, and makes a new one of that where one wants it."""
    st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
    st.title(safe_markdown(draft.set_up.title))
    st.warning("This draft has been deleted. What you had entered here is still available.", icon=":material/delete:")
    changes = {name: value for refused in draft.window.refused.values() for name, value in refused.changes.items()}
    set_up = replace(draft.set_up, **changes)
    if st.button("Save as a new draft", type="primary", icon=":material/add:"):
        with errors_inline():
            made = draft.ws.sessions.create(draft.project_id, set_up)
            open_page("focus_group", {"id": made.id})
    for name in ("title", "topic", "guide", "participants"):
        if value := getattr(set_up, name):
            _to_copy(name, value)
    st.stop()


def not_saved(draft: Draft) -> None:
    """Draws what was typed here and could not be saved any more."""
    typed = {name: value for refused in draft.window.refused.values() for name, value in refused.changes.items()}
    if typed:
        st.markdown("Your latest input was not saved. You can copy it here:")
    for name, value in typed.items():
        _to_copy(name, value)


def _to_copy(name: str, value: object) -> None:
    st.caption(safe_markdown(CONFIG_FIELDS[name].removeprefix("the ").capitalize()))
    st.code(as_text(value), language=None, wrap_lines=True)
