"""The talk of a session beside that of people: a table, and a mark on each range."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.reports.beside_people import Compared, beside_people
from ui.parts.charts import ACCENT, short_label, show

OUTSIDE = "#C9804F"
MOST_SHOWN = 1.6
"""Multiple of the upper end of a range at which marks above it stand at the most."""
VERDICTS = {"inside": "Inside", "below": "Below", "above": "Above", "": "—"}


def talk_beside_people(group: FocusGroup, messages: list[Message]) -> None:
    """Draws each figure of the talk on a line of its own, with the range of human groups behind it."""
    import plotly.graph_objects as go

    figures = beside_people(group, messages)
    st.subheader("The talk beside people", anchor=False)
    if group.is_interview:
        st.caption("This is an interview: its talk is not held against that of groups.")
        return
    st.dataframe(
        [
            {
                "Figure": each.name,
                "This session": _shown(each.value, each),
                "People": _range(each),
                "Verdict": VERDICTS[each.verdict],
            }
            for each in figures
        ],
        hide_index=True,
    )
    ranged = [each for each in figures if each.low is not None and each.high]
    figure = go.Figure()
    for line, each in enumerate(reversed(ranged)):
        low, high = (each.low or 0.0) / (each.high or 1.0), 1.0
        figure.add_shape(
            type="rect", x0=low, x1=high, y0=line - 0.3, y1=line + 0.3, line_width=0, fillcolor=ACCENT, opacity=0.25
        )
    figure.add_scatter(
        x=[min(MOST_SHOWN, each.value / (each.high or 1.0)) for each in reversed(ranged)],
        y=list(range(len(ranged))),
        mode="markers",
        marker={
            "size": 12,
            "color": [ACCENT if each.verdict == "inside" else OUTSIDE for each in reversed(ranged)],
        },
        hovertext=[
            f"{each.name}: {_shown(each.value, each)}<br>People: {_range(each)}<br>{each.source}"
            for each in reversed(ranged)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(ranged))), ticktext=[short_label(each.name, 34) for each in reversed(ranged)]
    )
    figure.update_xaxes(showticklabels=False, range=[-0.05, MOST_SHOWN + 0.05])
    show(figure, height=60 + 30 * len(ranged), alt="Figures of the talk beside the range of human groups")
    st.caption("The bar is the range of human groups, each on a scale of its own; the mark is this session.")


def _shown(value: float, of: Compared) -> str:
    return (
        f"{value:.0%}" if of.is_share else f"{value:.2f}" if isinstance(value, float) and value < 1 else f"{value:.0f}"
    )


def _range(each: Compared) -> str:
    if each.low is None or each.high is None:
        return "not known"
    return _shown(each.high, each) if each.low == each.high else f"{_shown(each.low, each)} – {_shown(each.high, each)}"
