"""Coding on a session's findings: the transcript whose words get codes, a form that does the same, and memos."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from semblance_core.domain.coding.codebook import PlacedCode, tree
from semblance_core.domain.coding.codings import Coding
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.plurals import number
from semblance_core.reports.coding.codebook_csv import codings_csv
from semblance_core.reports.deliverables.kinds import named
from semblance_core.workspace import Workspace
from ui.coding.by_model import by_model
from ui.coding.code_dialogs import add_code
from ui.coding.coders import coders_box
from ui.coding.memos import memos_box
from ui.coding.swatch import path_words
from ui.coding.transcript import coded_transcript
from ui.coding.undo import undo_button
from ui.parts.in_address import page_of
from ui.parts.routes import page_at
from ui.parts.words import errors_inline, joined, md, shortened, show_done, told_apart, warn_unread

SHOWN = 40


def coding_view(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    """The view. findings: whose themes memos can be on, None where none were found."""
    st.subheader("Coding")
    messages = [
        each for each in ws.sessions.messages(group.id) if each.status is MessageStatus.SAID and each.text.strip()
    ]
    codes = tree(found := ws.codebook.of_project(group.project_id))
    codings = ws.coding.of_session(group.id)
    warn_unread(found, "code")
    warn_unread(codings, "coding")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Add a code", icon=":material/add:"):
            add_code(ws, group.project_id, found)
        st.page_link(
            page_at("projects"), label="Codebook", icon=":material/menu_book:", query_params={"id": group.project_id}
        )
        if codings:
            by_id = {each.code.id: each.code for each in codes}
            st.download_button(
                "Codings as CSV",
                lambda: codings_csv(codings, by_id, {each.seq: each for each in messages}),
                named(group, "codings.csv"),
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        if st.button("Import codings", icon=":material/upload:"):
            import_codings(ws, group)
        undo_button(ws, group.project_id)
    _confirm_all(ws, group, codings)
    if not codes:
        st.info("Add a first code, and mark words with it.", icon=":material/sell:")
    else:
        st.caption(
            "Mark words of a message, and choose codes for them; or use the form below. A dashed code is a model's that nobody "
            "confirmed."
        )
    with st.container():
        place = st.container()
        page = page_of(len(messages), SHOWN, f"coding/{group.id}", "messages_page")
    shown = messages[(page - 1) * SHOWN : page * SHOWN]
    memos = ws.memos.of_project(group.project_id, group.id)
    with place:
        key = f"coding_{group.id}_{page}"
        do: dict[str, Callable[[Any], None]] = {
            "code": partial(_give, ws, group),
            "remove": lambda coding_id: _do(ws.coding.remove, group.id, coding_id),
            "confirm": lambda coding_id: _do(ws.coding.confirm, group.id, coding_id),
        }
        seqs = {message.seq for message in shown}
        coded_transcript(shown, codes, [each for each in codings if each.seq in seqs], memos, key, do)
    if codes:
        _form(ws, group, shown, codes)
    by_model(ws, group, codes)
    coders_box(ws, group, codes, codings)
    memos_box(ws, group, messages, memos, findings)


@st.dialog("Import codings", icon=":material/upload:")
def import_codings(ws: Workspace, group: FocusGroup) -> None:
    st.caption(
        "A REFI-QDA project (.qdpx) with the transcript of this session, such as one that was exported here and coded elsewhere. Codes, "
        "codings and memos that are not here yet are added; who made them is told by the file, which is named beside each."
    )
    file = st.file_uploader("Project file", type=["qdpx"], max_upload_size=25)
    if file and st.button("Import", type="primary"):
        with errors_inline():
            found = ws.coding.take_in(group.id, file.getvalue(), file.name)
            codings, left = number(len(found.codings), "coding"), md(", {:,} left out", found.left_out)
            show_done(md("Imported {}{}", codings, left if found.left_out else md("")))
            st.rerun()


def _confirm_all(ws: Workspace, group: FocusGroup, codings: Sequence[Coding]) -> None:
    """Says who coded, with the way to confirm all that a model gave."""
    if not codings:
        return
    open_ones = [coding.id for coding in codings if coding.is_unconfirmed]
    by: dict[str, int] = {}
    for coding in codings:
        by[coding.made.words] = by.get(coding.made.words, 0) + 1
    with st.container(horizontal=True, vertical_alignment="center"):
        counted = (md("{} by {}", number(count, "coding"), who) for who, count in by.items())
        st.caption(joined("; ", counted), width="content")
        label = md("Confirm {} by models", number(len(open_ones), "coding"))
        if open_ones and st.button(label, type="tertiary", icon=":material/done_all:"):
            with errors_inline():
                ws.coding.confirm(group.id, open_ones)
                st.rerun()


def _form(ws: Workspace, group: FocusGroup, messages: Sequence[Message], codes: Sequence[PlacedCode]) -> None:
    """The same without a mouse: a message, its words, the codes."""
    lines = told_apart(
        {each.seq: f"{each.seq} · {each.speaker}: {shortened(' '.join(each.text.split()), 120)}" for each in messages}
    )
    paths = told_apart({each.code.id: path_words(each) for each in codes})
    with st.expander("Code without a mouse", icon=":material/keyboard:"), st.form(f"code_{group.id}", border=False):
        seq = st.selectbox("Message", list(lines), index=None, format_func=lines.__getitem__)
        words = st.text_input("Its words", help="As they stand in the message; leave it empty for the whole message.")
        chosen = st.multiselect("Codes", list(paths), format_func=paths.__getitem__)
        if st.form_submit_button("Code these words", type="primary"):
            with errors_inline():
                if seq is None or not chosen:
                    st.warning("Choose a message and at least one code.", icon=":material/sell:")
                else:
                    ws.coding.give(group.id, seq, chosen, words=words)
                    st.rerun()


def _give(ws: Workspace, group: FocusGroup, marked: Any) -> None:
    """Codes what was marked. marked: as the browser sent it, so nothing in it is taken for granted."""
    with errors_inline():
        seq, start, end = (int(marked[name]) for name in ("seq", "start", "end"))
        ws.coding.give(group.id, seq, [str(each) for each in marked["codes"]], start=start, end=end)


def _do(act: Any, group_id: str, coding_id: object) -> None:
    with errors_inline():
        act(group_id, [str(coding_id)])
