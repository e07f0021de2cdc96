"""Themes on the screen: what was found, how many are quoted, and their words, each a link to its message."""

from collections.abc import Callable, Sequence

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.plurals import number
from semblance_core.domain.theme import Findings, Sentiment, Theme, Verbatim
from ui.avatar import avatar_among
from ui.routes import page_at
from ui.words import safe_markdown, when

SHOWN = 10
FIRST_QUOTES = 3
FACE_PX = 32
COLOURS = {Sentiment.POSITIVE: "green", Sentiment.NEUTRAL: "gray", Sentiment.NEGATIVE: "orange"}
Menu = Callable[[int], None]


def summary(findings: Findings) -> None:
    st.subheader("Summary")
    st.markdown(safe_markdown(findings.summary))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(made_by(findings), width="content")
        if findings.simulated:
            st.badge("simulated", color="orange", help="The built-in simulator found these, not a language model.")


def made_by(findings: Findings) -> str:
    """When, from what and by which model."""
    return f"Messages 1–{findings.through_seq}, read {when(findings.created_at)} by {safe_markdown(findings.model)}"


def theme_cards(group: FocusGroup, findings: Findings, menu: Menu | None = None) -> None:
    """All themes, some a page. menu: draws what can be done with the theme at this place."""
    st.subheader(f"{len(findings.themes)} themes" if len(findings.themes) != 1 else "1 theme")
    if not findings.themes:
        st.info("No theme could be traced to what was said.", icon=":material/search_off:")
    cards = st.container()
    pages = -(-len(findings.themes) // SHOWN)
    page = st.pagination(pages, key="themes_page", bind="query-params") if pages > 1 else 1
    with cards:
        for at in range(len(findings.themes))[(page - 1) * SHOWN : page * SHOWN]:
            _card(group, findings, at, menu)
    st.caption(dropped(findings))


def dropped(findings: Findings) -> str:
    """What the model gave that was not kept."""
    quotes = (
        "1 quote was dropped because it is not in the message it cites."
        if findings.dropped_quotes == 1
        else f"{findings.dropped_quotes} quotes were dropped because they are not in the message they cite."
    )
    if findings.dropped_themes:
        one = findings.dropped_themes == 1
        themes = "1 theme was" if one else f"{findings.dropped_themes} themes were"
        return f"{quotes} {themes} dropped because no quote held {'it' if one else 'them'} up."
    return quotes


def _card(group: FocusGroup, findings: Findings, at: int, menu: Menu | None) -> None:
    theme = findings.themes[at]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            st.markdown(f"#### {safe_markdown(theme.name)}", width="stretch")
            if menu:
                menu(at)
        if theme.summary:
            st.markdown(safe_markdown(theme.summary))
        _prevalence(group, theme)
        quotes(group, theme.verbatims[:FIRST_QUOTES])
        if more := theme.verbatims[FIRST_QUOTES:]:
            with st.expander(f"{len(more)} more quotes" if len(more) > 1 else "1 more quote"):
                quotes(group, more)


def _prevalence(group: FocusGroup, theme: Theme) -> None:
    people = max(len(group.participants), len(theme.speakers))
    words = (
        f"{len(theme.speakers)} of {number(people, 'participant')} {'is' if len(theme.speakers) == 1 else 'are'} quoted"
    )
    judged = [(each, sum(said.sentiment is each for said in theme.verbatims)) for each in Sentiment]
    counted = ", ".join(f"{count} {each}" for each, count in judged if count)
    st.progress(
        len(theme.speakers) / people if people else 0.0, text=f"{words} · quotes: {counted}" if counted else words
    )


def quotes(group: FocusGroup, verbatims: Sequence[Verbatim]) -> None:
    """Each with who said it, and a link to the message that it stands in."""
    for said in verbatims:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            face = avatar_among(said.speaker, group.participants)
            st.image(face, width=FACE_PX, alt=f"Portrait of {said.speaker}")
            judged = f" :{COLOURS[said.sentiment]}-badge[{said.sentiment.value}]" if said.sentiment else ""
            by_hand = " :blue-badge[picked by hand]" if said.by_hand else ""
            speaker = f":small[{safe_markdown(said.speaker)}]"
            st.markdown(f"“{safe_markdown(said.quote)}”  \n{speaker}{judged}{by_hand}", width="stretch")
            message_link(group, said.seq)


def message_link(group: FocusGroup, seq: int) -> None:
    where = {"id": group.id, "message": str(seq)}
    st.page_link(page_at("session"), label=f"message {seq}", query_params=where)
