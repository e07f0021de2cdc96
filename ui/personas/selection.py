"""Several personas at once: which are picked, and what can be done with them."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.plurals import number
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui.parts.deletion import is_sure
from ui.parts.routes import page_at
from ui.parts.words import Markdown, errors_inline, md, safe_markdown, show_done, told_apart
from ui.personas.view_switch import to_compare

PICKS = "picked_personas"
NAMED = 8
Write = Callable[[Sequence[Persona]], str]


def selected(project_id: str) -> list[str]:
    """The ids that are picked in this window, in the order in which they were."""
    return list(st.session_state.get(PICKS, {}).get(project_id, {}))


def select_box(project_id: str, persona: Persona) -> None:
    """The box on a card that picks its persona."""
    key = f"pick_{persona.id}"
    st.session_state[key] = persona.id in selected(project_id)
    st.checkbox(
        f"Select {safe_markdown(persona.name)}",
        key=key,
        label_visibility="collapsed",
        on_change=_toggle,
        args=(project_id, persona.id),
    )


def select(project_id: str, persona_ids: Sequence[str]) -> None:
    """Picks exactly these."""
    st.session_state[PICKS] = {project_id: dict.fromkeys(persona_ids)}


def _toggle(project_id: str, persona_id: str) -> None:
    now = selected(project_id)
    select(project_id, [one for one in now if one != persona_id] if persona_id in now else [*now, persona_id])


def bar(ws: Workspace, project: Project) -> None:
    """Draws what can be done with the personas that are picked; nothing while none is."""
    chosen = selected(project.id)
    if not chosen:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="picks_bar"):
        st.markdown(f"**{len(chosen)} selected**")
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
        if st.button("Delete selected", type="tertiary", icon=":material/delete:"):
            delete_some(ws, project.id, chosen)
        st.button("Clear selection", type="tertiary", icon=":material/close:", on_click=select, args=(project.id, []))


def exports_of(ws: Workspace, project: Project, chosen: Sequence[str]) -> None:
    """Files of those that are picked, written once somebody asks."""
    name = safe_file_name(project.name)
    for kind, write in ((md("JSON"), exports.personas_json), (md("CSV"), exports.personas_csv)):
        st.download_button(
            kind,
            partial(_written, ws, project.id, chosen, write),
            f"{name}-picked.{kind.lower()}",
            key=f"picked_{kind}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def _written(ws: Workspace, project_id: str, chosen: Sequence[str], write: Write) -> str:
    return write(ws.personas.some(project_id, chosen))


@st.dialog("Copy to another project", icon=":material/drive_file_move:")
def copy_to(ws: Workspace, project_id: str, chosen: Sequence[str]) -> None:
    own = [each for each in ws.projects.mine() if each.id != project_id and not each.archived_at]
    others = told_apart({each.id: each.name for each in own})
    if not others:
        st.info("You have no other project. Create one with “New project” in the sidebar.", icon=":material/add:")
        return
    into = st.selectbox("Project", list(others), format_func=lambda one: others[one])
    st.caption(f"{_count(chosen)} will be in both projects; changes in one do not affect the other.")
    if st.button("Copy", type="primary"):
        with errors_inline():
            copied = ws.personas.copy_to(project_id, chosen, into)
            select(project_id, [])
            show_done(md("Copied {} to {}", number(len(copied), "persona"), others[into]))
            st.rerun()


@st.dialog("Delete personas", icon=":material/delete:")
def delete_some(ws: Workspace, project_id: str, chosen: Sequence[str]) -> None:
    names = [person.name for person in ws.personas.some(project_id, chosen)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    st.markdown(f"Delete **{safe_markdown(', '.join(names[:NAMED]))}**{more}?")
    st.caption("Sessions keep what they said. This cannot be undone.")
    if is_sure(md("Delete {}", _count(names))):
        with errors_inline():
            gone = ws.personas.delete_some(project_id, chosen)
            select(project_id, [])
            show_done(md("Deleted {}", number(gone, "persona")))
            st.rerun()


def _count(several: Sequence[object]) -> Markdown:
    return safe_markdown(number(len(several), "persona"))
