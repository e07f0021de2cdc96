"""The transcript as a chat of Streamlit's own, for browsers that cannot open the live feed: a window of the newest messages.

It is aligned in chunks, so that a redraw's cost does not grow with the transcript.
"""

from collections.abc import Callable

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.workspace import Workspace
from ui.faces.avatar import MODERATOR, avatar_among
from ui.parts.words import md, safe_markdown

CHUNK = 25
HEIGHT_PX = 620


def window_start(total: int, page_from_end: int = 1) -> int:
    """First seq of the window: 26–50 newest messages, in steps of 25; further pages go back by 25.

    >>> [window_start(total) for total in (0, 25, 50, 51, 76)], window_start(200, 3)
    ([1, 1, 1, 26, 51], 101)
    """
    last_chunk = max(0, (total - 1) // CHUNK)
    return max(0, last_chunk - page_from_end) * CHUNK + 1


def transcript(
    ws: Workspace, group: FocusGroup, first: int, last: int | None, retry: Callable[[int], None], marked: int = 0
) -> None:
    """Draws messages from `first` on. retry: called with the seq of a failed reply that is to be asked for again.

    marked: seq of the message that the page was opened for.
    """
    messages = ws.sessions.messages(group.id, first, last)
    with st.container(height=HEIGHT_PX, autoscroll=not marked, key="transcript"):
        if first > 1:
            st.caption(f"{first - 1} earlier messages are on other pages.")
        for message in messages:
            _message(message, group, retry, message.seq == marked)
        if group.state is FocusGroupState.AUTONOMOUS and not last:
            st.caption("Somebody is typing …")
        elif not messages:
            st.caption("Nothing has been said yet.")


def _message(message: Message, group: FocusGroup, retry: Callable[[int], None], is_marked: bool) -> None:
    by_moderator = message.role == "moderator"
    face = MODERATOR if by_moderator else avatar_among(message.speaker, group.participants)
    with st.chat_message(message.speaker, avatar=face):
        mark = md(" :primary-badge[quoted]" if is_marked else "")
        if message.quote:
            st.caption(
                md(
                    ":material/format_quote: **{}** {} {}",
                    message.quote.speaker,
                    message.quote.seq,
                    message.quote.text,
                )
            )
        if message.role == "private":
            st.caption("Written alone; the other participants never see it.")
        if message.stimuli:
            st.caption(f"Shown: {safe_markdown(', '.join(message.stimuli))}")
        if message.in_turn and by_moderator:
            st.caption("Answered in turn: each heard those before")
        head = md("**{}** :gray[:small[{}]]{}", message.speaker, message.seq, mark)
        if message.status is MessageStatus.SAID:
            st.markdown(f"{head}  \n{safe_markdown(message.text)}")
        elif message.status is MessageStatus.PENDING:
            st.markdown(f"{head}  \n:gray[typing …]")
        else:
            st.markdown(f"{head}  \n:gray[No answer: {safe_markdown(message.error)}]")
            can_retry = message.status is MessageStatus.FAILED and not group.is_busy and group.state == "moderated"
            if can_retry and st.button("Ask again", key=f"retry_{message.seq}", icon=":material/refresh:"):
                retry(message.seq)
