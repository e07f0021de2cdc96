"""Dialogs in which themes are edited, and what stands on the page about edits made."""

import re

import streamlit as st

from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import (
    NAME_CHARS,
    SESSION_SUMMARY_CHARS,
    SUMMARY_CHARS,
    AddQuote,
    Change,
    CutSentences,
    Merge,
    MoveQuotes,
    Remove,
    RemoveQuotes,
    Rewrite,
    RewriteSummary,
    Split,
)
from semblance_core.domain.plurals import number
from semblance_core.reports.talk import said_by_participants
from semblance_core.workspace import Workspace
from ui.parts.long_text import keep_on_escape, long_text, short_text, text_saved
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, shortened, told_apart, when

REWRITE, ADD, SORT, MERGE, REMOVE = "Edit theme", "Add a quote", "Manage quotes", "Merge", "Remove"
MENU = {
    REWRITE: ":material/edit: Edit theme",
    ADD: ":material/format_quote: Add a quote",
    SORT: ":material/rule: Manage quotes",
    MERGE: ":material/merge: Merge themes",
    REMOVE: ":material/delete: Remove theme",
}
BACK = "Restore the model's version"
MOVE, SPLIT, TAKE_OUT = "Move to another theme", "Make a new theme", "Remove from this theme"


def edit_menu(ws: Workspace, findings: Findings, at: int) -> None:
    """Draws the menu of what can be done with the theme at this place."""
    chosen = st.menu_button(
        named_for(md("Edit"), findings.themes[at].name),
        list(MENU),
        key=f"edit_theme_{findings.version}_{at}",
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=MENU.__getitem__,
    )
    dialogs = {REWRITE: rewrite_theme, ADD: add_quote, SORT: sort_quotes, MERGE: merge_themes, REMOVE: remove_theme}
    if chosen:
        dialogs[chosen](ws, findings, at)


def edits_made(ws: Workspace, findings: Findings) -> None:
    """Draws who edited the themes and when, the ways back, and the button that edits the summary."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Edit the summary", type="tertiary", icon=":material/edit:"):
            rewrite_summary(ws, findings)
        if not findings.version:
            return
        if findings.is_edited:
            st.badge("edited", color="blue", help="People changed what the model found; the original is kept.")
        st.caption(md("{} on {}", _last_edit(findings), when(findings.edited_at)), width="content")
        if findings.is_edited and st.button("Undo", type="tertiary", icon=":material/undo:"):
            _restore(ws, findings, findings.same_as - 1)
        if findings.is_restored and st.button("Redo", type="tertiary", icon=":material/redo:"):
            _restore(ws, findings, findings.version - 1)
        if findings.same_as > 1 and st.button(BACK, type="tertiary", icon=":material/history:"):
            undo_all(ws, findings)


def _last_edit(findings: Findings) -> Markdown:
    if findings.is_restored:
        return md("Earlier version restored by {}", findings.editor)
    return md("{} {}", findings.editor, findings.edit)


@st.dialog("Edit theme", icon=":material/edit:")
def rewrite_theme(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    draft = _draft_of(findings, "rewrite", at)
    name, summary = _name_and_summary(theme.name, theme.summary, draft)
    if st.button("Save", type="primary"):
        _make(ws, findings, Rewrite(at, name, summary), draft)


@st.dialog("Summary", width="large", icon=":material/edit:")
def rewrite_summary(ws: Workspace, findings: Findings) -> None:
    keep_on_escape()
    text = long_text(
        md("Summary"),
        most=SESSION_SUMMARY_CHARS,
        value=findings.summary,
        height=320,
        keeps=(draft := _draft_of(findings, "summary")),
        persist_state="session",
    )
    if st.button("Save", type="primary"):
        _make(ws, findings, RewriteSummary(text), draft)


def cut_sentences(ws: Workspace, findings: Findings, at: int | None, sentences: tuple[str, ...]) -> None:
    """Takes sentences out of the summary of the theme at this place, or of the session's where there is none."""
    _make(ws, findings, CutSentences(at, sentences))


