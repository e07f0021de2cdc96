"""Branches side by side: the last messages in common, then a column each, with what its ballots came to."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.shift.compared import Figure
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.reports.shift.words import NO_CONTROL, figure_words, value
from semblance_core.workspace import Workspace
from ui.parts.in_address import page_of
from ui.parts.routes import page_at, repeating
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, md, safe_markdown, shows_errors, state_badge

SHOWN, MESSAGES = 3, 12
BUSY_S = 2.0


def branches_view(ws: Workspace, group: FocusGroup, seq: int) -> None:
    """Draws them; as long as one of them goes on, again and again."""
    is_busy = any(each.is_busy for each in ws.forks.branches(group.id, seq))
    repeating(_view, every=BUSY_S if is_busy else None)(ws, group.id, seq)


@shows_errors
def _view(ws: Workspace, group_id: str, seq: int) -> None:
    found = ws.forks.side_by_side(group_id, seq)
    if len(found.groups) < 2:
        st.info("Nobody has forked the session at this message.", icon=":material/call_split:")
        return
    st.caption("What all of them have in common, up to here")
    for message in found.common:
        st.markdown(_line(message))
    st.divider()
    columns = page_of(len(found.groups), SHOWN, f"branches/{group_id}/{seq}", "branches")
    places = range(len(found.groups))[(columns - 1) * SHOWN : columns * SHOWN]
    for column, place in zip(st.columns(len(places)), places, strict=True):
        with column, st.container(border=True, height="stretch", gap="small"):
            _branch(ws, found.groups[place], found.after[place], is_original=place == 0)


def _branch(ws: Workspace, group: FocusGroup, messages: Sequence[Message], *, is_original: bool) -> None:
    name = "The session itself" if is_original or not group.fork else f"Branch {group.fork.branch}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{name}**", width="content")
        state_badge(group)
    label = named_for(md("Open"), f"{name}: {group.title}")
    st.page_link(page_at("session"), label=label, icon=":material/forum:", query_params={"id": group.id})
    st.caption(md("Seed {}", group.seed))
    shown = [each for each in messages if each.status is MessageStatus.SAID]
    for message in shown[:MESSAGES]:
        mark = md(" :gray-badge[other words]") if group.fork and _is_edited(group, message) else md("")
        st.markdown(md("{}{}", _line(message), mark))
    if not shown:
        st.caption("Nothing has been said here yet.")
    elif len(shown) > MESSAGES:
        st.caption(f"And {len(shown) - MESSAGES} more messages in the session.")
    _ballots(ws, group)


def _is_edited(group: FocusGroup, message: Message) -> bool:
    return bool(group.fork and group.fork.edited and message.seq == group.fork.seq)


def _ballots(ws: Workspace, group: FocusGroup) -> None:
    """The drift of each question with points, or the share that changed."""
    if not group.ballot:
        return
    shift = ws.ballots.shift(group.id)
    st.markdown("**Ballots**")
    if not shift.counts[Wave.AFTER]:
        st.caption("The ballot after is put once this session has ended.")
        return
    for asked in shift.questions:
        wanted = (Figure.DRIFT, Figure.CHANGED)
        for figure in [each for each in asked.figures if each.figure in wanted][:1]:
            st.markdown(md("{}. {}: {}", asked.place + 1, asked.question.text, value(figure, figure.discussion)))
            st.caption(md("{}", figure_words(figure)))
    if not shift.has_control:
        st.caption(safe_markdown(NO_CONTROL))


def _line(message: Message) -> Markdown:
    return md(":small[:gray[{}]] **{}** {}", message.seq, message.speaker, " ".join(message.text.split()))
