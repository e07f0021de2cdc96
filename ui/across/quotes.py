"""Quotes of several sessions: each with who said it where, and a link to its message."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.synthesis.together import Source, Synthesised
from semblance_core.domain.findings.theme import Sentiment, Verbatim
from ui.parts.routes import page_at
from ui.parts.words import Markdown, md, shortened

COLOURS = {Sentiment.POSITIVE: "green", Sentiment.NEUTRAL: "gray", Sentiment.NEGATIVE: "orange"}
TITLE_SHOWN = 40


def quotes(found: Synthesised, source_id: str, verbatims: Sequence[Verbatim]) -> None:
    """The quotes of one session or round."""
    title = titles(found)[source_id]
    for said in verbatims:
        with st.container(
            gap=None
        ):  # one below the other: beside a long title, a narrow screen has no room for a quote
            judged = md(":{}-badge[{}]", COLOURS[said.sentiment], said.sentiment.value) if said.sentiment else md("")
            st.markdown(md("“{}” {}", said.quote, judged))
            _message_link(said, title)


def _message_link(said: Verbatim, title: str) -> None:
    """A link that opens the session at the message. Its words name speaker and session, because many stand on a page."""
    where = {"id": said.session_id, "message": str(said.seq)}
    label = md("{} · message {} · {}", said.speaker, said.seq, shortened(title, TITLE_SHOWN))
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
