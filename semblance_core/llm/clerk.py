"""Keeps the ledger for many calls at once: what arrives while one write is under way goes into the next, together.

Sixteen replies that begin or end at the same moment would otherwise queue up for one budget's document. A hold is waited
for; a settlement is not, because the reply should not wait for it: until it is written the hold stands, which errs on the
safe side, and if this process dies before that the sweeper charges all that was held.
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

from semblance_core.domain.errors import AccessDenied, Interrupted, PriceUnknown, QuotaExceeded, price_unknown
from semblance_core.domain.people import User
from semblance_core.domain.usage import TokenCounts, UsageEvent, UsageQuota, limits_for
from semblance_core.store.failures import PATIENCE_S, DatabaseFailed
from semblance_core.store.holds import Hold
from semblance_core.store.ledger import Ledger

MOST_AT_ONCE = 256
ACCOUNT_FRESH_S = 0.1
SETTLE_TOGETHER_S = 0.2
"""Nobody waits for a settlement, and twenty cost hardly more than one: a transaction and an update."""
TRIAL_LOOK_S = 0.05
Item = TypeVar("Item")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Wish:
    hold: Hold
    lasts_s: float
    granted: "Future[User | None]"
    """None: granted. A user: it did not fit with the others, and who waits for it has to try it alone."""


_Settlement = tuple[Hold, UsageEvent | None]
"""A hold with the event that it is exchanged for; None where its call was never made."""


class Clerk:
    """account: reads a user, whose quota and whether it is disabled count from the next call on.

    An account is read ten times a second at the most; what is changed elsewhere counts a tenth of a second later.
    """

    def __init__(self, ledger: Ledger, account: Callable[[str], User], now_s: Callable[[], float] = time.monotonic):
        self._ledger = ledger
        self._read = account
        self._now_s = now_s
        self._accounts: dict[str, tuple[float, User]] = {}
        self._wishes: queue.Queue[_Wish] = queue.Queue()
        self._done: queue.Queue[_Settlement | Future[None]] = queue.Queue()
        self._hurry = threading.Event()
        self._granting = threading.Lock()
        """One write at a time: two would meet in the budget's document, and what waits for one goes into the next."""
        self._starting = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._threads: list[threading.Thread] = []

    def hold(self, hold: Hold, lasts_s: float, closing: threading.Event | None = None) -> None:
        """Sets the amount aside; raises `QuotaExceeded`, `PriceUnknown`, or `AccessDenied` for a disabled account.

        A call to a model that nobody knows yet waits here while another such call of the user's is under way, if a quota applies.
        closing: ends the waiting with `Interrupted`.
        """
        self._start()
        wish = _Wish(hold, lasts_s, Future())
        nobody_waits = not self._wishes.unfinished_tasks
        if nobody_waits and self._granting.acquire(blocking=False):
            try:
                self._grant([wish])
            finally:
                self._granting.release()
        else:
            self._wishes.put(wish)
        if user := wish.granted.result():
            self._grant_alone(wish.hold, lasts_s, user, closing or threading.Event())

    def held_beyond(self, model: str) -> TokenCounts:
        """What a hold for this model is larger than its request, because its provider went beyond that before."""
        return self._ledger.bounds.of(model).beyond

    def settle(self, hold: Hold, event: UsageEvent) -> None:
        """Records the call and exchanges its hold for its cost, in a moment."""
        self._start()
        self._done.put((hold, event))

    def forget_accounts(self) -> None:
        """Reads accounts anew, after one was changed here."""
        self._accounts.clear()

    def _account(self, user_id: str) -> User:
        read_at, user = self._accounts.get(user_id, (0.0, None))
        if user is None or self._now_s() - read_at > ACCOUNT_FRESH_S:
            user = self._read(user_id)
            self._accounts[user_id] = self._now_s(), user
        return user

    def _give_back(self, hold: Hold) -> None:
        """Takes a hold back whose call was never made; nobody knows whether the database has it."""
        self._done.put((hold, None))

    def flush(self, within_s: float = PATIENCE_S) -> None:
        """Returns once everything handed in so far is settled, or could not be in this time."""
        if not self._threads:
            return
        reached: Future[None] = Future()
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
            first = self._wishes.get()
            with self._granting:
                together: dict[tuple[str, str], list[_Wish]] = defaultdict(list)
                for wish in [first, *_waiting(self._wishes)]:
                    together[wish.hold.user_id, wish.hold.month].append(wish)
                    self._wishes.task_done()
                for wishes in together.values():
                    self._grant(wishes)

    def _grant(self, wishes: list[_Wish]) -> None:
        try:
            user = self._allowed(wishes[0].hold.user_id)
            if on_trial := [wish for wish in wishes if self._is_on_trial(wish.hold, user)]:
                for wish in on_trial:
                    wish.granted.set_result(user)
                wishes = [wish for wish in wishes if wish not in on_trial]
                if not wishes:
                    return
            lasts_s = max(wish.lasts_s for wish in wishes)
            priced = user.quota.usd is None or all(wish.hold.usd is not None for wish in wishes)
            if priced and self._ledger.hold_all([wish.hold for wish in wishes], user.quota, lasts_s):
                for wish in wishes:
                    wish.granted.set_result(None)
                return
        except Exception as failed:  # noqa: BLE001 - whatever it is, the threads that wait for a hold are told
            for wish in wishes:
                self._refuse(wish, failed)
            return
        for wish in wishes:
            wish.granted.set_result(user)

    def _is_on_trial(self, hold: Hold, user: User) -> bool:
        limited = limits_for(user.quota, hold.model, hold.usd) != UsageQuota()
        return limited and self._ledger.bounds.of(hold.model).is_on_trial

    def _grant_alone(self, hold: Hold, lasts_s: float, user: User, closing: threading.Event) -> None:
        """In the thread that waits for it, so that nobody else does."""
        if hold.usd is None and user.quota.usd is not None:
            raise PriceUnknown(price_unknown(hold.model))
        try:
            if self._is_on_trial(hold, user) and self._grant_on_trial(hold, lasts_s, closing):
                return
            user = self._allowed(hold.user_id)
            try:
                self._ledger.hold(hold, user.quota, lasts_s)
            except QuotaExceeded:
                self.flush()  # a call that is just over may still be held in full
                self._ledger.hold(hold, user.quota, lasts_s)
        except DatabaseFailed:
            self._give_back(hold)
            raise

    def _grant_on_trial(self, hold: Hold, lasts_s: float, closing: threading.Event) -> bool:
        """Waits until no other call on trial of the user's is under way; False where the model is known by then."""
        with self._starting:
            turn = self._turns.setdefault(hold.user_id, threading.Lock())
        with turn:  # one of this process asks the database; the others wait for it
            while self._is_on_trial(hold, user := self._allowed(hold.user_id)):
                self.flush()
                if self._ledger.hold_on_trial(hold, user.quota, lasts_s):
                    return True
                if closing.wait(TRIAL_LOOK_S):
                    raise Interrupted("Semblance is shutting down; this goes on when it is back.")
        return False

    def _allowed(self, user_id: str) -> User:
        user = self._account(user_id)
        if user.disabled:
            raise AccessDenied("This account is disabled.")
        return user

    def _refuse(self, wish: _Wish, failed: Exception) -> None:
        if isinstance(failed, DatabaseFailed):
            self._give_back(wish.hold)
        wish.granted.set_exception(failed)

    def _settle_forever(self) -> None:
        while True:
            first = self._done.get()
            self._hurry.wait(SETTLE_TOGETHER_S)
            batch = [first, *_waiting(self._done)]
            settlements = [item for item in batch if not isinstance(item, Future)]
            try:
                self._settle_all(settlements)
            except Exception:  # a thread's boundary: without it nothing would ever be settled again
                log.exception("%d calls could not be settled together", len(settlements))
                self._settle_each(settlements)
            for item in batch:
                if isinstance(item, Future):
                    item.set_result(None)

    def _settle_each(self, settlements: list["_Settlement"]) -> None:
        """One that cannot be settled must not take the others with it; the sweeper charges what it held."""
        for one in settlements:
            try:
                self._settle_all([one])
            except DatabaseFailed as failed:
                log.warning("%d calls could not be settled: %s", len(settlements), failed)
                return
            except Exception:  # the same boundary, for the one that stood in the way of the others
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
    """What waits there now, as far as it goes into one write."""
    found: list[Item] = []
    with suppress(queue.Empty):
        while len(found) < MOST_AT_ONCE:
            found.append(items.get_nowait())
    return found
