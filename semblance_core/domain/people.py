"""Users of the platform and their projects."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage import UsageQuota


class Role(StrEnum):
    RESEARCHER = "researcher"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """An account. id: the sign-in name of a local account. development: one of the two accounts whose password is public.

    project_id: the project last worked on, empty for none yet.
    """

    id: str
    name: str
    role: Role
    created_at: datetime
    quota: UsageQuota = field(default_factory=UsageQuota)
    disabled: bool = False
    development: bool = False
    project_id: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{0,63}", self.id):
            raise InvalidInput(
                "A user name has 1–64 of a–z, 0–9, dot, dash, underscore and @, and starts with a letter or digit."
            )


@dataclass(frozen=True, slots=True)
class Project:
    """A study: it owns personas and focus groups, and belongs to one user."""

    id: str
    owner_id: str
    name: str
    created_at: datetime

    def __post_init__(self) -> None:
        if not 1 <= len(self.name.strip()) <= 120:
            raise InvalidInput("A project's name has 1–120 characters.")
