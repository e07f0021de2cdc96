"""A project's surveys: how far each is, what it asked, and the way to its results."""

import streamlit as st

from semblance_core.domain.errors import NotFound
from semblance_core.domain.instruments.survey import Survey
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.events import is_simulated
from semblance_core.workspace import Workspace
from ui.parts.in_address import page_of
from ui.parts.routes import open_page
from ui.parts.widgets import named_for
from ui.parts.words import md, warn_unread, when

SHOWN = 12
STATES = {
    TaskState.QUEUED: "waiting",
    TaskState.RUNNING: "under way",
    TaskState.DONE: "done",
    TaskState.FAILED: "stopped",
    TaskState.CANCELLED: "cancelled",
}


def survey_list(ws: Workspace, project_id: str) -> None:
    """The surveys, newest first, some a page."""
    found = ws.surveys.of_project(project_id)
    rows = st.container()
    page = page_of(len(found), SHOWN, f"surveys/{project_id}")
    with rows:
        for survey in found[(page - 1) * SHOWN : page * SHOWN]:
            _row(ws, survey)
    warn_unread(found, "survey")


def task_of(ws: Workspace, survey_id: str) -> Task | None:
    """The survey's task; None where it was never begun, because the process that made it died."""
    try:
        return ws.tasks.get(survey_id)
    except NotFound:
        return None


def _row(ws: Workspace, survey: Survey) -> None:
    task = task_of(ws, survey.id)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(md("**{}**", survey.title))
            st.caption(md("{} · {} · {}", number(survey.size, "persona"), survey.model, when(survey.created_at)))
        if is_simulated(survey.model):
            st.badge("simulated", color="gray", help="The built-in simulator answered, not a language model.")
        st.badge(STATES[task.state] if task else "not begun", color="gray")
        if st.button(named_for(md("Open"), survey.title), key=f"open_{survey.id}", icon=":material/arrow_forward:"):
            open_page("surveys", {"id": survey.id})
