"""The participants: those chosen, and the project's personas to choose from, one by one or a whole panel at once."""

from collections.abc import Iterable

import streamlit as st

from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.personas.search import PersonaSearch
from semblance_core.domain.plurals import number
from ui.faces.avatar import avatar
from ui.parts.in_address import page_of
from ui.parts.routes import page_at
from ui.parts.widgets import named_for, named_icon
from ui.parts.words import errors_inline, md, safe_markdown, shortened
from ui.personas.card import open_persona
from ui.personas.details import facts_line
from ui.personas.filters import RUNS, clear, filters, run_names
from ui.setup.draft import Draft

SHOWN = 12
FACE_PX = 44
WHAT = "participants"


def participants(draft: Draft) -> None:
    _chosen(draft)
    draft.say_refused(WHAT)
    facets = draft.ws.personas.facets(draft.project_id)
    if not facets.total:
        with st.container(border=True, horizontal_alignment="center"):
            st.markdown("This project has no personas to choose from yet.", width="content")
            icon = ":material/person_search:"
            st.page_link(page_at("personas"), label="Recruit or add personas", icon=icon, width="content")
        return
    st.subheader("Choose from the project's personas")
    runs = run_names(facets, draft.ws.tasks.of_project(draft.project_id, RUNS))
    with errors_inline():
        search = filters(facets, runs, draft.key("people"))
        with st.container(horizontal=True, vertical_alignment="center"):
            found = draft.ws.personas.find(draft.project_id, search, limit=SHOWN)
            st.caption(md("{} of {}", found.total, number(facets.total, "persona")), width="stretch")
            fits = 0 < found.total <= MAX_PARTICIPANTS
            words = f"Add all {found.total}"
            st.button(words, icon=":material/group_add:", disabled=not fits, on_click=_add_found, args=(draft, search))
            if runs:
                chosen = st.menu_button(
                    "Add a whole panel",
                    list(runs),
                    icon=":material/groups:",
                    format_func=lambda run: f"{safe_markdown(runs[run])} ({facets.runs[run]})",
                )
                if chosen and _save_with(
                    draft, draft.ws.personas.find(draft.project_id, PersonaSearch(task_id=chosen)).personas
                ):
                    st.rerun()
        if not found.total:
            st.info("No personas match this search.", icon=":material/search_off:")
            st.button("Show all", on_click=clear)
        _gallery(draft, search, found.total, found.personas)


def _chosen(draft: Draft) -> None:
    people = draft.set_up.participants
    words = md("{} chosen. 2–12 make a discussion easy to follow; the maximum is {}.", len(people), MAX_PARTICIPANTS)
    st.caption(words)
    with st.grid(3, min_column_width=230) as grid:
        for person in people:
            with grid.cell(), st.container(border=True, horizontal=True, vertical_alignment="center", wrap=False):
                _person(person)
                label = named_icon(f"Remove {person.name}", "close")
                name = md("Remove {}", person.name)
                key = draft.key(f"remove_{person.id}")
                st.button(label, key=key, type="tertiary", help=name, on_click=_remove, args=(draft, person.id))


def _gallery(draft: Draft, search: PersonaSearch, total: int, first: Iterable[Persona]) -> None:
    grid_here = st.container()
    page = page_of(total, SHOWN, draft.key("people"))
    people = first
    if page > 1:
        skip = (page - 1) * SHOWN
        people = draft.ws.personas.find(draft.project_id, search, skip=skip, limit=SHOWN).personas
    there = {person.id for person in draft.set_up.participants}
    with grid_here, st.grid(3, min_column_width=300) as grid:
        for person in people:
            with grid.cell():
                _card(draft, person, person.id in there)


def _card(draft: Draft, person: Persona, is_chosen: bool) -> None:
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            _person(person)
        with st.container(horizontal=True, vertical_alignment="center"):
            key = draft.key(f"toggle_{person.id}")
            if is_chosen:
                icon = ":material/check:"
                st.button(
                    named_for(md("Chosen"), person.name), key=key, icon=icon, on_click=_remove, args=(draft, person.id)
                )
            else:
                st.button(
                    named_for(md("Add"), person.name),
                    key=key,
                    icon=":material/add:",
                    on_click=_add,
                    args=(draft, [person]),
                )
            label = named_for(md("View"), person.name)
            if st.button(label, key=draft.key(f"view_{person.id}"), type="tertiary", icon=":material/visibility:"):
                open_persona(person)


def _person(person: Persona) -> None:
    st.image(avatar(person.name, person), width=FACE_PX, alt=f"Portrait of {person.name}")
    with st.container(gap=None):
        st.markdown(f"**{safe_markdown(shortened(person.name, 40))}**")
        st.caption(safe_markdown(shortened(facts_line(person), 60)) or "No details yet")


def _add_found(draft: Draft, search: PersonaSearch) -> None:
    _save_with(draft, draft.ws.personas.find(draft.project_id, search).personas)


def _add(draft: Draft, people: Iterable[Persona]) -> None:
    _save_with(draft, people)


def _save_with(draft: Draft, people: Iterable[Persona]) -> bool:
    there = {person.id for person in draft.set_up.participants}
    more = [person for person in people if person.id not in there]
    return draft.save(WHAT, participants=(*draft.set_up.participants, *more))


def _remove(draft: Draft, persona_id: str) -> None:
    draft.save(WHAT, participants=tuple(one for one in draft.set_up.participants if one.id != persona_id))
