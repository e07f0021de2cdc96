"""What a worker does with a session or a task once it is woken: claim, work under a lease, conclude in words.

Waking a worker up twice, late or for nothing does no harm: the claim decides.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, stop_any, stop_when_event_set, wait_fixed

from semblance_core.domain.errors import NotFound, SemblanceError
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.heart import Heart
from semblance_core.engine.tasks import TaskLost, run_task
from semblance_core.flows.converse import Taken, take_turn
from semblance_core.flows.moderate import answer_round
from semblance_core.llm.gateway import Gateway
from semblance_core.store.failures import PATIENCE_S, DatabaseAway, DatabaseFailed
from semblance_core.store.store import Store

Kind = Literal["focus_group", "task"]
INTERNAL = "Something went wrong inside Semblance; its log says more."
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Worker:
    """stopping: once set, no further turn is begun, and what is claimed is handed back."""

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    lease_s: float
    heart: Heart
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, kind: Kind, work_id: str) -> None:
        """Works on it until there is nothing left to do; returns at once where another worker has it."""
        work = self._session if kind == "focus_group" else self._task
        again = Retrying(
            retry=retry_if_exception_type(DatabaseAway),
            stop=stop_any(stop_after_delay(PATIENCE_S), stop_when_event_set(self.stopping)),
            wait=wait_fixed(0.25),
            reraise=True,
        )
        try:
            again(work, work_id)
        except DatabaseFailed as failed:
            # The lease runs out by itself, and the sweeper wakes somebody up again when the database is back.
            log.warning("The database failed during %s %s: %s", kind, work_id, failed)
        except Exception:  # a worker's boundary: nobody reads what its thread raises
            log.exception("Work on %s %s failed", kind, work_id)

    def is_open(self, kind: Kind, work_id: str) -> bool:
        """Whether it still needs a worker."""
        try:
            if kind == "focus_group":
                return self.store.focus_groups.is_busy(work_id)
            return not self.store.tasks.get(work_id).state.is_over
        except NotFound:
            return False

    def _session(self, group_id: str) -> None:
        groups = self.store.focus_groups
        group = groups.claim(group_id, self.lease_s)
        if group is None:
            return
        claimed = group
        with self.heart.beating(lambda: groups.renew(claimed, self.lease_s)):
            try:
                if group.pending:
                    answer_round(group, groups, self.gateway, self.clock)
                    return
                turn: Taken | None = Taken(group, None)
                while turn and not self.stopping.is_set():
                    turn = take_turn(turn.group, groups, self.gateway, self.clock, turn.recent)
            except DatabaseFailed:
                groups.release(claimed)
                raise
            except SemblanceError as failed:
                self._pause(claimed, str(failed))
            except Exception:  # a worker's boundary: whatever it is, the session says that it stopped
                log.exception("Session %s failed", group_id)
                self._pause(claimed, INTERNAL)
        groups.release(claimed)

    def _pause(self, group: FocusGroup, why: str) -> None:
        self.store.focus_groups.stop(group.id, self.clock(), reason="failed", detail=why, epoch=group.epoch)

    def _task(self, task_id: str) -> None:
        tasks = self.store.tasks
        task = tasks.claim(task_id, self.lease_s)
        if task is None:
            return
        claimed: Task = task
        with self.heart.beating(lambda: tasks.renew(claimed, self.lease_s)):
            try:
                result = run_task(claimed, self.store, self.gateway, self.clock)
                tasks.finish(claimed, TaskState.DONE, self.clock(), result=result)
            except TaskLost:
                return
            except DatabaseFailed:
                tasks.release(claimed)
                raise
            except SemblanceError as failed:
                tasks.finish(claimed, TaskState.FAILED, self.clock(), error=str(failed))
            except Exception:  # a worker's boundary: whatever it is, the task says that it failed
                log.exception("Task %s failed", task_id)
                tasks.finish(claimed, TaskState.FAILED, self.clock(), error=INTERNAL)
