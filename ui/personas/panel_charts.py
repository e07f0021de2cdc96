"""The panel report's charts: shares beside their targets, who is in the panel, how traits spread, two people's traits."""

from collections.abc import Sequence

from semblance_core.analysis.panel import MarginFit
from semblance_core.domain.personas.persona import TRAITS, Persona, label
from semblance_core.reports.panel import TraitSpread, some_of
from ui.parts.charts import ACCENT, PALETTE, bars, plain, short_label, show

TARGET = "#B9C4C0"
MIDDLE = {"line_width": 1, "line_dash": "dot", "line_color": "#8A9692"}
MOST_BARS = 12


def makeup(field: str, counts: dict[str, int]) -> None:
    """Draws the panel's make-up by one field; the order is as given, from the top down."""
    shown = list(counts.items())[:MOST_BARS][::-1]
    bars([value for value, _ in shown], [count for _, count in shown], label(field).capitalize())


def target_and_actual(fit: MarginFit, size: int) -> None:
    """Each value's target share beside the panel's."""
    import plotly.graph_objects as go

    values = list(fit.achieved)[:MOST_BARS][::-1]
    names = [short_label(value, 28) for value in values]
    figure = go.Figure()
    for name, shares, colour in (("Panel", fit.achieved, ACCENT), ("Target", fit.target, TARGET)):
        percent = [100 * shares.get(value, 0.0) for value in values]
        people = [
            f"{plain(value)}: {share:.0f}%, {share * size / 100:.1f} personas"
            for value, share in zip(values, percent, strict=True)
        ]
        figure.add_bar(
            x=percent, y=names, orientation="h", name=name, marker_color=colour, hovertext=people, hoverinfo="text+name"
        )
    figure.update_layout(
        title=label(fit.field).capitalize(),
        barmode="group",
    )
    figure.update_xaxes(ticksuffix="%", rangemode="tozero")
    show(figure, height=100 + 46 * len(values))


def trait_spread(traits: Sequence[TraitSpread]) -> None:
    """Each persona a dot on each trait, the panel's mean, and the half of a population that is around the middle."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_vrect(x0=25, x1=75, fillcolor=TARGET, opacity=0.22, line_width=0)
    figure.add_vline(x=50, **MIDDLE)
    names = [trait.trait.capitalize() for trait in traits]
    levels = [
        (level, at) for at, trait in enumerate(traits) for level in some_of(trait.levels)
    ]  # a browser draws no 100,000
    stacked = _stacked(levels)
    figure.add_scatter(
        x=[level for level, _ in levels],
        y=stacked,
        mode="markers",
        name="A persona",
        marker={"size": 8, "color": ACCENT, "opacity": 0.7},
        hovertemplate="%{x}<extra></extra>",
    )
    figure.add_scatter(
        x=[trait.mean for trait in traits],
        y=list(range(len(traits))),
        mode="markers",
        name="Panel's mean",
        marker={"size": 13, "color": PALETTE[2], "symbol": "diamond"},
        hovertemplate="mean %{x:.0f}<extra></extra>",
    )
    figure.update_layout(title="")
    figure.update_xaxes(range=[-2, 102], tickvals=[0, 25, 50, 75, 100])
    figure.update_yaxes(
        tickvals=list(range(len(traits))), ticktext=names, range=[len(traits) - 0.5, -0.6], showgrid=False
    )
    show(figure, height=330)


def trait_pair(one: Persona, other: Persona) -> None:
    """Both personas on each trait, with the gap between them; traits that one does not state have no mark."""
    import plotly.graph_objects as go

    names = [trait.capitalize() for trait in TRAITS] + ["Talkativeness"]
    levels = [[*_stated(each), each.talkativeness] for each in (one, other)]
    figure = go.Figure()
    figure.add_vline(x=50, **MIDDLE)
    for name, left, right in zip(names, *levels, strict=True):
        if left is None or right is None:
            continue
        figure.add_scatter(
            x=[left, right],
            y=[name, name],
            mode="lines",
            line={"color": TARGET, "width": 4},
            showlegend=False,
            hoverinfo="skip",
        )
    for each, values, colour in zip((one, other), levels, (ACCENT, PALETTE[2]), strict=True):
        figure.add_scatter(
            x=values,
            y=names,
            mode="markers",
            name=short_label(each.name),
            marker={"size": 13, "color": colour},
            hovertemplate="%{x}<extra></extra>",
        )
    figure.update_layout(title="")
    figure.update_xaxes(range=[-2, 102], tickvals=[0, 25, 50, 75, 100])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    show(figure, height=330)


def _stated(persona: Persona) -> list[int | None]:
    return [getattr(persona.big_five, trait) if persona.states_traits else None for trait in TRAITS]


def _stacked(levels: Sequence[tuple[int, int]]) -> list[float]:
    """Heights at which dots of the same trait and nearly the same level lie beside each other instead of on each other."""
    seen: dict[tuple[int, int], int] = {}
    heights = []
    for level, at in levels:
        cell = (round(level / 2), at)
        place = seen.get(cell, 0)
        seen[cell] = place + 1
        step = (place + 1) // 2 * (1 if place % 2 else -1)
        heights.append(at + max(-0.38, min(0.38, 0.11 * step)))
    return heights
