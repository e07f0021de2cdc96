"""Work under way, wherever it was begun: tasks with their progress, sessions that run, and what failed lately."""

import streamlit as st

from semblance_core.workspace import Workspace
from ui.parts.routes import repeating
from ui.parts.task_progress import task_progress
from ui.parts.words import md, safe_markdown, shows_errors, warn_unread
from ui.session.row import marks_of, session_row

DOING = {
    "recruit": md("Recruiting"),
    "attach": md("Adding stimuli"),
    "analyse": md("Finding themes"),
    "analyse_interviews": md("Finding themes in interviews"),
    "code_session": md("Coding a session"),
    "suggest": md("Suggesting follow-ups"),
    "example": md("Creating your example"),
    "survey": md("Asking a survey"),
    "ballot": md("Putting a ballot"),
    "backfill": md("Reconstructing usage"),
}
BUSY_S, IDLE_S = 2.0, 15.0
SHOWN = 5
BUSY = "home_busy"


def tasks_under_way(ws: Workspace) -> None:
    """The actor's tasks that are under way or failed within a day; each follows by itself."""
    for task in (work := ws.tasks.mine()):
        task_progress(ws, task, DOING.get(task.kind, safe_markdown(task.kind)))
    warn_unread(work, "task")


def recent_sessions(ws: Workspace) -> None:
    """The actor's sessions that were last worked on, in all projects; those that run show how far they are."""
    repeating(_sessions, every=BUSY_S if st.session_state.get(BUSY) else IDLE_S)(ws)


@shows_errors
def _sessions(ws: Workspace) -> None:
    rows = ws.sessions.recent(SHOWN)
    names = {project.id: project.name for project in ws.projects.mine()}
    marks = marks_of(rows)
    for row in rows:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center", key=f"row_{row.id}"):
                session_row(row, project=names.get(row.project_id, ""), marks=marks)
            if row.is_busy and row.turns:
                st.progress(min(1.0, row.turns / row.turn_limit))
    warn_unread(rows, "session")
    if st.session_state.get(BUSY, False) != any(row.is_busy for row in rows):
        st.session_state[BUSY] = any(row.is_busy for row in rows)
        st.rerun()  # how often it looks again is decided outside
