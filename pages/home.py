"""Home: what is under way, where the study stands, what it cost this month, and what to do next."""

import streamlit as st

from semblance_core.domain.money import money
from semblance_core.domain.task import Task, TaskState
from semblance_core.reports.costs import spent_words
from semblance_core.workspace import Workspace
from ui import gate, shell, tour
from ui.routes import page_at
from ui.words import safe_markdown, say_here
from ui.work_under_way import recent_sessions, tasks_under_way

WANTED = "example_wanted"


def figures(ws: Workspace, project_id: str) -> None:
    status = ws.my_quota()
    first, second, third = st.columns(3)
    first.metric("Personas", f"{ws.find_personas(project_id, limit=1).total:,}", border=True)
    second.metric("Focus groups", f"{ws.session_page(project_id, limit=1).total:,}", border=True)
    limit = f"of {money(status.quota.usd)}" if status.quota.usd is not None else "no limit is set"
    third.metric("Cost this month", spent_words(status), border=True, help=f"In all your projects; {limit}")


def next_steps() -> None:
    st.subheader("Three steps to your first findings")
    left, middle, right = st.columns(3)
    with left:
        step(1, "Recruit", "Write a brief, get personas who fit it and differ.", "personas", "Personas")
    with middle:
        step(2, "Discuss", "Give a guide, moderate yourself or let it run.", "focus_groups", "Focus groups")
    with right:
        step(3, "Read", "Themes whose every quote leads to its message.", "focus_groups", "Themes")


def step(number: int, title: str, words: str, page: str, label: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{number}. {title}**")
        st.markdown(words)
        st.page_link(page_at(page), label=label, icon=":material/arrow_forward:")


def example(ws: Workspace, made: Task | None, is_new: bool) -> None:
    """One click to a finished study, and into the tour of it once it is made."""
    if made and made.state is TaskState.DONE:
        if st.session_state.pop(WANTED, False):
            tour.begin(made)
        if st.button("Tour of the example", icon=":material/explore:", type="primary" if is_new else "secondary"):
            tour.begin(made)
    elif made is None or made.state.is_over:
        words = "See a finished study"
        if st.button(words, icon=":material/auto_stories:", type="primary" if is_new else "secondary"):
            with say_here():
                ws.make_example()
                st.session_state[WANTED] = True
                st.rerun()
        st.caption("Six simulated people discuss oat milk: made in seconds, without a key, at no cost.")


ws = gate.workspace()
project = shell.project(ws)
made = ws.example()
sessions = ws.recent_sessions(2)
is_new = not [row for row in sessions if made is None or row.project_id != made.project_id]

st.title(safe_markdown(project.name))
figures(ws, project.id)
tasks_under_way(ws)
if sessions:
    st.subheader("Recent sessions")
    recent_sessions(ws)
if is_new:
    next_steps()
example(ws, made, is_new)
