"""Two personas side by side: what differs is marked, and how alike they are is a figure."""

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.personas.persona import Persona, label
from semblance_core.reports.compare import TEXTS, Comparison, Line
from semblance_core.workspace import Workspace
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, told_apart
from ui.personas import panel_charts
from ui.personas.details import persona_header


def compare_view(ws: Workspace, project: Project) -> None:
    """The two are in the address, as `a` and `b`."""
    names = told_apart(ws.personas.names(project.id))
    if len(names) < 2:
        st.info("Comparing takes two personas. Recruit or enter another one.", icon=":material/compare_arrows:")
        return
    left, right = st.columns(2)
    with left:
        one = _choice(project.id, names, "a", md("First persona"))
    with right:
        other = _choice(project.id, names, "b", md("Second persona"))
    if not (one and other):
        st.info("Choose two personas to compare.", icon=":material/compare_arrows:")
        return
    with errors_inline():
        _draw(*ws.personas.compare(project.id, [one, other]))


def _choice(project_id: str, names: dict[str, str], key: str, words: Markdown) -> str | None:
    person: Choice[str | None] = Choice(key, f"compare/{project_id}", among=by_text(names), default=None)
    chosen = person.show()
    st.selectbox(
        words,
        list(names),
        index=None,
        format_func=lambda one: names.get(one, one),
        placeholder="Choose a persona",
        key=person.key,
        on_change=person.keep,
    )
    return chosen


def _draw(one: Persona, other: Persona, found: Comparison) -> None:
    with st.grid(3, min_column_width=190) as grid:
        grid.metric(
            "Text similarity",
            f"{found.likeness:.2f}",
            border=True,
            help="Cosine of their texts at matched length among this panel's words (TF-IDF): 0 means no words in common, 1 "
            "identical. From 0.9 on they are near-duplicates.",
        )
        grid.metric("Shared facts", f"{found.same_facts} of {found.facts}", border=True)
        gap = "Not stated" if found.trait_gap is None else f"{found.trait_gap:.0f} points"
        grid.metric("Big Five distance", gap, border=True, help="Mean over the five traits, 0–100")
    left, right = st.columns(2, wrap=False)
    for column, person in ((left, one), (right, other)):
        with column:
            persona_header(person)
            label = named_for(md("Open"), person.name)
            st.page_link(page_at("persona"), label=label, icon=":material/open_in_new:", query_params={"id": person.id})
    st.subheader("Traits")
    panel_charts.trait_pair(one, other)
    st.subheader("Details")
    with st.container(key="compared", gap="small"):
        for line in found.lines:
            _line(line)


def _line(line: Line) -> None:
    mark = ":material/difference: different" if line.differs else ":material/equal: same"
    name, both = st.columns([1, 3])
    left, right = both.columns(2, wrap=False)
    name.markdown(f":gray[{safe_markdown(label(line.field).capitalize())}]  \n:gray[:small[{mark}]]")
    left.markdown(_side(line, line.one))
    right.markdown(_side(line, line.other))


def _side(line: Line, items: tuple[str, ...]) -> Markdown:
    """Returns what one of the two has. In a list and in a short fact, what only this one has stands out."""
    if not items:
        return md(":gray[Not stated]")
    if line.field in TEXTS:
        return safe_markdown(items[0])
    shown = (safe_markdown(item) if line.is_shared(item) else md(":primary-background[{}]", item) for item in items)
    return joined("  \n", shown)
