"""Memos on a session, its messages and its themes."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.domain.coding.codings import MEMO_CHARS, Memo, MemoOn
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings
from semblance_core.workspace import Workspace
from ui.coding.swatch import by_whom
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.deletion import is_sure
from ui.parts.long_text import long_text, text_saved
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, md, safe_markdown, shortened, show_done, told_apart, warn_unread

ON_SESSION = "The session"


def memos_box(
    ws: Workspace, group: FocusGroup, messages: Sequence[Message], memos: Sequence[Memo], findings: Findings | None
) -> None:
    """The session's memos, each with who wrote it, and the button that adds one."""
    with st.expander(f"Memos ({len(memos):,})", icon=":material/sticky_note_2:"):
        warn_unread(memos, "memo")
        for number, memo in enumerate(memos, start=1):
            with st.container(border=True, gap="small"):
                st.markdown(md("**{}**  \n{}", _about(memo), memo.text))
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.caption(by_whom(memo.made, memo.confirmed), width="stretch")
                    name = f"memo {number}"
                    if st.button(named_for(md("Edit"), name), type="tertiary", key=f"edit_memo_{memo.id}"):
                        edit_memo(ws, memo)
                    if st.button(named_for(md("Delete"), name), type="tertiary", key=f"delete_memo_{memo.id}"):
                        delete_memo(ws, memo)
        if st.button("Write a memo", icon=":material/add:"):
            write_memo(ws, group, messages, findings)


def _about(memo: Memo) -> Markdown:
    return md("On the session") if memo.about is MemoOn.SESSION else md("On the {} {}", memo.about.value, memo.target)


@st.dialog("Write a memo", dismissible=False, icon=":material/sticky_note_2:")
def write_memo(ws: Workspace, group: FocusGroup, messages: Sequence[Message], findings: Findings | None) -> None:
    lines = {
        (
            MemoOn.MESSAGE,
            str(each.seq),
        ): f"Message {each.seq} · {each.speaker}: {shortened(' '.join(each.text.split()), 100)}"
        for each in messages
    }
    themes = {(MemoOn.THEME, theme.name): f"Theme: {theme.name}" for theme in (findings.themes if findings else ())}
    offered = told_apart({(MemoOn.SESSION, ""): ON_SESSION, **themes, **lines})
    draft = f"memo:{group.id}"
    with st.form(f"write_memo_{group.id}", border=False):
        about, of = st.selectbox("On", list(offered), format_func=lambda each: offered[each])
        text = long_text(md("Memo"), most=MEMO_CHARS, keeps=draft, height=180)
        row = st.container(horizontal=True)
        with errors_inline():
            if row.form_submit_button("Save", type="primary"):
                ws.memos.add(group.project_id, about, text, target=of, group_id=group.id)
                _close(draft)
        if row.form_submit_button("Cancel"):
            _close(draft)


@st.dialog("Edit memo", dismissible=False, icon=":material/edit:")
def edit_memo(ws: Workspace, memo: Memo) -> None:
    draft = f"memo:{memo.id}:{memo.version}"
    with st.form(f"edit_memo_form_{memo.id}", border=False):
        text = long_text(md("Memo"), most=MEMO_CHARS, value=memo.text, keeps=draft, height=180)
        row = st.container(horizontal=True)
        with errors_inline():

            def write(wanted: dict[str, str], base: Memo) -> None:
                ws.memos.edit(memo.id, wanted["text"], base)

            if saved_in_form(edit_key("memo", memo), {"text": text.strip()}, memo, write, row):
                _close(draft)
        if row.form_submit_button("Cancel"):
            _close(draft)


@st.dialog("Delete memo", icon=":material/delete:")
def delete_memo(ws: Workspace, memo: Memo) -> None:
    st.markdown(safe_markdown(shortened(memo.text, 300)))
    st.caption("“Undo” takes it back.")
    if is_sure(key="delete_memo"):
        with errors_inline():
            ws.memos.delete(memo.id)
            show_done(md("Deleted the memo"))
            st.rerun()


def _close(draft: str) -> None:
    text_saved(draft)
    st.rerun()
