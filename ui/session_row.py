"""A session in a list: its title, what it holds, its state, and the way into it."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from ui.routes import page_at
from ui.words import safe_markdown, state_badge, when


def session_row(group: FocusGroup) -> None:
    """Draws into a horizontal container, so that further buttons can follow."""
    with st.container(gap=None, width="stretch"):
        st.markdown(f"**{safe_markdown(group.title)}**")
        people = f"{len(group.participants)} participants · {group.next_seq - 1} messages"
        st.caption(f"{people} · {when(group.created_at)}")
    state_badge(group)
    if st.button("Open", key=f"open_{group.id}"):
        st.switch_page(page_at("session"), query_params={"id": group.id})
