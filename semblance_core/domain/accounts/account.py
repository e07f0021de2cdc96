"""Users of the platform, how they are signed in, and their projects."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.accent import accent_of
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import UsageQuota

LONGEST_NAME = 80
LONGEST_PROJECT, LONGEST_AIM, LONGEST_NOTES = 120, 2_000, 20_000
"""Characters of a project's name, aim and notes."""
ACCOUNT = {"name": "the name", "role": "the role", "quota": "the quota", "disabled": "whether it is disabled"}
"""Fields of an account that can be edited, with their names in words."""


class Role(StrEnum):
    RESEARCHER = "researcher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """An account. id: the sign-in name of a local account. development: one of the two accounts whose password is public.

    project_id: the project last worked on, empty for none yet. signed_in_at: when a sign-in was last opened. microsoft_id:
    tenant and object of a Microsoft account, as `tid/oid`; empty for a local account, which has a password instead.
    costs_confirmed_at: when a first run that may cost something was confirmed. version, edits: of name, role, quota and
    disabled (editing.py).
    """

    id: str
    name: str
    role: Role
    created_at: datetime
    quota: UsageQuota = field(default_factory=UsageQuota)
    disabled: bool = False
    development: bool = False
    project_id: str = ""
    signed_in_at: datetime | None = None
    microsoft_id: str = ""
    costs_confirmed_at: datetime | None = None
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{0,63}", self.id):
            raise InvalidInput(
                "A user name has 1–64 of a–z, 0–9, dot, dash, underscore and @, and starts with a letter or digit."
            )


def full_name(text: str) -> str:
    """A person's name as it is kept; raises `InvalidInput` for an empty or too long one.

    >>> full_name("  Dana   Doe ")
    'Dana Doe'
    """
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidInput(f"A full name has 1–{LONGEST_NAME} characters.")
    return name


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that is open. id: its fingerprint, which opens nothing. seen_at: when it was last used, to five minutes.

    source: the address it came from. agent: the browser's family, empty where it is not known. way: how it was opened.
    """

    id: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime
    source: str = ""
    agent: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Origin of an attempt to sign in. source: an address. agent: the browser's family.

    device: fingerprint of the last sign-in that this browser kept, which need not be open any more; empty for none.
    """

    source: str
    agent: str = ""
    device: str = ""


_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
    "curl": "curl",
    "python": "Python",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def agent_family(user_agent: str) -> str:
    """Returns a browser's common name. Every browser claims to be others too, so the most telling mark counts.

    >>> agent_family("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
    'Edge on Windows'
    >>> agent_family("python-httpx/0.28.1")
    'Python'
    >>> agent_family("")
    ''
    """
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system)))


@dataclass(frozen=True, slots=True)
class Project:
    """A study: it owns personas and focus groups, and belongs to one user.

    aim: the question that it is to answer. notes: the answers so far, in its owner's words. archived_at: when it was put away, None
    for one that is in use. accent: the colour of files that are handed over, as in #3d8a7a, empty for Semblance's own.
    version, edits: of all of these (editing.py).
    """

    id: str
    owner_id: str
    name: str
    created_at: datetime
    aim: str = ""
    notes: str = ""
    archived_at: datetime | None = None
    accent: str = ""
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.name.strip()) <= LONGEST_PROJECT:
            raise InvalidInput(f"Give the project a name (up to {LONGEST_PROJECT} characters).")
        for called, text, most in (("aim", self.aim, LONGEST_AIM), ("notes", self.notes, LONGEST_NOTES)):
            if len(text) > most:
                raise InvalidInput(f"The {called} may have {most:,} characters, and this text has {len(text):,}.")
        accent_of(self.accent)
