"""Users and costs: accounts, quotas, and what everybody's calls cost."""

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from semblance_core.domain.people import Role, User
from semblance_core.domain.task import TaskState
from semblance_core.domain.times import midnight
from semblance_core.domain.usage import QuotaStatus, parse_quota
from semblance_core.reports.costs import money
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.frames import by, event_table
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.calls import newest_calls
from ui.charts import cost_by_day, usage_columns
from ui.routes import page_at
from ui.task_progress import task_progress
from ui.words import safe_markdown, say_here, when

DAYS = 30


@st.dialog("Quota")
def change_quota(ws: Workspace, user: User) -> None:
    st.markdown(f"What **{safe_markdown(user.name)}** may use in a calendar month. Empty means no limit.")
    with st.form("quota", border=False):
        usd = st.text_input(
            "US dollars", "" if user.quota.usd is None else f"{user.quota.usd:f}", placeholder="No limit"
        )
        tokens = st.text_input(
            "Tokens", "" if user.quota.tokens is None else str(user.quota.tokens), placeholder="No limit"
        )
        if st.form_submit_button("Save", type="primary"):
            with say_here():
                ws.set_quota(user.id, parse_quota(usd, tokens))
                st.rerun()


@st.dialog("Add user")
def add(ws: Workspace) -> None:
    with st.form("add_user", border=False):
        user_id = st.text_input("User name", max_chars=64)
        name = st.text_input("Full name", max_chars=80)
        role = st.selectbox("Role", list(Role), format_func=lambda role: role.value.capitalize())
        password = st.text_input("Password", type="password", max_chars=72)
        if st.form_submit_button("Add", type="primary"):
            with say_here():
                ws.add_user(user_id, name, role, password)
                st.rerun()


def row(ws: Workspace, user: User, status: QuotaStatus) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{safe_markdown(user.name)}** · {safe_markdown(user.id)}")
            st.caption(shell.quota_share(status)[1])
        st.badge(user.role.value, color="violet" if user.role is Role.ADMIN else "gray")
        if user.disabled:
            st.badge("disabled", color="red")
        if st.button("Quota", key=f"quota_{user.id}"):
            change_quota(ws, user)
        if st.button("Enable" if user.disabled else "Disable", key=f"disable_{user.id}", type="tertiary"):
            with say_here():
                ws.set_disabled(user.id, not user.disabled)
                st.rerun()


def lost_usage(ws: Workspace) -> None:
    """Usage of messages that no record tells of, reconstructed in the background."""
    task = ws.newest_backfill()
    if task:
        task_progress(ws, task, "Reconstructing usage")
    if task and task.state is TaskState.DONE:
        st.caption(f"{task.result['messages']:,} messages got an estimated record on {when(task.finished_at)}.")
    told = "Writes an estimated record for each message that a model said and no record tells of."
    if (not task or task.state.is_over) and st.button("Reconstruct usage", icon=":material/history:", help=told):
        ws.backfill_usage()
        st.rerun()


def books(ws: Workspace) -> None:
    """Whether charts and budgets are what the calls add up to."""
    if not st.button("Check the books", icon=":material/fact_check:", help="Adds all calls up again and compares."):
        return
    with st.spinner("Adding up"):
        audit = ws.check_books()
    if not audit.differences:
        words = f"{audit.events:,} calls add up to what charts and budgets say, to the nano-dollar."
        st.success(words, icon=":material/check:")
        return
    st.error(f"{len(audit.differences)} figures are not what the calls add up to.", icon=":material/error:")
    for difference in audit.differences[:20]:
        st.caption(safe_markdown(difference))
    st.button("Set them right", on_click=ws.repair_books)


ws = gate.workspace()
users = ws.users()
until = ws.clock()
since = midnight(until - timedelta(days=DAYS - 1))
rows = ws.daily_usage(since)

st.title("Users and costs")
people, costs = st.tabs(["Users", "Costs, 30 days"])
with people:
    if st.button("Add user", type="primary", icon=":material/person_add:"):
        add(ws)
    for user, status in users:
        row(ws, user, status)
with costs:
    if not rows:
        st.info("No model calls yet.", icon=":material/monitoring:")
    else:
        known = sum((row["cost_usd"] for row in rows), Decimal(0))
        first, second, third = st.columns(3)
        first.metric("Cost", money(known), border=True)
        second.metric("Calls", f"{sum(row['calls'] for row in rows):,}", border=True)
        third.metric("Failed calls", f"{sum(row['failed'] for row in rows):,}", border=True)
        if unpriced := sum(row["unpriced"] for row in rows):
            st.warning(f"{unpriced} calls are of unknown cost, because their model has no known price.")
            st.page_link(page_at("prices"), label="Set prices", icon=":material/sell:")
        cost_by_day(
            rows,
            "cost_usd" if known else "tokens",
            "user_id",
            "US dollars by day" if known else "Tokens by day",
            since,
            until,
        )
        for split in ("user_id", "model", "feature"):
            table = by(rows, split)[[split, "calls", "failed", "tokens", "cached_tokens", "unpriced", "cost_usd"]]
            st.dataframe(table, hide_index=True, column_config=usage_columns())
        newest_calls(
            event_table(ws.events()),
            lambda: usage_csv(ws.events(limit=0, since=since)),
            sum(row["calls"] for row in rows),
            "usage.csv",
        )
        books(ws)
    lost_usage(ws)
