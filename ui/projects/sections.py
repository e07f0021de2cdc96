"""Parts of a project's page: figures, texts, sessions, panels, activity."""

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.accounts.project import Activity, ProjectOverview
from semblance_core.domain.discussion.interviews import RoundProgress
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks.stored import brief_of
from semblance_core.workspace import Workspace
from ui.across.listing import synthesis_row
from ui.interviews.listing import round_row
from ui.parts.routes import page_at
from ui.parts.task_progress import task_progress
from ui.parts.words import joined, md, safe_markdown, shortened, warn_unread, when
from ui.projects.dialogs import describe
from ui.session.row import marks_of, session_row
from ui.usage.totals import cost_words, unknown_cost

SESSIONS, PANELS, EVENTS = 5, 5, 10
TEXT_SHOWN = 70
STATES = {
    TaskState.DONE: md("recruited"),
    TaskState.FAILED: md("failed"),
    TaskState.CANCELLED: md("cancelled"),
}


def figures(overview: ProjectOverview, *, is_own: bool) -> None:
    with st.grid(4, min_column_width=140) as grid:
        grid.metric("Personas", f"{overview.personas:,}", border=True)
        grid.metric("Focus groups", f"{overview.sessions:,}", border=True)
        grid.metric("Panels", f"{overview.panels:,}", border=True, help="Recruiting runs")
        words = md("{:,} calls, {:,} tokens", overview.used.calls, overview.used.tokens.total)
        grid.metric("Cost", safe_markdown(cost_words(overview.used)), border=True, help=words)
    unknown_cost(overview.used)
    if overview.used.calls:
        st.page_link(
            page_at("usage" if is_own else "admin_usage"),
            label="Costs in detail",
            icon=":material/monitoring:",
            query_params={"project": overview.project.id},
        )


def texts(ws: Workspace, project: Project) -> None:
    """The aim and the notes, with the way to change them."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader("Aim", width="stretch")
            if st.button("Edit aim and notes", icon=":material/edit_note:"):
                describe(ws, project)
        if project.aim:
            st.markdown(safe_markdown(project.aim))
        else:
            st.caption("Write down the question that this project is to answer.")
        st.subheader("Learnt so far")
        if project.notes:
            st.markdown(safe_markdown(project.notes))
        else:
            st.caption("Collect your conclusions here as you read sessions and themes.")


def sessions(ws: Workspace, project: Project, *, is_own: bool) -> None:
    """The sessions that were last worked on."""
    st.subheader("Focus groups")
    found = ws.sessions.page(project.id, limit=SESSIONS)
    if not found.total:
        st.caption("No focus groups yet.")
    marks = marks_of(found.rows)
    for row in found.rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{row.id}"):
            session_row(row, marks=marks)
    warn_unread(found, "session")
    if is_own:
        label = md("All {:,} focus groups", found.total) if found.total > SESSIONS else md("Go to focus groups")
        _to_list("focus_groups", label, ":material/forum:", project)


def interviews(ws: Workspace, project: Project, *, is_own: bool) -> None:
    """The newest interview rounds; nothing where there are none."""
    found = ws.interviews.of_project(project.id)
    if not found:
        return
    st.subheader("Interviews")
    states = ws.interviews.progress(project.id)
    for held in found[:SESSIONS]:
        round_row(held, states.get(held.id, RoundProgress()))
    if is_own:
        _to_list("interviews", md("Go to interviews"), ":material/record_voice_over:", project)


def across(ws: Workspace, project: Project, *, is_own: bool) -> None:
    """The newest syntheses, nothing where there are none, and the way to the search in this project."""
    found = ws.syntheses.of_project(project.id)
    if found:
        st.subheader("Across sessions")
        for synthesis in found[:SESSIONS]:
            synthesis_row(synthesis)
        if is_own:
            _to_list("synthesis", md("Go to synthesis"), ":material/hub:", project)
    where = {"in": project.id}
    st.page_link(page_at("search"), label="Search in this project", icon=":material/search:", query_params=where)


def panels(ws: Workspace, project: Project, *, is_own: bool) -> None:
    """The newest recruiting runs."""
    st.subheader("Panels")
    tasks = ws.tasks.of_project(project.id, ["recruit"])
    if not tasks:
        st.caption("No panel recruited yet.")
    for task in tasks[:PANELS]:
        if task.state.is_over:
            _panel(task, project, is_own=is_own)
        else:
            task_progress(ws, task, md("Recruiting"))
    warn_unread(tasks, "task")
    if is_own:
        _to_list("personas", md("Go to personas"), ":material/groups:", project)


def activity(events: list[Activity]) -> None:
    """The newest events, one a line."""
    st.subheader("Activity")
    for event in events:
        about = md(" · {}", shortened(" ".join(event.about.split()), TEXT_SHOWN)) if event.about else md("")
        by = md(" · {}", event.by) if event.by else md("")
        st.markdown(joined("", (md("{}", event.what.value), about, md("  \n:gray[:small[{}{}]]", when(event.at), by))))


def _panel(task: Task, project: Project, *, is_own: bool) -> None:
    with st.container(border=True, gap="small"):
        brief = " ".join(brief_of(task).split())
        st.markdown(safe_markdown(shortened(brief, TEXT_SHOWN * 2)))
        st.caption(md("{} of {} {} · {}", task.done, task.total, STATES[task.state], when(task.finished_at)))
        if is_own and task.state is TaskState.DONE:
            st.page_link(
                page_at("personas"),
                label="Show its personas",
                icon=":material/groups:",
                query_params={"project_id": project.id, "run": task.id},
            )


def _to_list(page: str, label: str, icon: str, project: Project) -> None:
    st.page_link(page_at(page), label=safe_markdown(label), icon=icon, query_params={"project_id": project.id})
