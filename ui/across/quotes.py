"""Quotes of several sessions: each with who said it where, and a link to its message."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.synthesis.together import Source, Synthesised
from semblance_core.domain.findings.theme import Sentiment, Verbatim
from ui.parts.routes import page_at
from ui.parts.words import Markdown, md, safe_markdown, shortened

COLOURS = {Sentiment.POSITIVE: "green", Sentiment.NEUTRAL: "gray", Sentiment.NEGATIVE: "orange"}
TITLE_SHOWN = 40


def quotes(found: Synthesised, source_id: str, verbatims: Sequence[Verbatim]) -> None:
    """The quotes of one session or round."""
    title = titles(found)[source_id]
    for said in verbatims:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            judged = f" :{COLOURS[said.sentiment]}-badge[{said.sentiment.value}]" if said.sentiment else ""
            speaker = f":small[{safe_markdown(said.speaker)}]"
            st.markdown(f"“{safe_markdown(said.quote)}”  \n{speaker}{judged}", width="stretch")
            message_link(said.session_id, said.seq, title)


def message_link(session_id: str, seq: int, title: str) -> None:
    """A link that opens the session at the message."""
    where = {"id": session_id, "message": str(seq)}
    label = md("message {} · {}", seq, shortened(title, TITLE_SHOWN))
    st.page_link(page_at("session"), label=label, query_params=where)


def titles(found: Synthesised) -> dict[str, str]:
    """The titles of sessions and rounds, told apart by their number where two are alike."""
    return {each.id: f"{at}. {each.title}" for at, each in enumerate(found.sources, start=1)}


def source_link(source: Source, label: Markdown) -> None:
    """A link to the themes of a session or round."""
    if source.is_round:
        st.page_link(page_at("interviews"), label=label, query_params={"id": source.id, "view": "Themes"})
    else:
        st.page_link(page_at("findings"), label=label, query_params={"id": source.id})
