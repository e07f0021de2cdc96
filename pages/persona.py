"""One persona: everything that the model is told about it, where it took part, and what can be done with it."""

import streamlit as st

from semblance_core.domain.discussion.session_list import SessionSearch
from semblance_core.domain.personas.persona import Persona
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui.app import gate, shell
from ui.parts.gone import or_not_found
from ui.parts.routes import open_page, page_at
from ui.parts.words import md
from ui.personas.card import delete_persona
from ui.personas.details import LARGE_PX, persona_details, persona_header
from ui.personas.form import edit_persona
from ui.session.row import marks_of, session_row

SHOWN = 10


def actions(ws: Workspace, project_id: str, persona: Persona) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Edit", type="primary", icon=":material/edit:"):
            edit_persona(ws, project_id, persona)
        with_them = {"with": persona.id}
        icon = ":material/forum:"
        st.page_link(page_at("focus_group"), label="Start a focus group", icon=icon, query_params=with_them)
        side_by_side = {"view": "Compare", "a": persona.id, "project_id": project_id}
        icon = ":material/compare_arrows:"
        st.page_link(page_at("personas"), label="Compare", icon=icon, query_params=side_by_side)
        name = f"{safe_file_name(persona.name)}.json"
        text = exports.personas_json([persona])
        st.download_button("JSON", text, name, type="tertiary", icon=":material/download:", on_click="ignore")
        if st.button("Delete", type="tertiary", icon=":material/delete:"):
            delete_persona(ws, project_id, persona, lambda: open_page("personas"))


def sessions(ws: Workspace, project_id: str, persona: Persona) -> None:
    st.subheader("Sessions")
    found = ws.sessions.page(project_id, SessionSearch(persona_id=persona.id), limit=SHOWN)
    if not found.total:
        st.caption("No focus group yet.")
    marks = marks_of(found.rows)
    for row in found.rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{row.id}"):
            session_row(row, with_faces=False, marks=marks)
    if found.total > SHOWN:
        st.caption(f"and {found.total - SHOWN} more")


ws = gate.workspace()
persona_id = st.query_params.get("id", "")
if not persona_id:
    open_page("personas")
with or_not_found("personas"):
    persona = ws.personas.get(persona_id)
    project_id = ws.personas.project_of(persona_id)
shell.show_project(ws, project_id, md("Persona"))

st.page_link(page_at("personas"), label="Personas", icon=":material/arrow_back:")
persona_header(persona, size_px=LARGE_PX)
actions(ws, project_id, persona)
left, right = st.columns([2, 1], gap="large")
with left:
    persona_details(persona)
with right:
    sessions(ws, project_id, persona)
