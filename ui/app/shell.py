"""The sidebar beside every page: project, quota, who is signed in."""

from datetime import timedelta

import streamlit as st

from semblance_core.domain.accounts.account import LONGEST_PROJECT, Project
from semblance_core.domain.usage.events import QuotaStatus
from semblance_core.domain.usage.money import money
from semblance_core.reports.costs import spent_words
from semblance_core.workspace import Workspace
from ui.app import gate
from ui.app.notices import notices
from ui.parts.long_text import short_text
from ui.parts.routes import open_page, page_at, repeating
from ui.parts.words import Markdown, errors_inline, md, safe_markdown, show_done, shows_errors, told_apart, warn_unread

PROJECT, SWITCH, IN_ADDRESS = "project_id", "project_switch", "project_id"
"""No page of usage has a parameter of this name: `project` narrows usage there, and must not switch projects."""
MADE, LEAVES = "projects_made", "leaves_for_project"
SESSION = md("Session")
NEARLY = 0.8
"""The share of a quota from which on every page says so."""


def sidebar(workspace: Workspace) -> None:
    with st.sidebar:
        _project_switcher(workspace)
        repeating(_watched, every=timedelta(seconds=5))(workspace)
        _who(workspace)


def project(workspace: Workspace) -> Project:
    """The project that the sidebar shows; its id stands in the address of a page that lists what is in it."""
    shown = workspace.projects.get(st.session_state[PROJECT])
    if _is_about_one():
        return shown
    if st.query_params.get(IN_ADDRESS, shown.id) != shown.id:
        words = md(
            "The project in this address was deleted or belongs to somebody else. You see **{}** instead.", shown.name
        )
        st.info(words, icon=":material/folder_off:")
    st.query_params[IN_ADDRESS] = shown.id
    return shown


def show_project(workspace: Workspace, project_id: str, what: Markdown = SESSION) -> None:
    """Lets the sidebar show the project of what a page was opened for by its address; says whose it is where it is somebody else's."""
    own = {project.id for project in workspace.projects.mine()}
    if project_id not in own:
        st.caption(f":material/person: {what} owned by {safe_markdown(workspace.projects.owner_name(project_id))}")
    elif st.session_state.get(PROJECT) != project_id:
        _choose(workspace, project_id)


def forget_project(project_id: str) -> None:
    """After a project was deleted: where it was open, another one is from the next run on."""
    if st.session_state.get(PROJECT) == project_id:
        del st.session_state[PROJECT]


def _project_switcher(workspace: Workspace) -> None:
    found = workspace.projects.mine()
    projects = {project.id: project for project in found}
    named = "" if _is_about_one() else st.query_params.get(IN_ADDRESS, "")
    if named in projects and named != st.session_state.get(PROJECT):
        workspace.projects.open(named)
        st.session_state[PROJECT] = named
    if st.session_state.get(PROJECT) not in projects:
        st.session_state[PROJECT] = _first_open(workspace, found)
    now_open = st.session_state[PROJECT]
    if st.session_state.pop(LEAVES, False):
        open_page("projects", {"id": now_open})
    if st.session_state.get(SWITCH) != now_open:
        st.session_state[SWITCH] = now_open
    offered = {each.id: each.name for each in found if not each.archived_at or each.id == now_open}
    st.selectbox(
        "Project",
        list(offered),
        format_func=told_apart(offered).__getitem__,
        key=SWITCH,
        on_change=_switched,
        args=(workspace,),
    )
    _new_project(workspace)
    st.page_link(page_at("projects"), label="All projects", icon=":material/folder_open:")
    warn_unread(found, "project")


def _first_open(workspace: Workspace, found: list[Project]) -> str:
    """The project that was last worked on; where it is gone or archived, the newest one that is not."""
    in_use = [each.id for each in found if not each.archived_at] or [each.id for each in found]
    last = workspace.me.account().project_id
    return last if last in in_use else in_use[-1]


def _new_project(workspace: Workspace) -> None:
    # After each new project it is another popover, which is closed and takes no second click for the last one.
    made = st.session_state.get(MADE, 0)
    with (
        st.popover("New project", icon=":material/add:", width="stretch", key=f"new_project_{made}"),
        st.form(f"new_project_form_{made}", border=False),
        errors_inline(),
    ):
        name = short_text(md("Name"), most=LONGEST_PROJECT, placeholder="Oat milk, spring study")
        if st.form_submit_button("Create", type="primary"):
            created = workspace.projects.create(name)
            st.session_state[MADE] = made + 1
            st.session_state[LEAVES] = "id" in st.query_params
            show_done(md("Created {}", created.name))
            _choose(workspace, created.id)


def _choose(workspace: Workspace, project_id: str) -> None:
    _open(workspace, project_id)
    st.rerun()


def _switched(workspace: Workspace) -> None:
    with errors_inline():
        _open(workspace, st.session_state[SWITCH])
        st.session_state[LEAVES] = _is_about_one()


def _is_about_one() -> bool:
    """True on a page that its address opens for one thing. It shows that thing's project, and is left where another is chosen."""
    return "id" in st.query_params


def _open(workspace: Workspace, project_id: str) -> None:
    workspace.projects.open(project_id)
    st.session_state[PROJECT] = project_id
    # On a list: a search of the other project is none of this one.
    if IN_ADDRESS in st.query_params and not _is_about_one():
        st.query_params.from_dict({IN_ADDRESS: project_id})


@shows_errors
def _watched(workspace: Workspace) -> None:
    """The parts of the sidebar that follow by themselves."""
    _quota(workspace)
    notices(workspace)


def _quota(workspace: Workspace) -> None:
    status = workspace.me.quota()
    st.caption("This month")
    share, words = quota_share(status)
    if share is not None:
        st.progress(share, text=words)
    else:
        st.markdown(words)


def quota_warning(workspace: Workspace) -> None:
    """Says on every page, also where the sidebar is folded away, that the quota is nearly used up."""
    share, words = quota_share(workspace.me.quota())
    if share is not None and share >= NEARLY:
        over = "This month's quota is used up" if share >= 1 else "This month's quota is nearly used up"
        st.warning(f"{over}: {words}. An administrator can raise it.", icon=":material/data_usage:")


def quota_share(status: QuotaStatus) -> tuple[float | None, Markdown]:
    """Returns the used share of the tighter limit, 0–1 (None without a limit), and what is used in words."""
    quota = status.quota
    shares = []
    cost, tokens = spent_words(status), f"{status.spent_tokens:,} tokens"
    if quota.usd:
        shares.append(float((status.spent_usd + status.held_usd) / quota.usd))
        cost += f" of {money(quota.usd)}"
    elif quota.usd is not None:
        cost += ": free models only"
    if quota.tokens is not None:
        shares.append((status.spent_tokens + status.held_tokens) / quota.tokens if quota.tokens else 1.0)
        tokens = f"{status.spent_tokens:,} of {quota.tokens:,} tokens"
    if status.unpriced_calls:
        calls = "1 call" if status.unpriced_calls == 1 else f"{status.unpriced_calls:,} calls"
        tokens += f" · {calls} of unknown cost"
    return (min(1.0, max(shares)) if shares else None), safe_markdown(f"{cost} · {tokens}")


def _who(workspace: Workspace) -> None:
    me = workspace.me.account()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{safe_markdown(me.name)}**", width="stretch")
        if st.button("Sign out", type="tertiary", icon=":material/logout:"):
            gate.sign_out()
