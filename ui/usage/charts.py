"""Charts of usage; a click on any mark shows the calls behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from semblance_core.domain.usage.events import FAILED, NO_PROJECT
from semblance_core.domain.usage.totals import OTHERS, UsageTotals, total_of
from ui.parts.charts import ACCENT, CONFIG, LEGEND, LEGEND_PX, PALETTE, has_legend, plain, short_label
from ui.usage.address import KINDS, SPLITS, TITLES, Names, View
from ui.usage.filters import end_mark
from ui.usage.reading import Source

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

PICKED = ("at", "in", "is", "outcome", "kind")
MOST = 7
OTHER = "Other"
GREY = "#8C9196"
FILL = 0.7
UNITS = {"cost": "US dollars", "calls": "Calls", "tokens": "Tokens"}


def measured(row: UsageTotals, show: str) -> float:
    counts = {"calls": row.calls, "tokens": row.tokens.total}
    return float(row.cost_usd) if show == "cost" else float(counts[show])


def selection_of(view: View, sums: Mapping[str, Sequence[UsageTotals]]) -> View:
    """The view, whose calls are those of the other values where these were picked. sums: by each split."""
    if not view.others:
        return view
    field = SPLITS[view.others]
    told_apart = tuple((field, value) for value in _greatest(sums[field], field, view.show))
    return replace(view, calls=replace(view.calls, other_than=told_apart))


def over_time(source: Source, sums: Sequence[UsageTotals], view: View, names: Names) -> None:
    """Stacked bars: the seven greatest values of the split, and all others as one. sums: by the split."""
    import plotly.graph_objects as go

    field = SPLITS[view.by]
    greatest = _greatest(sums, field, view.show)
    rows = source.stacked(view.where, field, greatest, view.every)
    figure = go.Figure()
    for number, value in enumerate([*greatest, OTHERS]):
        own = [row for row in rows if row_value(row, field) == value]
        if not own:
            continue
        label = OTHER if value == OTHERS else names.of(view.by, value)
        figure.add_bar(
            x=[row.at for row in own],
            y=[measured(row, view.show) for row in own],
            name=short_label(label, 28),
            marker_color=GREY if value == OTHERS else PALETTE[number % len(PALETTE)],
            width=view.every.length.total_seconds() * 1000 * FILL,
            customdata=[_mark(row.at, view.by, value) for row in own],
            hovertext=[f"{plain(label)}{_id_of(value, label)}{_unknown(row)}" for row in own],
            hovertemplate=f"%{{hovertext}}<br>%{{x}}<br>%{{y:,}} {UNITS[view.show]}<extra></extra>",
        )
    title = f"{UNITS[view.show]} by {view.every} and {TITLES[view.by].lower()}"
    figure.update_layout(barmode="stack", title=title)
    figure.update_xaxes(type="date", range=[view.period.since, view.period.until])
    clickable("over_time", figure, 320, title)


def ranked(rows: Sequence[UsageTotals], split: str, view: View, names: Names) -> None:
    """Bars of the seven greatest values of a split, the greatest on top."""
    import plotly.graph_objects as go

    field = SPLITS[split]
    greatest = _greatest(rows, field, view.show)
    shown = [(value, total_of(row for row in rows if row_value(row, field) == value)) for value in greatest]
    rest = [row for row in rows if row_value(row, field) not in greatest]
    if rest:
        shown.append((OTHERS, total_of(rest)))
    shown.reverse()
    labels = [f"Other ({len(rest)})" if value == OTHERS else names.of(split, value) for value, _ in shown]
    figure = go.Figure(
        go.Bar(
            x=[measured(row, view.show) for _, row in shown],
            y=list(range(len(shown))),
            orientation="h",
            marker_color=[GREY if value == OTHERS else ACCENT for value, _ in shown],
            customdata=[_mark(split=split, value=value) for value, _ in shown],
            hovertext=[
                f"{plain(label)}{_id_of(value, label)}{_unknown(row)}"
                for label, (value, row) in zip(labels, shown, strict=True)
            ],
            hovertemplate="%{hovertext}<br>%{x:,}<extra></extra>",
        )
    )
    figure.update_yaxes(tickvals=list(range(len(shown))), ticktext=[short_label(label, 26) for label in labels])
    title = f"{UNITS[view.show]} by {TITLES[split].lower()}"
    figure.update_layout(title=title)
    clickable(f"by_{split}", figure, 100 + 30 * len(shown), title)


def answers(rows: Sequence[UsageTotals], view: View) -> None:
    """Draws how long answers took and how many calls failed, over time. rows: by bucket."""
    import plotly.graph_objects as go

    times = [row.at for row in rows if row.at]
    latency, failures = go.Figure(), go.Figure()
    for share, name, colour in ((0.5, "Median", ACCENT), (0.95, "95th percentile", PALETTE[1])):
        latency.add_scatter(
            x=times,
            y=[row.latency_s(share) for row in rows],
            name=name,
            mode="lines+markers",
            line_color=colour,
            customdata=[_mark(at) for at in times],
            hovertemplate="%{y:.2f} s<br>%{x}<extra></extra>",
        )
    failures.add_bar(
        x=times,
        y=[row.failure_rate for row in rows],
        marker_color=PALETTE[2],
        width=view.every.length.total_seconds() * 1000 * FILL,
        customdata=[_mark(at, outcome=FAILED) for at in times],
        hovertext=[f"{row.failed:,} of {row.calls:,}" for row in rows],
        hovertemplate="%{hovertext}<br>%{x}<extra></extra>",
    )
    latency.update_layout(title="Seconds to an answer")
    failures.update_layout(title="Failed calls")
    failures.update_yaxes(tickformat=".0%", rangemode="tozero")
    with st.grid(2, min_column_width=340) as grid:
        for key, figure in (("latency", latency), ("failures", failures)):
            with grid:
                figure.update_xaxes(type="date", range=[view.period.since, view.period.until])
                clickable(key, figure, 260, str(figure.layout.title.text))


def token_kinds(total: UsageTotals) -> None:
    """One bar of all tokens by kind."""
    import plotly.graph_objects as go

    tokens = total.tokens
    counts = {
        "fresh": tokens.prompt - tokens.cached,
        "cached": tokens.cached,
        "spoken": tokens.completion - tokens.reasoning,
        "reasoning": tokens.reasoning,
    }
    figure = go.Figure()
    for number, (kind, count) in enumerate(counts.items()):
        figure.add_bar(
            x=[count],
            y=["Tokens"],
            orientation="h",
            name=KINDS[kind],
            marker_color=PALETTE[number],
            customdata=[_mark(kind=kind)],
            hovertemplate=f"{KINDS[kind]}<br>{count:,} tokens<extra></extra>",
        )
    figure.update_layout(barmode="stack", title="Tokens by kind")
    figure.update_yaxes(showticklabels=False)
    clickable("token_kinds", figure, 170, "Tokens by kind")


def clickable(name: str, figure: "Figure", height: int, title: str) -> None:
    """Draws the figure; a click on a mark puts what it stands for into the address."""
    turn = st.session_state.get("usage_turns", {}).get(name, 0)
    key = f"{name}_{turn}"
    _draw(figure, height, key=key, on_select=lambda: _pick(name, key), selection_mode="points", alt=title)


def clear_selection() -> None:
    """Ends what was picked, in the address and in the chart."""
    end_mark()
    _unpick()


def _draw(figure: "Figure", height: int, **how: object) -> None:
    margin = {"l": 8, "r": 8, "t": 40, "b": 8 + (LEGEND_PX if has_legend(figure) else 0)}
    figure.update_layout(height=height, margin=margin, legend=LEGEND, bargap=0.35)
    st.plotly_chart(figure, config=CONFIG, **how)  # type: ignore[call-overload]


def _pick(name: str, key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    end_mark()
    if st.session_state.get("usage_picked") not in (None, name):
        _unpick()
    if not points or not points[0].get("customdata"):
        return
    st.session_state["usage_picked"] = name
    for param, value in zip(PICKED, points[0]["customdata"], strict=True):
        if value:
            st.query_params[param] = value


def _mark(at: datetime | None = None, split: str = "", value: str = "", outcome: str = "", kind: str = "") -> list[str]:
    """Returns what a mark stands for, as values of the parameters `PICKED`."""
    return [at.isoformat() if at else "", split, "" if value == OTHERS else value, outcome, kind]


def _unpick() -> None:
    """A chart forgets what was picked in it only as another one."""
    if name := st.session_state.pop("usage_picked", None):
        turns = st.session_state.setdefault("usage_turns", {})
        turns[name] = turns.get(name, 0) + 1


def row_value(row: UsageTotals, field: str) -> str:
    value = getattr(row, field)
    return NO_PROJECT if value is None else str(value)


def _greatest(rows: Sequence[UsageTotals], field: str, show: str) -> list[str]:
    sums: dict[str, float] = {}
    for row in rows:
        value = row_value(row, field)
        sums[value] = sums.get(value, 0) + measured(row, show)
    ordered = sorted(sums, key=lambda value: (-sums[value], value))
    return ordered if len(ordered) <= MOST + 1 else ordered[:MOST]


def _id_of(value: str, label: str) -> str:
    return "" if value in (OTHERS, NO_PROJECT) or value == label else f" · {plain(value)}"


def _unknown(row: UsageTotals) -> str:
    return f"<br>{row.unpriced:,} {'call' if row.unpriced == 1 else 'calls'} of unknown cost" if row.unpriced else ""
