"""Group commit for the ledger: calls that arrive while one write is under way go into the next write together.

Sixteen replies that begin or end at once would otherwise queue up for one budget's document. Callers wait for a hold.
They do not wait for a settlement: until it is written the hold stands, which is on the safe side, and if this process
dies before that the sweeper charges the full hold.
"""

import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential

from semblance_core.domain.accounts.account import User
from semblance_core.domain.errors import AccessDenied, Interrupted, PriceUnknown, QuotaExceeded, price_unknown
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, UsageQuota, limits_for
from semblance_core.store.server.failures import PATIENCE_S, DatabaseFailed
from semblance_core.store.usage.holds import Hold
from semblance_core.store.usage.ledger import Ledger

MOST_AT_ONCE = 256
ACCOUNT_FRESH_S = 0.1
SETTLE_TOGETHER_S = 0.2
"""Settlements are collected for so long: nobody waits for one, and twenty cost little more than one."""
TRIAL_LOOK_S = 0.05
Item = TypeVar("Item")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _PendingHold:
    hold: Hold
    lasts_s: float
    granted: "Future[User | None]"
    """None: granted. A user: the batch exceeded the quota, and the caller has to try its hold alone."""


_Settlement = tuple[Hold, UsageEvent | None]
"""A hold with the event of its call; None where the call was never made."""


