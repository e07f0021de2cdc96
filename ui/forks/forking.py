"""Forking a session at a message: what stands in its place or is asked next, and in how many branches."""

from functools import partial

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.moderation.fork import MOST_BRANCHES
from semblance_core.flows.forking.branch import MESSAGE_CHARS
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.long_text import long_text
from ui.parts.routes import open_page, page_at
from ui.parts.words import errors_inline, md

KEEP, REPLACE = "Keep it as it is", "Put other words in its place"


def fork_at(group_id: str, seq: int) -> None:
    """Lets the page ask how to fork at this message."""
    st.session_state[_key(group_id)] = seq


def fork_form(ws: Workspace, group: FocusGroup) -> None:
    """Draws the form where a message was chosen to fork at; makes the branches and opens them side by side."""
    seq = st.session_state.get(_key(group.id))
    found = ws.sessions.messages(group.id, seq, seq) if seq else []
    for message in found:
        with st.container(border=True, key="session_fork"):
            st.markdown(md("**Fork from message {}**, {}: {}", message.seq, message.speaker, _short(message.text)))
            _form(ws, group, message)


def forked_from(ws: Workspace, group: FocusGroup) -> None:
    """Says at the top where a session was forked from, or that it has branches; with links."""
    if group.fork:
        with st.container(horizontal=True, vertical_alignment="center", key="session_forked"):
            st.caption(md(":material/call_split: {}", group.fork.in_words), width="content")
            where = {"id": group.fork.session_id, "seq": str(group.fork.seq)}
            st.page_link(page_at("branches"), label="Branches side by side", query_params=where)
    elif at := sorted({each.fork.seq for each in ws.forks.branches(group.id) if each.fork}):
        with st.container(horizontal=True, vertical_alignment="center", key="session_forked"):
            for seq in at:
                where = {"id": group.id, "seq": str(seq)}
                st.page_link(page_at("branches"), label=f"Branches from message {seq}", query_params=where)


def _form(ws: Workspace, group: FocusGroup, message: Message) -> None:
    is_question, key = message.role == "moderator", f"fork_{group.id}_{message.seq}"
    how = st.radio("This message", (KEEP, REPLACE), horizontal=True, key=f"{key}_how")
    text = ask = ""
    if how == REPLACE:
        label = md("The question in other words; everybody answers it") if is_question else md("What is said instead")
        text = long_text(label, most=MESSAGE_CHARS, value=message.text, key=f"{key}_text")
    if how == KEEP or not is_question:
        ask = long_text(md("Ask next (empty: the branch waits)"), most=MESSAGE_CHARS, key=f"{key}_ask", height=80)
    count = int(
        st.number_input("Branches", 1, MOST_BRANCHES, key=f"{key}_branches", help="Each has a seed of its own.") or 1
    )
    asks = bool(ask.strip()) or (is_question and how == REPLACE)
    if asks:
        with errors_inline():
            estimate_line(ws.forks.estimate(group.id, count), ws.sessions.quota(group.id))
    first = FirstPaidRun(ws, key)
    with st.container(horizontal=True):
        begins = st.button(
            md("Make the branch") if count == 1 else md("Make {} branches", count),
            type="primary",
            icon=":material/call_split:",
        )
        st.button("Don't fork", on_click=_leave, args=(group.id,))
    if begins and asks and first.waits(group.model):
        begins = False
    if first.confirmed(md("These branches"), partial(ws.forks.estimate, group.id, count)) or begins:
        with errors_inline():
            ws.forks.fork(group.id, message.seq, instead=text if text != message.text else "", ask=ask, branches=count)
            _leave(group.id)
            open_page("branches", {"id": group.id, "seq": str(message.seq)})


def _leave(group_id: str) -> None:
    st.session_state.pop(_key(group_id), None)


def _short(text: str) -> str:
    return " ".join(text.split())[:140]


def _key(group_id: str) -> str:
    return f"fork_at_{group_id}"
