"""A session: watch it, moderate it, let it run, stop it."""

import re

import streamlit as st

from ui.app import gate, shell
from ui.app.runtime import calls_are_near
from ui.forks.forking import fork_form, forked_from
from ui.parts.gone import or_not_found
from ui.parts.routes import ASSETS, open_page, page_at
from ui.parts.words import safe_markdown, state_badge
from ui.session.controls import controls
from ui.session.live import live_figures, live_transcript
from ui.session.moderating import ask_failed_again, moderator_input, whom_to_ask
from ui.session.queue import queued_questions
from ui.session.steering import confirmations, suggestions
from ui.session.themes_at_end import themes_at_end
from ui.session.whispers import whisper_line
from ui.stimuli.beside_transcript import session_stimuli

ws = gate.workspace()
if not st.query_params.get("id"):
    open_page("focus_groups")
with or_not_found("focus_groups"):
    group = ws.sessions.get(st.query_params["id"])
shell.show_project(ws, group.project_id)
opened_for = st.query_params.get("message", "")
marked = int(opened_for) if re.fullmatch(r"[0-9]{1,6}", opened_for) else 0

calls_are_near()
st.html(ASSETS / "session.css")
# In a box of its own, so that the chat below keeps its place, and its feed, whatever is said here.
with st.container(key="session_head", gap="small"):
    with st.container(horizontal=True, vertical_alignment="center"):
        if group.round_id:
            of_round = {"id": group.round_id}
            st.page_link(page_at("interviews"), label="Interviews", icon=":material/arrow_back:", query_params=of_round)
        else:
            st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
        st.title(safe_markdown(group.title), width="content")
        state_badge(group)
        if group.reason:
            st.caption(safe_markdown(group.reason_in_words), width="content")
    if not group.participants:
        st.warning("This session has no participants; edit its set-up to add some.", icon=":material/groups:")
    forked_from(ws, group)
    controls(ws, group)
    if marked:
        st.page_link(page_at("session"), label="Show the newest messages", query_params={"id": group.id})
left, right = st.columns([2.4, 1], gap="medium")
with left:
    live_transcript(ws, group, marked)
    with st.container(key="session_ask", gap="small"):
        # Each in a box of its own: Streamlit draws anew what moved, so a field would lose its caret when something comes above it.
        for draw in (ask_failed_again, fork_form, queued_questions, confirmations, suggestions, whisper_line):
            with st.container(gap="small"):
                draw(ws, group)
        with st.container(gap="small"):
            chosen = whom_to_ask(ws, group) if group.takes_questions else []
        moderator_input(ws, group, chosen)
with right, st.container(key="session_side"), st.expander("About this session", expanded=True):
    session_stimuli(ws, group)
    if not group.is_interview:  # one analysis reads all interviews of the round
        themes_at_end(ws, group)
    live_figures(ws, group)
