"""Focus groups: the project's sessions, and setting up a new one."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.guide import parse_guide, to_markdown
from semblance_core.workspace import SetUp, Workspace
from ui import gate, shell
from ui.routes import page_at
from ui.session_row import session_row
from ui.words import safe_markdown, say_here

GUIDE = "## Warm-up\n- When did you last buy it, and what made you?\n\n## Deeper\n- What would make you switch?\n"
SHOWN = 10


@st.dialog("Set up a focus group", width="large")
def set_up(ws: Workspace, project_id: str, group: FocusGroup | None) -> None:
    personas = {person.id: person for person in ws.personas(project_id)}
    personas |= {person.id: person for person in group.participants} if group else {}
    chosen = [person.id for person in group.participants] if group else list(personas)[:8]
    with st.form("set_up", border=False):
        title = st.text_input(
            "Title", value=group.title if group else "", max_chars=160, placeholder="Oat milk: habits and price"
        )
        topic = st.text_area(
            "Topic: what participants are told it is about",
            value=group.topic if group else "",
            height=80,
            max_chars=4_000,
        )
        guide = st.text_area(
            "Discussion guide: “## section” and “- question” lines",
            value=to_markdown(group.guide) if group else GUIDE,
            height=220,
        )
        participants = st.multiselect(
            "Participants", list(personas), default=chosen, format_func=lambda persona_id: personas[persona_id].name
        )
        left, middle, right = st.columns(3)
        model = left.text_input(
            "Model", value=group.model if group else ws.settings.default_model, help="Any litellm name"
        )
        limit = middle.number_input(
            "Turn limit", 4, 2_000, group.turn_limit if group else 40, help="Of an autonomous discussion"
        )
        seed = right.number_input("Seed", 0, value=group.seed if group else 0)
        if st.form_submit_button("Save", type="primary"):
            with say_here():
                people = tuple(personas[persona_id] for persona_id in participants)
                wanted = SetUp(title, topic, parse_guide(guide), people, model, int(limit), int(seed))
                saved = ws.change_focus_group(group.id, wanted) if group else ws.create_focus_group(project_id, wanted)
                st.switch_page(page_at("session"), query_params={"id": saved.id})


@st.dialog("Delete focus group")
def delete(ws: Workspace, group: FocusGroup) -> None:
    st.markdown(f"Delete **{safe_markdown(group.title)}** with its {group.next_seq - 1} messages and its themes?")
    st.caption("What it cost stays on record.")
    if st.button("Delete", type="primary"):
        ws.delete_focus_group(group.id)
        st.rerun()


def row(ws: Workspace, project_id: str, group: FocusGroup) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        session_row(group)
        if group.state is FocusGroupState.DRAFT and st.button("Edit", key=f"edit_{group.id}"):
            set_up(ws, project_id, group)
        if st.button("Delete", key=f"delete_{group.id}", type="tertiary", icon=":material/delete:"):
            delete(ws, group)


ws = gate.workspace()
project = shell.project(ws)
groups = ws.focus_groups(project.id)
has_personas = bool(ws.personas(project.id))

st.title("Focus groups")
if not has_personas and not groups:
    st.info("A focus group needs participants: recruit or enter personas first.", icon=":material/groups:")
    st.page_link(page_at("personas"), label="Go to personas", icon=":material/arrow_forward:")
else:
    if st.button("New focus group", type="primary", icon=":material/add:"):
        set_up(ws, project.id, None)
    if not groups:
        st.info("No focus groups yet. Create one: a title, a guide, and who takes part.", icon=":material/forum:")
    pages = -(-len(groups) // SHOWN)
    page = st.pagination(pages) if pages > 1 else 1
    for group in groups[(page - 1) * SHOWN : page * SHOWN]:
        row(ws, project.id, group)
