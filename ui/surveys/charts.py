"""Charts of a survey's results: shares with their intervals, groups side by side, cross-tables."""

from collections.abc import Mapping

from semblance_core.analysis.surveys.crossing import CrossTable
from semblance_core.analysis.surveys.results import QuestionResult
from ui.parts.charts import ACCENT, PALETTE, plain, short_label, show

MOST_GROUPS = 6
WHISKER = "#6B7974"
"""Reads on light and dark alike."""


def shares_chart(result: QuestionResult, key: str, most: float) -> int | None:
    """Bars of shares with their intervals; the place of a bar that was clicked on, else None.

    most: the share at which the axis ends, the same for charts that stand side by side.
    """
    import plotly.graph_objects as go

    shares = [bar.share for bar in result.bars]
    places = list(range(len(shares)))
    told = [
        f"{bar.label}: {bar.share.figure:.1%}, resampled {bar.share.low:.1%} to {bar.share.high:.1%}"
        for bar in result.bars
    ]
    figure = go.Figure(
        go.Bar(
            x=[100 * share.figure for share in shares],
            y=places,
            orientation="h",
            marker_color=ACCENT,
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (share.high - share.figure) for share in shares],
                "arrayminus": [100 * (share.figure - share.low) for share in shares],
                "color": WHISKER,
                "thickness": 1.5,
                "width": 5,
            },
            customdata=places,
            hovertext=[plain(words) for words in told],
            hoverinfo="text",
        )
    )
    _in_order(figure, [bar.label for bar in result.bars])
    figure.update_xaxes(range=[0, 105 * most])
    picked = show(figure, height=70 + 34 * len(places), key=key, alt="; ".join(told))
    return int(picked[0]) if picked and int(picked[0]) < len(places) else None


def groups_chart(groups: Mapping[str, QuestionResult], key: str) -> None:
    """The shares of each group side by side; of the largest groups only."""
    import plotly.graph_objects as go

    shown = {name: result for name, result in list(groups.items())[:MOST_GROUPS] if result.bars}
    labels = list(dict.fromkeys(bar.label for result in shown.values() for bar in result.bars))
    figure = go.Figure()
    for at, (name, result) in enumerate(shown.items()):
        share_of = {bar.label: bar.share.figure for bar in result.bars}
        figure.add_bar(
            x=[100 * share_of.get(label, 0.0) for label in labels],
            y=list(range(len(labels))),
            orientation="h",
            name=short_label(name, 24),
            marker_color=PALETTE[at % len(PALETTE)],
            hovertext=[f"{plain(name)}, {plain(label)}: {share_of.get(label, 0.0):.1%}" for label in labels],
            hoverinfo="text",
        )
    figure.update_layout(
        barmode="group", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )
    _in_order(figure, labels)
    show(figure, height=110 + (14 + 15 * max(1, len(shown))) * len(labels), key=key)


def cross_chart(table: CrossTable, key: str) -> None:
    """People by row and column, darker for more."""
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Heatmap(
            z=[list(row) for row in table.cells],
            x=list(range(len(table.columns))),
            y=list(range(len(table.rows))),
            texttemplate="%{z:.3g}",
            textfont={"color": "#10241F"},
            colorscale=[[0, "#E7F0ED"], [1, ACCENT]],
            showscale=False,
            xgap=3,
            ygap=3,
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(table.columns))),
        ticktext=[short_label(name, 18) for name in table.columns],
        side="top",
        showgrid=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(table.rows))),
        ticktext=[short_label(name, 30) for name in table.rows],
        autorange="reversed",
        showgrid=False,
    )
    show(figure, height=110 + 38 * len(table.rows), key=key)


def _in_order(figure: object, labels: list[str]) -> None:
    """The first label on top, and percent below."""
    figure.update_yaxes(  # type: ignore[attr-defined]
        tickvals=list(range(len(labels))),
        ticktext=[short_label(label, 34) for label in labels],
        autorange="reversed",
        showgrid=False,
    )
    figure.update_xaxes(ticksuffix="%", rangemode="tozero")  # type: ignore[attr-defined]
