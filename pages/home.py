"""Home: what is under way, where the study stands, what it cost this month, and what to do next."""

from typing import Literal

import streamlit as st

from semblance_core.domain.discussion.reasons import RECORDING_WORDS
from semblance_core.domain.discussion.session_list import SessionRow
from semblance_core.domain.usage.money import money
from semblance_core.recordings import recordings
from semblance_core.reports.costs import spent_words
from semblance_core.workspace import Workspace
from ui.app import gate, shell, tour
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, md, safe_markdown
from ui.session.work_under_way import recent_sessions, tasks_under_way


def figures(ws: Workspace, project_id: str) -> None:
    status = ws.me.quota()
    first, second, third = st.columns(3)
    first.metric("Personas", f"{ws.personas.find(project_id, limit=1).total:,}", border=True)
    second.metric("Focus groups", f"{ws.sessions.page(project_id, limit=1).total:,}", border=True)
    limit = f"of {money(status.quota.usd)}" if status.quota.usd is not None else "no limit is set"
    words = md("In all your projects; {}", limit)
    third.metric("Cost this month", safe_markdown(spent_words(status)), border=True, help=words)


def next_steps() -> None:
    st.subheader("Three steps to your first findings")
    left, middle, right = st.columns(3)
    with left:
        step(md("1. Recruit"), md("Write a brief and get personas who fit it and differ."), "personas", md("Personas"))
    with middle:
        step(
            md("2. Discuss"), md("Write a guide; moderate yourself or let it run."), "focus_groups", md("Focus groups")
        )
    with right:
        step(md("3. Read"), md("Read themes; every quote links to its message."), "focus_groups", md("Themes"))


def step(title: Markdown, words: Markdown, page: str, label: Markdown) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.markdown(words)
        st.page_link(page_at(page), label=label, icon=":material/arrow_forward:")


def examples(ws: Workspace, opened: list[SessionRow], is_new: bool) -> None:
    """One click to a recorded study and into the tour of it."""
    st.subheader("Recorded studies")
    rows = {row.title: row for row in opened}
    for place, study in enumerate(recordings()):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{study.name}"):
            with st.container(gap=None, width="stretch"):
                st.markdown(md("**{}**", study.title))
                st.caption(md("{} {}", study.words, RECORDING_WORDS))
            row = rows.get(study.title)
            words = named_for(md("Tour the study" if row else "See a finished study"), study.title)
            kind: Literal["primary", "secondary"] = "primary" if is_new and not place else "secondary"
            if st.button(words, icon=":material/auto_stories:", type=kind, key=f"recording_{study.name}"):
                with errors_inline():
                    with st.spinner("Opening the study"):
                        row = row or ws.examples.open_recording(study.name)
                    tour.begin(row)


ws = gate.workspace()
project = shell.project(ws)
opened = ws.examples.opened_recordings()
sessions = ws.sessions.recent(2)
is_new = not [row for row in sessions if not row.recorded_through]

st.title(safe_markdown(project.name))
figures(ws, project.id)
tasks_under_way(ws)
if sessions:
    st.subheader("Recent sessions")
    recent_sessions(ws)
if is_new:
    next_steps()
examples(ws, opened, is_new)
