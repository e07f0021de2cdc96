"""Computes costs anew after a price was corrected: in events, rollups, budgets and messages alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.price import ModelPrice, cost_of
from semblance_core.domain.usage.served import Served
from semblance_core.store.usage.records import UsageRecords

PriceOf = Callable[[str, datetime], ModelPrice | None]
PriceOfCall = Callable[[str, datetime, Served], ModelPrice | None]


@dataclass(frozen=True, slots=True)
class Repriced:
    """The change of one user's costs of one model by a correction.

    before_usd: without calls whose cost was unknown (was_unknown).

    in_flight: calls that were left as they are, because they are being settled at this moment; another run takes them.
    """

    user_id: str
    model: str
    calls: int = 0
    was_unknown: int = 0
    before_usd: Decimal = Decimal(0)
    after_usd: Decimal = Decimal(0)
    in_flight: int = 0

    @property
    def difference_usd(self) -> Decimal:
        return self.after_usd - self.before_usd


def reprice(
    usage: UsageRecords,
    price_of: PriceOfCall,
    *,
    since: datetime,
    until: datetime | None = None,
    models: Sequence[str] = (),
    dry_run: bool = False,
) -> list[Repriced]:
    """Gives every call since then the cost that the price valid at its time makes; calls without a price keep theirs.

    So do those whose provider said itself what they cost.

    models: only calls of these names, of all without any. Returns what changed, by user and model; doing it again changes
    nothing. dry_run: only says what would change.
    """
    changed: dict[tuple[str, str], Repriced] = {}
    for batch in usage.batches(since=since, until=until, models=models):
        moved = [(event, corrected) for event in batch if (corrected := _corrected(event, price_of)) != event]
        together = moved and (dry_run or usage.amend([old for old, _ in moved], [new for _, new in moved]))
        for before, after in moved:
            key = (before.user_id, before.model)
            so_far = changed.get(key, Repriced(*key))
            if together or usage.amend([before], [after]):
                changed[key] = _added(so_far, before, after)
            else:
                changed[key] = replace(so_far, in_flight=so_far.in_flight + 1)
    return [changed[key] for key in sorted(changed)]


def _corrected(event: UsageEvent, price_of: PriceOfCall) -> UsageEvent:
    price = price_of(event.model, event.at, event.served) if event.tokens.total else None
    return replace(event, cost_usd=cost_of(price, event.tokens, event.served)) if price else event


def _added(so_far: Repriced, before: UsageEvent, after: UsageEvent) -> Repriced:
    return replace(
        so_far,
        calls=so_far.calls + 1,
        was_unknown=so_far.was_unknown + (before.cost_usd is None),
        before_usd=so_far.before_usd + (before.cost_usd or 0),
        after_usd=so_far.after_usd + (after.cost_usd or 0),
    )
