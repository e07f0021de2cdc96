"""Work that outlives a request: recruiting a panel, reading what is to be shown, finding themes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from semblance_core.domain.provider_words import in_our_words
from semblance_core.domain.usage.estimate import Estimate

ATTACH = "attach"
"""The kind of task that adds stimuli to a session."""
FEW_CALLS = 12
"""A person waits for a task of so many model calls; for a longer one they come back later."""


def is_waited_for(kind: str, calls: int) -> bool:
    """Returns whether a person waits for a task of this kind that makes about so many model calls."""
    return kind != "backfill" and calls <= FEW_CALLS


MADE_BY_TASK = "-session"
"""Ending of the id of a session that a task made; the task's own id stands before it."""


class TaskState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Task:
    """done of total steps; now: what is being done at this moment, in words. error: why it failed, in words.

    request and result are plain JSON values whose form the task's kind defines. estimate: what was said of its use before.
    lost: how many workers in a row ended in the middle of it without having stored anything new.
    owner_id: the owner of the project that it belongs to, on whose account it counts; of one of no project, who began it.
    exclusive: names what it does; of the tasks with the same name one at a time is not over. Empty where that does not matter.
    is_noted: somebody has read what it could not do, so that need not be said any more.
    """

    id: str
    kind: str
    owner_id: str
    project_id: str
    request: dict[str, Any]
    created_at: datetime
    state: TaskState = TaskState.QUEUED
    done: int = 0
    total: int = 0
    now: str = ""
    error: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    finished_at: datetime | None = None
    estimate: Estimate | None = None
    lost: int = 0
    exclusive: str = ""
    is_noted: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "error", in_our_words(self.error))
