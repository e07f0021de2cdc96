"""The bar that finds personas: words, filters and order, all kept in the page's address."""

from collections.abc import Mapping

import streamlit as st

from semblance_core.domain.persona import label
from semblance_core.domain.persona_search import FACETS, PersonaFacets, PersonaOrder, PersonaSearch
from semblance_core.domain.task import Task
from ui.persona_views import ORIGINS
from ui.pieces import search_box
from ui.words import safe_markdown, shortened

IN_ADDRESS = {
    "gender": "gender",
    "location": "place",
    "education": "education",
    "income_band": "income",
    "origin": "origin",
}
"""What each field is called in the address."""
KEYS = ("find", "age", "run", *IN_ADDRESS.values())
NOT_STATED = "Not stated"
ALL_RUNS = "Any"


RUNS = ("recruit", "example")
"""The kinds of task that write personas."""


def run_names(facets: PersonaFacets, tasks: list[Task]) -> dict[str, str]:
    """What each recruiting run is called, by its id; each name is there once, because the address holds it."""
    known = {task.id: task for task in tasks}
    names: dict[str, str] = {}
    for run_id in facets.runs:
        task = known.get(run_id)
        name = f"{task.created_at:%d %b %Y, %H:%M} · {shortened(str(task.request['text']), 60)}" if task else run_id
        names[run_id] = f"{name} · {run_id[:4]}" if name in names.values() else name
    return names


def filters(facets: PersonaFacets, runs: Mapping[str, str]) -> PersonaSearch:
    """Draws the bar and returns what is looked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = search_box("Name, occupation, place, values …")
        with st.popover("Filters", icon=":material/filter_list:"):
            ages = _ages(facets)
            values = {field: _values(field, facets.values[field]) for field in FACETS}
            run_id = _run(runs)
        with st.popover("Sort", icon=":material/sort:"):
            order = st.radio(
                "Order", list(PersonaOrder), key="order", bind="query-params", label_visibility="collapsed"
            )
    search = PersonaSearch(text, tuple(ages), values, run_id, PersonaOrder(order))
    if search.narrows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for value in _chosen(search, runs):
                st.badge(safe_markdown(shortened(value, 40)), color="gray")
            st.button("Clear filters", type="tertiary", icon=":material/filter_list_off:", on_click=clear)
    return search


def clear() -> None:
    """Empties the bar, for a button's `on_click`."""
    for key in KEYS:
        st.session_state[key] = {"find": "", "run": ALL_RUNS}.get(key, [])


def _chosen(search: PersonaSearch, runs: Mapping[str, str]) -> list[str]:
    """What narrows the search, in words."""
    boxes = [_shown(value) for values in (search.age_bands, *search.values.values()) for value in values]
    words = [f"“{search.text.strip()}”"] if search.text.strip() else []
    return [*words, *boxes, *([runs[search.task_id]] if search.task_id else [])]


def _ages(facets: PersonaFacets) -> list[str]:
    return st.pills(
        "Age",
        list(facets.age_bands),
        selection_mode="multi",
        key="age",
        bind="query-params",
        format_func=_shown,
    )


def _values(field: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    if len(counts) < 2 and not st.session_state.get(IN_ADDRESS[field]):
        return ()
    chosen = st.multiselect(
        label(field).capitalize(),
        list(counts),
        key=IN_ADDRESS[field],
        bind="query-params",
        format_func=_shown,
        placeholder="Any",
    )
    return tuple(chosen)


def _run(runs: Mapping[str, str]) -> str:
    if not runs:
        return ""
    name = st.selectbox("Recruited in", [ALL_RUNS, *runs.values()], key="run", bind="query-params")
    return next((run_id for run_id, known in runs.items() if known == name), "")


def _shown(value: str) -> str:
    return ORIGINS.get(value, value) or NOT_STATED
