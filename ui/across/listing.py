"""A project's syntheses: one row each, and the form that begins one."""

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.findings.synthesis import TITLE_CHARS, Synthesis
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.long_text import short_text
from ui.parts.routes import open_page
from ui.parts.widgets import empty_state, named_for
from ui.parts.words import errors_inline, md, told_apart, warn_unread, when

ABOUT = md(
    "Brings the themes of several sessions onto one list: which recur, in how many sessions and of how many people, where they were seen "
    "first, when hardly any is new, and where sessions contradict one another. No model is asked, so it costs nothing."
)


def synthesis_list(ws: Workspace, project: Project) -> None:
    """The syntheses, newest first, under the form for a new one."""
    found = ws.syntheses.of_project(project.id)
    offered = ws.syntheses.offered(project.id)
    if not offered and not found:
        empty_state(md(":material/hub: Nothing to bring together yet"), ABOUT)
        st.caption("Find themes in a focus group or in interviews first.")
        return
    st.caption(ABOUT)
    if offered:
        _begin(ws, project)
    for synthesis in found:
        synthesis_row(synthesis)
    warn_unread(found, "synthesis")


def synthesis_row(synthesis: Synthesis) -> None:
    """One synthesis, with a button that opens it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{synthesis.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(md("**{}**", synthesis.title))
            sessions, themes = len(synthesis.analyses), len(synthesis.shared)
            words = (number(sessions, "session"), number(themes, "shared theme"))
            st.caption(md("{} · {} · {}", *words, when(synthesis.edited_at or synthesis.created_at)))
        if st.button(
            named_for(md("Open"), synthesis.title), key=f"open_{synthesis.id}", icon=":material/arrow_forward:"
        ):
            open_page("synthesis", {"id": synthesis.id})


def _begin(ws: Workspace, project: Project) -> None:
    offered = {each.source.id: each for each in ws.syntheses.offered(project.id)}
    names = told_apart({source_id: each.source.title for source_id, each in offered.items()})
    with st.form("new_synthesis", border=True), errors_inline():
        title = short_text(md("Title"), most=TITLE_CHARS, placeholder="All groups of the spring study")
        chosen = st.multiselect(
            "Sessions and interview rounds",
            list(offered),
            default=list(offered),
            format_func=names.__getitem__,
            help="Those in which themes were found. The newest analysis of each is read; another one can be chosen later.",
        )
        if st.form_submit_button("Bring together", type="primary", icon=":material/hub:"):
            made = ws.syntheses.begin(project.id, title or f"{project.name[:140]}, together", chosen)
            open_page("synthesis", {"id": made.id})
