"""Projects: all of them as cards; by its id, one with its aim, notes, sessions, panels, cost and activity."""

import streamlit as st

from semblance_core.domain.accounts.project import ProjectOverview
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.app import gate, shell
from ui.coding.codebook import codebook
from ui.findings.sharing import shared_reports
from ui.parts.gone import or_not_found
from ui.parts.in_address import page_of
from ui.parts.routes import open_page, page_at
from ui.parts.words import errors_inline, md, safe_markdown, show_done, warn_unread, when
from ui.projects import sections
from ui.projects.card import card
from ui.projects.dialogs import delete, rename

SHOWN = 12


def every(ws: Workspace) -> None:
    """All of one's own projects, archived ones folded away."""
    st.title("Projects")
    found = ws.projects.overviews()
    in_use = [each for each in found if not each.project.archived_at]
    put_away = [each for each in found if each.project.archived_at]
    if not in_use:
        st.info("All your projects are archived. Begin a new one in the sidebar.", icon=":material/archive:")
    shown = st.container()
    page = page_of(len(in_use), SHOWN, "projects")
    with shown:
        cards(in_use[(page - 1) * SHOWN : page * SHOWN])
    if put_away:
        with st.expander(f"Archived ({len(put_away):,})", icon=":material/archive:"):
            cards(put_away)
    warn_unread(found, "project")


def cards(overviews: list[ProjectOverview]) -> None:
    now_open = st.session_state.get(shell.PROJECT)
    with st.grid(3, min_column_width=280) as grid:
        for each in overviews:
            with grid.cell():
                card(each, is_open=each.project.id == now_open)


def one(ws: Workspace, project_id: str) -> None:
    """A project with all that is in it."""
    with or_not_found("projects"):
        overview = ws.projects.overview(project_id)
    project, is_own = overview.project, overview.project.owner_id == ws.actor_id
    shell.show_project(ws, project.id, md("Project"))
    st.page_link(page_at("projects"), label="All projects", icon=":material/arrow_back:")
    st.title(safe_markdown(project.name))
    if project.archived_at:
        words = md(
            "Archived on {}. It stays as it is; “Unarchive” brings it back into your list.", when(project.archived_at)
        )
        st.info(words, icon=":material/archive:")
    actions(ws, overview)
    sections.figures(overview, is_own=is_own)
    with st.grid(2, min_column_width=320, gap="medium") as grid:
        left, right = grid.cell(), grid.cell()
    with left:
        sections.texts(ws, project)
        sections.sessions(ws, project, is_own=is_own)
        sections.interviews(ws, project, is_own=is_own)
        sections.across(ws, project, is_own=is_own)
    with right:
        codebook(ws, project)
        sections.panels(ws, project, is_own=is_own)
        shared_reports(ws, project.id)
        sections.activity(ws.projects.activity(project.id))


def actions(ws: Workspace, overview: ProjectOverview) -> None:
    project = overview.project
    with st.container(horizontal=True), errors_inline():
        if st.button("Rename", icon=":material/edit:"):
            rename(ws, project)
        words = "Copies the aim, the personas and every focus group as a draft, without transcripts and notes."
        if st.button("Duplicate", icon=":material/content_copy:", help=words):
            with st.spinner("Duplicating the project"):
                copy = ws.projects.duplicate(project.id)
            made = md(
                "Created {} with {} and {}",
                copy.project.name,
                number(copy.personas, "persona"),
                number(copy.sessions, "draft"),
            )
            show_done(made)
            if copy.left_out:
                show_done(md("{:,} could not be read and was left out", copy.left_out))
            open_page("projects", {"id": copy.project.id})
        if project.archived_at:
            if st.button("Unarchive", icon=":material/unarchive:"):
                ws.projects.unarchive(project.id)
                show_done(md("{} is back in your list", project.name))
                st.rerun()
        elif st.button("Archive", icon=":material/archive:", help="Puts the project away; nothing is lost."):
            ws.projects.archive(project.id)
            show_done(md("Archived {}", project.name))
            st.rerun()
        if st.button("Delete project", type="tertiary", icon=":material/delete:"):
            delete(ws, overview)


ws = gate.workspace()
if named := st.query_params.get("id", ""):
    one(ws, named)
else:
    every(ws)
