"""My usage: this month against the quota, what it went into, and every call."""

from datetime import timedelta

import streamlit as st

from semblance_core.domain.times import midnight
from semblance_core.domain.usage import UsageFilter
from semblance_core.reports.costs import money
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.frames import by, event_table
from ui import gate, shell
from ui.calls import newest_calls
from ui.charts import cost_by_day, usage_columns

DAYS = 30

ws = gate.workspace()
status = ws.my_quota()
until = ws.clock()
since = midnight(until - timedelta(days=DAYS - 1))
rows = ws.my_daily_usage(since)

st.title("My usage")
first, second, third = st.columns(3)
limit = f"of {money(status.quota.usd)}" if status.quota.usd is not None else "no limit"
first.metric("Cost this month", money(status.spent_usd), help=limit, border=True)
tokens = f"of {status.quota.tokens:,}" if status.quota.tokens is not None else "no limit"
second.metric("Tokens this month", f"{status.spent_tokens:,}", help=tokens, border=True)
third.metric("Calls in 30 days", f"{sum(row['calls'] for row in rows):,}", border=True)
share, words = shell.quota_share(status)
if share is not None:
    st.progress(share, text=words)
if status.unpriced_calls:
    st.warning(f"{status.unpriced_calls} calls this month are of unknown cost, because their model has no known price.")

if not rows:
    st.info(
        "No model calls yet. What you recruit, discuss and analyse will be counted here.", icon=":material/monitoring:"
    )
else:
    costs = any(row["cost_usd"] for row in rows)
    cost_by_day(
        rows,
        "cost_usd" if costs else "tokens",
        "feature",
        "US dollars by day" if costs else "Tokens by day",
        since,
        until,
    )
    shown = ["calls", "failed", "tokens", "unpriced", "cost_usd"]
    st.dataframe(by(rows, "feature")[["feature", *shown]], hide_index=True, column_config=usage_columns())
    st.dataframe(by(rows, "model")[["model", *shown]], hide_index=True, column_config=usage_columns())
    newest_calls(
        event_table(ws.my_events()).drop(columns="user"),
        lambda: usage_csv(ws.my_events(UsageFilter(since), limit=0)),
        sum(row["calls"] for row in rows),
        "my-usage.csv",
    )
