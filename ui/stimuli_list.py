"""A session's stimuli beside its transcript: what was shown, what comes with the next question, and how to add more."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.flows.attach import still_read_words, still_to_read
from semblance_core.workspace import Workspace
from ui.stimuli import add_stimuli, preview, reading, stimulus_card
from ui.words import safe_markdown, say_unread


def session_stimuli(ws: Workspace, group: FocusGroup) -> None:
    """Draws the list, which is left out where there is nothing in it and nothing can be added."""
    takes_more = group.state in (FocusGroupState.DRAFT, FocusGroupState.MODERATED)
    if not group.stimuli and not takes_more:
        return
    there = ws.stimuli(group.id)
    st.markdown("**Stimuli**")
    with st.container(gap=None):
        for place, asset in enumerate(there):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if st.button(safe_markdown(asset.name), key=f"stimulus_{asset.id}", type="tertiary"):
                    preview(ws, asset.id)
                if place >= group.course.stimuli_shown:
                    st.badge("with the next question", color="blue")
    say_unread(there, "stimulus")
    reading(ws, group, f"session_{group.id}")
    if takes_more and st.button("Show something" if not there else "Add or remove", icon=":material/attach_file:"):
        change(ws, group.id)
    wanted = st.query_params.get("stimulus")
    if wanted and wanted in group.stimuli:
        preview(ws, wanted)


@st.dialog("Stimuli", width="large")
def change(ws: Workspace, group_id: str) -> None:
    """Adds stimuli, which are shown with the next question, and takes away what was not shown yet."""
    group = ws.focus_group(group_id)
    st.caption("What is added now is shown to everybody with your next question. What was shown stays.")
    there = ws.stimuli(group_id)
    under_way = [task for task in ws.stimulus_tasks(group_id) if not task.state.is_over]
    add_stimuli(ws, lambda: group, f"session_{group_id}", len(there) + still_to_read(under_way))
    if words := still_read_words(under_way):
        st.caption(words)
    for asset in there[group.course.stimuli_shown :]:
        stimulus_card(ws, group, asset, f"session_{group_id}", in_dialog=True)
