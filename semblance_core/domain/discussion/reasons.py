"""Reasons why an autonomous discussion is not running any more, and their words."""

from semblance_core.domain.provider_words import in_our_words

REASONS = {
    "guide_covered": "Every question of the guide was discussed.",
    "turn_limit": "The turn limit was reached.",
    "budget": "Paused until the usage quota has room; it then goes on by itself within seconds.",
    "no_price": "Paused because its model has no price; it goes on by itself once an administrator sets one.",
    "out_of_quota": "The usage quota was used up.",
    "discussed": "They have discussed it. It is your turn.",
    "paused": "Paused by a person.",
    "stopped": "Stopped by a person.",
    "ended_by_user": "Ended by a person.",
    "no_new_codes": "Two exchanges in a row brought nothing new.",
    "goodbyes": "The participants said thanks and goodbye.",
    "repetition": "The participants began to repeat themselves.",
    "model_failed": "The model failed.",
    "failed": "Something went wrong.",
}
"""Reasons for which an autonomous discussion stopped, by stored code."""
WAITING = ("budget", "no_price")
"""Reasons that pass: the discussion then goes on by itself."""
AS_ASKED = ("discussed",)
"""Reasons with which nothing is paused: it is the moderator's turn, as was asked for."""
BY_PERSON = ("discussed", "paused", "stopped", "ended_by_user")
"""Reasons that a person gave, or waits for with the session open, who knows of them."""
FINAL = ("ended_by_user",)
"""Reasons for which a session takes no question until a person opens it again."""


def reason_words(reason: str, detail: str) -> str:
    """Returns why a session is not running, as a sentence; empty while it is.

    >>> reason_words("paused", "")
    'Paused by a person.'
    """
    return f"{REASONS.get(reason, '')} {in_our_words(detail)}".strip()


RECORDED = "recorded language model"
"""Stands as the model of messages and themes that a recording brought."""
RECORDING_WORDS = "Recorded with a language model. The people are synthetic, and token counts are estimated."
