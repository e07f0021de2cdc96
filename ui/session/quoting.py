"""The earlier message that the next question quotes."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.quote import shortened_to_quote
from semblance_core.workspace import Workspace
from ui.parts.words import md


def quote_message(group_id: str, seq: int) -> None:
    """Lets the next question quote this message."""
    st.session_state[_key(group_id)] = seq


def quoted_message(group_id: str) -> int | None:
    """Returns the number of the message that the next question quotes; None for none."""
    seq: int | None = st.session_state.get(_key(group_id))
    return seq


def quote_nothing(group_id: str) -> None:
    st.session_state.pop(_key(group_id), None)


def quote_line(ws: Workspace, group: FocusGroup) -> None:
    """Draws the quote above the field to ask in, with a button that takes it away."""
    seq = quoted_message(group.id)
    found = ws.sessions.messages(group.id, seq, seq) if seq and group.takes_questions else []
    for message in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="session_quote"):
            words = md(
                ":material/format_quote: **{}** :gray[:small[{}]] {}",
                message.speaker,
                message.seq,
                shortened_to_quote(message.text),
            )
            st.markdown(words, width="stretch")
            st.button("Don't quote", type="tertiary", icon=":material/close:", on_click=quote_nothing, args=(group.id,))


def _key(group_id: str) -> str:
    return f"quote_{group_id}"
