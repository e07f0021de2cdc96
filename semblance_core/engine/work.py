"""The worker: claims a session or a task, works on it under a lease, and ends it with a reason in words.

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
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import Interrupted, NotFound, SemblanceError, SetupError
from semblance_core.domain.fair_queue import Place
from semblance_core.domain.task import TaskState
from semblance_core.engine.lease_renewer import LeaseRenewer
from semblance_core.engine.tasks.kinds import run_task
from semblance_core.engine.tasks.run import TaskLost, TaskRun
from semblance_core.flows.ballots.asking import put_before
from semblance_core.flows.designs.going_on import Bounds
from semblance_core.flows.discussion.context import TurnContext
from semblance_core.flows.discussion.converse import TurnResult, take_turn
from semblance_core.flows.discussion.log_lines import log_over
from semblance_core.flows.discussion.moderate import answer_round
from semblance_core.flows.queued import ask_queued
from semblance_core.llm.gateway import Gateway
from semblance_core.readiness import Check
from semblance_core.store.pruning import Retention
from semblance_core.store.server.failures import PATIENCE_S, DatabaseAway, DatabaseFailed
from semblance_core.store.sessions.claims import Claims
from semblance_core.store.store import Store

Kind = Literal["focus_group", "task"]
INTERNAL = "Something went wrong inside Semblance; its log says more."
MOST_LOST = 3
"""Work is given up after so many workers in a row ended in the middle of it without storing anything new."""
_LOST = "Its worker ended three times in a row in the middle of this, so it is not tried again by itself."
LOST_SESSION = (
    f"{_LOST} Ask again or let it go on to try once more; an administrator finds in the log what the workers died of."
)
LOST_TASK = f"{_LOST} Run it again to go on from what was kept."
log = logging.getLogger(__name__)


class Engine(Protocol):
    """Has work done, by threads of this process or by a fleet."""

    worker: "Worker"

    def submit(self, kind: Kind, work_id: str) -> None:
        """Wakes a worker up."""

    def wait(self, kind: Kind, work_id: str) -> None:
        """Returns once the work is over, or this process is being shut down."""

    def start(self) -> None:
        """Begins to sweep for work that nobody does."""

    def close(self) -> None:
        """Finishes or hands back the work under way in this process."""

    def checks(self) -> Mapping[str, Check]:
        """The readiness check of each part, by its name."""


@dataclass(frozen=True)
class Worker:
    """Does turns and tasks with the parts of this process.

    reader: reads documents for all tasks of this process. retention: how long the sweeper keeps old things. bounds: of the
    work that it begins by itself. stopping:
    once set, no turn begins any more and claimed work is handed back.
    """

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    lease_s: float
    renewer: LeaseRenewer
    reader: Reader
    retention: Retention = field(default_factory=Retention)
    bounds: Bounds = field(default_factory=Bounds)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, kind: Kind, work_id: str, handoff_epoch: int | None = None, turns: int | None = None) -> int | None:
        """Works on it until nothing is left to do; returns at once where another worker has it.

        Args:
            handoff_epoch: The epoch under which it was passed on to this worker.
            turns: Takes at most so many turns of a session.

        Returns:
            The epoch under which a session with more turns to take is to be passed on; its lease still stands then.
        """
        held, taken = self.turn(kind, work_id, handoff_epoch=handoff_epoch), 1
        while held and taken != turns:
            held, taken = self.turn(kind, work_id, held), taken + 1
        if held is None:
            return None
        self.renewer.let_go(self.store.focus_groups.claims, held.group.id, held.group.epoch)
        return held.group.epoch

    def turn(
        self,
        kind: Kind,
        work_id: str,
        held: TurnResult | None = None,
        *,
        handoff_epoch: int | None = None,
        waited: bool = False,
    ) -> TurnResult | None:
        """Does one turn of a discussion, or a whole round or task.

        Args:
            held: The result of the turn before, whose session this worker still holds.
            handoff_epoch: The epoch under which it was passed on to this worker.
            waited: The session waited a while for this turn, so another worker may have it by now.

        Returns:
            The result of a turn after which the discussion goes on, its lease still being renewed; None where nothing
            is left to do, or another worker has it.
        """

        def attempt() -> TurnResult | None:
            nonlocal held
            mine, held = held, None  # whether a turn was stored before the database went away is not known: claim anew
            if kind == "focus_group":
                return self._session(work_id, handoff_epoch, mine, waited)
            self._task(work_id, handoff_epoch)
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
        except Exception:  # a worker's boundary: nobody reads an exception of its thread
            log.exception("work failed", extra={"kind": kind, "id": work_id})
        return None

    def place(self, kind: Kind, work_id: str) -> Place:
        """The account that the work is for, and whether a person waits for it; assumes so where that cannot be read."""
        try:
            open_work = self.store.open_work
            return open_work.place_of_session(work_id) if kind == "focus_group" else open_work.place_of_task(work_id)
        except (DatabaseFailed, NotFound):
            return Place("", work_id)

    def give_back(self, groups: Sequence[FocusGroup]) -> None:
        """Gives back the leases of these sessions, which wait for their next turn. Where that fails, they run out."""
        claims = self.store.focus_groups.claims
        for group in groups:
            self.renewer.let_go(claims, group.id, group.epoch)
        try:
            claims.release_all({group.id: group.epoch for group in groups})
        except DatabaseFailed as failed:
            log.warning("%d sessions could not be handed back: %s", len(groups), failed)

    def claims(self, kind: Kind) -> Claims:
        return self.store.focus_groups.claims if kind == "focus_group" else self.store.tasks.claims

    def is_current(self, kind: Kind, work_id: str) -> bool:
        """Returns whether this process may still write to it: not stopped or taken over, or not claimed here yet."""
        claims = self.claims(kind)
        held = self.renewer.epochs(claims, work_id)
        try:
            return not held or claims.epoch(work_id) in held
        except DatabaseFailed:
            return True

    def is_open(self, kind: Kind, work_id: str) -> bool:
        """Returns whether the work still needs a worker."""
        try:
            if kind == "focus_group":
                return self.store.focus_groups.is_busy(work_id)
            return not self.store.tasks.get(work_id).state.is_over
        except NotFound:
            return False

    def hand_back(self, grace_s: float, over: Callable[[float], object]) -> None:
        """Begins nothing more, waits for the work under way, then calls it off: another worker goes on with it.

        Args:
            grace_s: How long the work under way may go on. Calls that are called off then are charged in full.
            over: Waits until nothing is under way, at most so many seconds.
        """
        self.stopping.set()
        over(grace_s)
        self.gateway.call_off()
        self.reader.call_off()
        over(1.0)
        self.renewer.stop()  # last: work that is ending still needs its lease

    def _session(
        self, group_id: str, handoff_epoch: int | None, held: TurnResult | None, waited: bool
    ) -> TurnResult | None:
        groups = self.store.focus_groups
        group = held.group if held else groups.claim(group_id, self.lease_s, handoff_epoch)
        goes_on: TurnResult | None = None
        while group is not None:
            goes_on = self._worked(group, held, waited)
            by_person = group.pending or group.next_queued or (group.is_discussing and goes_on is None)
            if not by_person or self.stopping.is_set():
                break
            # A question may wait behind this round. It is claimed anew, so that any worker may go on with it.
            group, held = groups.claim(group_id, self.lease_s), None
        return goes_on

    def _worked(self, group: FocusGroup, held: TurnResult | None, waited: bool) -> TurnResult | None:
        """Does a turn, a round, or asks a question that waits; returns the result of a turn that others follow."""
        groups = self.store.focus_groups
        facts = {"focus_group_id": group.id, "kind": "focus_group", "epoch": group.epoch}
        if not held:
            log.info("work claimed", extra=facts | {"lost": group.lost})
        if group.lost >= MOST_LOST:
            self._pause(group, LOST_SESSION)
            return None
        self.renewer.keep(groups.claims, group.id, group.epoch)
        goes_on: TurnResult | None = None
        try:
            if held is None:
                put_before(group, self.store, self.gateway)
            if group.pending:
                answer_round(group, TurnContext.of(group, groups, self.gateway, self.clock))
            elif group.next_queued and not self.stopping.is_set():
                ask_queued(group, self.store, self.gateway, self.clock)
            elif not self.stopping.is_set():
                turn = groups.running.held(group) if waited and held else group
                if turn:
                    context = TurnContext.of(turn, groups, self.gateway, self.clock)
                    taken = take_turn(turn, context, held.recent if held else None)
                    goes_on = taken if not self.stopping.is_set() else None
        except Interrupted:
            log.info("work handed back", extra=facts)
        except DatabaseFailed:
            # Given back as soon as the database answers, so that the next try here claims at once instead of waiting
            # for the lease to run out.
            groups.claims.release(group.id, group.epoch)
            raise
        except SemblanceError as failed:
            self._pause(group, str(failed))
        except Exception:  # a worker's boundary: whatever it is, the session says that it stopped
            log.exception("session failed", extra=facts)
            self._pause(group, INTERNAL)
        finally:
            if goes_on is None:
                self.renewer.let_go(groups.claims, group.id, group.epoch)
        if goes_on is None:
            groups.claims.release(group.id, group.epoch)
        return goes_on

    def _pause(self, group: FocusGroup, why: str) -> None:
        if self.store.focus_groups.stop(group.id, self.clock(), reason="failed", detail=why, epoch=group.epoch):
            log_over(group, FocusGroupState.MODERATED, "failed")

    def _task(self, task_id: str, handoff_epoch: int | None) -> None:
        tasks = self.store.tasks
        task = tasks.claim(task_id, self.lease_s, handoff_epoch)
        if task is None:
            return
        facts = {"task_id": task.id, "kind": task.kind, "epoch": task.epoch, "project_id": task.project_id}
        log.info("work claimed", extra=facts | {"kind": "task", "lost": task.lost})
        if task.lost >= MOST_LOST:
            tasks.finish(task, TaskState.FAILED, self.clock(), error=LOST_TASK)
            return
        with self.renewer.renewing(tasks.claims, task.id, task.epoch):
            try:
                run = TaskRun(task, self.store, self.gateway, self.clock, self.reader, self.lease_s, self.renewer)
                result = run_task(run)
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
