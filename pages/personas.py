"""Personas: find them, recruit, write and import them, weigh them as a panel, compare two."""

from functools import partial

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.personas.search import PersonaFacets, PersonaSearch
from semblance_core.domain.plurals import number
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui.app import gate, shell
from ui.parts.in_address import page_of
from ui.parts.widgets import empty_state
from ui.parts.words import errors_inline, marks_simulated, md, warn_unread
from ui.personas.card import card
from ui.personas.compare import compare_view
from ui.personas.filters import RUNS, clear, filters, run_names
from ui.personas.form import edit_persona
from ui.personas.importing import import_dialog
from ui.personas.panel_report import panel_view
from ui.personas.recruiting import newest_run, recruit
from ui.personas.selection import Write, bar, select
from ui.personas.view_switch import COMPARE, REPORT, view_switch

SHOWN = 12


def actions(ws: Workspace, project_id: str) -> None:
    with st.container(horizontal=True):
        if st.button("Recruit from a brief", type="primary", icon=":material/person_search:"):
            recruit(ws, project_id)
        if st.button("Add manually", icon=":material/edit:"):
            edit_persona(ws, project_id, None)
        if st.button("Import", icon=":material/upload:"):
            import_dialog(ws, project_id)


def empty() -> None:
    words = md(
        "Describe in a sentence or two the people you want to hear from, and a panel is recruited in moments. "
        "You can also write personas yourself or import them from a table."
    )
    empty_state(md(":material/groups: No personas yet"), words)


def files(ws: Workspace, project: Project, search: PersonaSearch, total: int) -> None:
    """Downloads of all that were found, written once somebody asks."""
    name = safe_file_name(project.name)
    with st.popover(f"Export {total}", icon=":material/download:", disabled=not total):
        for kind, write in ((md("JSON"), exports.personas_json), (md("CSV"), exports.personas_csv)):
            st.download_button(
                kind,
                partial(_written, ws, project.id, search, write),
                f"{name}-personas.{kind.lower()}",
                on_click="ignore",
                width="stretch",
            )


def _written(ws: Workspace, project_id: str, search: PersonaSearch, write: Write) -> str:
    return write(ws.personas.find(project_id, search).personas)


def gallery(ws: Workspace, project: Project, facets: PersonaFacets, search: PersonaSearch) -> None:
    found = ws.personas.find(project.id, search, limit=SHOWN)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(md("{:,} of {}", found.total, number(facets.total, "persona")), width="stretch")
        if found.total and st.button("Select all", type="tertiary", icon=":material/select_all:"):
            select(project.id, [person.id for person in ws.personas.find(project.id, search).personas])
            st.rerun()
        files(ws, project, search, found.total)
    bar(ws, project)
    if not found.total:
        st.info("No personas match this search.", icon=":material/search_off:")
        st.button("Show all", on_click=clear)
    cards = st.container()
    if (page := page_of(found.total, SHOWN, f"personas/{project.id}")) > 1:
        found = ws.personas.find(project.id, search, skip=(page - 1) * SHOWN, limit=SHOWN)
    with cards:
        simulated = [person.simulated for person in found.personas]
        marks = marks_simulated(simulated, md("The built-in simulator invented these personas, not a language model."))
    with cards, st.grid(3, min_column_width=300) as grid:
        for person in found.personas:
            with grid.cell():
                card(ws, project.id, person, marks=marks)
    warn_unread(found, "persona")


ws = gate.workspace()
project = shell.project(ws)
facets = ws.personas.facets(project.id)
tasks = ws.tasks.of_project(project.id, RUNS)
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
        with errors_inline():
            search = filters(facets, runs, f"personas/{project.id}")
            if view == REPORT:
                panel_view(ws, project, search, tasks, runs)
            else:
                gallery(ws, project, facets, search)
