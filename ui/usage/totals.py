"""The sums of a period, each beside what it was in the period before, and what the month will have cost."""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import streamlit as st

from semblance_core.analysis.usage.month_end import MOST_DAYS, month_end
from semblance_core.domain.times import midnight
from semblance_core.domain.usage.money import money
from semblance_core.domain.usage.period import Bucket
from semblance_core.domain.usage.totals import UsageTotals, total_of
from semblance_core.reports.costs import span
from ui.parts.words import Markdown, md, safe_markdown, when
from ui.usage.address import View
from ui.usage.reading import Source


def totals(source: Source, view: View, total: UsageTotals) -> None:
    """Cost, calls, tokens, failures and times."""
    before = view.period.before(source.ws.clock())
    past = total_of(source.over_time(replace(view.where, since=before.since, until=before.until)))
    told = f"Change against {when(before.since)} to {when(before.until)}."
    with st.grid(3, min_column_width=160) as grid:
        for label, now, then, words in (
            (md("Cost"), float(total.cost_usd), float(past.cost_usd), cost_words(total)),
            (md("Calls"), total.calls, past.calls, f"{total.calls:,}"),
            (md("Tokens"), total.tokens.total, past.tokens.total, short_count(total.tokens.total)),
            (md("Failed"), total.failure_rate, past.failure_rate, f"{total.failed:,} ({total.failure_rate or 0:.1%})"),
            (md("Median response"), total.latency_s(0.5), past.latency_s(0.5), seconds(total.latency_s(0.5))),
            (md("95% respond within"), total.latency_s(0.95), past.latency_s(0.95), seconds(total.latency_s(0.95))),
        ):
            worse: Literal["inverse", "off"] = (
                "inverse" if label in ("Failed", "Median response", "95% respond within") else "off"
            )
            grid.metric(
                label,
                safe_markdown(words),
                change(now, then),
                delta_color=worse,
                help=told,
                border=True,
            )
    unknown_cost(total)


def unknown_cost(total: UsageTotals) -> None:
    """Says how much of the total is not in its cost."""
    if total.unpriced:
        calls = "1 call is" if total.unpriced == 1 else f"{total.unpriced:,} calls are"
        st.caption(
            f":material/help: {calls} of unknown cost, because the model has no known price. They are not in any total."
        )


def cost_words(total: UsageTotals) -> str:
    """Returns what is known of the cost; where that is not all of it, as the least that it can be.

    >>> cost_words(UsageFigures(calls=2, unpriced=1, cost_usd=Decimal(3))), cost_words(UsageFigures(calls=1, unpriced=1))
    ('≥ $3.00', 'unknown')
    """
    if total.known_cost_usd is None:
        return "unknown"
    return f"≥ {money(total.cost_usd)}" if total.unpriced else money(total.cost_usd)


def forecast(source: Source, view: View) -> None:
    """One line on what this month will have cost under the same filters, whatever the period that is looked at."""
    now = source.ws.clock()
    since = min(midnight(now).replace(day=1), midnight(now) - timedelta(days=MOST_DAYS))
    until = midnight(now) + timedelta(days=1)
    rows = source.over_time(replace(view.where, since=since, until=until), Bucket.DAY)
    costs: dict[date, Decimal] = {row.at.date(): row.cost_usd for row in rows if row.at}
    expected = month_end(costs, now)
    last = f"{calendar.monthrange(now.year, now.month)[1]} {now:%b}"
    if expected is None:
        st.caption(f":material/timeline: Forecast for {now:%B}: too early to tell; it needs three full days of use.")
        return
    unknown = total_of(row for row in rows if row.at and row.at.month == now.month).unpriced
    beside = md(" Calls of unknown cost ({:,}) are not included." if unknown else "", unknown)
    amount = safe_markdown(span(expected.low_usd, expected.high_usd))
    st.caption(
        md(":material/timeline: Forecast by {}: about **{}** this month.{}", last, amount, beside),
        help=f"Four in five such months end within this range. Each remaining day is drawn a thousand times from past days of the "
        f"same weekday, over {expected.days} days.",
    )


def change(now: float | None, then: float | None) -> Markdown | None:
    """
    >>> change(15, 10), change(5, 10), change(5, 0), change(None, 3), change(10, 10)
    ('+50%', '-50%', None, None, None)
    """
    if now is None or not then:
        return None
    moved = (now - then) / then
    if abs(moved) < 0.005:
        return None
    return md("{:+.0%}", moved) if abs(moved) < 10 else md("{:+,.0f}×", moved + 1)


def seconds(latency_s: float | None) -> str:
    return "–" if latency_s is None else f"{latency_s:.2f} s" if latency_s < 10 else f"{latency_s:.0f} s"


def short_count(count: int) -> str:
    """
    >>> short_count(870), short_count(12_400), short_count(3_450_000), short_count(2 * 10**9)
    ('870', '12.4k', '3.45M', '2.00B')
    """
    if count < 10_000:
        return f"{count:,}"
    if count < 10**6:
        return f"{count / 1000:.1f}k"
    return f"{count / 10**6:.2f}M" if count < 10**9 else f"{count / 10**9:.2f}B"
