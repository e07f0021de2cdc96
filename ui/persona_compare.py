"""Two personas side by side: what differs is marked, and how alike they are is a figure."""

import streamlit as st

from semblance_core.domain.people import Project
from semblance_core.domain.persona import Persona, label
from semblance_core.reports.compare import TEXTS, Comparison, Line
from semblance_core.workspace import Workspace
from ui import panel_charts
from ui.persona_views import head
from ui.routes import page_at
from ui.words import safe_markdown, say_here


def compare_view(ws: Workspace, project: Project) -> None:
    """The two are in the address, as `a` and `b`."""
    names = ws.persona_names(project.id)
    if len(names) < 2:
        st.info("Comparing takes two personas. Recruit or enter another one.", icon=":material/compare_arrows:")
        return
    left, right = st.columns(2)
    with left:
        one = _choice(names, "a", "One")
    with right:
        other = _choice(names, "b", "The other")
    if not (one and other):
        st.info("Choose two personas to see what tells them apart.", icon=":material/compare_arrows:")
        return
    with say_here():
        _draw(*ws.compare_personas(project.id, [one, other]))


def _choice(names: dict[str, str], key: str, words: str) -> str | None:
    wanted = st.query_params.get(key, "")
    ids = list(names)
    chosen: str | None = st.selectbox(
        words,
        ids,
        index=ids.index(wanted) if wanted in names else None,
        format_func=lambda one: names.get(one, one),
        placeholder="Choose a persona",
        key=f"compare_{key}_{wanted}",
    )
    if chosen and chosen != wanted:
        st.query_params[key] = chosen
    return chosen


def _draw(one: Persona, other: Persona, found: Comparison) -> None:
    with st.grid(3, min_column_width=190) as grid:
        grid.metric(
            "Alike in text",
            f"{found.likeness:.2f}",
            border=True,
            help="Cosine of their texts at matched length among this panel's words (TF-IDF): 0 is no word in common, 1 the "
            "same. From .9 on they are near-duplicates.",
        )
        grid.metric("Same facts", f"{found.same_facts} of {found.facts}", border=True)
        grid.metric(
            "Big Five apart", f"{found.trait_gap:.0f} points", border=True, help="Mean over the five traits, 0–100"
        )
    left, right = st.columns(2, wrap=False)
    for column, person in ((left, one), (right, other)):
        with column:
            head(person)
            st.page_link(
                page_at("persona"), label="Open", icon=":material/open_in_new:", query_params={"id": person.id}
            )
    st.subheader("Traits")
    panel_charts.trait_pair(one, other)
    st.subheader("What they say and are")
    for line in found.lines:
        _line(line)


def _line(line: Line) -> None:
    mark, words = (":material/difference:", "differs") if line.differs else (":material/equal:", "the same")
    name, both = st.columns([1, 3])
    left, right = both.columns(2, wrap=False)
    name.markdown(f":gray[{label(line.field).capitalize()}]  \n:gray[:small[{mark} {words}]]")
    left.markdown(_side(line, line.one))
    right.markdown(_side(line, line.other))


def _side(line: Line, items: tuple[str, ...]) -> str:
    """What one of them has; in a list, and in a short fact, what only this one has stands out."""
    if not items:
        return ":gray[Not stated]"
    if line.field in TEXTS:
        return safe_markdown(items[0])
    shown = (
        safe_markdown(item) if line.is_shared(item) else f":primary-background[{safe_markdown(item)}]" for item in items
    )
    return "  \n".join(shown)
