"""Usage and costs: what everybody's calls used, by whom, of what and when, down to the single call."""

import streamlit as st

from semblance_core.domain.figures import added
from ui import gate
from ui.routes import page_at
from ui.usage_address import SPLITS, Names
from ui.usage_books import books, lost_usage
from ui.usage_calls import calls
from ui.usage_charts import answers, over_time, picked, ranked, token_kinds
from ui.usage_filters import chart_switch, filters, show_all, telling
from ui.usage_reading import Source
from ui.usage_totals import forecast, totals

ws = gate.workspace()
ws.check_admin()
source = Source(ws, mine=False)
names = Names(source.choices())

st.title("Usage and costs")
view = filters(names, ws.clock())
over = source.over_time(view.where, view.every)
total = added(over)

if not total.calls:
    if names.choices.models:
        st.info("No calls in this period with these filters.", icon=":material/monitoring:")
        st.button("Show the last 30 days of everybody", on_click=show_all)
    else:
        st.info("No model calls yet. Whatever anybody recruits, discusses and analyses is counted here.")
else:
    totals(source, view, total)
    forecast(source, view)
    if total.unpriced:
        st.page_link(page_at("prices"), label="Set prices", icon=":material/sell:")
    view = telling(view, total)
    chart_switch(view)
    sums = source.breakdowns(view.where)
    over_time(source, sums[SPLITS[view.by]], view, names)
    with st.grid(2, min_column_width=340) as grid:
        for split, field in SPLITS.items():
            with grid:
                ranked(sums[field], split, view, names)
    answers(over, view)
    token_kinds(total)
    calls(source, picked(view, sums), names, "usage.csv")

with st.expander("Keep the books", icon=":material/fact_check:"):
    books(ws)
    lost_usage(ws)
