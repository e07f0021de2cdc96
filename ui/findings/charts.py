"""Charts of a session: who talked how much and when, how quotes speak of each theme, who is quoted where, saturation."""

import math
from typing import Any

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings, Sentiment
from semblance_core.domain.plurals import number
from semblance_core.reports import talk as rows
from ui.findings.cards import message_link, quotes
from ui.parts.charts import ACCENT, PALETTE, bars, plain, short_label, show
from ui.parts.words import safe_markdown, shortened
from ui.talk.beside_people import talk_beside_people

TONES = {Sentiment.POSITIVE: ACCENT, Sentiment.NEUTRAL: "#B9C4C0", Sentiment.NEGATIVE: "#C9804F"}
MOST_THEMES = 40
BAND = {"fillcolor": "#8A9692", "line_width": 0}
EXCERPT = 400


def charts_view(group: FocusGroup, messages: list[Message], findings: Findings | None) -> None:
    measured = rows.talk(group, messages)
    if not measured:
        st.info("Nothing has been said yet, so there is nothing to draw.", icon=":material/bar_chart:")
        return
    talk_beside_people(group, messages)
    _words(measured)
    _turns(group, messages)
    if findings and findings.themes:
        _sentiment(group, findings)
        _speakers(group, findings)
        _saturation(group, messages, findings)


def _words(measured: rows.Talk) -> None:
    ordered = sorted(measured.words.items(), key=lambda item: item[1])
    bars([name for name, _ in ordered], [count for _, count in ordered], "Words per speaker")
    (least, fewest), (most, highest) = ordered[0], ordered[-1]
    st.caption(safe_markdown(f"{most} said most, {highest:,} words; {least} least, {fewest:,}."))


