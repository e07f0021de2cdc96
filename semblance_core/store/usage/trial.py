"""Conditions on a budget under which another call to a model on trial may begin.

Nearly always once the one before is settled. One that takes long, and may hang, does not keep the others for ever: beside it goes what
fits into the quota even if all calls on trial used as much as their models can answer at most, whatever bound they were given.
"""

from semblance_core.domain.usage.events import UsageQuota, to_nano_usd
from semblance_core.store.server.document import Document
from semblance_core.store.usage.holds import Hold

LONG_S = 15
_HOLDS: Document = {"$map": {"input": {"$objectToArray": {"$ifNull": ["$holds", {}]}}, "in": "$$this.v"}}
_ON_TRIAL: Document = {"$filter": {"input": _HOLDS, "cond": "$$this.on_trial"}}
_IS_RECENT: Document = {"$gt": [{"$add": ["$$this.taken_at", LONG_S * 1000]}, "$$NOW"]}
NONE_ON_TRIAL: Document = {"$eq": [{"$size": _ON_TRIAL}, 0]}


def entry_of(hold: Hold) -> Document:
    """Returns the further fields of a hold on trial: the use beyond it that its call may have."""
    usd = None if hold.usd is None or hold.at_limit_usd is None else hold.at_limit_usd - hold.usd
    return {
        "on_trial": True,
        "excess_nano_usd": 0 if usd is None else max(0, to_nano_usd(usd)),
        "excess_tokens": max(0, hold.at_limit_tokens - hold.tokens.total),
    }


def may_begin(hold: Hold, limits: UsageQuota) -> Document:
    """Returns the condition that a call on trial may begin beside those under way; its own fit is another condition."""
    own = entry_of(hold)
    room: list[Document] = []
    if limits.usd is not None and hold.usd is not None:
        nano = to_nano_usd(hold.usd) + own["excess_nano_usd"]
        room.append(_fits(["$spent_nano_usd", "$reserved_nano_usd"], "excess_nano_usd", nano, to_nano_usd(limits.usd)))
    if limits.tokens is not None:
        tokens = hold.limits_tokens + own["excess_tokens"]
        room.append(_fits(["$spent_tokens", "$reserved_tokens"], "excess_tokens", tokens, limits.tokens))
    others_take_long = {"$not": {"$anyElementTrue": [{"$map": {"input": _ON_TRIAL, "in": _IS_RECENT}}]}}
    return {"$or": [NONE_ON_TRIAL, {"$and": [others_take_long, *room]}]}


def _fits(used: list[str], excess: str, amount: int, limit: int) -> Document:
    beyond: Document = {"$sum": {"$map": {"input": _ON_TRIAL, "in": f"$$this.{excess}"}}}
    return {"$lte": [{"$add": [*used, beyond, amount]}, limit]}
