"""Computes costs anew after a price was corrected: in events, rollups, budgets and messages alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.price import ModelPrice
from semblance_core.domain.usage import UsageEvent
from semblance_core.store.usage import UsageRecords

PriceOf = Callable[[str, datetime], ModelPrice | None]


@dataclass(frozen=True, slots=True)
class Repriced:
    """What a correction moves for one user and model. before_usd leaves out calls whose cost was unknown (was_unknown)."""

    user_id: str
    model: str
    calls: int = 0
    was_unknown: int = 0
    before_usd: Decimal = Decimal(0)
    after_usd: Decimal = Decimal(0)

    @property
    def difference_usd(self) -> Decimal:
        return self.after_usd - self.before_usd


def reprice(
    usage: UsageRecords,
    price_of: PriceOf,
    *,
    since: datetime,
    until: datetime | None = None,
    model: str | None = None,
    dry_run: bool = False,
) -> list[Repriced]:
    """Gives every call since then the cost that the price valid at its time makes; calls without a price keep theirs.

    Returns what changed, by user and model; doing it again changes nothing. dry_run: only says what would change.
    """
    changed: dict[tuple[str, str], Repriced] = {}
    for batch in usage.batches(since=since, until=until, model=model):
        moved = [(event, corrected) for event in batch if (corrected := _corrected(event, price_of)) != event]
        if moved and not dry_run:
            usage.amend([before for before, _ in moved], [after for _, after in moved])
        for before, after in moved:
            key = (before.user_id, before.model)
            changed[key] = _added(changed.get(key, Repriced(*key)), before, after)
    return [changed[key] for key in sorted(changed)]


def _corrected(event: UsageEvent, price_of: PriceOf) -> UsageEvent:
    price = price_of(event.model, event.at) if event.tokens.total else None
    return replace(event, cost_usd=price.cost_usd(event.tokens)) if price else event


def _added(so_far: Repriced, before: UsageEvent, after: UsageEvent) -> Repriced:
    return replace(
        so_far,
        calls=so_far.calls + 1,
        was_unknown=so_far.was_unknown + (before.cost_usd is None),
        before_usd=so_far.before_usd + (before.cost_usd or 0),
        after_usd=so_far.after_usd + (after.cost_usd or 0),
    )
