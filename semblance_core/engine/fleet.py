"""A fleet: workers on any machine that reaches the same database, woken up through RabbitMQ. One message is one turn.

The broker is only a doorbell. A message carries the epoch under which its session was passed on; whoever brings it claims
at once, and a message that comes late, twice or never costs time alone: the sweepers ring again for what has no living
worker. A message is worth nothing once its session's lease is past, so it expires with it, and queues do not fill up.
"""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError

from semblance_core.domain.errors import SetupError
from semblance_core.engine.sweep import Sweeper
from semblance_core.engine.work import Kind, Worker
from semblance_core.llm.standing import StandingThreads
from semblance_core.readiness import READY, Check

WORK = "semblance.work"
SEND_S = 5.0
BROKER_S = 2.0
log = logging.getLogger(__name__)


def fleet_app(broker_url: str, name: str) -> Celery:
    """The connection to the broker. name: of the database, so that installations can share a broker."""
    app = Celery("semblance", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(f"semblance.{name}", durable=True)],
        task_default_queue=f"semblance.{name}",
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_heartbeat=10,
        broker_transport_options={"confirm_publish": True},
    )
    return app


class Bell:
    """Sends the messages that wake workers up."""

    def __init__(self, app: Celery, worker: Worker):
        self._app = app
        self._worker = worker
        self._threads = StandingThreads("bell")

    def ring(self, kind: Kind, work_id: str) -> None:
        """Wakes a worker up for what no living worker has."""
        claims = self._worker.claims(kind)
        baton = claims.reserve(work_id, self._worker.lease_s)
        if baton is not None and not self.pass_on(kind, work_id, baton):
            claims.release(work_id, baton)

    def pass_on(self, kind: Kind, work_id: str, baton: int) -> bool:
        """Whether the message reached the broker within 5 s; where it did not, a sweeper rings later."""
        sent: Future[None] = Future()

        def send() -> None:
            try:
                self._app.send_task(
                    WORK,
                    (kind, work_id, baton),
                    retry_policy={"max_retries": 1, "interval_start": 0.0},
                    expiration=self._worker.lease_s,  # the broker's own: it compares no clocks of ours
                )
                sent.set_result(None)
            except Exception as failed:  # noqa: BLE001 - handed to the waiting thread
                sent.set_exception(failed)

        self._threads.run(send)  # a broker that takes the connection and then says nothing would be waited for for ever
        unreachable: tuple[type[BaseException], ...] = (TimeoutError, *_unreachable(self._app))
        try:
            sent.result(SEND_S)
        except unreachable as failed:
            facts = {"kind": kind, "id": work_id}
            log.warning("the broker could not be reached: %s", failed or "it does not answer", extra=facts)
            return False
        return True


class FleetEngine:
    """`submit` has a message sent, in a thread of its own: no page waits for a broker. `start` begins to sweep."""

    def __init__(self, worker: Worker, sweep_s: float, app: Celery):
        self.worker = worker
        self.app = app
        self.bell = Bell(app, worker)
        self._sweeper = Sweeper(worker, self.submit, sweep_s)
        self._ringing = ThreadPoolExecutor(1, thread_name_prefix="bell")
        self._lock = threading.Lock()
        self._to_ring_for: set[tuple[Kind, str]] = set()

    def submit(self, kind: Kind, work_id: str) -> None:
        with self._lock:
            if self.worker.stopping.is_set() or (kind, work_id) in self._to_ring_for:
                return
            self._to_ring_for.add((kind, work_id))
        self._ringing.submit(self._ring, kind, work_id)

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.1) -> None:
        """Returns once it is over; the fleet does the work."""
        while self.worker.is_open(kind, work_id) and not self.worker.stopping.is_set():
            self.worker.stopping.wait(poll_s)

    def start(self) -> None:
        self._sweeper.start()

    def checks(self) -> Mapping[str, Check]:
        return {"sweeper": self._sweeper.check, "broker": self._check_broker}

    def _check_broker(self) -> str:
        try:
            with self.app.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_S)
        except _unreachable(self.app) as failed:
            return f"does not take a connection ({type(failed).__name__})"
        return READY

    def close(self) -> None:
        """Ends; what was still to be rung for is found by the sweepers. Work is the workers' own to hand back."""
        self.worker.hand_back(0.0, lambda _: None)
        self._ringing.shutdown(wait=False, cancel_futures=True)

    def _ring(self, kind: Kind, work_id: str) -> None:
        with self._lock:
            self._to_ring_for.discard(
                (kind, work_id)
            )  # before it looks: what changes from now on is rung for once more
        try:
            self.bell.ring(kind, work_id)
        except Exception:  # a thread's boundary: the sweeper rings again
            log.exception("nobody could be woken up", extra={"kind": kind, "id": work_id})


def _unreachable(app: Celery) -> tuple[type[BaseException], ...]:
    """How a broker fails that is away or refuses the connection, its password included."""
    connection = app.connection_for_write()
    return (OperationalError, OSError, *connection.connection_errors, *connection.channel_errors)


def living_workers(app: Celery, within_s: float = 2.0) -> list[str]:
    """Names of the workers that answer in this time; raises `SetupError` where the broker does not."""
    try:
        answers: list[dict[str, Any]] = app.control.ping(timeout=within_s)
    except _unreachable(app) as failed:
        raise SetupError(f"The broker of SEMBLANCE_BROKER_URL does not answer: {failed}.") from None
    return sorted(name for answer in answers for name in answer)
