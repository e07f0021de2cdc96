"""Facts of a served call that bear on its price: the model, the service tier, tokens written to a cache."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Served:
    """Facts that a provider reports of a call besides its tokens.

    model: that answered, as the provider names it, where that is not the name that was asked for. tier: the service tier, empty for
    the usual one. written: prompt tokens that were written to the provider's cache; written_hour: those of them that stay for an hour.
    cost_usd: the cost that the provider itself reports. at_most: the way it was served is unknown, so it counts as the dearest one.
    """

    model: str = ""
    tier: str = ""
    written: int = 0
    written_hour: int = 0
    cost_usd: Decimal | None = None
    at_most: bool = False


STANDARD = Served()
UNKNOWN = Served(at_most=True)
_USUAL = frozenset(
    ("", "default", "standard", "auto", "on_demand", "ondemand", "none", "null", "provisioned_throughput")
)


def service_tier(said: str) -> str:
    """A service tier by the name that prices are kept under; empty for the usual one.

    >>> [service_tier(said) for said in ("default", "Priority", "ON_DEMAND_FLEX", "batch", "scale")]
    ['', 'priority', 'flex', 'batches', 'scale']
    """
    plain = said.strip().lower().replace("-", "_").replace(" ", "_").removeprefix("service_tier_")
    if plain in _USUAL:
        return ""
    plain = plain.removeprefix("on_demand_").removeprefix("traffic_type_")
    return "batches" if plain == "batch" else plain[:40]
