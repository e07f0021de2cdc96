"""Dialogs in which themes are edited, and what stands on the page about edits made."""

import re

import streamlit as st

from semblance_core.domain.focus_group import Message
from semblance_core.domain.theme import Findings, Theme, Verbatim
from semblance_core.domain.theme_edits import (
    NAME_CHARS,
    SUMMARY_CHARS,
    AddQuote,
    Change,
    Merge,
    MoveQuotes,
    Remove,
    RemoveQuotes,
    Rewrite,
    RewriteSummary,
    Split,
)
from semblance_core.reports.talk import said_by_participants
from semblance_core.workspace import Workspace
from ui.words import safe_markdown, say_here, shortened, when

REWRITE, ADD, SORT, MERGE, REMOVE = "Rename or redefine", "Add a quote", "Sort quotes", "Merge", "Remove"
ICONS = {
    REWRITE: ":material/edit:",
    ADD: ":material/format_quote:",
    SORT: ":material/rule:",
    MERGE: ":material/merge:",
    REMOVE: ":material/delete:",
}
BACK = "Back to what the model found"
MOVE, SPLIT, TAKE_OUT = "Move to another theme", "Split off as a theme", "Remove from this theme"


def edit_menu(ws: Workspace, findings: Findings, at: int) -> None:
    """What can be done with the theme at this place."""
    chosen = st.menu_button(
        "Edit",
        list(ICONS),
        key=f"edit_theme_{findings.version}_{at}",
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=lambda what: f"{ICONS[what]} {what}",
    )
    dialogs = {REWRITE: rewrite_theme, ADD: add_quote, SORT: sort_quotes, MERGE: merge_themes, REMOVE: remove_theme}
    if chosen:
        dialogs[chosen](ws, findings, at)


def edits_made(ws: Workspace, findings: Findings) -> None:
    """Who edited the themes, when, and the ways back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Edit the summary", type="tertiary", icon=":material/edit:"):
            rewrite_summary(ws, findings)
        if not findings.version:
            return
        if findings.is_edited:
            st.badge("edited", color="blue", help="People changed what the model found, which is kept beside it.")
        st.caption(
            f"{safe_markdown(findings.editor)} {safe_markdown(findings.edit)} on {when(findings.edited_at)}"
            f" (version {findings.version})",
            width="content",
        )
        if findings.is_edited and st.button("Undo", type="tertiary", icon=":material/undo:"):
            _restore(ws, findings, findings.same_as - 1)
        if findings.is_restored and st.button("Redo", type="tertiary", icon=":material/redo:"):
            _restore(ws, findings, findings.version - 1)
        if findings.same_as > 1 and st.button(BACK, type="tertiary", icon=":material/history:"):
            undo_all(ws, findings)


@st.dialog("Rename or redefine", icon=":material/edit:")
def rewrite_theme(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    with st.form("rewrite_theme", border=False):
        name, summary = _name_and_summary(theme.name, theme.summary)
        if st.form_submit_button("Save", type="primary"):
            _make(ws, findings, Rewrite(at, name, summary))


@st.dialog("Summary", width="large", icon=":material/edit:")
def rewrite_summary(ws: Workspace, findings: Findings) -> None:
    with st.form("rewrite_summary", border=False):
        text = st.text_area("Summary", findings.summary, height=320, max_chars=10_000)
        if st.form_submit_button("Save", type="primary"):
            _make(ws, findings, RewriteSummary(text))


@st.dialog("Merge themes", icon=":material/merge:")
def merge_themes(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    others = [place for place in range(len(findings.themes)) if place != at]
    if not others:
        st.info("There is no other theme to merge it with.", icon=":material/info:")
        return
    st.markdown(f"Merge **{safe_markdown(theme.name)}** with")
    chosen = st.multiselect(
        "Other themes",
        others,
        format_func=lambda place: _label(findings.themes[place]),
        placeholder="Choose one or more",
    )
    with st.form("merge_themes", border=False):
        name, summary = _name_and_summary(theme.name, theme.summary)
        st.caption("All quotes are kept; one that several hold is kept once.")
        if st.form_submit_button("Merge", type="primary"):
            _make(ws, findings, Merge((at, *chosen), name, summary))


@st.dialog("Sort quotes", width="large", icon=":material/rule:")
def sort_quotes(ws: Workspace, findings: Findings, at: int) -> None:
    """Picks some of a theme's quotes, and moves them, splits them off or removes them."""
    theme = findings.themes[at]
    st.markdown(f"**{safe_markdown(theme.name)}**")
    chosen = tuple(
        place
        for place, said in enumerate(theme.verbatims)
        if st.checkbox(f"“{safe_markdown(said.quote)}” – {safe_markdown(said.speaker)}", key=f"sort_quote_{place}")
    )
    others = [place for place in range(len(findings.themes)) if place != at]
    ways = ([MOVE] if others else []) + [SPLIT, TAKE_OUT]
    way = st.segmented_control("What to do with them", ways, default=ways[0], required=True)
    change: Change = RemoveQuotes(at, chosen)
    if way == MOVE:
        to = st.selectbox("Theme", others, format_func=lambda place: _label(findings.themes[place]))
        change = MoveQuotes(at, chosen, to)
    elif way == SPLIT:
        change = Split(at, chosen, *_name_and_summary("", ""))
    words = f"{way}: 1 quote" if len(chosen) == 1 else f"{way}: {len(chosen)} quotes"
    if st.button(words, type="primary", disabled=not chosen):
        _make(ws, findings, change)


