"""Lets sessions go on that were paused for their owner's quota, once it has room: raised, a new month, or holds that ended."""

from collections.abc import Callable
from datetime import datetime

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.people import User
from semblance_core.domain.price import ModelPrice, least_usd
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, limits_for
from semblance_core.flows.reprice import PriceOf
from semblance_core.store.failures import one_by_one
from semblance_core.store.store import Store


def has_room(group: FocusGroup, owner: User, status: QuotaStatus, price: ModelPrice | None) -> bool:
    """Whether the call that did not fit fits now, and the owner may make calls at all."""
    quota = limits_for(status.quota, group.model, least_usd(price))
    if owner.disabled or (quota.usd is not None and group.needs_usd is None and price is None):
        return False
    usd_left = None if quota.usd is None else quota.usd - status.spent_usd - status.held_usd
    tokens_left = None if quota.tokens is None else quota.tokens - status.spent_tokens - status.held_tokens
    usd_fits = usd_left is None or (usd_left > 0 and usd_left >= (group.needs_usd or 0))
    return usd_fits and (tokens_left is None or (tokens_left > 0 and tokens_left >= group.needs_tokens))


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

    one_by_one(store.focus_groups.waiting(), look_at, "Letting a session go on")
    return resumed
