"""What a refused request says about the model: which argument it does not take, or how much it takes at once. Pure.

Every server says it in words of its own; these are the ones that were seen.
"""

import re

_ARGUMENTS = {
    "response_format": re.compile(
        r"response[_ ]?(?:format|schema|mime)|json[_ -]?(?:schema|mode|object|output|format)|structured[_ -]?output|"
        r"guided[_ -]?(?:json|decoding|grammar)|\bgrammar\b",
        re.IGNORECASE,
    ),
    "temperature": re.compile(r"\btemperature\b", re.IGNORECASE),
    "seed": re.compile(r"(?<![\w/:.-])seed(?![\w/:.-])", re.IGNORECASE),
}
_TOO_LONG = re.compile(
    r"context[_ -]?(?:length|window|size)|maximum[_ ](?:context|number of (?:input )?tokens|input length|prompt length)|"
    r"prompt (?:is|was) too long|(?:input|prompt|request)[^.]{0,40} too (?:long|many tokens)|too many (?:input )?tokens|"
    r"max_(?:model_len|seq_len|input_tokens)|exceeds? the (?:model'?s? )?(?:maximum|max|limit|available)[^.]{0,40}tokens|"
    r"(?:input|prompt) tokens? exceed|reduce the length of the (?:messages|prompt|input)|tokens? \+ .{0,20}max_new_tokens",
    re.IGNORECASE,
)
_NUMBER = r"(\d{1,3}(?:[,_]\d{3})+|\d{3,8})"
_LIMITS = (
    re.compile(
        rf"(?:context[_ -]?(?:length|window|size)|n_ctx|max_model_len|max_seq_len)\D{{0,40}}{_NUMBER}", re.IGNORECASE
    ),
    re.compile(rf"{_NUMBER}\W{{0,3}}(?:tokens?\W{{0,3}})?(?:maximum|max(?:imum)? context|context)", re.IGNORECASE),
    re.compile(
        rf"(?:maximum|limit(?:ed)?|at most|allowed|allows|up to|<=|≤|only|exceeds?)\D{{0,60}}{_NUMBER}", re.IGNORECASE
    ),
)
SMALLEST, LARGEST = 512, 20_000_000


def refused_argument(said: str) -> str:
    """The argument that a refusal (400, 422 …) is about, by its name in requests; empty where it is about something else.

    >>> refused_argument("This response_format type is unavailable now"), refused_argument("Messages must not be empty")
    ('response_format', '')
    """
    return next((name for name, pattern in _ARGUMENTS.items() if pattern.search(said)), "")


def is_too_long(said: str) -> bool:
    """Whether a refusal says that the prompt is too long for the model."""
    return bool(_TOO_LONG.search(said))


def tokens_taken(said: str) -> int | None:
    """How many tokens the model takes at once, where the refusal says so.

    >>> tokens_taken("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.")
    8192
    >>> tokens_taken("prompt is too long: 210000 tokens > 200000 maximum")
    200000
    """
    for pattern in _LIMITS:
        if found := pattern.search(said):
            tokens = int(re.sub(r"\D", "", found[1]))
            if SMALLEST <= tokens <= LARGEST:
                return tokens
    return None
