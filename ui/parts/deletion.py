"""The last question before something is deleted."""

import streamlit as st

from ui.parts.words import Markdown, md

DELETE = md("Delete")


def is_sure(label: Markdown = DELETE, key: str | None = None) -> bool:
    """Draws what deletes and what goes back; whether the first was clicked. It is no accent: saving looks like that."""
    with st.container(horizontal=True):
        sure = st.button(label, key=key, icon=":material/delete:")
        if st.button("Cancel", type="tertiary", key=f"{key or 'delete'}_cancel"):
            st.rerun()
    return sure
