"""My usage: this month against the quota, what it went into, and every call."""

import streamlit as st

from semblance_core.domain.figures import added
from semblance_core.domain.money import money
from semblance_core.reports.costs import spent_words
from ui import gate, shell
from ui.usage_address import SPLITS, Names
from ui.usage_calls import calls
from ui.usage_charts import over_time, picked, ranked, token_kinds
from ui.usage_filters import chart_switch, filters, show_all, telling
from ui.usage_reading import Source
from ui.usage_totals import forecast, totals

OFFERED = ("project", "model", "feature")


def breakdown() -> None:
    """What it went into, as the filters ask."""
    view = filters(names, ws.clock(), OFFERED)
    over = source.over_time(view.where, view.every)
    total = added(over)
    if not total.calls:
        st.info("No calls in this period with these filters.", icon=":material/monitoring:")
        st.button("Show the last 30 days", on_click=show_all)
    else:
        totals(source, view, total)
        forecast(source, view)
        view = telling(view, total)
        chart_switch(view, OFFERED)
        sums = source.breakdowns(view.where)
        over_time(source, sums[SPLITS[view.by]], view, names)
        with st.grid(3, min_column_width=300) as grid:
            for split in OFFERED:
                with grid:
                    ranked(sums[SPLITS[split]], split, view, names)
        token_kinds(total)
        calls(source, picked(view, sums), names, "my-usage.csv")


ws = gate.workspace()
source = Source(ws, mine=True)
names = Names(source.choices())
status = ws.my_quota()

st.title("My usage")
with st.grid(2, min_column_width=220) as grid:
    limit = f"of {money(status.quota.usd)}" if status.quota.usd is not None else "no limit"
    grid.metric("Cost this month", spent_words(status), delta=limit, delta_color="off", delta_arrow="off", border=True)
    tokens = f"of {status.quota.tokens:,}" if status.quota.tokens is not None else "no limit"
    grid.metric(
        "Tokens this month", f"{status.spent_tokens:,}", delta=tokens, delta_color="off", delta_arrow="off", border=True
    )
share, words = shell.quota_share(status)
if share is not None:
    st.progress(share, text=words)
if status.unpriced_calls:
    unpriced = (
        "1 call this month is" if status.unpriced_calls == 1 else f"{status.unpriced_calls:,} calls this month are"
    )
    st.warning(f"{unpriced} of unknown cost, because their model has no known price.")

if names.choices.models:
    breakdown()
else:
    st.info(
        "No model calls yet. What you recruit, discuss and analyse will be counted here.", icon=":material/monitoring:"
    )
