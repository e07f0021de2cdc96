"""A report that anybody with its link can read, as it was when it was shared. Pure values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput

LONGEST_DAYS, DEFAULT_DAYS = 365, 30
MOST_LINKS = 20
"""Links of one session that open at the same time."""


class LinkState(StrEnum):
    """States of a link: it opens, its time is over, or somebody ended it."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class SharedReport:
    """A link to the report of a session, frozen at one version of its themes.

    Attributes:
        id: its id, which opens nothing.
        project_id: the session's project.
        owner_id: the project's owner.
        focus_group_id: the session.
        title: the session's title when it was shared.
        created_at: when it was shared; the report is of that moment.
        expires_at: from then on the link opens nothing.
        created_by: user id of who shared it.
        analysis_id: the analysis that the report shows; empty where no themes had been found.
        version: of that analysis, 0 as the model found it.
        revoked_at: when somebody ended the link; None while nobody has.
        opened: how often the link was opened. Programs that draw a preview of a link count too.
        opened_at: when it was opened last; None while it never was.
    """

    id: str
    project_id: str
    owner_id: str
    focus_group_id: str
    title: str
    created_at: datetime
    expires_at: datetime
    created_by: str
    analysis_id: str = ""
    version: int = 0
    revoked_at: datetime | None = None
    opened: int = 0
    opened_at: datetime | None = None

    def state(self, now: datetime) -> LinkState:
        """The link's state at this moment."""
        if self.revoked_at:
            return LinkState.REVOKED
        return LinkState.OPEN if now < self.expires_at else LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made. token: opens the report; it is kept nowhere and cannot be shown again."""

    report: SharedReport
    token: str

    @property
    def path(self) -> str:
        """The link below the server's own address.

        >>> from datetime import UTC
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> NewLink(SharedReport("r", "p", "robin", "g", "Oats", at, at, "robin"), "abc").path
        'shared/abc'
        """
        return f"shared/{self.token}"


def expiry(now: datetime, days: int) -> datetime:
    """Returns the end of a link that is made now; raises `InvalidInput` unless it holds for 1 to 365 days."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(f"A link holds for 1 to {LONGEST_DAYS} days, not {days:,}.")
    return now + timedelta(days=days)
