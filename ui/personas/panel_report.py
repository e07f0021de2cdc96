"""The panel report: who is in it, how it meets its target shares, how different its people are."""

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.personas.persona import label
from semblance_core.domain.personas.search import PersonaSearch
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task
from semblance_core.engine.tasks import recruit
from semblance_core.engine.tasks.stored import request_of
from semblance_core.reports.panel import (
    NEAR_DUPLICATE,
    Diversity,
    PanelReport,
    fit_words,
    noise_words,
    sample_words,
)
from semblance_core.workspace import Workspace
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, shortened
from ui.personas import panel_charts
from ui.personas.shares import Shares, share_editor
from ui.personas.view_switch import to_compare

OWN, NONE = "Shares of your own", "None"


def panel_view(ws: Workspace, project: Project, search: PersonaSearch, tasks: list[Task], runs: dict[str, str]) -> None:
    """Reports on those whom the search finds."""
    shares = _targets(search, tasks, runs)
    with errors_inline(), st.spinner("Weighing the panel", show_time=False):
        report = ws.personas.report(project.id, shares.margins, search)
        _numbers(report)
        _fits(report)
        _makeup(report)
        _traits(report)
        _differences(report)
        st.caption(
            "Synthetic personas show a range of views, not how common they are. Make no claim of incidence from a panel, "
            "however well it fits."
        )


def _targets(search: PersonaSearch, tasks: list[Task], runs: dict[str, str]) -> Shares:
    """Draws the choice of target shares and returns them: those that a run was given, others, or none."""
    asked = {task.id: request_of(recruit.Request, task).margins for task in tasks if task.id in runs}
    given = {runs[task_id]: margins for task_id, margins in asked.items() if margins}
    narrowed = runs.get(search.task_id, "")
    options = [*given, OWN, NONE]
    first = options.index(narrowed) if narrowed in given else 0 if given else options.index(NONE)
    chosen = st.selectbox(
        "Compare with the target shares of",
        options,
        index=first,
        format_func=lambda name: shortened(name, 90),
        key=f"targets_{narrowed}",
    )
    if chosen != OWN:
        return Shares(given.get(chosen, ()))
    with st.container(border=True):
        return share_editor("report_shares")


def _numbers(report: PanelReport) -> None:
    with st.grid(4, min_column_width=190) as grid:
        grid.metric("Personas", report.size, border=True)
        if found := report.diversity:
            grid.metric(
                "Distinct viewpoints",
                f"{found.vendi:.1f} of {found.compared:,}",
                border=True,
                help="Vendi score: the effective number of different texts, from 1 (all the same) to the number of personas compared.",
            )
            grid.metric(
                "Variety",
                f"{found.distance:.2f}",
                border=True,
                help="Mean pairwise cosine distance of the personas' texts at matched length (TF-IDF): 0 is all the same, "
                "1 nothing in common.",
            )
            grid.metric(
                "Near-duplicate pairs",
                f"{found.near_duplicates:.0%}",
                border=True,
                help=f"Pairs of personas whose texts have a cosine above {NEAR_DUPLICATE}.",
            )
    if words := sample_words(report):
        st.info(safe_markdown(words), icon=":material/casino:")
    if report.diversity and report.diversity.distinct_3 is not None:
        with st.expander("Statistics"):
            st.caption(f"{report.diversity.distinct_3:.0%} of all three-word runs are distinct (distinct-3).")


def _fits(report: PanelReport) -> None:
    st.subheader("Target shares")
    if not report.fits:
        st.caption("No target shares are chosen above, so there is nothing to compare the panel with.")
    with st.grid(2, min_column_width=340, gap="medium") as grid:
        for fit in report.fits:
            with grid.cell():
                panel_charts.target_and_actual(fit, report.size)
                far = md(
                    "Total variation {:.2f}, Jensen–Shannon divergence {:.2f} bits; both are 0 where the shares are met exactly.",
                    fit.total_variation,
                    fit.jensen_shannon,
                )
                st.markdown(safe_markdown(fit_words(fit, report.size, report.chance)), help=far)
    st.info(safe_markdown(noise_words(report.size)), icon=":material/casino:")


def _makeup(report: PanelReport) -> None:
    if not report.makeup:
        return
    st.subheader("Composition")
    with st.grid(2, min_column_width=340, gap="medium") as grid:
        for field, counts in report.makeup.items():
            with grid.cell():
                panel_charts.makeup(field, counts)
    unstated = [label(field) for field in ("age", "gender", "location") if field not in report.makeup]
    if unstated:
        st.caption(md("Not stated by anyone: {}.", ", ".join(unstated)))


def _traits(report: PanelReport) -> None:
    st.subheader("Big Five", help="Levels are read as percentiles: 50 is the middle of a population.")
    if not report.traits:
        st.caption("No persona states any traits.")
        return
    if unknown := report.size - len(report.traits[0].levels):
        st.caption(md("Left out, because they state no traits: {}.", number(unknown, "persona")))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        panel_charts.trait_spread(report.traits)
        st.caption("The shaded band covers the middle half of a population.")
    with right:
        st.markdown(joined("\n", (md("- {}", trait.words) for trait in report.traits)))


def _differences(report: PanelReport) -> None:
    found = report.diversity
    if found is None:
        return
    st.subheader("Most similar")
    st.markdown(_alike_words(found))
    for pair in found.nearest:
        with st.container(horizontal=True, vertical_alignment="center"):
            names = md("{} and {}", pair.one.name, pair.other.name)
            st.progress(min(1.0, max(0.0, pair.cosine)), text=md("{} · {:.2f}", names, pair.cosine), width="stretch")
            st.button(
                named_for(md("Compare"), f"{pair.one.name} with {pair.other.name}"),
                key=f"compare_{pair.one.id}_{pair.other.id}",
                type="tertiary",
                icon=":material/compare_arrows:",
                on_click=to_compare,
                args=(pair.one.id, pair.other.id),
            )


def _alike_words(found: Diversity) -> Markdown:
    close = sum(pair.cosine > NEAR_DUPLICATE for pair in found.nearest)
    if not close:
        return md("No two personas are near-duplicates. These are the most similar pairs, from 0 to 1:")
    return md("Near-duplicates repeat each other: edit or delete one of each pair, or recruit with a stronger model.")
