"""Finds words in a transcript and leads to their messages."""

import re

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.workspace import Workspace
from ui.parts.routes import page_at
from ui.parts.words import errors_inline, md, safe_markdown

MOST = 50
AROUND = 60


def search(ws: Workspace, group: FocusGroup) -> None:
    with st.popover("Search", icon=":material/search:"):
        text = st.text_input(
            "Find in the transcript", key=f"find_{group.id}", max_chars=200, placeholder="A word or phrase"
        )
        if not text.strip():
            return
        with errors_inline():
            found = ws.sessions.search_messages(group.id, text, MOST)
            more = "the first " if len(found) == MOST else ""
            st.caption(f"{more}{len(found)} messages" if len(found) != 1 else "1 message")
            for message in found:
                label = md("{} · {}", message.seq, message.speaker)
                st.page_link(
                    page_at("session"), label=label, query_params={"id": group.id, "message": str(message.seq)}
                )
                st.caption(safe_markdown(excerpt(message.text, text)))


def excerpt(text: str, wanted: str) -> str:
    """The part of the text around what was searched for.

    >>> excerpt("a " * 60 + "needle" + " b" * 60, "Needle")[:24]
    '… a a a a a a a a a a a '
    """
    found = re.search(re.escape(wanted.strip()), text, re.IGNORECASE)
    start = max(0, (found.start() if found else 0) - AROUND)
    end = (found.end() if found else 0) + AROUND
    start = text.rfind(" ", 0, start) + 1
    shown = text[start:end] if end >= len(text) else text[start:end].rpartition(" ")[0]
    return ("… " if start else "") + " ".join(shown.split()) + ("" if end >= len(text) else " …")
