"""The questions that wait until participants have answered, and those that could not be asked."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.queued import QueuedQuestion
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.words import errors_inline, md, shortened

SHOWN_CHARS = 300


def queued_questions(ws: Workspace, group: FocusGroup) -> None:
    """Draws each with a button to take it back; one that was refused with the reason, and a button to ask it after all."""
    for question in group.queued:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"queued_{question.id}"):
            if question.turns:
                _discussion(question)
            elif question.refused:
                words = md(":material/error: Not asked: “{}” :gray[{}]", question.text, question.refused)
                st.markdown(words, width="stretch")
            else:
                st.markdown(
                    md(":material/schedule: Will be asked next: “{}”", shortened(question.text, SHOWN_CHARS)),
                    width="stretch",
                )
            if question.refused:
                _ask(ws, group, question)
            _take_back(ws, group, question)


def _discussion(question: QueuedQuestion) -> None:
    turns = number(question.turns, "turn")
    if question.refused:
        words = md(":material/error: They were not let discuss for {}. :gray[{}]", turns, question.refused)
    else:
        words = md(":material/schedule: Then they discuss for {}", turns)
    st.markdown(words, width="stretch")


def _ask(ws: Workspace, group: FocusGroup, question: QueuedQuestion) -> None:
    label, is_closed = "Let them now" if question.turns else "Ask now", not group.takes_questions
    if st.button(label, key=f"ask_{question.id}", icon=":material/send:", disabled=is_closed):
        with errors_inline():
            ws.sessions.ask_queued(group.id, question.id)
            st.rerun()


def _take_back(ws: Workspace, group: FocusGroup, question: QueuedQuestion) -> None:
    words = md("Discard") if question.refused else md("Take it back")
    if st.button(words, key=f"take_back_{question.id}", type="tertiary", icon=":material/undo:"):
        with errors_inline():
            ws.sessions.take_back(group.id, question.id)
            st.rerun()
