"""The switch by which themes are found as soon as the session ends."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.workspace import Workspace
from ui.parts.estimates import estimate_line
from ui.parts.words import errors_inline


def themes_at_end(ws: Workspace, group: FocusGroup) -> None:
    """Draws the switch and what finding themes would use in the transcript as it is now."""
    key = f"themes_at_end_{group.id}"
    # As it is stored, also after another window changed it.
    if st.session_state.get(key) != bool(group.themes_with):
        st.session_state[key] = bool(group.themes_with)

    def decide() -> None:
        with errors_inline():
            ws.findings.at_end(group.id, st.session_state[key])

    st.toggle(
        "Find themes when the session ends",
        key=key,
        on_change=decide,
        help="Begins by itself within seconds, once for a transcript. A longer transcript needs more than this estimate.",
    )
    if group.next_seq > 1:
        estimate_line(ws.findings.estimate(group.id), ws.sessions.quota(group.id))
