"""The audit log: what administrators changed that was not their own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput

COMMAND_LINE = "command line"
"""The actor of what was done from a shell, where nobody signs in; no account can have this name."""


class Outcome(StrEnum):
    """begun: it was still under way when last heard of, or its process ended in the middle."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action. owner_id: whose account or work it was done to, empty for what is the platform's.

    action: the operation's name. about: what it was done to, in the words of that time. details: what was asked for, in
    words, never a secret. words: what the actor was told where it was refused or failed.
    """

    id: str
    at: datetime
    actor_id: str
    action: str
    owner_id: str
    about: str
    details: tuple[str, ...] = ()
    outcome: Outcome = Outcome.BEGUN
    words: str = ""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Selects entries: those with since ≤ at < until and these values; `None` is any."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: str | None = None
    action: str | None = None
    owner_id: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise InvalidInput("The requested period ends before it begins.")
