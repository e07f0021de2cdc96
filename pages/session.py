"""A session: watch it, moderate it, let it run, stop it."""

import re

import streamlit as st

from semblance_core.domain.focus_group import FocusGroupState
from ui import gate, shell
from ui.gone import or_gone
from ui.live import live_figures, live_transcript
from ui.moderating import moderator_input, whom_to_ask
from ui.routes import page_at
from ui.session_controls import controls
from ui.stimuli_list import session_stimuli
from ui.words import safe_markdown, state_badge

ws = gate.workspace()
if not st.query_params.get("id"):
    st.switch_page(page_at("focus_groups"))
with or_gone("focus_groups"):
    group = ws.focus_group(st.query_params["id"])
shell.show_project(ws, group.project_id)
opened_for = st.query_params.get("message", "")
marked = int(opened_for) if re.fullmatch(r"[0-9]{1,6}", opened_for) else 0

# In a box of its own, so that the chat below keeps its place, and its feed, whatever is said here.
with st.container():
    st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(safe_markdown(group.title), width="content")
        state_badge(group)
    if group.reason:
        st.caption(safe_markdown(group.reason_in_words))
    if not group.participants:
        st.warning("This session has no participants; edit its set-up to add some.", icon=":material/groups:")
    controls(ws, group)
    if marked:
        st.page_link(page_at("session"), label="Show the newest messages", query_params={"id": group.id})
goes_on = group.state is not FocusGroupState.ENDED
left, right = st.columns([2.4, 1], gap="medium")
with left:
    live_transcript(ws, group, marked)
    chosen = whom_to_ask(ws, group) if goes_on else []
with right:
    session_stimuli(ws, group)
    live_figures(ws, group)
moderator_input(ws, group, chosen)
