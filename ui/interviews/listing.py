"""A project's interview rounds: one row a round, with how far it is and the way into it."""

import streamlit as st

from semblance_core.domain.discussion.interviews import InterviewRound, RoundProgress
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.in_address import page_of
from ui.parts.routes import open_page
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, md, warn_unread, when

SHOWN = 12


def round_list(ws: Workspace, project_id: str) -> None:
    """The rounds, newest first, some a page."""
    found = ws.interviews.of_project(project_id)
    states = ws.interviews.progress(project_id)
    rows = st.container()
    page = page_of(len(found), SHOWN, f"interviews/{project_id}")
    with rows:
        for held in found[(page - 1) * SHOWN : page * SHOWN]:
            round_row(held, states.get(held.id, RoundProgress()))
    warn_unread(found, "interview round")


def round_row(held: InterviewRound, state: RoundProgress) -> None:
    """One round, with a button that opens it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"row_{held.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(md("**{}**", held.title))
            people, questions = number(len(held.people), "interview"), number(len(held.guide.questions), "question")
            st.caption(md("{} · {} · {} · {}", people, questions, held.model, when(held.created_at)))
        if held.simulated:
            st.badge("simulated", color="gray", help="The built-in simulator answers, not a language model.")
        st.badge(state_words(held, state), color="green" if state.busy else "gray")
        if st.button(named_for(md("Open"), held.title), key=f"open_{held.id}", icon=":material/arrow_forward:"):
            open_page("interviews", {"id": held.id})


def state_words(held: InterviewRound, state: RoundProgress) -> Markdown:
    """Says in a few words how far a round is."""
    if state.busy:
        return md("{} of {} running", state.busy, state.there)
    if state.there and state.over == state.there:
        return md("all over")
    if held.by_person and not state.messages:
        return md("not begun")
    return md("{} of {} over", state.over, state.there)
