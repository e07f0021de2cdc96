"""Focus groups: the project's sessions by state."""

import streamlit as st

from ui import gate, shell
from ui.pieces import nothing_yet
from ui.routes import page_at
from ui.session_list import session_list


def empty(has_personas: bool) -> None:
    words = (
        "Set one up in five short steps: a topic, a guide of questions, who takes part, the model and its limits. "
        "What it may cost is said before it starts."
    )
    with nothing_yet("forum", "No focus groups yet", words):
        if not has_personas:
            label = "Recruit participants first"
            st.page_link(page_at("personas"), label=label, icon=":material/groups:", width="content")


ws = gate.workspace()
project = shell.project(ws)

st.title("Focus groups")
if st.button("New focus group", type="primary", icon=":material/add:"):
    st.switch_page(page_at("focus_group"))
if ws.session_page(project.id, limit=1).total:
    session_list(ws, project.id)
else:
    empty(ws.find_personas(project.id, limit=1).total > 0)