def _turns(group: FocusGroup, messages: list[Message]) -> None:
    """A lane a speaker, a mark a turn, as large as its words are many; the guide's sections behind it."""
    import plotly.graph_objects as go

    turns = rows.turns(messages)
    lanes = list(dict.fromkeys([*(person.name for person in group.participants), *(turn.speaker for turn in turns)]))
    figure = go.Figure()
    sections = [band for band in rows.bands(group, messages) if band.last >= turns[0].seq]
    span = max(1, messages[-1].seq - turns[0].seq)
    shades: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for at, band in enumerate(sections):
        label = shortened(band.title, 26) if (band.last - band.first) / span > 0.12 else ""
        first = max(band.first, turns[0].seq) - 0.5
        shades.append(_shade(at, first, band.last + 0.5))
        if label:
            corner = {"x": first, "y": 1, "xanchor": "left", "yanchor": "top", "yref": "y domain"}
            labels.append({**corner, "text": plain(label), "showarrow": False})
    figure.update_layout(shapes=shades, annotations=labels)
    figure.add_scattergl(
        x=[turn.seq for turn in turns],
        y=[lanes.index(turn.speaker) for turn in turns],
        mode="markers",
        marker={
            "size": [min(26, 5 + 1.6 * math.sqrt(turn.words)) for turn in turns],
            "color": [PALETTE[lanes.index(turn.speaker) % len(PALETTE)] for turn in turns],
            "opacity": 0.85,
        },
        customdata=[turn.seq for turn in turns],
        hovertext=[
            f"{plain(turn.speaker)}, message {turn.seq}: {turn.words} words<br>{plain(shortened(turn.text, 90))}"
            for turn in turns
        ],
        hoverinfo="text",
    )
    figure.update_layout(title="Turns, message by message")
    figure.update_yaxes(
        tickvals=list(range(len(lanes))),
        ticktext=[short_label(name, 22) for name in lanes],
        range=[len(lanes) - 0.4, -0.9],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(showgrid=False)
    words = "; ".join(f"{band.title or 'no section'}: messages {band.first}–{band.last}" for band in sections)
    newest = f" Only the newest {rows.MOST_TURNS:,} are drawn." if len(turns) == rows.MOST_TURNS else ""
    picked = show(figure, height=130 + 38 * len(lanes), key="turns", alt=f"Turns by speaker. {words}")
    told = f"A mark is a turn, the larger the longer. {shortened(words, 600)}.{newest} Click on a mark to read it."
    st.caption(safe_markdown(told))
    for turn in [turn for turn in turns if turn.seq in picked][:3]:
        with st.container(border=True):
            st.markdown(f"**{safe_markdown(turn.speaker)}**  \n{safe_markdown(shortened(turn.text, EXCERPT))}")
            message_link(group, turn.seq)


def _sentiment(group: FocusGroup, findings: Findings) -> None:
    """Stacked bars of quotes by theme. Where the analysis judged none, it says so instead."""
    import plotly.graph_objects as go

    mixes = rows.sentiment_by_theme(findings)[:MOST_THEMES]
    known, total = sum(mix.known for mix in mixes), sum(mix.known + mix.unknown for mix in mixes)
    if not known:
        st.caption("This analysis judged no sentiment of its quotes; find themes again to have it judged.")
        return
    places = list(range(len(mixes)))
    figure = go.Figure()
    for tone, colour in TONES.items():
        figure.add_bar(
            x=[getattr(mix, tone.value) for mix in mixes],
            y=places,
            orientation="h",
            name=tone.value.capitalize(),
            marker_color=colour,
            customdata=[f"{at} {tone.value}" for at in places],
            hovertext=[f"{plain(mix.theme)}: {getattr(mix, tone.value)} {tone.value}" for mix in mixes],
            hoverinfo="text",
        )
    figure.update_layout(
        title="Sentiment by theme",
        barmode="stack",
    )
    figure.update_yaxes(
        tickvals=places, ticktext=[short_label(mix.theme, 34) for mix in mixes], autorange="reversed", showgrid=False
    )
    spelled = "; ".join(
        f"{mix.theme}: {mix.positive} positive, {mix.neutral} neutral, {mix.negative} negative" for mix in mixes
    )
    picked = show(figure, height=120 + 34 * len(mixes), key="sentiment", alt=f"Sentiment by theme. {spelled}")
    judge = (
        "the simulator, from lists of words" if findings.simulated else f"{findings.model}, quote by quote as it coded"
    )
    told = f"Judged by {judge}; {known} of {number(total, 'quote')} judged. Of quotes, not of people. Click on a bar to read them."
    st.caption(safe_markdown(told))
    for chosen in picked[:3]:
        at, _, tone_name = str(chosen).partition(" ")
        theme = findings.themes[int(at)]
        with st.container(border=True):
            st.markdown(f"**{safe_markdown(theme.name)}**, {safe_markdown(tone_name)}")
            quotes(group, [said for said in theme.verbatims if said.sentiment == tone_name])


def _speakers(group: FocusGroup, findings: Findings) -> None:
    """Draws how many quotes of each theme come from each participant."""
    import plotly.graph_objects as go

    counted = {name: row[:MOST_THEMES] for name, row in rows.quotes_a_speaker(group, findings).items()}
    names = [theme.name for theme in findings.themes[:MOST_THEMES]]
    people = list(counted)
    values = [[counted[name][at] for name in people] for at in range(len(names))]
    figure = go.Figure(
        go.Heatmap(
            z=[[value or None for value in row] for row in values],
            x=list(range(len(people))),
            y=list(range(len(names))),
            text=[[value or "" for value in row] for row in values],
            texttemplate="%{text}",
            textfont={"color": "#10241F"},
            colorscale=[[0, "#CFE3DC"], [1, ACCENT]],
            showscale=False,
            xgap=3,
            ygap=3,
            hoverinfo="skip",
        )
    )
    # What is hovered over and picked: cells of a heatmap cannot be.
    cells = [(row, at) for row in range(len(names)) for at in range(len(people)) if values[row][at]]
    figure.add_scatter(
        x=[at for _, at in cells],
        y=[row for row, _ in cells],
        mode="markers",
        marker={"symbol": "square", "size": 28, "opacity": 0},
        showlegend=False,
        customdata=[f"{row} {at}" for row, at in cells],
        hovertext=[f"{plain(people[at])} on {plain(names[row])}: {_count(values[row][at])}" for row, at in cells],
        hoverinfo="text",
    )
    figure.update_layout(title="Who is quoted on what")
    figure.update_xaxes(
        tickvals=list(range(len(people))),
        ticktext=[short_label(name, 14) for name in people],
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[short_label(name, 34) for name in names],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    silent = [name for name, row in counted.items() if not any(row)]
    words = f"Not quoted at all: {', '.join(silent)}." if silent else "Everybody is quoted at least once."
    picked = show(figure, height=130 + 34 * len(names), key="speakers", alt=f"Quotes by speaker and theme. {words}")
    st.caption(safe_markdown(f"{words} Click on a cell to read its quotes."))
    for chosen in picked[:3]:
        row, at = map(int, str(chosen).split())
        if row < len(names) and at < len(people):
            with st.container(border=True):
                st.markdown(f"**{safe_markdown(names[row])}**, {safe_markdown(people[at])}")
                quotes(group, [said for said in findings.themes[row].verbatims if said.speaker == people[at]])


def _count(quoted: int) -> str:
    return "1 quote" if quoted == 1 else f"{quoted} quotes"


def _saturation(group: FocusGroup, messages: list[Message], findings: Findings) -> None:
    """Draws how many different codes had been heard by each message."""
    import plotly.graph_objects as go

    steps = rows.saturation(findings)
    if not steps:
        return
    figure = go.Figure(
        go.Scatter(
            x=[0, *(step.seq for step in steps), findings.through_seq],
            y=[0, *(step.codes for step in steps), steps[-1].codes],
            mode="lines",
            line={"shape": "hv", "color": ACCENT, "width": 3},
            hovertext=["", *(f"message {step.seq}: {plain(step.code)}" for step in steps), ""],
            hoverinfo="text",
        )
    )
    bands = enumerate(rows.bands(group, messages))
    shades = [_shade(at, band.first - 0.5, band.last + 0.5) for at, band in bands]
    figure.update_layout(title="Codes heard so far, message by message", shapes=shades)
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(rangemode="tozero")
    new = "; ".join(f"{title}: {count}" for title, count in rows.new_codes_a_section(group, messages, findings))
    show(figure, height=280, key="saturation", alt=f"Cumulative codes. New by section: {new}")
    told = (
        f"{steps[-1].codes} codes in all; new ones by section: {new}. A code counts from the earliest message that it is quoted "
        "from. A curve that flattens says that this model brings nothing new, not that people would not."
    )
    st.caption(safe_markdown(told))


def _shade(at: int, first: float, last: float) -> dict[str, Any]:
    """The band of a section, as high as the chart. Added to a figure one by one, many would take a minute."""
    height = {"y0": 0, "y1": 1, "yref": "y domain"}
    return {"type": "rect", "x0": first, "x1": last, **height, "opacity": 0.14 if at % 2 else 0.05, **BAND}
