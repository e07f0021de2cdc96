"""Work under way, wherever it was begun: tasks with their progress, sessions that run, and what failed lately."""

import streamlit as st

from semblance_core.workspace import Workspace
from ui.session_row import session_row
from ui.task_progress import task_progress
from ui.words import say_unread, spoken

DOING = {
    "recruit": "Recruiting",
    "attach": "Adding stimuli",
    "analyse": "Finding themes",
    "example": "Making your example",
    "backfill": "Reconstructing usage",
}
BUSY_S, IDLE_S = 2.0, 15.0
SHOWN = 5
BUSY = "home_busy"


def tasks_under_way(ws: Workspace) -> None:
    """The actor's tasks that are under way or failed within a day; each follows by itself."""
    for task in (work := ws.my_work()):
        task_progress(ws, task, DOING.get(task.kind, task.kind))
    say_unread(work, "task")


def recent_sessions(ws: Workspace) -> None:
    """The actor's sessions that were last worked on, in all projects; those that run show how far they are."""
    st.fragment(_sessions, run_every=BUSY_S if st.session_state.get(BUSY) else IDLE_S)(ws)


@spoken
def _sessions(ws: Workspace) -> None:
    rows = ws.recent_sessions(SHOWN)
    names = {project.id: project.name for project in ws.projects()}
    for row in rows:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                session_row(row, project=names.get(row.project_id, ""))
            if row.is_busy and row.turns:
                st.progress(min(1.0, row.turns / row.turn_limit))
    say_unread(rows, "session")
    if st.session_state.get(BUSY, False) != any(row.is_busy for row in rows):
        st.session_state[BUSY] = any(row.is_busy for row in rows)
        st.rerun()  # how often it looks again is decided outside
