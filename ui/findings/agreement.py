"""Two analyses of one transcript beside each other: which themes both found, how far they agree, and where they do not."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.agreement.analyses import FIRST, ThemeCompared, TwoAnalyses
from semblance_core.analysis.agreement.codings import Agreement
from semblance_core.analysis.agreement.coefficients import Coefficient
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import page_at
from ui.parts.words import Markdown, joined, md, told_apart, when

MOST_LINKS = 40
MEASURES = (
    (md("Cohen's κ"), "kappa"),
    (md("Gwet's AC1"), "ac1"),
    (md("Krippendorff's α"), "alpha"),
    (md("Positive agreement"), "positive"),
)


def agreement_view(ws: Workspace, group: FocusGroup, analyses: Sequence[Findings], chosen: Findings) -> None:
    """The chosen analysis beside another one, which is chosen here."""
    st.subheader("Agreement between two analyses")
    others = {each.analysis_id: each for each in analyses if each.analysis_id != chosen.analysis_id}
    titles = told_apart({name: _title(each) for name, each in others.items()})
    other = Choice("other", f"{group.id}/{chosen.analysis_id}", among=by_text(others), default=next(iter(others)))
    second = other.show()
    st.selectbox("Compare with", list(others), format_func=titles.__getitem__, key=other.key, on_change=other.keep)
    found = ws.findings.agreement(group.id, chosen.analysis_id, second)
    st.markdown(_found_again(found))
    if found.overall:
        _overall(found.overall)
    _themes(found)
    _disagreements(group, found)


def _title(findings: Findings) -> str:
    return f"{when(findings.created_at)}: {number(len(findings.themes), 'theme')} by {findings.model}"


def _found_again(found: TwoAnalyses) -> Markdown:
    words = md("**{} of {}** were found again.", found.found_again, number(len(found.first.themes), "theme"))
    if found.threshold is None:
        return md("{} {}", words, found.why)
    return md(
        "{} Two themes are taken for one above a similarity of {:.2f}, which unrelated themes reach in one case of 20.",
        words,
        found.threshold,
    )


def _overall(overall: Agreement) -> None:
    with st.container(horizontal=True):
        for label, name in MEASURES:
            st.metric(label, _figure(getattr(overall, name)), border=True)
    words = md(
        "Unit: a participant's turn × a theme, {:,} in all, {:,} of them quoted by either analysis. Most turns are quoted by neither, "
        "which raises AC1 and leaves positive agreement as it is.",
        overall.units,
        overall.marked,
    )
    st.caption(words)


def _themes(found: TwoAnalyses) -> None:
    if not found.themes:
        return
    rows = joined("\n", (_row(each) for each in found.themes))
    heads = joined(" | ", (md("This analysis | The other one | Similarity"), *(label for label, _ in MEASURES)))
    st.markdown(md("| {} |\n|---|---|---:|---:|---:|---:|---:|\n{}", heads, rows))
    measured = [found.overall, *(each.agreement for each in found.themes)]
    if whys := dict.fromkeys(each.why for of in measured if of for each in _coefficients(of) if each.why):
        st.caption(md("Not defined: {}.", "; ".join(whys)))


def _row(each: ThemeCompared) -> Markdown:
    names = [md("{}", _cell(theme.name)) if theme else md("–") for theme in (each.first, each.second)]
    measures = (
        [_figure(getattr(each.agreement, name)) for _, name in MEASURES]
        if each.agreement
        else [md("found once"), *[md("")] * (len(MEASURES) - 1)]
    )
    return md("| {} |", joined(" | ", [*names, md("{:.2f}", each.similarity), *measures]))


def _cell(text: str) -> str:
    return " ".join(text.split())


def _disagreements(group: FocusGroup, found: TwoAnalyses) -> None:
    """The turns that one of the analyses quotes for a theme that both have, to be settled one by one."""
    apart = [(each.name, other) for each in found.themes for other in each.disagreements]
    if not apart:
        return
    st.markdown(md("##### {}", number(len(apart), "disagreement")))
    for name, other in apart[:MOST_LINKS]:
        with st.container(horizontal=True, vertical_alignment="center"):
            where = {"id": group.id, "message": str(other.seq)}
            st.page_link(page_at("session"), label=f"message {other.seq}", query_params=where)
            by = "this analysis" if FIRST in other.marked_by else "the other one"
            st.markdown(md("**{}**: quoted by {} alone", name, by), width="stretch")
    if len(apart) > MOST_LINKS:
        st.caption(md("The first {} are shown.", MOST_LINKS))


def _coefficients(of: Agreement) -> list[Coefficient]:
    return [getattr(of, name) for _, name in MEASURES]


def _figure(measure: Coefficient) -> Markdown:
    return md("not defined") if measure.value is None else md("{:.2f}", measure.value)
