"""The talk of a session that goes on, beside that of people."""

from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.reports.beside_people import Compared, Heard, TalkProfile, compared, heard, likely_profile
from semblance_core.workspace import Workspace
from ui.parts.words import Markdown, joined, md
from ui.talk.beside_people import chosen_profile

MAY_CHANGE = 60
"""So many of the newest messages are read again where one of them is not answered yet or failed; earlier ones stay as they are."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The part of a session that was read. through: number of the last message that stays as it is; heard: what the measures read of those."""

    through: int
    heard: tuple[Heard, ...]


def talk_so_far(ws: Workspace, group: FocusGroup) -> None:
    """Draws, once it is opened, each figure of the talk so far with its range and verdict. It reads new messages only."""
    if group.is_interview or group.next_seq < 2:
        return
    box = st.expander("The talk beside people", key=f"talk_{group.id}", on_change="rerun")
    if not box.open:
        return
    with box:
        said = _heard_so_far(ws, group)
        profile: TalkProfile = chosen_profile(group, likely_profile(said))
        figures = compared(group, said, profile)
        if not figures:
            st.caption("Nobody has spoken yet.")
            return
        st.markdown(joined("\n\n", map(_line, figures)))
        st.caption("▬ range of people, ● this session. *Findings → Charts* names the source of each range.")


def _line(each: Compared) -> Markdown:
    verdict = md("{}", each.verdict) if each.verdict == "inside" else md("**{}**", each.verdict)
    signs = md(":gray[:small[{} {}]]", each.place.in_signs, each.people)
    return md("{}: {}, {}  \n{}", each.name, each.in_words, verdict, signs)


def _heard_so_far(ws: Workspace, group: FocusGroup) -> list[Heard]:
    key = f"talk_read_{group.id}"
    read: _Read = st.session_state.get(key, _Read(0, ()))
    if read.through >= group.next_seq:  # another session's, or it was forked under this window
        read = _Read(0, ())
    new = ws.sessions.messages(group.id, first=read.through + 1)
    stays = _staying(new)
    read = _Read(stays[-1].seq if stays else read.through, (*read.heard, *heard(group, stays)))
    st.session_state[key] = read
    return [*read.heard, *heard(group, new[len(stays) :])]


def _staying(messages: list[Message]) -> list[Message]:
    """The first of these messages that will not change any more."""
    open_ = [
        at
        for at, each in enumerate(messages)
        if each.status is not MessageStatus.SAID and at >= len(messages) - MAY_CHANGE
    ]
    return messages[: min(open_, default=len(messages))]
