"""One synthesis: shared themes, the matrix, model saturation, contradictions, its sessions and the method."""

from collections.abc import Mapping, Sequence

import streamlit as st

from semblance_core.analysis.synthesis.contradictions import ContradictionKind, Side
from semblance_core.analysis.synthesis.saturation import BASE, MOST_NEW, RUN
from semblance_core.analysis.synthesis.together import METHOD, SharedTheme, Synthesised
from semblance_core.domain.findings.synthesis import Synthesis
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from semblance_core.workspace.operations.across.synthesis import OfferedSource
from ui.across.charts import matrix, saturation_curve
from ui.across.quotes import quotes, source_link, titles
from ui.across.shared_themes import theme_cards
from ui.parts.deletion import is_sure
from ui.parts.in_address import Choice, by_text, page_of
from ui.parts.routes import open_page
from ui.parts.words import errors_inline, md, safe_markdown, show_done, told_apart, when

THEMES, MATRIX, SATURATION, CONTRADICTIONS, SESSIONS = "Themes", "Matrix", "Saturation", "Contradictions", "Sessions"
VIEWS = (THEMES, MATRIX, SATURATION, CONTRADICTIONS, SESSIONS)
ROWS = 20


def synthesis_view(ws: Workspace, found: Synthesised) -> None:
    """The synthesis by one of its views, which stands in the address."""
    _head(ws, found)
    views = Choice("view", f"synthesis/{found.synthesis.id}", among=by_text(VIEWS), default=THEMES)
    view = views.show()
    st.segmented_control(
        "View", VIEWS, key=views.key, on_change=views.keep, required=True, label_visibility="collapsed"
    )
    if view == SESSIONS:
        _sessions(ws, found)
    elif not found.themes:
        st.info("None of these sessions has a theme.", icon=":material/search_off:")
    elif view == MATRIX:
        _matrix(found)
    elif view == SATURATION:
        _saturation(found)
    elif view == CONTRADICTIONS:
        _contradictions(found)
    else:
        theme_cards(ws, found)
    st.caption(safe_markdown(METHOD))


def _head(ws: Workspace, found: Synthesised) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(md("{}", found.synthesis.title), width="stretch")
        if st.button("Delete", icon=":material/delete:", type="tertiary"):
            _delete(ws, found.synthesis)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("synthetic", color="violet", help="A model answers in the place of each persona.")
        if found.simulated:
            st.badge("simulated", color="gray", help="The built-in simulator answers, not a language model.")
        sessions, people = number(len(found.sessions), "session"), number(found.people, "participant")
        words = md("{} · {} · {}", sessions, people, number(len(found.themes), "shared theme"))
        st.caption(words, width="content")
    if found.lost:
        st.caption(md("{} of it is gone or cannot be read, and is left out.", number(found.lost, "session")))
    if found.outdated:
        with st.container(border=True, horizontal=True, vertical_alignment="center"), errors_inline():
            words = md("{} has newer themes than those that were read.", number(len(found.outdated), "session"))
            st.markdown(words, width="stretch")
            if st.button("Bring up to date", icon=":material/update:"):
                ws.syntheses.update(found.synthesis.id, version=found.synthesis.version)
                show_done(md("Only what is new was matched"))
                st.rerun()


def _matrix(found: Synthesised) -> None:
    shown = st.container()
    page = page_of(len(found.themes), ROWS, found.synthesis.id, "rows")
    themes = found.themes[(page - 1) * ROWS : page * ROWS]
    with shown:
        st.caption("A mark where a session has the theme, with its number of quotes. Click on one to read them.")
        picked = matrix(found, themes, f"matrix_{found.synthesis.id}_{found.synthesis.version}_{page}")
    if picked:
        theme = next(each for each in themes if each.number == picked[0])
        st.markdown(md("##### {} – {}", theme.name, titles(found)[picked[1]]))
        quotes(found, picked[1], theme.quotes(picked[1]))


def _saturation(found: Synthesised) -> None:
    curve = found.saturation
    st.subheader("Model saturation", anchor=False)
    if curve.reached:
        words = md(
            "Reached after **{}**, and confirmed by the next {}: these brought at most {:.0%} of the {} of the first {}.",
            *(number(curve.reached, "session"), RUN, MOST_NEW, number(curve.base, "theme"), BASE),
        )
    else:
        words = md("Not reached. {}", curve.why)
    st.markdown(words)
    saturation_curve(curve)
    words = md(
        "Sessions count in the order of the list *Sessions*, each interview of a round as one. After Guest, Namey and Chen 2020: base {}, "
        "run {}, at most {:.0%} new. It says when this model brings up nothing more, and nothing of people.",
        *(BASE, RUN, MOST_NEW),
    )
    st.caption(words)