@st.dialog("Add a quote", width="large", icon=":material/format_quote:")
def add_quote(ws: Workspace, findings: Findings, at: int) -> None:
    """Picks a message and marks its words; what is kept is checked against the message."""
    messages = said_by_participants(ws.messages(findings.focus_group_id))
    if not messages:
        st.info("Nobody has said anything yet.", icon=":material/info:")
        return
    st.markdown(f"For **{safe_markdown(findings.themes[at].name)}**")
    message = st.selectbox(
        "Message", messages, index=None, format_func=_line, placeholder="Type a word of it, its number or its speaker"
    )
    if not message:
        return
    spans = [match.span() for match in re.finditer(r"\S+", message.text)]
    first, last = 1, len(spans)
    if last > 1:
        marked = (1, last)
        first, last = st.slider("From word … to word", 1, last, marked, key=f"marked_{message.seq}")
    start, end = spans[first - 1][0], spans[last - 1][1]
    before, quote, after = message.text[:start], message.text[start:end], message.text[end:]
    shown = f"**{safe_markdown(quote)}**" if "\n" in quote else f":primary-background[{safe_markdown(quote)}]"
    st.markdown(" ".join(part for part in (safe_markdown(before), shown, safe_markdown(after)) if part))
    if st.button("Add this quote", type="primary"):
        _make(ws, findings, AddQuote(at, Verbatim(message.seq, message.speaker, quote)))


@st.dialog("Remove theme", icon=":material/delete:")
def remove_theme(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    st.markdown(f"Remove **{safe_markdown(theme.name)}** with its {len(theme.verbatims)} quotes?")
    st.caption("What the model found is kept; you can undo this.")
    if st.button("Remove", type="primary"):
        _make(ws, findings, Remove(at))


@st.dialog(BACK, icon=":material/history:")
def undo_all(ws: Workspace, findings: Findings) -> None:
    st.markdown("Undo everything that people changed? It stays on record, and *Redo* brings it back.")
    if st.button("Undo all", type="primary"):
        _restore(ws, findings, 0)


def _make(ws: Workspace, findings: Findings, change: Change) -> None:
    with say_here():
        ws.edit_themes(findings.focus_group_id, findings.analysis_id, findings.version, change)
        st.rerun()


def _restore(ws: Workspace, findings: Findings, version: int) -> None:
    with say_here():
        ws.restore_themes(findings.focus_group_id, findings.analysis_id, findings.version, version)
        st.rerun()


def _name_and_summary(name: str, summary: str) -> tuple[str, str]:
    """A theme's two texts, to fill in or to change."""
    return (
        st.text_input("Name: what was found, in a few words", name, max_chars=NAME_CHARS),
        st.text_area("Definition: who holds it, and where they differ", summary, max_chars=SUMMARY_CHARS),
    )


def _label(theme: Theme) -> str:
    return f"{shortened(theme.name, 80)} ({len(theme.verbatims)} quotes)"


def _line(message: Message) -> str:
    return f"{message.seq} · {message.speaker}: {shortened(' '.join(message.text.split()), 160)}"
