"""Focus groups: the project's sessions by state."""

import streamlit as st

from ui.app import gate, shell
from ui.parts.routes import open_page, page_at
from ui.parts.widgets import empty_state
from ui.parts.words import md
from ui.session.listing import session_list


def empty(has_personas: bool) -> None:
    words = md(
        "Set one up in six short steps: a topic, a guide of questions, the participants, the stimuli, and the model with its "
        "limits. You see the estimated cost before it starts."
    )
    with empty_state(md(":material/forum: No focus groups yet"), words):
        if not has_personas:
            label = "Recruit participants first"
            st.page_link(page_at("personas"), label=label, icon=":material/groups:", width="content")


ws = gate.workspace()
project = shell.project(ws)

st.title("Focus groups")
if st.button("New focus group", type="primary", icon=":material/add:"):
    open_page("focus_group")
if ws.sessions.page(project.id, limit=1).total:
    session_list(ws, project.id)
else:
    empty(ws.personas.find(project.id, limit=1).total > 0)