@st.dialog("Merge themes", icon=":material/merge:")
def merge_themes(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    others = _others(findings, at)
    if not others:
        st.info("There is no other theme to merge it with.", icon=":material/info:")
        return
    st.markdown(f"Merge **{safe_markdown(theme.name)}** with")
    chosen = st.multiselect(
        "Other themes",
        list(others),
        format_func=others.__getitem__,
        placeholder="Choose one or more",
    )
    draft = _draft_of(findings, "merge", at)
    name, summary = _name_and_summary(theme.name, theme.summary, draft)
    st.caption("All quotes are kept; duplicates are kept once.")
    if st.button("Merge", type="primary"):
        _make(ws, findings, Merge((at, *chosen), name, summary), draft)


@st.dialog("Manage quotes", width="large", icon=":material/rule:")
def sort_quotes(ws: Workspace, findings: Findings, at: int) -> None:
    """Picks some of a theme's quotes, and moves them, splits them off or removes them."""
    theme = findings.themes[at]
    st.markdown(f"**{safe_markdown(theme.name)}**")
    chosen = tuple(
        place
        for place, said in enumerate(theme.verbatims)
        if st.checkbox(f"“{safe_markdown(said.quote)}” – {safe_markdown(said.speaker)}", key=f"sort_quote_{place}")
    )
    others = _others(findings, at)
    ways = [MOVE, SPLIT, TAKE_OUT] if others else [SPLIT, TAKE_OUT]
    way = st.segmented_control("Action", ways, default=ways[0], required=True)
    change: Change = RemoveQuotes(at, chosen)
    draft = _draft_of(findings, "split", at)
    if way == MOVE:
        to = st.selectbox("Theme", list(others), format_func=others.__getitem__)
        change = MoveQuotes(at, chosen, to)
    elif way == SPLIT:
        change = Split(at, chosen, *_name_and_summary("", "", draft))
    words = md("{}: {}", way, number(len(chosen), "quote"))
    if st.button(words, type="primary", disabled=not chosen):
        _make(ws, findings, change, draft if way == SPLIT else "")


@st.dialog("Add a quote", width="large", icon=":material/format_quote:")
def add_quote(ws: Workspace, findings: Findings, at: int) -> None:
    """Picks a message and marks its words; what is kept is checked against the message."""
    messages = said_by_participants(ws.sessions.messages(findings.focus_group_id))
    if not messages:
        st.info("Nothing has been said yet.", icon=":material/info:")
        return
    st.markdown(f"For **{safe_markdown(findings.themes[at].name)}**")
    message = st.selectbox(
        "Message", messages, index=None, format_func=_line, placeholder="Type a word, a number or a speaker"
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
    shown = md("**{}**", quote) if "\n" in quote else md(":primary-background[{}]", quote)
    st.markdown(joined(" ", (part for part in (safe_markdown(before), shown, safe_markdown(after)) if part)))
    if st.button("Add this quote", type="primary"):
        _make(ws, findings, AddQuote(at, Verbatim(message.seq, message.speaker, quote)))


@st.dialog("Remove theme", icon=":material/delete:")
def remove_theme(ws: Workspace, findings: Findings, at: int) -> None:
    theme = findings.themes[at]
    st.markdown(md("Remove **{}** with its {}?", theme.name, number(len(theme.verbatims), "quote")))
    st.caption("The original is kept, and you can undo this.")
    if st.button("Remove", type="primary"):
        _make(ws, findings, Remove(at))


@st.dialog(BACK, icon=":material/history:")
def undo_all(ws: Workspace, findings: Findings) -> None:
    st.markdown("Undo all edits? They stay on record, and *Redo* restores them.")
    if st.button("Undo all", type="primary"):
        _restore(ws, findings, 0)


def _make(ws: Workspace, findings: Findings, change: Change, draft: str = "") -> None:
    """draft: of the texts that the change saves."""
    with errors_inline():
        ws.findings.edit(findings.focus_group_id, findings.analysis_id, findings.version, change)
        for name in (draft, f"{draft}_name", f"{draft}_summary"):
            text_saved(name)
        st.rerun()


def _restore(ws: Workspace, findings: Findings, version: int) -> None:
    with errors_inline():
        ws.findings.restore(findings.focus_group_id, findings.analysis_id, findings.version, version)
        st.rerun()


def _draft_of(findings: Findings, way: str, at: int = 0) -> str:
    """The key of what is typed in a dialog: it is kept when that closes, until the analysis has its next version."""
    return f"{way}_{findings.analysis_id}_{findings.version}_{at}"


def _name_and_summary(name: str, summary: str, draft: str) -> tuple[str, str]:
    """A theme's two texts, to fill in or to change. draft: what their keys begin with."""
    keep_on_escape()
    return (
        short_text(
            md("Name, in a few words"), most=NAME_CHARS, value=name, keeps=f"{draft}_name", persist_state="session"
        ),
        long_text(
            md("Definition: who holds this view, and where they differ"),
            most=SUMMARY_CHARS,
            value=summary,
            keeps=f"{draft}_summary",
            persist_state="session",
        ),
    )


def _others(findings: Findings, at: int) -> dict[int, str]:
    """The places of the other themes, each with its label."""
    return told_apart({place: _label(theme) for place, theme in enumerate(findings.themes) if place != at})


def _label(theme: Theme) -> str:
    return f"{shortened(theme.name, 80)} ({number(len(theme.verbatims), 'quote')})"


def _line(message: Message) -> str:
    return f"{message.seq} · {message.speaker}: {shortened(' '.join(message.text.split()), 160)}"
