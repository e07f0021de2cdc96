"""The price sensitivity meter on the screen: four curves, the prices at which they cross, and who is left out."""

from collections.abc import Mapping, Sequence

import streamlit as st

from semblance_core.analysis.surveys.prices import PriceSensitivity
from semblance_core.domain.instruments.questions import NumberQuestion, PricePoint
from semblance_core.domain.plurals import number
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.prices import CURVES, POINTS, point_of
from ui.parts.charts import PALETTE, plain, show
from ui.parts.words import Markdown, joined, md

LEFT_OUT = "Only people count whose four prices are in order, from too cheap to too expensive; {} did not name them so."


def prices_view(answered: AnsweredSurvey, groups: Mapping[str, Sequence[int]]) -> None:
    """Curves and points for everyone, and the points by group; nothing where the meter was not asked."""
    if not answered.questionnaire.prices:
        return
    found = answered.prices()
    with st.container(border=True):
        st.markdown("#### Prices")
        if found is None:
            st.caption("Nobody has named four prices in their order yet.")
            return
        unit = _unit(answered)
        st.caption(md("{} · price sensitivity meter (van Westendorp 1976)", number(found.people, "persona")))
        _curves(found, unit)
        rows = [_row(found, short, unit) for short in POINTS]
        st.markdown(md("| Point | Price | Meaning |\n|---|---|---|\n{}", joined("\n", rows)))
        if found.out_of_order:
            st.caption(md(LEFT_OUT, number(found.out_of_order, "persona")))
        if groups:
            _by_group(answered, groups, unit)


def _row(found: PriceSensitivity, short: str, unit: str) -> Markdown:
    _, name, meaning = POINTS[short]
    return md("| {} | {} | {} |", name, _priced(found, short, unit), meaning)


def _priced(found: PriceSensitivity | None, short: str, unit: str) -> str:
    point = point_of(found, short) if found else None
    if point is None:
        return "its curves do not cross" if found else "–"
    return f"{point.figure:.2f} {unit} ({point.low:.2f} to {point.high:.2f})".replace("  ", " ")


def _by_group(answered: AnsweredSurvey, groups: Mapping[str, Sequence[int]], unit: str) -> None:
    rows = []
    for value, people in groups.items():
        found = answered.prices(people)
        cells = [_priced(found, short, unit) for short in POINTS]
        counted = f"{found.people if found else 0:,}"
        rows.append(md("| {} | {} | {} | {} | {} | {} |", " ".join(value.split()), counted, *cells))
    st.markdown(md("| Group | People | PMC | OPP | IPP | PME |\n|---|---|---|---|---|---|\n{}", joined("\n", rows)))


def _curves(found: PriceSensitivity, unit: str) -> None:
    import plotly.graph_objects as go

    figure, curves = go.Figure(), found.curves
    for at, point in enumerate(PricePoint):
        shares = [100 * share for share in getattr(curves, CURVES[point])]
        figure.add_scatter(
            x=list(curves.prices),
            y=shares,
            mode="lines",
            name=point.value,
            line={"color": PALETTE[at], "width": 2.5, "dash": "solid" if at in (1, 2) else "dot"},
            hovertemplate="%{x:.4g}: %{y:.0f}%<extra></extra>",
        )
    told = []
    for short in POINTS:
        if crossing := point_of(found, short):
            figure.add_vline(x=crossing.figure, line={"width": 1, "dash": "dash", "color": "#6B7974"})
            told.append(f"{short.upper()} {crossing.figure:.2f}")
    figure.update_layout(title=plain(f"Share of people by price, {unit}" if unit else "Share of people by price"))
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(ticksuffix="%", range=[0, 102])
    show(figure, height=380, alt=f"Shares of people by price; {', '.join(told) or 'no curves cross'}")


def _unit(answered: AnsweredSurvey) -> str:
    question = answered.questionnaire.questions[answered.questionnaire.prices[PricePoint.CHEAP]]
    return question.unit if isinstance(question, NumberQuestion) else ""
