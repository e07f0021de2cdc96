"""The fields that are set where a session stops, ends, or goes on."""

from collections.abc import Sequence
from datetime import datetime

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.store.server.document import Document
from semblance_core.store.server.lease import NO_LEASE


def over(state: FocusGroupState, reason: str, detail: str, at: datetime) -> Document:
    """The fields of a session that is not running any more; its lease is given back with them."""
    fields = {
        "state": state.value,
        "reason": reason,
        "reason_detail": detail,
        "lease_until": NO_LEASE,
        "updated_at": at,
        "paused_at": at,
        "pausing": False,
    }
    return {**fields, "ended_at": at} if state is FocusGroupState.ENDED else fields


def under_way(state: FocusGroupState, at: datetime) -> Document:
    """The fields of a session that goes on, whether it was stopped or had ended."""
    return {"state": state.value, "reason": "", "reason_detail": "", "ended_at": None, "updated_at": at}


def reached(group: FocusGroup, messages: Sequence[Message]) -> Document:
    """The field that says how far in the guide a moderator has come, once these messages are written; empty where they put nothing."""
    put = [message.question for message in messages if message.role == "moderator" and message.question is not None]
    return {"course.reached": max(group.course.question, group.course.reached, *put)} if put else {}
