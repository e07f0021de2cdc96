"""A moderator's controls of a session: let it run, pause, stop and end it."""

from functools import partial

import streamlit as st

from semblance_core.conversation.turn_policy import exhausted
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.routes import open_page
from ui.parts.words import Markdown, errors_inline, md, show_error
from ui.session.search import search
from ui.session.steering import steering

PAUSE, RUN = "session_pause", "session_run"
"""`PAUSE` is the key of two buttons: whichever is there pauses or continues."""
KEYS = {
    "/": "Go to the field to ask in",
    "Ctrl or ⌘ + Enter": "Send the question",
    "@": "Name those who are asked; @all for everyone",
    "n": "Ask the guide's next question",
    "p": "Pause or continue the discussion",
    "m": "Go to the newest message; ↑ and ↓ to others, Tab to its actions",
    "Esc": "Close the replay",
    "?": "Show these shortcuts",
}


@st.dialog("End session")
def end(ws: Workspace, group: FocusGroup) -> None:
    st.markdown("End this session? The transcript is kept, and you can reopen the session later.")
    if st.button("End it", type="primary"):
        with errors_inline():
            ws.sessions.end(group.id)
            st.rerun()


def controls(ws: Workspace, group: FocusGroup) -> None:
    over = group.state is FocusGroupState.ENDED
    refused: SemblanceError | None = None
    first, runs = FirstPaidRun(ws, f"run_{group.id}"), False
    with st.container(horizontal=True):
        if group.is_busy or group.is_waiting:
            _halt(ws, group)
        elif over:
            if st.button("Reopen", icon=":material/lock_open:", help="To ask more"):
                _reopen(ws, group)
        elif not exhausted(group):
            label, key = (md("Continue"), PAUSE) if group.course.turns else (md("Run automatically"), RUN)
            if st.button(label, type="primary", icon=":material/play_circle:", disabled=not may_run(group), key=key):
                runs = not first.waits(group.model)
        if group.state is FocusGroupState.DRAFT and st.button("Edit set-up", icon=":material/edit:"):
            open_page("focus_group", {"id": group.id})
        if group.next_seq > 1 and st.button("Themes and report", icon=":material/lightbulb:"):
            open_page("findings", {"id": group.id})
        if not over and group.next_seq > 1 and st.button("End session", icon=":material/flag:"):
            end(ws, group)
        steering(ws, group)
        if group.next_seq > 1:
            search(ws, group)
        _keys()
    if may_run(group) and first.confirmed(run_words(group), partial(ws.sessions.estimate_discussion, group.id)):
        runs = True
    if runs:
        refused = _let_run(ws, group)
    if refused:
        show_error(refused)
    elif may_run(group):
        estimate_line(ws.sessions.estimate_discussion(group.id), ws.sessions.quota(group.id))
    elif not over and not group.is_busy and not exhausted(group):
        st.caption("The discussion can run by itself once it has two participants and a guide with a question.")


def _keys() -> None:
    """The page's keys, which ui/assets/shortcuts.js listens to."""
    with st.popover("", icon=":material/keyboard:", help="Keyboard shortcuts", key="session_keys"):
        st.markdown("**Keyboard shortcuts**")
        for key, does in KEYS.items():
            with st.container(horizontal=True, gap="small"):
                st.markdown(md("`{}`", key), width=130)
                st.markdown(md("{}", does), width=250)


def _halt(ws: Workspace, group: FocusGroup) -> None:
    if group.state is FocusGroupState.AUTONOMOUS:
        pausing = "Pausing …" if group.pausing else "Pause"
        after = "After the current turn"
        if st.button(pausing, icon=":material/pause_circle:", disabled=group.pausing, help=after, key=PAUSE):
            with errors_inline():
                ws.sessions.pause(group.id)
                st.rerun()
    words = "Stop" if group.is_busy else "Don't continue"
    told = "Immediately; an answer in progress is discarded" if group.is_busy else None
    if st.button(words, type="primary" if group.is_busy else "secondary", icon=":material/stop_circle:", help=told):
        ws.sessions.stop(group.id)
        st.rerun()


def _reopen(ws: Workspace, group: FocusGroup) -> None:
    with errors_inline():
        ws.sessions.reopen(group.id)
        st.rerun()


def _let_run(ws: Workspace, group: FocusGroup) -> SemblanceError | None:
    """Runs the page again where it runs; else what speaks against it."""
    try:
        ws.sessions.start(group.id)
        st.rerun()
    except SemblanceError as refused:
        return refused


def run_words(group: FocusGroup) -> Markdown:
    """The discussion in words, as a run that costs something."""
    what = "An interview" if group.is_interview else "A discussion"
    return md("{} of up to {}", what, number(group.turn_limit, "turn"))


def may_run(group: FocusGroup) -> bool:
    ready = (len(group.participants) > 1 or group.is_interview) and bool(group.guide.questions)
    return ready and not group.is_busy and group.state is not FocusGroupState.ENDED and not exhausted(group)
