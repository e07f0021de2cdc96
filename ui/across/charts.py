"""Charts of a synthesis: themes by sessions, and the curve of model saturation."""

from collections.abc import Sequence

from semblance_core.analysis.synthesis.saturation import RUN, Saturation
from semblance_core.analysis.synthesis.together import SharedTheme, Synthesised
from ui.across.quotes import titles
from ui.parts.charts import ACCENT, PALETTE, plain, short_label, show

NUMBERS_FROM = 9
"""Sessions from which on their columns have numbers alone."""
MOST_COUNTED = 20
"""Sessions below which a mark has room for a number."""


def matrix(found: Synthesised, themes: Sequence[SharedTheme], key: str) -> tuple[int, str] | None:
    """Themes by sessions, a mark where a theme is quoted; returns number and session of a mark that was clicked on."""
    import plotly.graph_objects as go

    names = titles(found)
    cells = [
        (row, column, len(theme.quotes(source.id)))
        for row, theme in enumerate(themes)
        for column, source in enumerate(found.sources)
        if any(each.source_id == source.id for each in theme.members)
    ]
    told = [f"{themes[row].name}: {count} quotes in {names[found.sources[column].id]}" for row, column, count in cells]
    is_wide = len(found.sources) < MOST_COUNTED
    figure = go.Figure(
        go.Scatter(
            x=[column for _, column, _ in cells],
            y=[row for row, _, _ in cells],
            mode="markers+text" if is_wide else "markers",
            texttemplate="%{customdata[1]}",
            marker={"symbol": "square", "size": 26 if is_wide else 14, "color": ACCENT},
            textfont={"color": "#FFFFFF"},
            customdata=[(at, count) for at, (_, _, count) in enumerate(cells)],
            hovertext=[plain(words) for words in told],
            hoverinfo="text",
        )
    )
    short = len(found.sources) < NUMBERS_FROM
    columns = [short_label(names[each.id], 16) if short else str(at) for at, each in enumerate(found.sources, start=1)]
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=columns,
        side="top",
        range=[-0.6, len(columns) - 0.4],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(themes))),
        ticktext=[short_label(theme.name, 30) for theme in themes],
        range=[len(themes) - 0.4, -0.6],
        zeroline=False,
    )
    picked = show(figure, height=120 + 36 * len(themes), key=key, alt="; ".join(told))
    if not picked or int(picked[0][0]) >= len(cells):
        return None
    row, column, _ = cells[int(picked[0][0])]
    return themes[row].number, found.sources[column].id


def saturation_curve(curve: Saturation) -> None:
    """Themes heard so far by sessions, with the new ones of each, and where saturation was reached."""
    import plotly.graph_objects as go

    numbers = list(range(1, len(curve.new) + 1))
    told = [
        f"after session {at}: {heard} themes, {new} new"
        for at, heard, new in zip(numbers, curve.heard, curve.new, strict=True)
    ]
    figure = go.Figure(
        [
            go.Bar(x=numbers, y=list(curve.new), name="new", marker_color=PALETTE[2], hovertext=told, hoverinfo="text"),
            go.Scatter(
                x=numbers,
                y=list(curve.heard),
                name="heard so far",
                mode="lines+markers",
                line={"color": ACCENT},
                hovertext=told,
                hoverinfo="text",
            ),
        ]
    )
    if curve.reached:
        figure.add_vline(x=curve.reached, line_dash="dash", line_color=PALETTE[1])
    figure.update_xaxes(dtick=1 if len(numbers) < 25 else 5, showgrid=False)
    figure.update_yaxes(rangemode="tozero")
    words = (
        f"model saturation after session {curve.reached}, confirmed by the next {RUN}" if curve.reached else curve.why
    )
    show(figure, height=320, alt="; ".join([*told, words]))
