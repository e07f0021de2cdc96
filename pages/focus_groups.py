"""Focus groups: the project's sessions, and setting up a new one."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.routes import page_at
from ui.session_row import session_row
from ui.set_up import set_up
from ui.words import safe_markdown

SHOWN = 10


@st.dialog("Delete focus group")
def delete(ws: Workspace, group: FocusGroup) -> None:
    st.markdown(f"Delete **{safe_markdown(group.title)}** with its {group.next_seq - 1} messages and its themes?")
    st.caption("What it cost stays on record.")
    if st.button("Delete", type="primary"):
        ws.delete_focus_group(group.id)
        st.rerun()


def row(ws: Workspace, project_id: str, group: FocusGroup) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        session_row(group)
        if group.state is FocusGroupState.DRAFT and st.button("Edit", key=f"edit_{group.id}"):
            set_up(ws, project_id, group)
        if st.button("Delete", key=f"delete_{group.id}", type="tertiary", icon=":material/delete:"):
            delete(ws, group)


ws = gate.workspace()
project = shell.project(ws)
groups = ws.focus_groups(project.id)
has_personas = bool(ws.personas(project.id))

st.title("Focus groups")
if not has_personas and not groups:
    st.info("A focus group needs participants: recruit or enter personas first.", icon=":material/groups:")
    st.page_link(page_at("personas"), label="Go to personas", icon=":material/arrow_forward:")
else:
    if st.button("New focus group", type="primary", icon=":material/add:"):
        set_up(ws, project.id, None)
    if not groups:
        st.info("No focus groups yet. Create one: a title, a guide, and who takes part.", icon=":material/forum:")
    pages = -(-len(groups) // SHOWN)
    page = st.pagination(pages) if pages > 1 else 1
    for group in groups[(page - 1) * SHOWN : page * SHOWN]:
        row(ws, project.id, group)
