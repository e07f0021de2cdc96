"""Words for a provider's failure: a sentence of ours for each kind, never what the provider itself sent.

An answer may come from any server at a provider's address, and may hold any text.
"""

import re

CALL_FAILED = "The model call failed"
SENTENCES = (
    "The provider could not be reached",
    "The provider's content policy refused this request",
    "The provider did not accept the API key",
    "The API key may not use this model",
    "The provider does not know this model",
    "The provider's rate limit is reached",
    "The prompt is too long for this model",
    "The provider refused the request",
    "The model did not answer in time",
    "The provider's response could not be read",
    "The connection broke during the answer",
    "The connection to the provider failed",
    "The provider is overloaded",
    "The provider failed",
    "The model's answer held no choices",
    CALL_FAILED,
)
_WITH_MORE = re.compile(rf"({'|'.join(map(re.escape, SENTENCES))})(, and asks to wait [0-9]+ s)?(?:: .*)", re.DOTALL)


def in_our_words(text: str) -> str:
    """The text without what a provider said, which stood behind our own words in what earlier versions stored.

    >>> in_our_words("The provider failed: INTERNAL-SERVICE-BANNER secret=hunter2")
    'The provider failed.'
    >>> in_our_words("The provider's rate limit is reached, and asks to wait 20 s: Slow down: please.")
    "The provider's rate limit is reached, and asks to wait 20 s."
    >>> in_our_words("This session has ended.")
    'This session has ended.'
    """
    found = _WITH_MORE.fullmatch(text)
    return f"{found[1]}{found[2] or ''}." if found else text
