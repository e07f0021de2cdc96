"""Lets sessions go on that were paused for their owner's quota, once it has room: raised, a new month, or holds that ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.accounts.account import User
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import QuotaStatus, limits_for, quota_left
from semblance_core.domain.usage.price import ModelPrice, least_usd
from semblance_core.flows.costs.reprice import PriceOf
from semblance_core.store.server.failures import one_by_one
from semblance_core.store.store import Store


def has_room(group: FocusGroup, owner: User, status: QuotaStatus, price: ModelPrice | None) -> bool:
    """Returns whether the call that did not fit fits now, and the owner may make calls at all."""
    quota = limits_for(status.quota, group.model, least_usd(price))
    if owner.disabled or (quota.usd is not None and group.needs_usd is None and price is None):
        return False
    left = quota_left(replace(status, quota=quota))
    is_used_up = (left.usd is not None and left.usd <= 0) or (left.tokens is not None and left.tokens <= 0)
    return not is_used_up and left.holds(group.needs_usd or Decimal(0), group.needs_tokens)


def resume_paused(store: Store, price_of: PriceOf, clock: Callable[[], datetime]) -> list[str]:
    """Starts again whatever waits for a quota that has room now; returns the ids of those sessions."""
    resumed: list[str] = []
    now = clock()

    def look_at(group: FocusGroup) -> None:
        owner = store.users.find(group.owner_id)
        if owner is None:
            return
        status = store.ledger.status(owner.id, owner.quota, month_of(now))
        if has_room(group, owner, status, price_of(group.model, now)) and store.focus_groups.start(group, now):
            resumed.append(group.id)

    one_by_one(store.session_lists.waiting(), look_at, "Letting a session go on")
    return resumed
