"""Usage as pandas frames, for charts and tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from semblance_core.domain.price import ALWAYS, ListedPrice
from semblance_core.domain.usage import UsageEvent
from semblance_core.reports.exports import as_number

if TYPE_CHECKING:
    from pandas import DataFrame

SUMMED = [
    "calls",
    "failed",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "unpriced",
    "tokens",
    "cost_usd",
]


FEATURES = {
    "reply": "Replies",
    "moderate": "Moderator",
    "recruit_sketch": "Recruiting: sketches",
    "recruit_persona": "Recruiting: personas",
    "summarise_window": "Running notes",
    "code_transcript": "Coding",
    "build_themes": "Themes",
    "summarise_session": "Summary",
}
"""What a call was for, as people read it."""


def by_day(rows: Sequence[dict[str, Any]], measure: str, split: str) -> "DataFrame":
    """One row a day and value of `split`, with the sum of `measure`; columns day, split, measure."""
    frame = _frame(rows)
    return frame if frame.empty else frame.groupby(["day", split], as_index=False)[measure].sum()


def by(rows: Sequence[dict[str, Any]], split: str) -> "DataFrame":
    """One row a value of `split`, with the sums of all counts, the dearest first; a cost of which nothing is known is empty."""
    frame = _frame(rows)
    if frame.empty:
        return frame
    sums = frame.groupby(split, as_index=False)[SUMMED].sum().sort_values(["cost_usd", "tokens"], ascending=False)
    sums.loc[(sums["unpriced"] > 0) & (sums["cost_usd"] == 0), "cost_usd"] = None
    return sums


def event_table(events: Sequence[UsageEvent]) -> "DataFrame":
    """One row a call, newest first; an unknown cost is empty."""
    import pandas as pd

    return pd.DataFrame(
        {
            "at": event.at,
            "user": event.user_id,
            "feature": FEATURES.get(event.feature, event.feature),
            "model": event.model,
            "prompt": event.tokens.prompt,
            "cached": event.tokens.cached,
            "completion": event.tokens.completion,
            "reasoning": event.tokens.reasoning,
            "cost_usd": as_number(event.cost_usd),
            "latency_s": round(event.latency_s, 2),
            "status": event.status,
            "estimated": event.estimated,
            "error": event.error,
        }
        for event in events
    )


def price_table(prices: Sequence[ListedPrice]) -> "DataFrame":
    """One row a price, US dollars per million tokens."""
    import pandas as pd

    return pd.DataFrame(
        {
            "model": listed.model,
            "prompt": float(listed.price.base.prompt),
            "cached": float(listed.price.base.cached),
            "completion": float(listed.price.base.completion),
            "reasoning": float(listed.price.base.thought),
            "tiers": ", ".join(f"{tier.above:,}" for tier in listed.price.tiers),
            "valid_from": "the start" if listed.valid_from == ALWAYS else f"{listed.valid_from:%Y-%m-%d}",
            "source": listed.set_by or listed.source,
        }
        for listed in prices
    )


def _frame(rows: Sequence[dict[str, Any]]) -> "DataFrame":
    import pandas as pd

    frame = pd.DataFrame(list(rows))
    if frame.empty:
        return frame
    frame["feature"] = frame["feature"].replace(FEATURES)
    frame["tokens"] = frame["prompt_tokens"] + frame["completion_tokens"]
    frame["cost_usd"] = frame["cost_usd"].map(float)
    return frame
