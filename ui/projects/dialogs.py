"""Dialogs on a project: its name, its aim and notes, deleting it."""

from typing import Any

import streamlit as st

from semblance_core.domain.accounts.account import LONGEST_AIM, LONGEST_NOTES, LONGEST_PROJECT, Project
from semblance_core.domain.accounts.project import ProjectOverview
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.app import shell
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.deletion import is_sure
from ui.parts.long_text import long_text, short_text, text_saved
from ui.parts.routes import open_page
from ui.parts.words import errors_inline, md, show_done


@st.dialog("Rename project", dismissible=False, icon=":material/edit:")
def rename(ws: Workspace, project: Project) -> None:
    def write(wanted: dict[str, Any], base: Project) -> None:
        ws.projects.rename(project.id, wanted["name"], base)

    with st.form(f"rename_{project.id}", border=False):
        name = short_text(md("Name"), most=LONGEST_PROJECT, value=project.name)
        row = st.container(horizontal=True)
        with errors_inline():
            if saved_in_form(edit_key("project_name", project), {"name": name.strip()}, project, write, row):
                show_done(md("Saved {}", name))
                st.rerun()
        if row.form_submit_button("Cancel"):
            st.rerun()


@st.dialog("Aim and notes", width="large", dismissible=False, icon=":material/edit_note:")
def describe(ws: Workspace, project: Project) -> None:
    """Changes the aim and the notes. It closes by its own buttons only, so that no stray click loses a text."""

    def write(wanted: dict[str, Any], base: Project) -> None:
        ws.projects.describe(project.id, **wanted, base=base)

    with st.form(f"describe_{project.id}", border=False):
        aim = long_text(
            md("Aim"),
            most=LONGEST_AIM,
            value=project.aim,
            keeps=f"aim:{project.id}",
            key=f"aim_{project.id}_{project.version}",
            height=110,
            placeholder="Find out how people choose oat milk, and what they would pay for it",
        )
        notes = long_text(
            md("Learnt so far"),
            most=LONGEST_NOTES,
            value=project.notes,
            keeps=f"notes:{project.id}",
            key=f"notes_{project.id}_{project.version}",
            height=260,
            placeholder="Price matters less than taste; nobody knows the brand",
        )
        row = st.container(horizontal=True)
        with errors_inline():
            typed = {"aim": aim.strip(), "notes": notes.strip()}
            if saved_in_form(edit_key("project_texts", project), typed, project, write, row):
                show_done(md("Saved"))
                _close(project)
        if row.form_submit_button("Cancel"):
            _close(project)


def _close(project: Project) -> None:
    for name in ("aim", "notes"):
        text_saved(f"{name}:{project.id}")
    st.rerun()


@st.dialog("Delete project", icon=":material/delete:")
def delete(ws: Workspace, overview: ProjectOverview) -> None:
    """Says what goes and what stays, and asks once more."""
    project = overview.project
    personas, sessions = number(overview.personas, "persona"), number(overview.sessions, "focus group")
    st.markdown(md("Delete **{}** for good?", project.name))
    st.markdown(
        md(
            "**Deleted:** its aim and notes, {} and {} with transcripts, themes, codings, stimuli and files, its codebook.  \n"
            "**Kept:** its costs in the usage record, files that you exported, and personas that you copied to other projects.",
            personas,
            sessions,
        )
    )
    recruiting = sum(not task.state.is_over for task in ws.tasks.of_project(project.id, ["recruit"]))
    if recruiting:
        are = "panel is" if recruiting == 1 else "panels are"
        st.warning(f"{recruiting} {are} being recruited; this will stop.", icon=":material/hourglass:")
    st.caption("Running work stops. You cannot undo this. To put the project away instead, archive it.")
    if is_sure(key="delete_project"):
        with errors_inline():
            with st.spinner("Deleting the project"):
                ws.projects.delete(project.id)
            shell.forget_project(project.id)
            show_done(md("Deleted {}", project.name))
            open_page("projects")