class LedgerBatcher:
    """Takes and settles holds in batches.

    account: reads a user's quota and whether it is disabled. It is asked ten times a second at most, so a change in
    another process counts a tenth of a second later.
    """

    def __init__(self, ledger: Ledger, account: Callable[[str], User], now_s: Callable[[], float] = time.monotonic):
        self._ledger = ledger
        self._read = account
        self._now_s = now_s
        self._accounts: dict[str, tuple[float, User]] = {}
        self._pending: queue.Queue[_PendingHold] = queue.Queue()
        self._done: queue.Queue[_Settlement | Future[None]] = queue.Queue()
        self._hurry = threading.Event()
        self._granting = threading.Lock()
        """One write at a time: two would collide on the budget's document, and holds that wait go into the next one."""
        self._starting = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._threads: list[threading.Thread] = []

    def hold(self, hold: Hold, lasts_s: float, closing: threading.Event | None = None) -> None:
        """Sets the hold's amount aside; for a model on trial, waits until no other such call of the user is under way.

        Args:
            lasts_s: After this time the sweeper may settle it.
            closing: Ends the waiting with `Interrupted` once it is set.

        Raises:
            QuotaExceeded: The amount does not fit into the quota.
            PriceUnknown: The quota is in US dollars and the model's price is unknown.
            AccessDenied: The account is disabled.
        """
        self._start()
        pending_hold = _PendingHold(hold, lasts_s, Future())
        # Alone, it is written in this thread: handing it to the other one would cost two changes of thread.
        nobody_waits = not self._pending.unfinished_tasks
        if nobody_waits and self._granting.acquire(blocking=False):
            try:
                self._grant([pending_hold])
            finally:
                self._granting.release()
        else:
            self._pending.put(pending_hold)
        if user := pending_hold.granted.result():
            self._grant_alone(pending_hold.hold, lasts_s, user, closing or threading.Event())

    def held_beyond(self, model: str) -> TokenCounts:
        """The tokens that a hold adds to the request's bound, because the model's provider went beyond one before."""
        return self._ledger.bounds.of(model).beyond

    def settle(self, hold: Hold, event: UsageEvent) -> None:
        """Queues a call to be recorded and its hold to be exchanged for its cost."""
        self._start()
        self._done.put((hold, event))

    def forget_accounts(self) -> None:
        """Forgets the accounts read, after one was changed in this process."""
        self._accounts.clear()

    def _account(self, user_id: str) -> User:
        read_at, user = self._accounts.get(user_id, (0.0, None))
        if user is None or self._now_s() - read_at > ACCOUNT_FRESH_S:
            user = self._read(user_id)
            self._accounts[user_id] = self._now_s(), user
        return user

    def _give_back(self, hold: Hold) -> None:
        """Queues the release of a hold whose call was never made; whether the database has it is not known."""
        self._done.put((hold, None))

    def flush(self, within_s: float = PATIENCE_S) -> None:
        """Returns once all calls queued so far are settled, or the time is over."""
        if not self._threads:
            return
        reached: Future[None] = Future()  # the queue keeps its order, so what was queued before is settled by then
        self._done.put(reached)
        self._hurry.set()
        with suppress(TimeoutError):
            reached.result(within_s)
        self._hurry.clear()

    def _start(self) -> None:
        if self._threads:
            return
        with self._starting:
            if not self._threads:
                work = (self._grant_forever, self._settle_forever)
                self._threads = [threading.Thread(target=each, name="ledger", daemon=True) for each in work]
                for thread in self._threads:
                    thread.start()

    def _grant_forever(self) -> None:
        while True:
            first = self._pending.get()
            with self._granting:  # while this waits, more holds arrive, which go into the same write
                together: dict[tuple[str, str], list[_PendingHold]] = defaultdict(list)
                for pending_hold in [first, *_waiting(self._pending)]:
                    together[pending_hold.hold.user_id, pending_hold.hold.month].append(pending_hold)
                    self._pending.task_done()
                for pending in together.values():
                    self._grant(pending)

    def _grant(self, pending: list[_PendingHold]) -> None:
        try:
            user = self._allowed(pending[0].hold.user_id)
            if on_trial := [pending_hold for pending_hold in pending if self._is_on_trial(pending_hold.hold, user)]:
                for pending_hold in on_trial:
                    pending_hold.granted.set_result(user)
                pending = [pending_hold for pending_hold in pending if pending_hold not in on_trial]
                if not pending:
                    return
            lasts_s = max(pending_hold.lasts_s for pending_hold in pending)
            priced = user.quota.usd is None or all(pending_hold.hold.usd is not None for pending_hold in pending)
            if priced and self._ledger.hold_all([pending_hold.hold for pending_hold in pending], user.quota, lasts_s):
                for pending_hold in pending:
                    pending_hold.granted.set_result(None)
                return
        except Exception as failed:  # noqa: BLE001 - raised in the threads that wait for their holds
            for pending_hold in pending:
                self._refuse(pending_hold, failed)
            return
        for pending_hold in pending:  # each by itself: some of them may still fit
            pending_hold.granted.set_result(user)

    def _is_on_trial(self, hold: Hold, user: User) -> bool:
        limited = limits_for(user.quota, hold.model, hold.usd) != UsageQuota()
        return limited and self._ledger.bounds.of(hold.model).is_on_trial

    def _grant_alone(self, hold: Hold, lasts_s: float, user: User, closing: threading.Event) -> None:
        """Takes one hold in the thread of its caller, so that others need not wait for it."""
        if hold.usd is None and user.quota.usd is not None:
            raise PriceUnknown(price_unknown(hold.model))
        try:
            if self._is_on_trial(hold, user) and self._grant_on_trial(hold, lasts_s, closing):
                return
            user = self._allowed(hold.user_id)
            try:
                self._ledger.hold(hold, user.quota, lasts_s)
            except QuotaExceeded:
                self.flush()  # calls that have ended are held in full until they are settled
                self._ledger.hold(hold, user.quota, lasts_s)
        except DatabaseFailed:
            self._give_back(hold)
            raise

    def _grant_on_trial(self, hold: Hold, lasts_s: float, closing: threading.Event) -> bool:
        """Takes a hold once no other call on trial of the user is under way; False where the model is known by then."""
        with self._starting:
            turn = self._turns.setdefault(hold.user_id, threading.Lock())
        with turn:  # one thread of this process asks the database; the others wait here
            while self._is_on_trial(hold, user := self._allowed(hold.user_id)):
                self.flush()
                if self._ledger.hold_on_trial(hold, user.quota, lasts_s):
                    return True
                if closing.wait(TRIAL_LOOK_S):
                    raise Interrupted("Semblance is shutting down; this continues when it restarts.")
        return False

    def _allowed(self, user_id: str) -> User:
        user = self._account(user_id)
        if user.disabled:
            raise AccessDenied("This account is disabled.")
        return user

    def _refuse(self, pending_hold: _PendingHold, failed: Exception) -> None:
        if isinstance(failed, DatabaseFailed):
            self._give_back(pending_hold.hold)
        pending_hold.granted.set_exception(failed)

    def _settle_forever(self) -> None:
        while True:
            first = self._done.get()
            self._hurry.wait(SETTLE_TOGETHER_S)  # collects more, unless `flush` waits
            batch = [first, *_waiting(self._done)]
            settlements = [item for item in batch if not isinstance(item, Future)]
            try:
                self._settle_all(settlements)
            except Exception:  # a thread's boundary: its end would leave every later call unsettled
                log.exception("%d calls could not be settled together", len(settlements))
                self._settle_each(settlements)
            for item in batch:
                if isinstance(item, Future):
                    item.set_result(None)

    def _settle_each(self, settlements: list["_Settlement"]) -> None:
        """Settles calls one by one, so that one which fails does not keep the others. The sweeper charges its hold."""
        for one in settlements:
            try:
                self._settle_all([one])
            except DatabaseFailed as failed:
                log.warning("%d calls could not be settled: %s", len(settlements), failed)
                return
            except Exception:  # the same boundary, for the call that failed the batch
                log.exception("call could not be settled", extra={"call_id": one[0].call_id})

    @retry(
        retry=retry_if_exception_type(DatabaseFailed),
        stop=stop_after_delay(PATIENCE_S),
        wait=wait_exponential(0.2, max=3),
        reraise=True,
    )
    def _settle_all(self, batch: list[_Settlement]) -> None:
        if unused := [hold for hold, event in batch if event is None]:
            self._ledger.release(unused)
        if used := [(hold, event) for hold, event in batch if event is not None]:
            self._ledger.settle_all(used)


def _waiting(items: "queue.Queue[Item]") -> list[Item]:
    """Takes all that waits in the queue now, as much as goes into one write."""
    found: list[Item] = []
    with suppress(queue.Empty):
        while len(found) < MOST_AT_ONCE:
            found.append(items.get_nowait())
    return found
