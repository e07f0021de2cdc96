"""One persona: everything that the model is told about it, where it took part, and what can be done with it."""

import streamlit as st

from semblance_core.domain.persona import Persona
from semblance_core.domain.session_list import SessionSearch
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.gone import or_gone
from ui.persona_card import delete_persona
from ui.persona_form import edit_persona
from ui.persona_views import LARGE_PX, head, whole
from ui.routes import page_at
from ui.session_row import session_row

SHOWN = 10


def actions(ws: Workspace, project_id: str, persona: Persona) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Edit", type="primary", icon=":material/edit:"):
            edit_persona(ws, project_id, persona)
        with_them = {"with": persona.id}
        icon = ":material/forum:"
        st.page_link(page_at("focus_group"), label="Start a focus group", icon=icon, query_params=with_them)
        side_by_side = {"view": "Compare", "a": persona.id}
        icon = ":material/compare_arrows:"
        st.page_link(page_at("personas"), label="Compare", icon=icon, query_params=side_by_side)
        name = f"{safe_file_name(persona.name)}.json"
        text = exports.personas_json([persona])
        st.download_button("JSON", text, name, type="tertiary", icon=":material/download:", on_click="ignore")
        if st.button("Delete", type="tertiary", icon=":material/delete:"):
            delete_persona(ws, project_id, persona, lambda: st.switch_page(page_at("personas")))


def sessions(ws: Workspace, project_id: str, persona: Persona) -> None:
    st.subheader("Took part in")
    found = ws.session_page(project_id, SessionSearch(persona_id=persona.id), limit=SHOWN)
    if not found.total:
        st.caption("No focus group yet.")
    for row in found.rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            session_row(row, with_faces=False)
    if found.total > SHOWN:
        st.caption(f"and {found.total - SHOWN} more")


ws = gate.workspace()
persona_id = st.query_params.get("id", "")
if not persona_id:
    st.switch_page(page_at("personas"))
with or_gone("personas"):
    persona = ws.persona(persona_id)
    project_id = ws.project_of_persona(persona_id)
shell.show_project(ws, project_id, "Persona")

st.page_link(page_at("personas"), label="Personas", icon=":material/arrow_back:")
head(persona, size_px=LARGE_PX)
actions(ws, project_id, persona)
left, right = st.columns([2, 1], gap="large")
with left:
    whole(persona)
with right:
    sessions(ws, project_id, persona)
