"""Usage and costs: what everybody's calls used, and whether the books add up."""

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from semblance_core.domain.task import TaskState
from semblance_core.domain.times import midnight
from semblance_core.domain.usage import UsageFilter
from semblance_core.reports.costs import money
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.frames import by, event_table
from semblance_core.workspace import Workspace
from ui import gate
from ui.calls import newest_calls
from ui.charts import cost_by_day, usage_columns
from ui.routes import page_at
from ui.task_progress import task_progress
from ui.words import safe_markdown, when

DAYS = 30


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
until = ws.clock()
since = midnight(until - timedelta(days=DAYS - 1))
rows = ws.daily_usage(since)

st.title("Usage and costs")
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
        event_table(ws.find_events(UsageFilter(), limit=200)),
        lambda: usage_csv(ws.find_events(UsageFilter(since), limit=0)),
        sum(row["calls"] for row in rows),
        "usage.csv",
    )
    books(ws)
lost_usage(ws)
