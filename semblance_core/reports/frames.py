"""Usage as pandas frames, for charts and tables."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.price import ALWAYS, ListedPrice
from semblance_core.reports.exports import as_number

if TYPE_CHECKING:
    from pandas import DataFrame

FEATURES = {
    "reply": "Replies",
    "moderate": "Moderator",
    "suggest": "Suggested follow-ups",
    "describe_picture": "Pictures in words",
    "recruit_sketch": "Recruiting: sketches",
    "recruit_persona": "Recruiting: personas",
    "summarise_window": "Running notes",
    "code_transcript": "Coding",
    "build_themes": "Themes",
    "summarise_session": "Summary",
    "check_claims": "Checks of summaries",
    "survey": "Surveys",
    "ballot": "Ballots",
    "test": "Tests of models",
}
"""Names of features for people."""


def event_table(events: Sequence[UsageEvent], name_of: Callable[[str, str | None], str]) -> "DataFrame":
    """One row a call, in the order given; an unknown cost is empty. name_of: what to call a `user` or a `project`."""
    import pandas as pd

    return pd.DataFrame(
        {
            "at": event.at,
            "user": name_of("user", event.user_id),
            "project": name_of("project", event.project_id),
            "feature": FEATURES.get(event.feature, event.feature),
            "model": event.model,
            "answered_by": event.served.model,
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
