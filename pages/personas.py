"""Personas: find them, recruit, write and import them, weigh them as a panel, compare two."""

import streamlit as st

from semblance_core.domain.people import Project
from semblance_core.domain.persona_search import PersonaFacets, PersonaSearch
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.panel_report import panel_view
from ui.persona_card import card
from ui.persona_compare import compare_view
from ui.persona_filters import RUNS, clear, filters, run_names
from ui.persona_form import edit_persona
from ui.persona_import import take_in
from ui.persona_picks import bar, pick
from ui.persona_ways import COMPARE, REPORT, view_switch
from ui.pieces import nothing_yet
from ui.recruiting import newest_run, recruit
from ui.words import say_here, say_unread

SHOWN = 12


def actions(ws: Workspace, project_id: str) -> None:
    with st.container(horizontal=True):
        if st.button("Recruit from a brief", type="primary", icon=":material/person_search:"):
            recruit(ws, project_id)
        if st.button("Enter by hand", icon=":material/edit:"):
            edit_persona(ws, project_id, None)
        if st.button("Import", icon=":material/upload:"):
            take_in(ws, project_id)


def empty() -> None:
    words = (
        "Describe in a sentence or two whom you want to hear, and a panel is recruited in moments. "
        "You can also write personas yourself, or import them from a table."
    )
    nothing_yet("groups", "No personas yet", words)


def files(ws: Workspace, project: Project, search: PersonaSearch, total: int) -> None:
    """Downloads of all that were found, written once somebody asks."""
    name = safe_file_name(project.name)
    with st.popover(f"Export {total}", icon=":material/download:", disabled=not total):
        for kind, write in (("JSON", exports.personas_json), ("CSV", exports.personas_csv)):
            st.download_button(
                kind,
                lambda write=write: write(ws.find_personas(project.id, search).personas),
                f"{name}-personas.{kind.lower()}",
                on_click="ignore",
                width="stretch",
            )


def gallery(ws: Workspace, project: Project, facets: PersonaFacets, search: PersonaSearch) -> None:
    found = ws.find_personas(project.id, search, limit=SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{found.total} of {facets.total} personas", width="stretch")
        if found.total and st.button("Pick all found", type="tertiary", icon=":material/select_all:"):
            pick(project.id, [person.id for person in ws.find_personas(project.id, search).personas])
            st.rerun()
        files(ws, project, search, found.total)
    bar(ws, project)
    if not found.total:
        st.info("Nobody fits this search.", icon=":material/search_off:")
        st.button("Show all", on_click=clear)
    cards = st.container()
    if (page := page_of(found.total, search)) > 1:
        found = ws.find_personas(project.id, search, skip=(page - 1) * SHOWN, limit=SHOWN)
    with cards, st.grid(3, min_column_width=300) as grid:
        for person in found.personas:
            with grid.cell():
                card(ws, project.id, person)
    say_unread(found, "persona")


def page_of(total: int, search: PersonaSearch) -> int:
    """Draws the pages and returns the one to show; another search begins at the first one."""
    if st.session_state.get("paged") not in (None, search):
        st.session_state["page"] = 1
    st.session_state["paged"] = search
    pages = -(-total // SHOWN)
    return st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1


ws = gate.workspace()
project = shell.project(ws)
facets = ws.persona_facets(project.id)
tasks = ws.tasks(project.id, RUNS)
runs = run_names(facets, tasks)

st.title("Personas")
actions(ws, project.id)
is_recruiting = newest_run(ws, tasks, runs)
if not facets.total:
    if not is_recruiting:
        empty()
else:
    view = view_switch()
    if view == COMPARE:
        compare_view(ws, project)
    else:
        with say_here():
            search = filters(facets, runs)
            if view == REPORT:
                panel_view(ws, project, search, tasks, runs)
            else:
                gallery(ws, project, facets, search)
