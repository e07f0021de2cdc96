"""Tickets to a session's live feed: a page hands one to the browser, which shows it when it connects.

A ticket names the sign-in by its fingerprint, so it opens nothing else, and is good for a minute: long enough to connect.
"""

from dataclasses import dataclass
from datetime import timedelta

import jwt

from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.workspace import Workspace
from ui.app import gate
from ui.app.runtime import running_semblance

LASTS = timedelta(minutes=1)
FOR = "live feed"


@dataclass(frozen=True, slots=True)
class FeedToken:
    """group_id: the session that may be watched. sign_in: the fingerprint of the sign-in on whose account."""

    group_id: str
    sign_in: str

    def workspace(self) -> Workspace | None:
        """The viewer's workspace as long as the sign-in lives, else None."""
        user_id = running_semblance().store.sign_ins.holder(self.sign_in, running_semblance().clock())
        return running_semblance().workspace(user_id) if user_id else None


def feed_token_for(group_id: str) -> str:
    """A new ticket for whoever is signed in in this run."""
    token = gate.token_in_use()
    claims = {"for": FOR, "group": group_id, "by": fingerprint(token or ""), "exp": running_semblance().clock() + LASTS}
    return jwt.encode(claims, gate.cookie_key(), algorithm="HS256")


def read_feed_token(text: str) -> FeedToken | None:
    """The ticket, or None for what is none or is over."""
    try:
        # Its time is the database's, as all times are; the machine's own clock may be off.
        claims = jwt.decode(text, gate.cookie_key(), algorithms=["HS256"], options={"verify_exp": False})
        fresh = claims["exp"] > running_semblance().clock().timestamp() and claims["for"] == FOR
        return FeedToken(str(claims["group"]), str(claims["by"])) if fresh else None
    except (jwt.PyJWTError, KeyError, TypeError):
        return None
