"""A flow from one answer to the next, a line a way that people went; thicker where several went it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.domain.instruments.questions import NumberQuestion, Question, Rated, SingleChoice
from ui.parts.charts import ACCENT, PALETTE, plain, short_label, show

STAYED = "#8A9994"
"""Reads on light and dark alike."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One person's way. first, last: points, numbers, or places of options."""

    name: str
    first: float
    last: float


def flow_chart(question: Question, flows: Sequence[Flow], times: tuple[str, str], key: str) -> None:
    """Draws the ways of all people between two times; who went one is told where one points."""
    import plotly.graph_objects as go

    by_way: dict[tuple[float, float], list[str]] = defaultdict(list)
    for flow in flows:
        by_way[flow.first, flow.last].append(flow.name)
    figure, told = go.Figure(), []
    for (first, last), names in sorted(by_way.items()):
        words = f"{_words(question, first)} → {_words(question, last)}: {', '.join(names)}"
        told.append(words)
        figure.add_scatter(
            x=[0, 1],
            y=[first, last],
            mode="lines+markers",
            line={
                "width": 1.5 + 1.5 * len(names),
                "color": STAYED if first == last else ACCENT if last > first else PALETTE[2],
            },
            marker={"size": 8 + 2 * len(names)},
            hovertext=[plain(words)] * 2,
            hoverinfo="text",
        )
    figure.update_xaxes(tickvals=[0, 1], ticktext=list(times), range=[-0.15, 1.15], showgrid=False)
    if isinstance(question, Rated):
        points = list(question.values)
        labels = [f"{points[0]} {question.low}", *map(str, points[1:-1]), f"{points[-1]} {question.high}"]
        figure.update_yaxes(
            tickvals=points,
            ticktext=[short_label(each, 16) for each in labels],
            range=[points[0] - 0.4, points[-1] + 0.4],
        )
    elif isinstance(question, SingleChoice):
        places = list(range(len(question.options)))
        shown = [short_label(each, 16) for each in question.options]
        figure.update_yaxes(tickvals=places, ticktext=shown, range=[len(places) - 0.6, -0.4])
    figure.update_layout(showlegend=False)
    show(figure, height=260, key=key, alt="; ".join(told))


def _words(question: Question, height: float) -> str:
    if isinstance(question, SingleChoice):
        return question.options[int(height)]
    unit = f" {question.unit}" if isinstance(question, NumberQuestion) and question.unit else ""
    return f"{height:g}{unit}"