def _contradictions(found: Synthesised) -> None:
    themes = [theme for theme in found.themes if theme.contradiction]
    if not themes:
        st.info("No session contradicts another one on a shared theme, by the sentiments of its quotes.")
    for theme in themes:
        _contradiction(found, theme)


def _contradiction(found: Synthesised, theme: SharedTheme) -> None:
    against = theme.contradiction
    assert against
    is_opposite = against.kind is ContradictionKind.OPPOSITE
    with st.container(border=True):
        st.markdown(md("#### {}", theme.name))
        words = "sessions go opposite ways" if is_opposite else "counter-quotes in another session"
        st.badge(words, color="red" if is_opposite else "orange")
        with st.grid(2, min_column_width=320, gap="medium") as grid:
            for title, sides in ((md("Positive"), against.positive), (md("Negative"), against.negative)):
                with grid.cell():
                    st.markdown(md("**{}**", title))
                    _sides(found, sides)


def _sides(found: Synthesised, sides: Sequence[Side]) -> None:
    for side in sides:
        counter = md("") if side.mostly else md(" – counter-quotes")
        st.caption(md("{}{}", titles(found)[side.source_id], counter))
        quotes(found, side.source_id, side.verbatims)


def _sessions(ws: Workspace, found: Synthesised) -> None:
    offered = {each.source.id: each for each in ws.syntheses.offered(found.synthesis.project_id)}
    further = {source_id: each for source_id, each in offered.items() if source_id not in found.synthesis.source_ids}
    if further:
        _add(ws, found.synthesis, further)
    placed = {each.source_id: each for each in found.synthesis.analyses}
    names = titles(found)
    for source in found.sources:
        with st.container(border=True, key=f"source_{source.id}"):
            source_link(source, md("{}", names[source.id]))
            there = placed[source.id]
            threshold = md("nothing told") if there.threshold is None else md("{:.2f}", there.threshold)
            st.caption(md("{} · threshold {}", number(len(there.themes), "theme"), threshold))
            if source.id in offered and len(offered[source.id].analyses) > 1:
                _choose(ws, found.synthesis, offered[source.id])
    if len(found.sources) > 1:
        with st.form("take_out", border=True), errors_inline():
            leaving = st.multiselect("Take out", list(names), format_func=names.__getitem__)
            if st.form_submit_button("Take out") and leaving:
                ws.syntheses.take_out(found.synthesis.id, leaving, version=found.synthesis.version)
                st.rerun()


def _add(ws: Workspace, synthesis: Synthesis, further: Mapping[str, OfferedSource]) -> None:
    names = told_apart({source_id: each.source.title for source_id, each in further.items()})
    with st.form("add_sessions", border=True), errors_inline():
        st.markdown(md("{} of this project with themes is not in it.", number(len(further), "session")))
        chosen = st.multiselect("Add", list(further), default=list(further), format_func=names.__getitem__)
        if st.form_submit_button("Add sessions", icon=":material/add:") and chosen:
            ws.syntheses.add(synthesis.id, chosen, version=synthesis.version)
            show_done(md("Only their themes were matched"))
            st.rerun()


def _choose(ws: Workspace, synthesis: Synthesis, offered: OfferedSource) -> None:
    """The choice of the analysis that is read of a session."""
    placed = next(each for each in synthesis.analyses if each.source_id == offered.source.id)
    each_of = {
        each.analysis_id: f"{when(each.created_at)}: {number(each.themes, 'theme')} by {each.model}"
        for each in offered.analyses
    }
    options = told_apart({"": "The newest analysis", **each_of})
    now = placed.analysis_id if placed.chosen else ""
    key = f"analysis_{synthesis.id}_{offered.source.id}_{synthesis.version}"
    chosen = st.selectbox(
        md("Analysis of {}", offered.source.title),
        list(options),
        index=list(options).index(now) if now in options else 0,
        format_func=options.__getitem__,
        key=key,
    )
    if chosen != now:
        with errors_inline():
            ws.syntheses.update(synthesis.id, {offered.source.id: chosen}, version=synthesis.version)
            st.rerun()


@st.dialog("Delete this synthesis?")
def _delete(ws: Workspace, synthesis: Synthesis) -> None:
    st.markdown(md("**{}** goes. Its sessions and their themes stay.", synthesis.title))
    with errors_inline():
        if is_sure(key="delete_synthesis"):
            ws.syntheses.delete(synthesis.id)
            open_page("synthesis")
