"""Whispers to the moderator of a running discussion, and what a moderator changed of the guide, as the researcher sees them."""

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.moderation.whisper import WHISPER_CHARS
from semblance_core.domain.errors import SemblanceError
from semblance_core.reports.costs import estimate_words
from semblance_core.workspace import Workspace
from ui.parts.long_text import short_text
from ui.parts.words import md, safe_markdown


def whisper_line(ws: Workspace, group: FocusGroup) -> None:
    """Draws the line to whisper in while a moderator runs the discussion."""
    if group.state is not FocusGroupState.AUTONOMOUS or group.is_discussing:
        return
    key, refused = f"whisper_{group.id}", f"whisper_refused_{group.id}"

    def whisper() -> None:
        # In a callback, because only there the field can be emptied.
        try:
            ws.moderation.whisper(group.id, st.session_state[key])
            st.session_state[key] = ""
        except SemblanceError as why:
            st.session_state[refused] = str(why)

    with st.container(horizontal=True, vertical_alignment="bottom", key="whisper"):
        short_text(
            md("Whisper to the moderator"),
            most=WHISPER_CHARS,
            key=key,
            placeholder="What to steer to; participants never read it",
            help=safe_markdown(f"The moderator speaks next. About {_cost(ws, group)}"),
        )
        st.button("Whisper", key="send_whisper", icon=":material/hearing:", on_click=whisper)
    if why := st.session_state.pop(refused, ""):
        st.error(safe_markdown(why), icon=":material/info:")


def _cost(ws: Workspace, group: FocusGroup) -> str:
    return estimate_words(ws.moderation.estimate_whisper(group.id))


def steered_so_far(group: FocusGroup) -> None:
    """Draws what was whispered and which questions were inserted or skipped; nothing where nothing was."""
    if group.whispers:
        st.markdown("**Whispers**")
    for place, whisper in enumerate(group.whispers):
        heard = "" if place < group.course.whispers_heard else ", not heard yet"
        if heard and group.state is not FocusGroupState.AUTONOMOUS:
            heard = ", not heard"
        when = md(":gray[:small[{}, after message {}{}]]", whisper.author, whisper.after_seq, heard)
        st.markdown(md(":material/hearing: {} {}", whisper.text, when))
    if group.guide_changes:
        st.markdown("**Changes to the guide**")
    for change in group.guide_changes:
        st.caption(safe_markdown(change.in_words))
