"""Themes on the screen: what was found, how many are quoted, and their words, each a link to its message."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from semblance_core.analysis.agreement.analyses import Recurrence
from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.reasons import RECORDED, RECORDING_WORDS
from semblance_core.domain.findings.theme import Findings, Sentiment, Theme, Verbatim
from semblance_core.domain.plurals import number
from ui.faces.avatar import avatar_among
from ui.findings.claims import sources, summary_text
from ui.parts.in_address import page_of
from ui.parts.routes import page_at
from ui.parts.words import Markdown, joined, md, safe_markdown, when

SHOWN = 10
FIRST_QUOTES = 3
FACE_PX = 32
COLOURS = {Sentiment.POSITIVE: "green", Sentiment.NEUTRAL: "gray", Sentiment.NEGATIVE: "orange"}
Menu = Callable[[int], None]
Cut = Callable[[int | None, tuple[str, ...]], None]


def summary(group: FocusGroup, findings: Findings, cut: Cut | None = None) -> None:
    """The text above the themes. cut: takes sentences out of a theme's summary, or of this one where it is given None."""
    st.subheader("Summary")
    told = told_of_session(findings, len(group.participants))
    summary_text(told)
    sources(group.id, told, f"{findings.version}_summary", partial(cut, None) if cut else None)
    if findings.summary_is_outdated:
        words = "The themes were edited after this summary was written. Edit it where it no longer fits."
        st.info(words, icon=":material/update:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(made_by(findings), width="content")
        if findings.model == RECORDED:
            st.badge("recorded", color="violet", help=safe_markdown(RECORDING_WORDS))
        if findings.simulated and not group.simulated:  # else the page's head says so
            st.badge("simulated", color="gray", help="The built-in simulator found these, not a language model.")


def made_by(findings: Findings) -> Markdown:
    """When, from what and by which model."""
    return md(
        "Based on messages 1–{}, analysed {} with {}", findings.through_seq, when(findings.created_at), findings.model
    )


def theme_cards(
    group: FocusGroup,
    findings: Findings,
    menu: Menu | None = None,
    cut: Cut | None = None,
    again: Recurrence | None = None,
) -> None:
    """All themes, some a page. menu: draws what can be done with the theme at this place; cut: as for `summary`.

    again: in how many other analyses of the same transcript each theme was found.
    """
    st.subheader(f"{len(findings.themes)} themes" if len(findings.themes) != 1 else "1 theme")
    if not findings.themes:
        st.info("No theme could be traced to what was said.", icon=":material/search_off:")
    cards = st.container()
    page = page_of(len(findings.themes), SHOWN, findings.analysis_id, "themes_page")
    with cards:
        for at in range(len(findings.themes))[(page - 1) * SHOWN : page * SHOWN]:
            _card(group, findings, at, menu, cut, again)
    claims = safe_markdown(tally(findings, len(group.participants)).in_words)
    if words := joined(" ", (part for part in (dropped(findings), claims) if part)):
        st.caption(words)


def dropped(findings: Findings) -> Markdown:
    """Returns words on the quotes and themes of the model that were not kept; empty where all were."""
    if not (findings.dropped_quotes or findings.dropped_themes):
        return md("")
    quotes = (
        "1 quote was dropped because it does not appear in the message it cites."
        if findings.dropped_quotes == 1
        else f"{findings.dropped_quotes} quotes were dropped because they do not appear in the message they cite."
    )
    if findings.dropped_themes:
        one = findings.dropped_themes == 1
        themes = "1 theme was" if one else f"{findings.dropped_themes} themes were"
        return safe_markdown(f"{quotes} {themes} dropped because no quote supported {'it' if one else 'them'}.")
    return safe_markdown(quotes)


def _card(
    group: FocusGroup, findings: Findings, at: int, menu: Menu | None, cut: Cut | None, again: Recurrence | None
) -> None:
    theme = findings.themes[at]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            st.markdown(f"#### {safe_markdown(theme.name)}", width="stretch")
            if menu:
                menu(at)
        if theme.summary:
            told = told_of_theme(theme, len(group.participants))
            summary_text(told)
            sources(group.id, told, f"{findings.version}_{at}", partial(cut, at) if cut else None, f"of {theme.name}")
        if again and again.of:
            _found_again(again.times[at], again.of)
        _prevalence(group, theme)
        quotes(group, theme.verbatims[:FIRST_QUOTES])
        if more := theme.verbatims[FIRST_QUOTES:]:
            with st.expander(f"{len(more)} more quotes" if len(more) > 1 else "1 more quote"):
                quotes(group, more)


def _found_again(times: int, of: int) -> None:
    others = "the other analysis" if of == 1 else f"{times} of {of} other analyses"
    if times:
        words = (
            "Another analysis of the same transcript has a theme that is more like this one than unrelated themes are."
        )
        st.badge(f"found again in {others}", color="green", icon=":material/done_all:", help=words)
    else:
        st.badge("found once", color="gray", help="No other analysis of the same transcript has this theme.")


def _prevalence(group: FocusGroup, theme: Theme) -> None:
    people = max(len(group.participants), len(theme.speakers))
    words = md(
        "{} of {} {} quoted",
        len(theme.speakers),
        number(people, "participant"),
        "is" if len(theme.speakers) == 1 else "are",
    )
    judged = [(each, sum(said.sentiment is each for said in theme.verbatims)) for each in Sentiment]
    counted = joined(", ", (md("{} {}", count, each.value) for each, count in judged if count))
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
            by_hand = " :blue-badge[added by hand]" if said.by_hand else ""
            speaker = f":small[{safe_markdown(said.speaker)}]"
            st.markdown(f"“{safe_markdown(said.quote)}”  \n{speaker}{judged}{by_hand}", width="stretch")
            message_link(group, said.seq)


def message_link(group: FocusGroup, seq: int) -> None:
    where = {"id": group.id, "message": str(seq)}
    st.page_link(page_at("session"), label=f"message {seq}", query_params=where)
