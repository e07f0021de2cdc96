"""What a moderator can do to a session: let it run, pause, stop and end it."""

import streamlit as st

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.workspace import Workspace
from ui.estimates import foretell
from ui.routes import page_at
from ui.transcript_search import search
from ui.words import say, say_here


@st.dialog("End session")
def end(ws: Workspace, group: FocusGroup) -> None:
    st.markdown("End this session for good? Its transcript stays; nothing more can be said in it.")
    if st.button("End it", type="primary"):
        with say_here():
            ws.end(group.id)
            st.rerun()


def controls(ws: Workspace, group: FocusGroup) -> None:
    over = group.state is FocusGroupState.ENDED
    refused: SemblanceError | None = None
    with st.container(horizontal=True):
        if group.is_busy or group.is_waiting:
            _halt(ws, group)
        elif not over:
            words = "Go on" if group.course.turns else "Let it run"
            if st.button(words, type="primary", icon=":material/play_circle:", disabled=not may_run(group)):
                refused = _let_run(ws, group)
        if group.state is FocusGroupState.DRAFT and st.button("Edit set-up", icon=":material/edit:"):
            st.switch_page(page_at("focus_group"), query_params={"id": group.id})
        if group.next_seq > 1 and st.button("Themes and report", icon=":material/lightbulb:"):
            st.switch_page(page_at("findings"), query_params={"id": group.id})
        if not over and group.next_seq > 1 and st.button("End session", icon=":material/flag:"):
            end(ws, group)
        if group.next_seq > 1:
            search(ws, group)
    if refused:
        say(refused)
    elif may_run(group):
        foretell(ws.estimate_discussion(group.id), ws.session_quota(group.id))
    elif not over and not group.is_busy:
        st.caption("It can run by itself once it has two participants and a guide with a question.")


def _halt(ws: Workspace, group: FocusGroup) -> None:
    if group.state is FocusGroupState.AUTONOMOUS:
        pausing = "Pausing …" if group.pausing else "Pause"
        told = "After the turn under way"
        if st.button(pausing, icon=":material/pause_circle:", disabled=group.pausing, help=told):
            with say_here():
                ws.pause(group.id)
                st.rerun()
    words = "Stop" if group.is_busy else "Do not go on"
    told = "At once; an answer under way is discarded" if group.is_busy else None
    if st.button(words, type="primary" if group.is_busy else "secondary", icon=":material/stop_circle:", help=told):
        ws.stop(group.id)
        st.rerun()


def _let_run(ws: Workspace, group: FocusGroup) -> SemblanceError | None:
    """Runs the page again where it runs; else what speaks against it."""
    try:
        ws.start_autonomous(group.id)
        st.rerun()
    except SemblanceError as refused:
        return refused


def may_run(group: FocusGroup) -> bool:
    ready = len(group.participants) > 1 and bool(group.guide.questions)
    return ready and not group.is_busy and group.state is not FocusGroupState.ENDED
