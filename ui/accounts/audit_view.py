"""Administrators' actions: found by person, action and time, shown a page at a time, and as a file."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import streamlit as st

from semblance_core.domain.accounts.audit_log import AuditEntry, AuditFilter
from semblance_core.reports.exports import AUDIT_COLUMNS, audit_csv, audit_row
from semblance_core.workspace import ACTION_WORDS, Workspace
from ui.parts.words import errors_inline, warn_unread

SHOWN = 25
ON_SCREEN = sorted(AUDIT_COLUMNS, key=("at", "actor", "action", "outcome", "about", "owner", "details", "words").index)
"""Columns in the order of the screen. The outcome stands right after the action: further on it would be off a small screen."""
ANYBODY, ANYTHING = "Anybody", "Anything"
ALL = {"by": ANYBODY, "did": ANYTHING, "to_account": ANYBODY, "from_day": None, "to_day": None}


def audit_view(ws: Workspace, accounts: Sequence[str]) -> None:
    """accounts: the user names that the log can be narrowed to."""
    st.caption(
        "Every change an administrator made outside their own work: to accounts, prices and other people's projects. Viewing "
        "other people's work is logged once an hour. Entries cannot be edited or removed; when an account is deleted, its "
        "entries stay without their texts."
    )
    with errors_inline():
        where = _filters(ws, accounts)
        entries, total = ws.audit.find(where, limit=SHOWN)
        if not total:
            narrowed = where != AuditFilter()
            words = "No entries match." if narrowed else "No administrator has changed anything yet."
            st.info(words, icon=":material/search_off:" if narrowed else ":material/history:")
            if narrowed:
                st.button("Show all", on_click=clear)
            return
        _head(ws, where, total)
        shown = st.container()
        if (page := _page_of(total, where)) > 1:
            entries, _ = ws.audit.find(where, skip=(page - 1) * SHOWN, limit=SHOWN)
        with shown:
            _table(entries)
            warn_unread(entries, "entry")


def clear() -> None:
    """Empties the filters, for a button's `on_click`."""
    st.session_state.update(ALL)


def _filters(ws: Workspace, accounts: Sequence[str]) -> AuditFilter:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.selectbox("Administrator", [ANYBODY, *ws.audit.actors()], key="by", bind="query-params", width=160)
        what = st.selectbox(
            "Action", [ANYTHING, *sorted(ACTION_WORDS.values())], key="did", bind="query-params", width=250
        )
        whose = st.selectbox("Account", [ANYBODY, *accounts], key="to_account", bind="query-params", width=160)
        since = st.date_input("From (UTC)", None, key="from_day", bind="query-params", width=140)
        until = st.date_input("Through (UTC)", None, key="to_day", bind="query-params", width=140)
    return AuditFilter(
        since=datetime.combine(since, time(), UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), UTC) if until else None,
        actor_id=None if who == ANYBODY else who,
        action=next((action for action, words in ACTION_WORDS.items() if words == what), None),
        owner_id=None if whose == ANYBODY else whose,
    )


def _head(ws: Workspace, where: AuditFilter, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{total:,} {'action' if total == 1 else 'actions'}, newest first. Times are UTC.", width="stretch")
        st.download_button(
            "CSV",
            lambda: audit_csv(ws.audit.find(where)[0], ACTION_WORDS),
            "audit-log.csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _page_of(total: int, where: AuditFilter) -> int:
    """Draws the pages and returns the one to show; another search begins at the first one."""
    if st.session_state.get("log_paged") not in (None, where):
        st.session_state["log_page"] = 1
    st.session_state["log_paged"] = where
    pages = -(-total // SHOWN)
    return st.pagination(pages, key="log_page", bind="query-params") if pages > 1 else 1


def _table(entries: Sequence[AuditEntry]) -> None:
    import pandas as pd

    column = st.column_config
    rows = pd.DataFrame([audit_row(entry, ACTION_WORDS) for entry in entries], columns=list(ON_SCREEN))
    st.dataframe(
        rows,
        hide_index=True,
        column_config={
            "at": column.DatetimeColumn("When", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
            "actor": "Administrator",
            "action": column.TextColumn("Action", width="medium"),
            "outcome": "Outcome",
            "about": column.TextColumn("Subject", width="medium"),
            "owner": "Account",
            "details": column.TextColumn("Details", width="medium"),
            "words": column.TextColumn("Reason", width="medium"),
        },
        height="content",
    )
