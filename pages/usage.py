"""My usage: this month against the quota, what it went into, and every call."""

import streamlit as st

from semblance_core.domain.usage.money import money
from semblance_core.domain.usage.totals import total_of
from semblance_core.reports.costs import spent_words
from ui.app import gate, shell
from ui.parts.words import safe_markdown
from ui.usage.address import SPLITS, Names
from ui.usage.calls import calls
from ui.usage.charts import over_time, ranked, selection_of, token_kinds
from ui.usage.filters import chart_switch, default_measure, filters, show_all
from ui.usage.reading import Source
from ui.usage.totals import forecast, totals

OFFERED = ("project", "model", "feature")


def breakdown() -> None:
    """Breakdowns of the use, as the filters ask."""
    view = filters(names, ws.clock(), OFFERED)
    over = source.over_time(view.where, view.every)
    total = total_of(over)
    if not total.calls:
        st.info("No calls in this period with these filters.", icon=":material/monitoring:")
        st.button("Show the last 30 days", on_click=show_all)
    else:
        totals(source, view, total)
        forecast(source, view)
        view = default_measure(view, total)
        chart_switch(view, OFFERED)
        sums = source.breakdowns(view.where)
        over_time(source, sums[SPLITS[view.by]], view, names)
        with st.grid(3, min_column_width=300) as grid:
            for split in OFFERED:
                with grid:
                    ranked(sums[SPLITS[split]], split, view, names)
        token_kinds(total)
        calls(source, selection_of(view, sums), names, "my-usage.csv")


ws = gate.workspace()
source = Source(ws, mine=True)
names = Names(source.choices())
status = ws.me.quota()

st.title("My usage")
with st.grid(2, min_column_width=220) as grid:
    limit = f"of {money(status.quota.usd)}" if status.quota.usd is not None else "no limit"
    spent = safe_markdown(spent_words(status))
    grid.metric("Cost this month", spent, delta=safe_markdown(limit), delta_color="off", delta_arrow="off", border=True)
    tokens = f"of {status.quota.tokens:,}" if status.quota.tokens is not None else "no limit"
    grid.metric(
        "Tokens this month",
        f"{status.spent_tokens:,}",
        delta=tokens,
        delta_color="off",
        delta_arrow="off",
        border=True,
        help="Tokens of the built-in simulator are not counted here; those below are all of your calls.",
    )
share, words = shell.quota_share(status)
if share is not None:
    st.progress(share, text=words)
if status.unpriced_calls:
    unpriced = (
        "1 call this month is" if status.unpriced_calls == 1 else f"{status.unpriced_calls:,} calls this month are"
    )
    st.warning(f"{unpriced} of unknown cost, because the model has no known price.")

if names.choices.models:
    breakdown()
else:
    st.info(
        "No model calls yet. Everything you recruit, discuss and analyse is counted here.", icon=":material/monitoring:"
    )
