"""The project's sessions by state: what is looked for, one page of them, and what can be done with each.

States and figures follow by themselves. What is looked for stands in the address.
"""

import re

import streamlit as st

from semblance_core.domain.session_list import SessionOrder, SessionPage, SessionRow, SessionSearch, SessionStatus
from semblance_core.workspace import Workspace
from ui.deletion import is_sure
from ui.pieces import search_box
from ui.session_row import session_row
from ui.words import safe_markdown, say_done, say_here, say_unread, spoken

SHOWN = 12
BUSY_S, IDLE_S = 3.0, 15.0
ALL = "All"
STATE, TO_DELETE = "sessions_state", "session_to_delete"
DUPLICATE, DELETE = "Duplicate", "Delete"
ICONS = {DUPLICATE: ":material/content_copy:", DELETE: ":material/delete:"}


def session_list(ws: Workspace, project_id: str) -> None:
    """The bar and a page of sessions; looks again every few seconds while one of them runs."""
    if row := st.session_state.pop(TO_DELETE, None):
        delete(ws, row)  # opened here, because what follows is drawn anew under it
    every = BUSY_S if st.session_state.get("sessions_busy") else IDLE_S
    st.fragment(_list, run_every=every)(ws, project_id)


@spoken
def _list(ws: Workspace, project_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = search_box("Title or topic")
        with st.popover("Sort", icon=":material/sort:"):
            order = st.radio(
                "Order", list(SessionOrder), key="order", bind="query-params", label_visibility="collapsed"
            )
    bar = st.container()
    status = _status_in_address()
    search = SessionSearch(text, (status,) if status else (), order=SessionOrder(order))
    looked_at = _page_so_far()
    found = ws.session_page(project_id, search, skip=(looked_at - 1) * SHOWN, limit=SHOWN)
    with bar:
        _states(found, status)
    rows = st.container(gap="small")
    if (page := _pages(found.total, search)) != looked_at:
        found = ws.session_page(project_id, search, skip=(page - 1) * SHOWN, limit=SHOWN)
    with rows:
        for row in found.rows:
            _row(ws, row)
        say_unread(found, "session")
        if not found.total:
            st.info("No focus group fits this search.", icon=":material/search_off:")
            st.button("Show all", on_click=_show_all)
    if st.session_state.get("sessions_busy", False) != bool(found.busy):
        st.session_state["sessions_busy"] = bool(found.busy)
        st.rerun()  # how often it looks again is decided outside


def _row(ws: Workspace, row: SessionRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        session_row(row)
        chosen = st.menu_button(
            "More",
            [DUPLICATE, DELETE],
            key=f"more_{row.id}",
            type="tertiary",
            icon=":material/more_horiz:",
            format_func=lambda what: f"{ICONS[what]} {what}",
        )
    if chosen == DELETE:
        st.session_state[TO_DELETE] = row
        st.rerun()
    elif chosen == DUPLICATE:
        with say_here():
            with st.spinner("Duplicating it with what it shows"):
                copy = ws.duplicate_focus_group(row.id)
            say_done(f"{safe_markdown(copy.title)} is a draft")
            st.rerun()


@st.dialog("Delete focus group", icon=":material/delete:")
def delete(ws: Workspace, row: SessionRow) -> None:
    said = f"{row.messages} {'message' if row.messages == 1 else 'messages'}"
    st.markdown(f"Delete **{safe_markdown(row.title)}** with its {said}, its themes and its stimuli?")
    if row.is_busy:
        st.warning("It is under way, and ends.", icon=":material/hourglass:")
    st.caption("What it cost stays on record. This cannot be undone.")
    if is_sure():
        with say_here():
            ws.delete_focus_group(row.id)
            say_done(f"{safe_markdown(row.title)} is deleted")
            st.rerun()


def _states(found: SessionPage, status: SessionStatus | None) -> None:
    """The states with how many sessions are in each; the address names the chosen one."""
    st.session_state[STATE] = status.value if status else ALL
    counts = {ALL: sum(found.counts.values()), **{each.value: count for each, count in found.counts.items()}}
    st.segmented_control(
        "State",
        list(counts),
        key=STATE,
        required=True,
        format_func=lambda name: f"{name} {counts[name]:,}",
        label_visibility="collapsed",
        on_change=_state_chosen,
    )


def _state_chosen() -> None:
    chosen = st.session_state[STATE]
    st.query_params.pop("state", None)
    if chosen and chosen != ALL:
        st.query_params["state"] = chosen


def _status_in_address() -> SessionStatus | None:
    named = st.query_params.get("state", "")
    return next((status for status in SessionStatus if status.value == named), None)


def _show_all() -> None:
    st.session_state["find"] = ""
    st.query_params.pop("state", None)


def _page_so_far() -> int:
    """The page that is likely the one to show, before it is known how many there are."""
    named = str(st.session_state.get("page") or st.query_params.get("page", ""))
    return int(named) if re.fullmatch("[1-9][0-9]{0,6}", named) else 1


def _pages(total: int, search: SessionSearch) -> int:
    """Draws the pages and returns the one to show; another search begins at the first one."""
    if st.session_state.get("sessions_searched") not in (None, search):
        st.session_state["page"] = 1
    st.session_state["sessions_searched"] = search
    pages = -(-total // SHOWN)
    return st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
