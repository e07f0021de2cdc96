"""A fleet of workers on any machine that reaches the same database, woken up through RabbitMQ. One message is one turn.

The broker only wakes workers up; the claim in the database decides who works. A message carries the epoch under which
its session was handed over, and its receiver claims with it at once. A message that comes late, twice or never costs
time only: sweepers send another one for work without a living worker. A message is useless once its session's lease is
past, so it expires then, and queues do not fill up.
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
from semblance_core.llm.daemon_threads import DaemonThreadPool
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
        task_acks_late=True,  # a worker that dies gives its message back
        task_ignore_result=True,
        worker_prefetch_multiplier=1,  # a busy worker keeps no messages that another one could take now
        worker_hijack_root_logger=False,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_heartbeat=10,
        broker_transport_options={"confirm_publish": True},  # a lost message is noticed here, not by the next sweep
    )
    return app


class TaskPublisher:
    """Sends the messages that wake workers up."""

    def __init__(self, app: Celery, worker: Worker):
        self._app = app
        self._worker = worker
        self._threads = DaemonThreadPool("publisher")

    def publish(self, kind: Kind, work_id: str) -> None:
        """Wakes a worker up for work that no living worker has."""
        claims = self._worker.claims(kind)
        # Reserved for a lease, so that several sweepers do not send a message each for the same work.
        handoff_epoch = claims.reserve(work_id, self._worker.lease_s)
        if handoff_epoch is not None and not self.pass_on(kind, work_id, handoff_epoch):
            claims.release(work_id, handoff_epoch)

    def pass_on(self, kind: Kind, work_id: str, handoff_epoch: int) -> bool:
        """Sends the message; whether it reached the broker within 5 s. If not, a sweeper sends another one later."""
        sent: Future[None] = Future()

        def send() -> None:
            try:
                self._app.send_task(
                    WORK,
                    (kind, work_id, handoff_epoch),
                    retry_policy={"max_retries": 1, "interval_start": 0.0},
                    expiration=self._worker.lease_s,  # counted by the broker alone: clocks of machines may differ
                )
                sent.set_result(None)
            except Exception as failed:  # noqa: BLE001 - handed to the waiting thread
                sent.set_exception(failed)

        # In a thread: a broker that takes the connection and then says nothing would be waited for without end.
        self._threads.run(send)
        unreachable: tuple[type[BaseException], ...] = (TimeoutError, *_unreachable(self._app))
        try:
            sent.result(SEND_S)
        except unreachable as failed:
            facts = {"kind": kind, "id": work_id}
            log.warning("the broker could not be reached: %s", failed or "it does not answer", extra=facts)
            return False
        return True


class FleetEngine:
    """Sends a message for submitted work, from a thread of its own so that no page waits for a broker."""

    def __init__(self, worker: Worker, sweep_s: float, app: Celery):
        self.worker = worker
        self.app = app
        self.publisher = TaskPublisher(app, worker)
        self._sweeper = Sweeper(worker, self.submit, sweep_s)
        self._publishing = ThreadPoolExecutor(1, thread_name_prefix="publisher")
        self._lock = threading.Lock()
        self._to_ring_for: set[tuple[Kind, str]] = set()

    def submit(self, kind: Kind, work_id: str) -> None:
        with self._lock:
            if self.worker.stopping.is_set() or (kind, work_id) in self._to_ring_for:
                return
            self._to_ring_for.add((kind, work_id))
        self._publishing.submit(self._ring, kind, work_id)

    def wait(self, kind: Kind, work_id: str, poll_s: float = 0.1) -> None:
        """Returns once the work is over, which a worker of the fleet does."""
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
        """Sends no more messages; sweepers find the work that is left. Workers hand back their own work."""
        self.worker.hand_back(0.0, lambda _: None)
        self._publishing.shutdown(wait=False, cancel_futures=True)

    def _ring(self, kind: Kind, work_id: str) -> None:
        with self._lock:
            # Before the work is looked at: a submit from now on may be about something newer, and is sent too.
            self._to_ring_for.discard((kind, work_id))
        try:
            self.publisher.publish(kind, work_id)
        except Exception:  # a thread's boundary: the sweeper rings again
            log.exception("nobody could be woken up", extra={"kind": kind, "id": work_id})


def _unreachable(app: Celery) -> tuple[type[BaseException], ...]:
    """The exceptions of a broker that is away or refuses the connection, also because of its password."""
    connection = app.connection_for_write()
    return (OperationalError, OSError, *connection.connection_errors, *connection.channel_errors)


def living_workers(app: Celery, within_s: float = 2.0) -> list[str]:
    """The names of the workers that answer in this time; raises `SetupError` where the broker does not."""
    try:
        answers: list[dict[str, Any]] = app.control.ping(timeout=within_s)
    except _unreachable(app) as failed:
        raise SetupError(f"The broker of SEMBLANCE_BROKER_URL does not answer: {failed}.") from None
    return sorted(name for answer in answers for name in answer)
