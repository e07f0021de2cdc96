"""What a worker does with a session or a task once it is woken: claim, work under a lease, conclude in words.

Waking a worker up twice, late or for nothing does no harm: the claim decides.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, stop_any, stop_when_event_set, wait_fixed

from semblance_core.documents import Reader
from semblance_core.domain.errors import Interrupted, NotFound, SemblanceError, SetupError
from semblance_core.domain.fair_queue import Place
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.task import TaskState
from semblance_core.engine.heart import Heart
from semblance_core.engine.tasks import TaskLost, run_task
from semblance_core.flows.converse import Taken, take_turn
from semblance_core.flows.log_lines import log_over
from semblance_core.flows.moderate import answer_round
from semblance_core.llm.gateway import Gateway
from semblance_core.readiness import Check
from semblance_core.store.claims import Claims
from semblance_core.store.failures import PATIENCE_S, DatabaseAway, DatabaseFailed
from semblance_core.store.pruning import Retention
from semblance_core.store.store import Store

Kind = Literal["focus_group", "task"]
INTERNAL = "Something went wrong inside Semblance; its log says more."
MOST_LOST = 3
"""So many workers in a row that ended in the middle of the same work, without anything new of it stored, are enough."""
_LOST = "Its worker ended three times in a row in the middle of this, so it is not tried again by itself."
LOST_SESSION = (
    f"{_LOST} Ask again or let it go on to try once more; an administrator finds in the log what the workers died of."
)
LOST_TASK = f"{_LOST} Run it again to go on from what was kept."
log = logging.getLogger(__name__)


class Engine(Protocol):
    """What has work done: threads of this process, or a fleet."""

    worker: "Worker"

    def submit(self, kind: Kind, work_id: str) -> None:
        """Wakes a worker up."""

    def wait(self, kind: Kind, work_id: str) -> None:
        """Returns once the work is over, or this process is being shut down."""

    def start(self) -> None:
        """Begins to look after what nobody works on."""

    def close(self) -> None:
        """Finishes or hands back what this process has under way."""

    def checks(self) -> Mapping[str, Check]:
        """What tells whether its parts are ready, by their names."""


@dataclass(frozen=True)
class Worker:
    """reader: reads documents for all of this process's tasks. retention: how long the sweeper lets things be kept.

    stopping: once set, no further turn is begun, and what is claimed is handed back.
    """

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    lease_s: float
    heart: Heart
    reader: Reader
    retention: Retention = field(default_factory=Retention)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, kind: Kind, work_id: str, baton: int | None = None, turns: int | None = None) -> int | None:
        """Works on it until there is nothing left to do; returns at once where another worker has it.

        baton: the epoch under which it was passed on to this worker. turns: at most so many turns of a session; the epoch
        under which it is to be passed on is returned where there are more, and its lease still stands.
        """
        held, taken = self.turn(kind, work_id, baton=baton), 1
        while held and taken != turns:
            held, taken = self.turn(kind, work_id, held), taken + 1
        if held is None:
            return None
        self.heart.let_go(self.store.focus_groups.claims, held.group.id, held.group.epoch)
        return held.group.epoch

    def turn(
        self, kind: Kind, work_id: str, held: Taken | None = None, *, baton: int | None = None, waited: bool = False
    ) -> Taken | None:
        """One turn of a discussion, or the whole of a round or a task.

        Returns where the discussion goes on, with its lease kept alive until then; None where there is nothing more to do,
        or another worker has it. held: what the turn before returned; waited: for a while, so it may be somebody else's.
        """

        def attempt() -> Taken | None:
            nonlocal held
            mine, held = held, None  # another try claims it anew
            if kind == "focus_group":
                return self._session(work_id, baton, mine, waited)
            self._task(work_id, baton)
            return None

        again = Retrying(
            retry=retry_if_exception_type(DatabaseAway),
            stop=stop_any(stop_after_delay(PATIENCE_S), stop_when_event_set(self.stopping)),
            wait=wait_fixed(0.25),
            reraise=True,
        )
        try:
            self.store.check_version()
            return again(attempt)
        except SetupError as over:
            log.warning("work left to others: %s", over, extra={"kind": kind, "id": work_id})
            if held:
                self.give_back([held.group])
        except DatabaseFailed as failed:
            # The lease runs out by itself, and the sweeper wakes somebody up again when the database is back.
            log.warning("the database failed during work: %s", failed, extra={"kind": kind, "id": work_id})
        except Exception:  # a worker's boundary: nobody reads what its thread raises
            log.exception("work failed", extra={"kind": kind, "id": work_id})
        return None

    def place(self, kind: Kind, work_id: str) -> Place:
        """Whose the work is, and whether a person waits for it; what cannot be told now is taken for waited for."""
        try:
            open_work = self.store.open_work
            return open_work.place_of_session(work_id) if kind == "focus_group" else open_work.place_of_task(work_id)
        except (DatabaseFailed, NotFound):
            return Place("", work_id)

    def give_back(self, groups: Sequence[FocusGroup]) -> None:
        """Gives the leases of these sessions back, which wait for their next turn; what fails runs out by itself."""
        claims = self.store.focus_groups.claims
        for group in groups:
            self.heart.let_go(claims, group.id, group.epoch)
        try:
            claims.release_all({group.id: group.epoch for group in groups})
        except DatabaseFailed as failed:
            log.warning("%d sessions could not be handed back: %s", len(groups), failed)

    def claims(self, kind: Kind) -> Claims:
        return self.store.focus_groups.claims if kind == "focus_group" else self.store.tasks.claims

    def is_current(self, kind: Kind, work_id: str) -> bool:
        """Whether what this process does of it still counts: it was not stopped, or nothing of it is claimed yet."""
        claims = self.claims(kind)
        held = self.heart.epochs(claims, work_id)
        try:
            return not held or claims.epoch(work_id) in held
        except DatabaseFailed:
            return True

    def is_open(self, kind: Kind, work_id: str) -> bool:
        """Whether it still needs a worker."""
        try:
            if kind == "focus_group":
                return self.store.focus_groups.is_busy(work_id)
            return not self.store.tasks.get(work_id).state.is_over
        except NotFound:
            return False

    def hand_back(self, grace_s: float, over: Callable[[float], object]) -> None:
        """Begins nothing more, waits so many seconds for what is under way, then calls it off: another worker goes on with it.

        over: waits at most so many seconds until nothing is under way. What a call that was called off costs is charged in full.
        """
        self.stopping.set()
        over(grace_s)
        self.gateway.call_off()
        self.reader.call_off()
        over(1.0)
        self.heart.stop()

    def _session(self, group_id: str, baton: int | None, held: Taken | None, waited: bool) -> Taken | None:
        groups = self.store.focus_groups
        group = held.group if held else groups.claim(group_id, self.lease_s, baton)
        if group is None:
            return None
        facts = {"focus_group_id": group.id, "kind": "focus_group", "epoch": group.epoch}
        if not held:
            log.info("work claimed", extra=facts | {"lost": group.lost})
        if group.lost >= MOST_LOST:
            self._pause(group, LOST_SESSION)
            return None
        self.heart.keep(groups.claims, group.id, group.epoch)
        goes_on: Taken | None = None
        try:
            if group.pending:
                answer_round(group, groups, self.gateway, self.clock)
            elif not self.stopping.is_set():
                turn = groups.held(group) if waited and held else group
                if turn:
                    taken = take_turn(turn, groups, self.gateway, self.clock, held.recent if held else None)
                    goes_on = taken if not self.stopping.is_set() else None
        except Interrupted:
            log.info("work handed back", extra=facts)
        except DatabaseFailed:
            groups.claims.release(group.id, group.epoch)
            raise
        except SemblanceError as failed:
            self._pause(group, str(failed))
        except Exception:  # a worker's boundary: whatever it is, the session says that it stopped
            log.exception("session failed", extra=facts)
            self._pause(group, INTERNAL)
        finally:
            if goes_on is None:
                self.heart.let_go(groups.claims, group.id, group.epoch)
        if goes_on is None:
            groups.claims.release(group.id, group.epoch)
        return goes_on

    def _pause(self, group: FocusGroup, why: str) -> None:
        if self.store.focus_groups.stop(group.id, self.clock(), reason="failed", detail=why, epoch=group.epoch):
            log_over(group, FocusGroupState.MODERATED, "failed")

    def _task(self, task_id: str, baton: int | None) -> None:
        tasks = self.store.tasks
        task = tasks.claim(task_id, self.lease_s, baton)
        if task is None:
            return
        facts = {"task_id": task.id, "kind": task.kind, "epoch": task.epoch, "project_id": task.project_id}
        log.info("work claimed", extra=facts | {"kind": "task", "lost": task.lost})
        if task.lost >= MOST_LOST:
            tasks.finish(task, TaskState.FAILED, self.clock(), error=LOST_TASK)
            return
        with self.heart.beating(tasks.claims, task.id, task.epoch):
            try:
                result = run_task(task, self.store, self.gateway, self.clock, self.reader, self.lease_s, self.heart)
                if tasks.finish(task, TaskState.DONE, self.clock(), result=result):
                    log.info("task done", extra=facts)
            except TaskLost:
                return
            except Interrupted:
                log.info("work handed back", extra=facts)
                tasks.claims.release(task.id, task.epoch)
            except DatabaseFailed:
                tasks.claims.release(task.id, task.epoch)
                raise
            except SemblanceError as failed:
                log.warning("task failed", extra=facts | {"why": type(failed).__name__})
                tasks.finish(task, TaskState.FAILED, self.clock(), error=str(failed))
            except Exception:  # a worker's boundary: whatever it is, the task says that it failed
                log.exception("task failed", extra=facts)
                tasks.finish(task, TaskState.FAILED, self.clock(), error=INTERNAL)
