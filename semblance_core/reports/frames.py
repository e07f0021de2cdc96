"""Usage as pandas frames, for charts and tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
    """One row a value of `split`, with the sums of all counts, the dearest first."""
    frame = _frame(rows)
    if frame.empty:
        return frame
    return frame.groupby(split, as_index=False)[SUMMED].sum().sort_values(["cost_usd", "tokens"], ascending=False)


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


def _frame(rows: Sequence[dict[str, Any]]) -> "DataFrame":
    import pandas as pd

    frame = pd.DataFrame(list(rows))
    if frame.empty:
        return frame
    frame["feature"] = frame["feature"].replace(FEATURES)
    frame["tokens"] = frame["prompt_tokens"] + frame["completion_tokens"]
    frame["cost_usd"] = frame["cost_usd"].map(float)
    return frame
