"""Usage and costs: what everybody's calls used, by whom, of what and when, down to the single call."""

import streamlit as st

from semblance_core.domain.usage.totals import total_of
from ui.app import gate
from ui.parts.routes import page_at
from ui.usage.address import SPLITS, Names
from ui.usage.calls import calls
from ui.usage.charts import answers, over_time, ranked, selection_of, token_kinds
from ui.usage.filters import chart_switch, default_measure, filters, show_all
from ui.usage.reading import Source
from ui.usage.reconciliation import books, lost_usage
from ui.usage.totals import forecast, totals

ws = gate.workspace()
ws.me.check_admin()
source = Source(ws, mine=False)
names = Names(source.choices())

st.title("Usage and costs")
view = filters(names, ws.clock())
over = source.over_time(view.where, view.every)
total = total_of(over)

if not total.calls:
    if names.choices.models:
        st.info("No calls in this period with these filters.", icon=":material/monitoring:")
        st.button("Show the last 30 days for everyone", on_click=show_all)
    else:
        st.info("No model calls yet. Everything people recruit, discuss and analyse is counted here.")
else:
    totals(source, view, total)
    forecast(source, view)
    if total.unpriced:
        st.page_link(page_at("prices"), label="Set prices", icon=":material/sell:")
    view = default_measure(view, total)
    chart_switch(view)
    sums = source.breakdowns(view.where)
    over_time(source, sums[SPLITS[view.by]], view, names)
    with st.grid(2, min_column_width=340) as grid:
        for split, field in SPLITS.items():
            with grid:
                ranked(sums[field], split, view, names)
    answers(over, view)
    token_kinds(total)
    calls(source, selection_of(view, sums), names, "usage.csv")

with st.expander("Reconcile usage", icon=":material/fact_check:"):
    books(ws)
    lost_usage(ws)
