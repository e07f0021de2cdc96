"""Users of the platform, how they are signed in, and their projects."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage import UsageQuota

LONGEST_NAME = 80
ACCOUNT = {"name": "the name", "role": "the role", "quota": "the quota", "disabled": "whether it is disabled"}
"""What of an account is edited, and what it is called."""


class Role(StrEnum):
    RESEARCHER = "researcher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """An account. id: the sign-in name of a local account. development: one of the two accounts whose password is public.

    project_id: the project last worked on, empty for none yet. signed_in_at: when a sign-in was last opened. microsoft_id:
    tenant and object of a Microsoft account, as `tid/oid`; empty for a local account, which has a password instead. version,
    edits: of name, role, quota and disabled (editing.py).
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
    """Where a try to sign in comes from. source: an address. agent: the browser's family.

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
    """What a browser calls itself, as a person would: every one claims to be others too, so the most telling mark counts.

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
    """A study: it owns personas and focus groups, and belongs to one user."""

    id: str
    owner_id: str
    name: str
    created_at: datetime
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.name.strip()) <= 120:
            raise InvalidInput("A project's name has 1–120 characters.")
