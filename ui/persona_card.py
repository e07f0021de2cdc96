"""A persona's card in the gallery, and what its buttons open."""

from collections.abc import Callable

import streamlit as st

from semblance_core.domain.persona import Persona
from semblance_core.workspace import Workspace
from ui.deletion import is_sure
from ui.persona_form import edit_persona
from ui.persona_picks import pick, pick_box, picks
from ui.persona_views import LARGE_PX, ORIGINS, head, whole
from ui.routes import page_at
from ui.words import safe_markdown, say_done, say_here, shortened

QUOTE_CHARS = 150
EDIT, COPY, DELETE = "Edit", "Copy", "Delete"
ICONS = {EDIT: ":material/edit:", COPY: ":material/content_copy:", DELETE: ":material/delete:"}


def card(ws: Workspace, project_id: str, persona: Persona) -> None:
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, wrap=False, gap="small"):
            head(persona)
            pick_box(project_id, persona)
        with st.container(height="stretch"):
            quote = shortened(persona.quote, QUOTE_CHARS)
            st.markdown(f"*{safe_markdown(quote)}*" if quote else ":gray[No quote yet]")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Open", key=f"open_{persona.id}", type="tertiary", icon=":material/open_in_full:"):
                open_persona(persona)
            menu(ws, project_id, persona)
            st.space("stretch")
            origin_badge(persona)


def origin_badge(persona: Persona) -> None:
    words = "simulated" if persona.simulated else {"generated": "recruited"}.get(persona.origin, persona.origin)
    st.badge(words, color="orange" if persona.simulated else "gray", help=ORIGINS[persona.origin])


def menu(ws: Workspace, project_id: str, persona: Persona) -> None:
    """Edit, copy and delete; deleting asks first."""
    chosen = st.menu_button(
        "More",
        [EDIT, COPY, DELETE],
        key=f"more_{persona.id}",
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=lambda what: f"{ICONS[what]} {what}",
    )
    if chosen == EDIT:
        edit_persona(ws, project_id, persona)
    elif chosen == DELETE:
        delete_persona(ws, project_id, persona)
    elif chosen == COPY:
        with say_here():
            copied = ws.copy_persona(persona.id)
            say_done(f"{safe_markdown(copied.name)} is there")
            st.rerun()


@st.dialog("Persona", width="large", icon=":material/person:")
def open_persona(persona: Persona) -> None:
    head(persona, size_px=LARGE_PX)
    st.page_link(page_at("persona"), label="Open as a page", icon=":material/link:", query_params={"id": persona.id})
    whole(persona)


@st.dialog("Delete persona", icon=":material/delete:")
def delete_persona(ws: Workspace, project_id: str, persona: Persona, leave: Callable[[], None] = st.rerun) -> None:
    """leave: where to go from there."""
    st.markdown(f"Delete **{safe_markdown(persona.name)}**? Sessions that it took part in keep what it said.")
    st.caption("This cannot be undone.")
    if is_sure():
        with say_here():
            ws.delete_persona(persona.id)
            pick(project_id, [one for one in picks(project_id) if one != persona.id])
            say_done(f"{safe_markdown(persona.name)} is deleted")
            leave()
