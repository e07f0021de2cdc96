"""The bar that finds personas: words, filters and order, all kept in the page's address."""

from collections.abc import Mapping

import streamlit as st

from semblance_core.domain.personas.persona import label
from semblance_core.domain.personas.search import FACETS, PersonaFacets, PersonaOrder, PersonaSearch
from semblance_core.domain.task import Task
from semblance_core.engine.tasks.stored import brief_of
from ui.parts.in_address import Choice, Choices, by_text, empty
from ui.parts.widgets import search_box
from ui.parts.words import safe_markdown, shortened
from ui.personas.details import ORIGINS

IN_ADDRESS = {
    "gender": "gender",
    "location": "place",
    "education": "education",
    "income_band": "income",
    "origin": "origin",
}
"""Names of the fields in the address."""
KEYS = ("find", "age", "run", *IN_ADDRESS.values())
LIST = ("page",)
"""Parameters that end with another search: the page that was looked at."""
NOT_STATED = "Not stated"
ALL_RUNS = "Any"


RUNS = ("recruit", "example")
"""The kinds of task that write personas."""


def run_names(facets: PersonaFacets, tasks: list[Task]) -> dict[str, str]:
    """Returns a name for each recruiting run, by its id."""
    known = {task.id: task for task in tasks}
    names: dict[str, str] = {}
    for run_id in facets.runs:
        task = known.get(run_id)
        name = f"{task.created_at:%d %b %Y, %H:%M} · {shortened(brief_of(task), 60)}" if task else run_id
        names[run_id] = f"{name} · {run_id[:4]}" if name in names.values() else name
    return names


def filters(facets: PersonaFacets, runs: Mapping[str, str], scope: str) -> PersonaSearch:
    """Draws the bar and returns what is looked for. scope: page and project that the bar belongs to."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = search_box("Name, occupation, place, values …", scope)
        with st.popover("Filters", icon=":material/filter_list:"):
            ages = _ages(facets, scope)
            values = {field: _values(field, facets.values[field], scope) for field in FACETS}
            run_id = _run(runs, scope)
        with st.popover("Sort", icon=":material/sort:"):
            ways = Choice("order", scope, LIST, among=by_text(PersonaOrder), default=next(iter(PersonaOrder)))
            order = ways.show()
            st.radio("Order", list(PersonaOrder), key=ways.key, on_change=ways.keep, label_visibility="collapsed")
    search = PersonaSearch(text, tuple(ages), values, run_id, order)
    if search.narrows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for value in _chosen(search, runs):
                st.badge(safe_markdown(shortened(value, 40)), color="gray")
            st.button("Clear filters", type="tertiary", icon=":material/filter_list_off:", on_click=clear)
    return search


def clear() -> None:
    """Empties the bar, for a button's `on_click`."""
    empty((*KEYS, *LIST))


def _chosen(search: PersonaSearch, runs: Mapping[str, str]) -> list[str]:
    """Returns what narrows the search, in words."""
    boxes = [_shown(value) for values in (search.age_bands, *search.values.values()) for value in values]
    words = [f"“{search.text.strip()}”"] if search.text.strip() else []
    return [*words, *boxes, *([runs[search.task_id]] if search.task_id else [])]


def _ages(facets: PersonaFacets, scope: str) -> list[str]:
    bands = Choices("age", scope, LIST, among={_shown(band): band for band in facets.age_bands})
    chosen = bands.show()
    st.pills(
        "Age",
        list(facets.age_bands),
        selection_mode="multi",
        key=bands.key,
        on_change=bands.keep,
        format_func=lambda value: safe_markdown(_shown(value)),
    )
    return chosen


def _values(field: str, counts: Mapping[str, int], scope: str) -> tuple[str, ...]:
    values = Choices(IN_ADDRESS[field], scope, LIST, among={_shown(value): value for value in counts})
    chosen = values.show()
    if len(counts) < 2 and not chosen:
        return ()
    st.multiselect(
        safe_markdown(label(field).capitalize()),
        list(counts),
        key=values.key,
        on_change=values.keep,
        format_func=_shown,
        placeholder="Any",
    )
    return tuple(chosen)


def _run(runs: Mapping[str, str], scope: str) -> str:
    if not runs:
        return ""
    run = Choice("run", scope, LIST, among=by_text(runs), default="")
    chosen = run.show()
    st.selectbox(
        "Recruited in",
        ["", *runs],
        format_func=lambda run_id: runs.get(run_id, ALL_RUNS),
        key=run.key,
        on_change=run.keep,
    )
    return chosen


def _shown(value: str) -> str:
    return ORIGINS.get(value, value) or NOT_STATED
