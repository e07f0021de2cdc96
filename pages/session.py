"""A session: watch it, moderate it, let it run, stop it."""

import re

import streamlit as st

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.flows.moderate import MESSAGE_CHARS
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.estimates import foretell
from ui.live import live_session
from ui.routes import page_at
from ui.set_up import set_up
from ui.words import safe_markdown, say, state_badge


@st.dialog("End session")
def end(ws: Workspace, group: FocusGroup) -> None:
    st.markdown("End this session for good? Its transcript stays; nothing more can be said in it.")
    if st.button("End it", type="primary"):
        ws.end(group.id)
        st.rerun()


def controls(ws: Workspace, group: FocusGroup) -> None:
    over = group.state is FocusGroupState.ENDED
    refused: SemblanceError | None = None
    with st.container(horizontal=True):
        if group.is_busy or group.is_waiting:
            words = "Stop" if group.is_busy else "Do not go on"
            if st.button(words, type="primary" if group.is_busy else "secondary", icon=":material/stop_circle:"):
                ws.stop(group.id)
                st.rerun()
        elif not over and st.button("Let it run", type="primary", icon=":material/play_circle:"):
            refused = let_run(ws, group)
        if group.state is FocusGroupState.DRAFT and st.button("Edit set-up", icon=":material/edit:"):
            set_up(ws, group.project_id, group)
        if group.next_seq > 1 and st.button("Themes and report", icon=":material/lightbulb:"):
            st.switch_page(page_at("findings"), query_params={"id": group.id})
        if not over and group.next_seq > 1 and st.button("End session", icon=":material/flag:"):
            end(ws, group)
    if refused:
        say(refused)
    elif may_run(group):
        foretell(ws.estimate_discussion(group.id), ws.session_quota(group.id))


def let_run(ws: Workspace, group: FocusGroup) -> SemblanceError | None:
    """Runs the page again where it runs; else what speaks against it."""
    try:
        ws.start_autonomous(group.id)
        st.rerun()
    except SemblanceError as refused:
        return refused


def may_run(group: FocusGroup) -> bool:
    ready = len(group.participants) > 1 and bool(group.guide.questions)
    return ready and not group.is_busy and group.state is not FocusGroupState.ENDED


def moderator_input(ws: Workspace, group: FocusGroup) -> None:
    questions = group.guide.questions
    asked = group.course.question + 1
    if asked < len(questions) and not group.is_busy and group.participants:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Next in the guide: {safe_markdown(questions[asked])}", width="stretch")
            if st.button("Ask it", icon=":material/arrow_forward:"):
                post(ws, group, questions[asked])
    # The same widget whatever happens: another one would drop what is being typed when the other window posts.
    if text := st.chat_input("Ask everyone, or @name to ask one", key=f"say_{group.id}", max_chars=MESSAGE_CHARS):
        post(ws, group, text)


def post(ws: Workspace, group: FocusGroup, text: str) -> None:
    try:
        ws.post_message(group.id, text)
    except SemblanceError as refused:
        say(refused)
        st.caption("This was not sent; copy it to send it again:")
        st.code(text, language=None, wrap_lines=True)
    else:
        st.rerun()


ws = gate.workspace()
if not st.query_params.get("id"):
    st.switch_page(page_at("focus_groups"))
group = ws.focus_group(st.query_params["id"])
shell.show_project(ws, group.project_id)

st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(safe_markdown(group.title), width="content")
    state_badge(group)
if group.reason:
    st.caption(safe_markdown(group.reason_in_words))
if not group.participants:
    st.warning("This session has no participants; edit its set-up to add some.", icon=":material/groups:")
controls(ws, group)
opened_for = st.query_params.get("message", "")
live_session(ws, group, int(opened_for) if re.fullmatch(r"[0-9]{1,6}", opened_for) else 0)
if group.state is not FocusGroupState.ENDED:
    moderator_input(ws, group)
