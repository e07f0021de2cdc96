"""Forecasts of planned calls, from what like calls used before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from semblance_core.analysis.usage.forecast import PlannedCalls, forecast
from semblance_core.domain.discussion.asset import Asset, Picture, Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.flows.discussion.stimuli import as_shown
from semblance_core.llm.gateway import Gateway
from semblance_core.store.store import Store


def forecast_of(store: Store, gateway: Gateway, plan: Sequence[PlannedCalls], model: str, at: datetime) -> Estimate:
    """The use of these calls together."""
    past = store.usage.past_calls(model, [calls.feature for calls in plan])
    return forecast(plan, past, gateway.prices.price_of(model, at), model, at)


def shown_stimuli(store: Store, gateway: Gateway, group: FocusGroup, there: Sequence[Asset]) -> tuple[Stimulus, ...]:
    """These stimuli as prompts will hold them; of a picture only that it is one, which is all that an estimate counts."""
    question = group.guide.questions[0] if group.guide.questions else ""
    shown = as_shown(there, group.heard_topic, question, store.assets)
    sees = gateway.may_see(group.model)
    pictures = [Picture(b"-", asset.media_type) if asset.is_picture and sees else None for asset in there]
    return tuple(replace(each, picture=picture) for each, picture in zip(shown, pictures, strict=True))


def together(estimates: Sequence[Estimate], model: str, at: datetime) -> Estimate:
    """The sum of several estimates; its cost is unknown where one of theirs is. Its range is a little too wide."""
    return Estimate(
        model,
        _sum([each.p50_usd for each in estimates]),
        _sum([each.p90_usd for each in estimates]),
        sum(each.p50_tokens for each in estimates),
        sum(each.p90_tokens for each in estimates),
        sum(each.calls for each in estimates),
        sum(each.past_calls for each in estimates),
        at,
        _sum([each.low_usd for each in estimates]),
        sum(each.low_tokens for each in estimates),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None
