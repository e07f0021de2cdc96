"""What stands beside every page: project, quota, who is signed in."""

from datetime import timedelta

import streamlit as st

from semblance_core.domain.money import money
from semblance_core.domain.people import Project
from semblance_core.domain.plurals import number
from semblance_core.domain.usage import QuotaStatus
from semblance_core.reports.costs import spent_words
from semblance_core.workspace import Workspace
from ui import gate
from ui.deletion import is_sure
from ui.routes import page_at
from ui.words import safe_markdown, say_done, say_here, say_unread, spoken

PROJECT = "project_id"
NEARLY = 0.8
"""The share of a quota from which on every page says so."""


def sidebar(workspace: Workspace) -> None:
    with st.sidebar:
        _project_switcher(workspace)
        st.fragment(_quota, run_every=timedelta(seconds=5))(workspace)
        _who(workspace)


def project(workspace: Workspace) -> Project:
    """The project that the sidebar shows."""
    return workspace.project(st.session_state[PROJECT])


def show_project(workspace: Workspace, project_id: str, what: str = "Session") -> None:
    """Lets the sidebar show the project of what a page was opened for by its address; says whose it is where it is somebody else's."""
    own = {project.id for project in workspace.projects()}
    if project_id not in own:
        st.caption(f":material/person: {what} of {safe_markdown(workspace.owner_name(project_id))}")
    elif st.session_state.get(PROJECT) != project_id:
        _choose(workspace, project_id)


def _project_switcher(workspace: Workspace) -> None:
    found = workspace.projects()
    projects = {project.id: project for project in found}
    if st.session_state.get(PROJECT) not in projects:
        last = workspace.me().project_id
        st.session_state[PROJECT] = last if last in projects else list(projects)[-1]
    chosen = st.selectbox(
        "Project",
        list(projects),
        index=list(projects).index(st.session_state[PROJECT]),
        format_func=lambda project_id: projects[project_id].name,
    )
    if chosen != st.session_state[PROJECT]:
        _choose(workspace, chosen)
    with st.popover("New project", icon=":material/add:", width="stretch"), st.form("new_project", border=False):
        name = st.text_input("Name", max_chars=120, placeholder="Oat milk, spring study")
        if st.form_submit_button("Create", type="primary"):
            _choose(workspace, workspace.create_project(name).id)
    if st.button("Delete project", icon=":material/delete:", width="stretch", type="tertiary"):
        _delete_project(workspace, projects[st.session_state[PROJECT]])
    say_unread(found, "project")


@st.dialog("Delete project", icon=":material/delete:")
def _delete_project(workspace: Workspace, project: Project) -> None:
    sessions = workspace.session_page(project.id, limit=1).total
    personas = workspace.find_personas(project.id, limit=1).total
    recruiting = sum(not task.state.is_over for task in workspace.tasks(project.id, ["recruit"]))
    st.markdown(
        f"Delete **{safe_markdown(project.name)}** with {number(personas, 'persona')}, {number(sessions, 'focus group')}, "
        "what was said in them, their themes and files?"
    )
    if recruiting:
        are = "panel is" if recruiting == 1 else "panels are"
        st.warning(f"{recruiting} {are} being recruited, which ends.", icon=":material/hourglass:")
    st.caption("What is under way ends. What it cost stays on record. This cannot be undone.")
    if is_sure(key="delete_project"):
        with say_here():
            with st.spinner("Deleting it with all that is in it"):
                workspace.delete_project(project.id)
            del st.session_state[PROJECT]
            say_done(f"{safe_markdown(project.name)} is deleted")
            st.switch_page(page_at("home"))


def _choose(workspace: Workspace, project_id: str) -> None:
    workspace.open_project(project_id)
    st.session_state[PROJECT] = project_id
    st.rerun()


@spoken
def _quota(workspace: Workspace) -> None:
    status = workspace.my_quota()
    st.caption("This month")
    share, words = quota_share(status)
    if share is not None:
        st.progress(share, text=words)
    else:
        st.markdown(words)


def quota_warning(workspace: Workspace) -> None:
    """Says on every page, also where the sidebar is folded away, that the quota is nearly used up."""
    share, words = quota_share(workspace.my_quota())
    if share is not None and share >= NEARLY:
        over = "This month's quota is used up" if share >= 1 else "This month's quota is nearly used up"
        st.warning(f"{over}: {words}. An administrator can raise it.", icon=":material/data_usage:")


def quota_share(status: QuotaStatus) -> tuple[float | None, str]:
    """How much of the tighter limit is used, 0–1 (None without a limit), and the same in words."""
    quota = status.quota
    shares = []
    words = [spent_words(status).replace("$", chr(92) + "$"), f"{status.spent_tokens:,} tokens"]
    if quota.usd:
        shares.append(float((status.spent_usd + status.held_usd) / quota.usd))
        words[0] += f" of {money(quota.usd).replace('$', chr(92) + '$')}"
    elif quota.usd is not None:
        words[0] += ": free models only"
    if quota.tokens is not None:
        shares.append((status.spent_tokens + status.held_tokens) / quota.tokens if quota.tokens else 1.0)
        words[1] = f"{status.spent_tokens:,} of {quota.tokens:,} tokens"
    if status.unpriced_calls:
        calls = "1 call" if status.unpriced_calls == 1 else f"{status.unpriced_calls:,} calls"
        words.append(f"{calls} of unknown cost")
    return (min(1.0, max(shares)) if shares else None), " · ".join(words)


def _who(workspace: Workspace) -> None:
    me = workspace.me()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{safe_markdown(me.name)}**", width="stretch")
        if st.button("Sign out", type="tertiary", icon=":material/logout:"):
            gate.sign_out()
