"""Plotly figures in the app's look."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from semblance_core.reports.escape import without_unseen

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ACCENT = "#3D8A7A"
PALETTE = ("#3D8A7A", "#8A6FB0", "#C9804F", "#5B86B8", "#A9994A", "#BD6B7B", "#6F9A5C", "#7C82BF")
LEGEND = {
    "orientation": "h",
    "xref": "container",
    "x": 0.5,
    "xanchor": "center",
    "yref": "container",
    "y": 0,
    "yanchor": "bottom",
    "title_text": "",
    "traceorder": "normal",
}
"""A line at the foot of the figure, over its whole width: above the plot a legend covers marks or the title where it is narrow."""
LEGEND_PX = 32
CONFIG = {"displayModeBar": False, "doubleClickDelay": 0}
"""Two quick clicks on two marks are two choices: Plotly takes them for a double click, which ends what was picked."""


def usage_columns() -> dict[str, Any]:
    """Returns the headings and formats of the columns in tables of calls."""
    column = st.column_config
    kinds = {"prompt": "Prompt", "cached": "Cached", "completion": "Completion", "reasoning": "Reasoning"}
    words = {
        "user": "User",
        "project": "Project",
        "model": "Model",
        "answered_by": "Answered by",
        "feature": "Purpose",
        "status": "Status",
        "error": "Error",
    }
    return {
        **words,
        **{name: column.NumberColumn(title, format="localized") for name, title in kinds.items()},
        "at": column.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
        "cost_usd": column.NumberColumn("USD", format="%.6f", help="Empty if the model's price is unknown"),
        "latency_s": column.NumberColumn("Seconds", format="%.2f"),
        "estimated": column.CheckboxColumn(
            "Estimated", help="Estimated by Semblance, because the provider reported no usage or inconsistent figures"
        ),
    }


def price_columns() -> dict[str, Any]:
    """Returns the headings and formats of the columns in tables of prices."""
    column = st.column_config
    kinds = ("Prompt", "Cached", "Completion", "Reasoning")
    return {
        "model": column.TextColumn("Model", width="medium"),
        **{kind.lower(): column.NumberColumn(kind, format="$%g") for kind in kinds},
        "tiers": "Long prompts",
        "valid_from": "Valid from",
        "source": "Source",
    }


def bars(labels: Sequence[str], values: Sequence[float], title: str) -> None:
    import plotly.graph_objects as go

    shown = [short_label(label) for label in labels]
    figure = go.Figure(
        go.Bar(x=list(values), y=shown, orientation="h", marker_color=ACCENT, hovertext=list(map(plain, labels)))
    )
    figure.update_layout(title=title)
    if max(values, default=0) <= 5:
        figure.update_xaxes(dtick=1)  # people are whole
    show(figure, height=90 + 34 * len(shown))


def show(figure: "Figure", height: int, key: str | None = None, alt: str | None = None, right: int = 8) -> list[Any]:
    """Draws the figure. key: lets its marks be picked, and returns the `customdata` of those that are. alt: the same in words.

    right: pixels right of the plot, for what stands there.
    """
    foot = LEGEND_PX if has_legend(figure) else 0
    margin = {"l": 8, "r": right, "t": 40, "b": 8 + foot}
    figure.update_layout(height=height + foot, margin=margin, legend=LEGEND, bargap=0.35)
    figure.update_xaxes(title_text="")
    figure.update_yaxes(title_text="")
    if key is None:
        st.plotly_chart(figure, config=CONFIG, alt=alt)
        return []
    picked = st.plotly_chart(figure, config=CONFIG, alt=alt, key=key, on_select="rerun", selection_mode="points")
    points = picked.get("selection", {}).get("points", []) if picked else []
    return [_whole(point["customdata"]) for point in points if "customdata" in point]


def has_legend(figure: "Figure") -> bool:
    """True where several kinds of marks need names."""
    return sum(bool(trace.name) and trace.showlegend is not False for trace in figure.data) > 1


def _whole(data: Any) -> Any:
    """A mark's datum, which comes back in a list of one from some kinds of trace."""
    return data[0] if isinstance(data, list) and len(data) == 1 else data


def short_label(label: str, most: int = 40) -> str:
    return plain(label if len(label) <= most else label[: most - 1] + "…")


def ink() -> str:
    """Returns the colour of texts in the plot, as strong as that of the page: what Streamlit gives them is a pale grey."""
    return "#E6ECE9" if st.context.theme.type == "dark" else "#1D2522"


def wrapped(label: str, width: int, lines: int = 2) -> str:
    """Returns the label on so many lines at most, cut with an ellipsis where it is longer.

    >>> wrapped("Where the oats come from", 18), wrapped("Price", 18)
    ('Where the oats<br>come from', 'Price')
    """
    return "<br>".join(map(plain, textwrap.wrap(label, width, max_lines=lines, placeholder="…"))) or plain(label)


def plain(label: str) -> str:
    """Plotly reads a little HTML in its texts; this shows it as what was written."""
    return without_unseen(label).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
