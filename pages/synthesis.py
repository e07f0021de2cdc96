"""Synthesis: themes of several sessions on one list; the project's syntheses, and one of them."""

import streamlit as st

from ui.across.listing import synthesis_list
from ui.across.synthesis import synthesis_view
from ui.app import gate, shell
from ui.parts.gone import or_not_found
from ui.parts.routes import page_at
from ui.parts.words import md

ws = gate.workspace()
if synthesis_id := st.query_params.get("id", ""):
    with or_not_found("synthesis"):
        found = ws.syntheses.get(synthesis_id)
    shell.show_project(ws, found.synthesis.project_id, md("Synthesis"))
    st.page_link(page_at("synthesis"), label="All syntheses", icon=":material/arrow_back:")
    synthesis_view(ws, found)
else:
    project = shell.project(ws)
    st.title("Synthesis")
    synthesis_list(ws, project)
