"""The button that takes back what one did last."""

import streamlit as st

from semblance_core.workspace import Workspace
from ui.parts.words import errors_inline, md, shortened, show_done


def undo_button(ws: Workspace, project_id: str) -> None:
    """Draws it where there is something to take back; its help says what. One takes back one's own changes only."""
    last = None
    with errors_inline():  # one that is damaged takes nothing else with it
        last = ws.codebook.last_change(project_id)
    if last is None:
        return
    words = md("Takes back that you {}.", shortened(last.words, 200))
    if st.button("Undo", type="tertiary", icon=":material/undo:", help=words, key=f"undo_coding_{last.id}"):
        with errors_inline():
            show_done(md("Taken back: {}", ws.codebook.undo(project_id, last.id)))
            st.rerun()
