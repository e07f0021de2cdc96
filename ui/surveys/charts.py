"""Charts of a survey's results: shares with their intervals, groups side by side, cross-tables."""

from collections.abc import Mapping

from semblance_core.analysis.surveys.crossing import CrossTable
from semblance_core.analysis.surveys.results import Bar, QuestionResult
from ui.parts.charts import ACCENT, PALETTE, ink, plain, short_label, show, wrapped

MOST_GROUPS = 6
LABEL_CHARS, FIGURES_PX, ROW_PX = 18, 76, 38
"""A line of a label, of which two fit a row, and room for the figures right of the bars: at 400 px the bars keep a third."""
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
        f"{bar.label}: {figures_of(bar)}, resampled {bar.share.low:.1%} to {bar.share.high:.1%}" for bar in result.bars
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
    for place, bar in zip(places, result.bars, strict=True):
        figure.add_annotation(
            {"text": plain(figures_of(bar)), "font": {"color": ink()}, "xref": "paper", "x": 1, "xanchor": "left"},
            xshift=6,
            y=place,
            showarrow=False,
        )
    _in_order(figure, [bar.label for bar in result.bars])
    figure.update_xaxes(range=[0, 105 * most], nticks=5)
    picked = show(figure, height=70 + ROW_PX * len(places), key=key, alt="; ".join(told), right=FIGURES_PX)
    return int(picked[0]) if picked and int(picked[0]) < len(places) else None


def figures_of(bar: Bar) -> str:
    """Returns a bar's share and people, for beside it; the share alone where an answer is spread over several bars.

    >>> from semblance_core.analysis.surveys.resampling import Interval
    >>> figures_of(Bar("Taste", Interval(0.4, 0.3, 0.5), 24)), figures_of(Bar("Taste", Interval(0.004, 0, 0.01)))
    ('40% · 24', '0.4%')
    """
    figure = bar.share.figure
    is_almost = 0 < figure < 0.01 or 0.99 < figure < 1  # none or all of them, which it is not
    share = f"{figure:.1%}" if is_almost else f"{figure:.0%}"
    return share if bar.people is None else f"{share} · {bar.people:,}"


def groups_chart(groups: Mapping[str, QuestionResult], key: str) -> None:
    """The shares of each group side by side; of the largest groups only."""
    import plotly.graph_objects as go

    shown = {name: result for name, result in list(groups.items())[:MOST_GROUPS] if result.bars}
    labels = list(dict.fromkeys(bar.label for result in shown.values() for bar in result.bars))
    figure = go.Figure()
    for at, (name, result) in enumerate(shown.items()):
        share_of = {bar.label: bar.share.figure for bar in result.bars}
        figures = {bar.label: figures_of(bar) for bar in result.bars}
        figure.add_bar(
            x=[100 * share_of.get(label, 0.0) for label in labels],
            y=list(range(len(labels))),
            orientation="h",
            name=short_label(name, 24),
            marker_color=PALETTE[at % len(PALETTE)],
            customdata=[plain(figures.get(label, "")) for label in labels],
            texttemplate="%{customdata}",
            textposition="outside",
            textfont={"size": 11, "color": ink()},
            cliponaxis=False,
            hovertext=[f"{plain(name)}, {plain(label)}: {share_of.get(label, 0.0):.1%}" for label in labels],
            hoverinfo="text",
        )
    figure.update_layout(
        barmode="group", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )
    _in_order(figure, labels)
    figure.update_xaxes(nticks=5)
    show(figure, right=FIGURES_PX, height=110 + (14 + 15 * max(1, len(shown))) * len(labels), key=key)


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
        ticktext=[wrapped(label, LABEL_CHARS) for label in labels],
        tickfont={"color": ink()},
        autorange="reversed",
        showgrid=False,
    )
    figure.update_xaxes(ticksuffix="%", rangemode="tozero")  # type: ignore[attr-defined]
