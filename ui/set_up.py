"""The dialog that sets a focus group up, new or still a draft."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.guide import parse_guide, to_markdown
from semblance_core.workspace import SetUp, Workspace
from ui.routes import page_at
from ui.words import say_here

GUIDE = """## First thoughts
- What comes to mind first when you think of it?
- When did it last play a part in your life?

## Deeper
- What speaks for it, and what against it?
- What would have to change for you?
"""


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
