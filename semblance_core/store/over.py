"""What is set where a session stops or ends."""

from datetime import datetime

from semblance_core.domain.focus_group import FocusGroupState
from semblance_core.store.connection import Document
from semblance_core.store.lease import NO_LEASE


def over(state: FocusGroupState, reason: str, detail: str, at: datetime) -> Document:
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
