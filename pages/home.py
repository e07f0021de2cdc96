"""Home: where the study stands and what to do next."""

import streamlit as st

from semblance_core.reports.costs import money
from ui import gate, shell
from ui.routes import page_at
from ui.session_row import session_row
from ui.task_progress import task_progress
from ui.words import safe_markdown

ws = gate.workspace()
project = shell.project(ws)
personas = ws.personas(project.id)
groups = ws.focus_groups(project.id)
status = ws.my_quota()

st.title(safe_markdown(project.name))
first, second, third = st.columns(3)
first.metric("Personas", len(personas), border=True)
second.metric("Focus groups", len(groups), border=True)
third.metric("Cost this month", money(status.spent_usd), border=True)

for task in [task for task in ws.tasks(project.id) if not task.state.is_over]:
    task_progress(ws, task, "Recruiting" if task.kind == "recruit" else "Finding themes")


def step(number: int, title: str, words: str, page: str, label: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{number}. {title}**")
        st.markdown(words)
        st.page_link(page, label=label, icon=":material/arrow_forward:")


if groups:
    st.subheader("Recent sessions")
    for row in ws.session_page(project.id, limit=5).rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            session_row(row)
else:
    st.subheader("Three steps to your first findings")
    left, middle, right = st.columns(3)
    with left:
        step(1, "Recruit", "Write a brief, get personas who fit it and differ.", page_at("personas"), "Personas")
    with middle:
        step(2, "Discuss", "Give a guide, moderate yourself or let it run.", page_at("focus_groups"), "Focus groups")
    with right:
        step(3, "Read", "Themes whose every quote leads to its message.", page_at("focus_groups"), "Themes")
