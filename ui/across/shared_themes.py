"""Shared themes as cards, with what a person can do to them: rename, merge, separate."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.claims.told import told_of_theme
from semblance_core.analysis.synthesis.together import SharedTheme, Synthesised
from semblance_core.domain.findings.synthesis import MergeShared, RenameShared, SeparateShared, SynthesisChange
from semblance_core.domain.findings.theme_edits import NAME_CHARS
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.across.quotes import quotes, source_link, titles
from ui.findings.claims import summary_text
from ui.parts.in_address import page_of
from ui.parts.long_text import short_text
from ui.parts.widgets import named_for
from ui.parts.words import errors_inline, md, show_done, told_apart

SHOWN = 10


def theme_cards(ws: Workspace, found: Synthesised) -> None:
    """All shared themes, some a page."""
    cards = st.container()
    page = page_of(len(found.themes), SHOWN, found.synthesis.id, "themes_page")
    with cards:
        for theme in found.themes[(page - 1) * SHOWN : page * SHOWN]:
            _card(ws, found, theme)


def _card(ws: Workspace, found: Synthesised, theme: SharedTheme) -> None:
    names = titles(found)
    with st.container(border=True, key=f"shared_{theme.number}"):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            st.markdown(md("#### {}", theme.name), width="stretch")
            if st.button(
                named_for(md("Edit"), f"{theme.name} ({theme.number})"),
                key=f"edit_{theme.number}",
                icon=":material/edit:",
            ):
                edit(ws, found, theme)
        with st.container(horizontal=True, gap="small"):
            if theme.named_by_hand:
                st.badge("named by hand", color="blue")
            if any(each.placed.by_hand for each in theme.members):
                st.badge("brought together by hand", color="blue", help="A person merged or separated themes here.")
            if theme.contradiction:
                st.badge("sessions contradict", color="orange", icon=":material/compare_arrows:")
        words = md("{} of {} · ", len(theme.sessions), number(len(found.sessions), "session"))
        people = md("{} of {} quoted", theme.people, number(found.people, "person").replace("persons", "people"))
        st.progress(len(theme.sessions) / max(1, len(found.sessions)), text=words + people)
        st.caption(md("Seen first in {}", names[theme.first.source_id]))
        if theme.first.theme.summary:
            first = next(each for each in found.sources if each.id == theme.first.source_id)
            summary_text(told_of_theme(theme.first.theme, first.heard))
        with st.expander(md("Quotes of {}", number(len({each.source_id for each in theme.members}), "session"))):
            for member in theme.members:
                source = next(each for each in found.sources if each.id == member.source_id)
                source_link(source, md("{} – {}", member.theme.name, names[source.id]))
                if member.placed.similarity:
                    st.caption(md("similarity {:.2f}", member.placed.similarity))
                quotes(found, source.id, member.theme.verbatims)


@st.dialog("Shared theme", width="large")
def edit(ws: Workspace, found: Synthesised, theme: SharedTheme) -> None:
    """Renames the theme, merges it with others, or separates themes of sessions from it."""
    st.markdown(md("**{}**", theme.name))
    with st.form("rename", border=True), errors_inline():
        name = short_text(
            md("Name"), most=NAME_CHARS, value=theme.name if theme.named_by_hand else "", key="shared_name"
        )
        st.caption(md("Empty gives it the name of its first theme: {}", theme.first.theme.name))
        if st.form_submit_button("Rename"):
            _changed(ws, found, RenameShared(theme.number, name))
    others = told_apart({str(each.number): each.name for each in found.themes if each.number != theme.number})
    if others:
        with st.form("merge", border=True), errors_inline():
            chosen = st.multiselect("The same as", list(others), format_func=others.__getitem__)
            if st.form_submit_button("Merge"):
                _changed(ws, found, MergeShared((theme.number, *map(int, chosen))))
    if len(theme.members) > 1:
        _separate(ws, found, theme)


def _separate(ws: Workspace, found: Synthesised, theme: SharedTheme) -> None:
    names = titles(found)
    held = told_apart(
        {str(at): f"{each.theme.name} – {names[each.source_id]}" for at, each in enumerate(theme.members)}
    )
    with st.form("separate", border=True), errors_inline():
        chosen: Sequence[str] = st.multiselect("Not the same", list(held), format_func=held.__getitem__)
        if st.form_submit_button("Separate"):
            leaving = tuple((theme.members[int(at)].source_id, theme.members[int(at)].at) for at in chosen)
            _changed(ws, found, SeparateShared(theme.number, leaving))


def _changed(ws: Workspace, found: Synthesised, change: SynthesisChange) -> None:
    ws.syntheses.edit(found.synthesis.id, found.synthesis.version, change)
    show_done(md("Stored: {}", change.words))
    st.rerun()
