"""Refuses work of an account whose quota, model or price does not allow it."""

from datetime import datetime

from semblance_core.domain.accounts.account import User
from semblance_core.domain.errors import InvalidInput, PriceUnknown, price_unknown
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import limits_for
from semblance_core.domain.usage.price import least_usd
from semblance_core.llm.gateway import Gateway
from semblance_core.store.usage.ledger import Ledger


def check_quota(owner: User, model: str, ledger: Ledger, gateway: Gateway, at: datetime) -> None:
    """Refuses work whose calls could only fail.

    Args:
        owner: the account that pays.
        model: the model that is asked.

    Raises:
        InvalidInput: the model is not allowed.
        QuotaExceeded: nothing of the owner's quota is left.
        PriceUnknown: the quota is in US dollars and the model has no price.
    """
    if why := gateway.refusal(model):
        raise InvalidInput(why)
    price = gateway.prices.price_of(model, at)
    quota = limits_for(owner.quota, model, least_usd(price))
    ledger.check_left(owner.id, quota, month_of(at))
    if quota.usd is not None and price is None:
        raise PriceUnknown(price_unknown(model))
