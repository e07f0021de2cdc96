"""The talk of a session beside that of people: a table, and a mark on each range."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.reports.beside_people import Compared, TalkProfile, compared, heard, likely_profile
from ui.parts.charts import ACCENT, short_label, show
from ui.parts.in_address import Choice, by_text

OUTSIDE = "#C9804F"
VERDICTS = {"inside": "Inside", "below": "Below", "above": "Above"}


def talk_beside_people(group: FocusGroup, messages: list[Message]) -> None:
    """Draws each figure of the talk on a line of its own, with the range of human groups behind it; the kind of group is chosen above."""
    st.subheader("The talk beside people", anchor=False)
    if group.is_interview:
        st.caption("This is an interview: its talk is not held against that of groups.")
        return
    said = heard(group, messages)
    profile = chosen_profile(group, likely_profile(said))
    figures = compared(group, said, profile)
    st.dataframe(
        [
            {
                "Figure": each.name,
                "This session": each.in_words,
                "People": each.people,
                "Verdict": VERDICTS[each.verdict],
                "Source": each.source,
            }
            for each in figures
        ],
        hide_index=True,
    )
    plot(figures)
    st.caption("The bar is the range of human groups, each on a scale of its own; the mark is this session.")


def chosen_profile(group: FocusGroup, likely: TalkProfile) -> TalkProfile:
    """Draws the choice of the kind of group, which stands in the address, and returns it. likely: chosen where nobody did."""
    choice = Choice("people", group.id, among=by_text(TalkProfile), default=likely)
    profile = choice.show()
    st.selectbox(
        "Beside which people",
        list(TalkProfile),
        format_func=lambda each: each.words,
        key=choice.key,
        on_change=choice.keep,
        width=320,
        help="A remote group talks among itself. In an interview-like one the moderator asks one after the other; no source gives its ranges.",
    )
    return profile


def plot(figures: list[Compared]) -> None:
    """Draws a line a figure: the range of people as a bar, the session as a mark."""
    import plotly.graph_objects as go

    lines = figures[::-1]
    figure = go.Figure()
    for line, each in enumerate(lines):
        figure.add_shape(
            type="rect",
            x0=each.place.low,
            x1=max(each.place.high, each.place.low + 0.01),
            y0=line - 0.3,
            y1=line + 0.3,
            line_width=0,
            fillcolor=ACCENT,
            opacity=0.25,
        )
    figure.add_scatter(
        x=[each.place.mark for each in lines],
        y=list(range(len(lines))),
        mode="markers",
        marker={"size": 12, "color": [ACCENT if each.verdict == "inside" else OUTSIDE for each in lines]},
        hovertext=[f"{each.name}: {each.in_words}<br>People: {each.people}<br>{each.source}" for each in lines],
        hoverinfo="text",
        showlegend=False,
    )
    figure.update_yaxes(tickvals=list(range(len(lines))), ticktext=[short_label(each.name, 34) for each in lines])
    figure.update_xaxes(showticklabels=False, range=[-0.05, 1.05])
    show(figure, height=60 + 30 * len(lines), alt="Figures of the talk beside the range of human groups")
