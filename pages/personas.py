"""Personas: recruit them from a brief, enter them by hand, keep them."""

import streamlit as st

from semblance_core.analysis.panel import parse_margins
from semblance_core.domain.persona import Persona
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.estimates import compare, foretell
from ui.persona_views import facts_line, form, head, whole
from ui.task_progress import task_progress
from ui.words import safe_markdown, say_here

SHOWN = 12


@st.dialog("Recruit personas", width="medium")
def recruit(ws: Workspace, project_id: str) -> None:
    size = st.slider("How many", 2, 24, 6)
    foretell(ws.estimate_recruiting(project_id, "", size), ws.my_quota())
    with st.form("recruit", border=False):
        brief = st.text_area(
            "Brief: who are you looking for?",
            placeholder="UK shoppers aged 25–45 who buy oat milk",
            height=110,
        )
        with st.expander("Target shares, or margins (optional)"):
            margins = st.text_area(
                "One a line: field, colon, values with their shares",
                placeholder="gender: women 50%, men 50%\nage: 25-34 60%, 35-45 40%",
                help="The panel meets these shares exactly. Fields: age (in bands), gender, location, education, household, income_band.",
            )
            seed = st.number_input(
                "Seed", min_value=0, value=0, help="The same brief, shares and seed draw the same frame."
            )
        if st.form_submit_button("Recruit", type="primary"):
            with say_here():
                ws.recruit(project_id, brief, size, parse_margins(margins) if margins.strip() else (), seed=int(seed))
                st.rerun()


@st.dialog("Persona", width="large")
def open_persona(persona: Persona) -> None:
    whole(persona)


@st.dialog("Edit persona", width="large")
def edit(ws: Workspace, project_id: str, persona: Persona | None) -> None:
    with say_here():
        if entered := form(persona, "persona_form"):
            if persona:
                ws.edit_persona(persona.id, entered)
            else:
                ws.add_persona(project_id, entered)
            st.rerun()


@st.dialog("Delete persona")
def delete(ws: Workspace, persona: Persona) -> None:
    st.markdown(f"Delete **{safe_markdown(persona.name)}**? Sessions that it took part in keep what it said.")
    if st.button("Delete", type="primary"):
        ws.delete_persona(persona.id)
        st.rerun()


@st.dialog("Import personas")
def take_in(ws: Workspace, project_id: str) -> None:
    file = st.file_uploader("A JSON list or a CSV table; only “name” is required", type=["json", "csv"])
    if file and st.button("Import", type="primary"):
        with say_here():
            ws.import_personas(project_id, file.getvalue())
            st.rerun()


def card(ws: Workspace, project_id: str, persona: Persona) -> None:
    with st.container(border=True, height="stretch"):
        head(persona)
        st.markdown(f"*{safe_markdown(persona.quote)}*" if persona.quote else "")
        with st.container(horizontal=True):
            if st.button("Open", key=f"open_{persona.id}", type="tertiary"):
                open_persona(persona)
            if st.button("Edit", key=f"edit_{persona.id}", type="tertiary"):
                edit(ws, project_id, persona)
            if st.button("Copy", key=f"copy_{persona.id}", type="tertiary"):
                ws.copy_persona(persona.id)
                st.rerun()
            if st.button("Delete", key=f"delete_{persona.id}", type="tertiary"):
                delete(ws, persona)


ws = gate.workspace()
project = shell.project(ws)
personas = ws.personas(project.id)

st.title("Personas")
with st.container(horizontal=True):
    if st.button("Recruit from a brief", type="primary", icon=":material/person_search:"):
        recruit(ws, project.id)
    if st.button("Enter by hand", icon=":material/edit:"):
        edit(ws, project.id, None)
    if st.button("Import", icon=":material/upload:"):
        take_in(ws, project.id)
    if personas:
        name = safe_file_name(project.name)
        st.download_button("JSON", exports.personas_json(personas), f"{name}-personas.json", icon=":material/download:")
        st.download_button("CSV", exports.personas_csv(personas), f"{name}-personas.csv", icon=":material/download:")

newest = [task for task in ws.tasks(project.id) if task.kind == "recruit"][:1]
for task in newest:
    task_progress(ws, task, "Recruiting")
    if task.state.is_over:
        compare(task.estimate, ws.task_spent(task.id), "Last recruiting: ")
    for note in task.result.get("notes", []) if task.state.is_over else []:
        st.info(safe_markdown(note))

if not personas:
    st.info("No personas yet. Recruit some from a brief, and they will be here in a moment.", icon=":material/groups:")
else:
    wanted = st.text_input("Find", placeholder="Name, occupation, place …", label_visibility="collapsed").casefold()
    found = [person for person in personas if wanted in f"{person.name} {facts_line(person)}".casefold()]
    st.caption(f"{len(found)} of {len(personas)} personas")
    pages = -(-len(found) // SHOWN)
    page = st.pagination(pages) if pages > 1 else 1
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    for start in range(0, len(shown), 3):
        for column, person in zip(st.columns(3), shown[start : start + 3], strict=False):
            with column:
                card(ws, project.id, person)
