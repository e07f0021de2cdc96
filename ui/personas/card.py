"""A persona's card in the gallery, and what its buttons open."""

from collections.abc import Callable

import streamlit as st

from semblance_core.domain.personas.persona import Persona
from semblance_core.workspace import Workspace
from ui.parts.deletion import is_sure
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import errors_inline, md, safe_markdown, shortened, show_done
from ui.personas.details import LARGE_PX, persona_details, persona_header
from ui.personas.form import edit_persona
from ui.personas.selection import select, select_box, selected

QUOTE_CHARS = 150
EDIT, COPY, DELETE = "Edit", "Copy", "Delete"
MENU = {EDIT: ":material/edit: Edit", COPY: ":material/content_copy: Copy", DELETE: ":material/delete: Delete"}
BADGES = {"generated": md("recruited"), "manual": md("manual"), "imported": md("imported")}
SIMULATED = md("simulated")


def card(ws: Workspace, project_id: str, persona: Persona, *, marks: bool = True) -> None:
    """marks: whether to say of a simulated one that it is."""
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, wrap=False, gap="small"):
            persona_header(persona)
            select_box(project_id, persona)
        with st.container(height="stretch"):
            quote = shortened(persona.quote, QUOTE_CHARS)
            st.markdown(f"*{safe_markdown(quote)}*" if quote else ":gray[No quote yet]")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                named_for(md("Open"), persona.name),
                key=f"open_{persona.id}",
                type="tertiary",
                icon=":material/open_in_full:",
            ):
                open_persona(persona)
            menu(ws, project_id, persona)
            st.space("stretch")
            origin_badge(persona, marks=marks)


def origin_badge(persona: Persona, *, marks: bool = True) -> None:
    origin = BADGES.get(persona.origin, safe_markdown(persona.origin))
    st.badge(SIMULATED if marks and persona.simulated else origin, color="gray")


def menu(ws: Workspace, project_id: str, persona: Persona) -> None:
    """Edit, copy and delete; deleting asks first."""
    chosen = st.menu_button(
        named_for(md("More"), persona.name),
        [EDIT, COPY, DELETE],
        key=f"more_{persona.id}",
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=MENU.__getitem__,
    )
    if chosen == EDIT:
        edit_persona(ws, project_id, persona)
    elif chosen == DELETE:
        delete_persona(ws, project_id, persona)
    elif chosen == COPY:
        with errors_inline():
            copied = ws.personas.copy(persona.id)
            show_done(md("Created {}", copied.name))
            st.rerun()


@st.dialog("Persona", width="large", icon=":material/person:")
def open_persona(persona: Persona) -> None:
    persona_header(persona, size_px=LARGE_PX)
    st.page_link(page_at("persona"), label="Open as a page", icon=":material/link:", query_params={"id": persona.id})
    persona_details(persona)


@st.dialog("Delete persona", icon=":material/delete:")
def delete_persona(ws: Workspace, project_id: str, persona: Persona, leave: Callable[[], None] = st.rerun) -> None:
    """leave: where to go from there."""
    st.markdown(f"Delete **{safe_markdown(persona.name)}**? Sessions keep what this persona said.")
    st.caption("This cannot be undone.")
    if is_sure():
        with errors_inline():
            ws.personas.delete(persona.id)
            select(project_id, [one for one in selected(project_id) if one != persona.id])
            show_done(md("Deleted {}", persona.name))
            leave()
