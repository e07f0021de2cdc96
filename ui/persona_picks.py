"""Several personas at once: which are picked, and what can be done with them."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.domain.focus_group import MAX_PARTICIPANTS
from semblance_core.domain.people import Project
from semblance_core.domain.persona import Persona
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui.deletion import is_sure
from ui.persona_ways import to_compare
from ui.routes import page_at
from ui.words import safe_markdown, say_done, say_here

PICKS = "picked_personas"
NAMED = 8


def picks(project_id: str) -> list[str]:
    """The ids that are picked in this window, in the order in which they were."""
    return list(st.session_state.get(PICKS, {}).get(project_id, {}))


def pick_box(project_id: str, persona: Persona) -> None:
    """The box on a card that picks its persona."""
    key = f"pick_{persona.id}"
    st.session_state[key] = persona.id in picks(project_id)
    st.checkbox(
        f"Pick {safe_markdown(persona.name)}",
        key=key,
        label_visibility="collapsed",
        on_change=_toggle,
        args=(project_id, persona.id),
    )


def pick(project_id: str, persona_ids: Sequence[str]) -> None:
    """Picks exactly these."""
    st.session_state[PICKS] = {project_id: dict.fromkeys(persona_ids)}


def _toggle(project_id: str, persona_id: str) -> None:
    now = picks(project_id)
    pick(project_id, [one for one in now if one != persona_id] if persona_id in now else [*now, persona_id])


def bar(ws: Workspace, project: Project) -> None:
    """What can be done with those that are picked; nothing while none is."""
    chosen = picks(project.id)
    if not chosen:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="picks_bar"):
        st.markdown(f"**{len(chosen)} picked**")
        if len(chosen) > MAX_PARTICIPANTS:
            st.caption(f"A focus group takes at most {MAX_PARTICIPANTS}.")
        else:
            with_these = {"with": ",".join(chosen)}
            icon = ":material/forum:"
            st.page_link(page_at("focus_group"), label="Start a focus group", icon=icon, query_params=with_these)
        if len(chosen) == 2:
            icon = ":material/compare_arrows:"
            st.button("Compare these", type="tertiary", icon=icon, on_click=to_compare, args=chosen)
        if st.button("Copy to a project", type="tertiary", icon=":material/drive_file_move:"):
            copy_to(ws, project.id, chosen)
        exports_of(ws, project, chosen)
        if st.button("Delete picked", type="tertiary", icon=":material/delete:"):
            delete_some(ws, project.id, chosen)
        st.button("Pick none", type="tertiary", icon=":material/close:", on_click=pick, args=(project.id, []))


def exports_of(ws: Workspace, project: Project, chosen: Sequence[str]) -> None:
    """Files of those that are picked, written once somebody asks."""
    name = safe_file_name(project.name)
    for kind, write in (("JSON", exports.personas_json), ("CSV", exports.personas_csv)):
        st.download_button(
            kind,
            lambda write=write: write(ws.some_personas(project.id, chosen)),
            f"{name}-picked.{kind.lower()}",
            key=f"picked_{kind}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


@st.dialog("Copy to another project", icon=":material/drive_file_move:")
def copy_to(ws: Workspace, project_id: str, chosen: Sequence[str]) -> None:
    others = {each.id: each.name for each in ws.projects() if each.id != project_id}
    if not others:
        st.info("This is your only project. Make another one with “New project” in the sidebar.", icon=":material/add:")
        return
    into = st.selectbox("Project", list(others), format_func=lambda one: others[one])
    st.caption(f"{_count(chosen)} will be in both projects; what you change in one stays out of the other.")
    if st.button("Copy", type="primary"):
        with say_here():
            copied = ws.copy_personas(project_id, chosen, into)
            pick(project_id, [])
            say_done(f"{len(copied)} copied to {safe_markdown(others[into])}")
            st.rerun()


@st.dialog("Delete personas", icon=":material/delete:")
def delete_some(ws: Workspace, project_id: str, chosen: Sequence[str]) -> None:
    names = [person.name for person in ws.some_personas(project_id, chosen)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    st.markdown(f"Delete **{safe_markdown(', '.join(names[:NAMED]))}**{more}?")
    st.caption("Sessions that they took part in keep what they said. This cannot be undone.")
    if is_sure(f"Delete {_count(names)}"):
        with say_here():
            gone = ws.delete_personas(project_id, chosen)
            pick(project_id, [])
            say_done(f"{gone} deleted")
            st.rerun()


def _count(several: Sequence[object]) -> str:
    return f"{len(several)} {'personas' if len(several) != 1 else 'persona'}"
