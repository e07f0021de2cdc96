"""One run of a claimed task: the parts that it works with, and where it says how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from semblance_core.documents import Reader
from semblance_core.domain.task import Task
from semblance_core.engine.lease_renewer import LeaseRenewer
from semblance_core.engine.tasks.stored import result_of, to_stored
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.store.store import Store

Value = TypeVar("Value")


class TaskLost(Exception):
    """The task was cancelled, or is another worker's by now."""


@dataclass(frozen=True, slots=True)
class TaskRun:
    """task: as it was claimed. lease_s, renewer: for sessions that the task itself works on, as any worker does."""

    task: Task
    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    reader: Reader
    lease_s: float
    renewer: LeaseRenewer

    @property
    def caller(self) -> Caller:
        """The account that the task's calls count on; no call is begun once the task is not this worker's any more."""
        return Caller(self.task.owner_id, self.task.project_id, task_id=self.task.id, check=self._check)

    def progress(self, done: int, total: int, now: str) -> None:
        """Says how many of how many steps are done and which is under way; raises `TaskLost` where the task is lost."""
        if not self.store.tasks.progress(self.task, done=done, total=total, now=now):
            raise TaskLost

    def checkpoint(self, value: object) -> None:
        """Keeps the work so far, for a later worker to go on from; raises `TaskLost` where the task is lost."""
        if not self.store.tasks.keep(self.task, to_stored(value)):
            raise TaskLost

    def kept(self, kind: type[Value]) -> Value:
        """The checkpoint of an earlier worker, or an empty one."""
        return result_of(kind, self.task)

    def _check(self, _is_again: bool) -> None:
        if not self.store.tasks.is_held(self.task):
            raise TaskLost
