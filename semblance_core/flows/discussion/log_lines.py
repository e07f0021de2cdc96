"""Writes a session's events to the log, one line each, with ids and without texts."""

import logging

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message

log = logging.getLogger(__name__)


def log_stored(message: Message) -> None:
    """A message is in the transcript, or a reply that was awaited has come or failed."""
    facts = {
        "focus_group_id": message.focus_group_id,
        "seq": message.seq,
        "epoch": message.epoch,
        "role": message.role,
        "status": message.status.value,
    }
    log.info("message stored", extra=facts)


def log_over(group: FocusGroup, state: FocusGroupState, reason: str) -> None:
    """A discussion has paused or ended by itself."""
    event = "session ended" if state is FocusGroupState.ENDED else "session paused"
    log.info(event, extra={"focus_group_id": group.id, "epoch": group.epoch, "reason": reason})
