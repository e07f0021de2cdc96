"""The project's sessions by state: what is looked for, one page of them, and what can be done with each.

States and figures follow by themselves. What is looked for stands in the address.
"""

import streamlit as st

from semblance_core.domain.discussion.session_list import (
    SessionOrder,
    SessionPage,
    SessionRow,
    SessionSearch,
    SessionStatus,
)
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.deletion import is_sure
from ui.parts.in_address import Choice, by_text, empty, page_named, page_of
from ui.parts.routes import repeating
from ui.parts.widgets import named_for, search_box
from ui.parts.words import errors_inline, md, shortened, show_done, shows_errors, warn_unread
from ui.session.row import TITLE_SHOWN, marks_of, session_row

SHOWN = 12
BUSY_S, IDLE_S = 3.0, 15.0
ALL = "All"
TO_DELETE = "session_to_delete"
DUPLICATE, DELETE = "Duplicate", "Delete"
MENU = {DUPLICATE: ":material/content_copy: Duplicate", DELETE: ":material/delete: Delete"}


def session_list(ws: Workspace, project_id: str) -> None:
    """The bar and a page of sessions; looks again every few seconds while one of them runs."""
    if row := st.session_state.pop(TO_DELETE, None):
        delete(ws, row)  # opened here, because what follows is drawn anew under it
    every = BUSY_S if st.session_state.get("sessions_busy") else IDLE_S
    repeating(_list, every=every)(ws, project_id)


@shows_errors
def _list(ws: Workspace, project_id: str) -> None:
    scope = f"sessions/{project_id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = search_box("Title or topic", scope)
        with st.popover("Sort", icon=":material/sort:"):
            ways = Choice("order", scope, ("page",), among=by_text(SessionOrder), default=next(iter(SessionOrder)))
            order = ways.show()
            st.radio("Order", list(SessionOrder), key=ways.key, on_change=ways.keep, label_visibility="collapsed")
    bar = st.container()
    states = _state(scope)
    named = states.show()
    status = SessionStatus(named) if named != ALL else None
    search = SessionSearch(text, (status,) if status else (), order=order)
    looked_at = page_named()
    found = ws.sessions.page(project_id, search, skip=(looked_at - 1) * SHOWN, limit=SHOWN)
    with bar:
        _states(found, states)
    rows = st.container(gap="small")
    if (page := page_of(found.total, SHOWN, scope)) != looked_at:
        found = ws.sessions.page(project_id, search, skip=(page - 1) * SHOWN, limit=SHOWN)
    with rows:
        marks = marks_of(found.rows)
        for row in found.rows:
            _row(ws, row, marks=marks)
        warn_unread(found, "session")
        if not found.total:
            st.info("No focus groups match this search.", icon=":material/search_off:")
            st.button("Show all", on_click=_show_all)
    if st.session_state.get("sessions_busy", False) != bool(found.busy):
        st.session_state["sessions_busy"] = bool(found.busy)
        st.rerun()  # how often it looks again is decided outside


def _row(ws: Workspace, row: SessionRow, *, marks: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{row.id}"):
        session_row(row, marks=marks)
        chosen = st.menu_button(
            named_for(md("More"), shortened(row.title, TITLE_SHOWN)),
            [DUPLICATE, DELETE],
            key=f"more_{row.id}",
            type="tertiary",
            icon=":material/more_horiz:",
            format_func=MENU.__getitem__,
        )
    if chosen == DELETE:
        st.session_state[TO_DELETE] = row
        st.rerun()
    elif chosen == DUPLICATE:
        with errors_inline():
            with st.spinner("Duplicating the focus group and its stimuli"):
                copy = ws.sessions.duplicate(row.id)
            show_done(md("Created the draft {}", copy.title))
            st.rerun()


@st.dialog("Delete focus group", icon=":material/delete:")
def delete(ws: Workspace, row: SessionRow) -> None:
    said = number(row.messages, "message")
    st.markdown(md("Delete **{}** with its {}, themes and stimuli?", row.title, said))
    if row.is_busy:
        st.warning("It is running; deleting stops it.", icon=":material/hourglass:")
    st.caption("Its costs stay on record. This cannot be undone.")
    if is_sure():
        with errors_inline():
            ws.sessions.delete(row.id)
            show_done(md("Deleted {}", row.title))
            st.rerun()


def _state(scope: str) -> Choice[str]:
    return Choice("state", scope, ("page",), among=by_text(each.value for each in SessionStatus), default=ALL)


def _states(found: SessionPage, state: Choice[str]) -> None:
    """The states with how many sessions are in each; the address names the chosen one."""
    counts = {ALL: sum(found.counts.values()), **{each.value: count for each, count in found.counts.items()}}
    st.segmented_control(
        "State",
        list(counts),
        key=state.key,
        required=True,
        format_func=lambda name: md("{} {:,}", name, counts[name]),
        label_visibility="collapsed",
        on_change=state.keep,
    )


def _show_all() -> None:
    empty(("find", "state", "page"))
