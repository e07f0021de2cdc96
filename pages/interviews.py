"""Interviews: the same guide put to each of several personas alone; the list, the form that begins a round, and one round."""

import streamlit as st

from ui.app import gate, shell
from ui.interviews.listing import round_list
from ui.interviews.making import make_round
from ui.interviews.one import round_view
from ui.parts.gone import or_not_found
from ui.parts.routes import open_page, page_at
from ui.parts.widgets import empty_state
from ui.parts.words import md

NEW = "new"

ws = gate.workspace()
if round_id := st.query_params.get("id", ""):
    with or_not_found("interviews"):
        held = ws.interviews.get(round_id)
    shell.show_project(ws, held.project_id, md("Interviews"))
    st.page_link(page_at("interviews"), label="All interviews", icon=":material/arrow_back:")
    round_view(ws, held)
else:
    project = shell.project(ws)
    if NEW in st.query_params:
        st.title("New interviews")
        st.page_link(page_at("interviews"), label="All interviews", icon=":material/arrow_back:")
        make_round(ws, project)
    else:
        st.title("Interviews")
        if st.button("New interviews", type="primary", icon=":material/add:"):
            open_page("interviews", {NEW: "1"})
        if ws.interviews.of_project(project.id):
            round_list(ws, project.id)
        else:
            words = md(
                "Put the same guide to up to 24 personas, each alone and all at once, and read their answers side by side. The model "
                "asks and follows up, or you do. You see the estimated cost before it starts."
            )
            empty_state(md(":material/record_voice_over: No interviews yet"), words)
