"""Upper bounds for the tokens of a text, in any script, without a tokeniser. Pure.

Tokenisers are made for English: an older one (cl100k) makes one token of four English letters, and two of one Georgian letter. The
cost of a character follows from its first byte in UTF-8, or its first two where scripts share the first; measured on talk and
names in fifty languages.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from semblance_core.analysis.sentences import whole_sentences

SHARE = 70
"""Weights are whole numbers of this part of a token, so that those of parts add up to that of the whole."""
ASCII = 20
"""3.5 characters a token."""
USUAL_ASCII = 16.6
"""4.2 characters a token: prompts and talk in English with cl100k."""
TOKENS_A_WORD = 1.35


def _leads() -> dict[int, int]:
    """Weight of a character by its first byte."""
    by_lead = {
        (0xC2, 0xC2): 1.0,  # signs of Latin scripts
        (0xC3, 0xCD): 1.7,  # Latin letters beyond ASCII, marks
        (0xCE, 0xCF): 1.15,  # Greek
        (0xD0, 0xD1): 0.7,  # Cyrillic
        (0xD2, 0xD3): 2.0,
        (0xD4, 0xD5): 2.25,  # Armenian
        (0xD6, 0xD7): 1.2,  # Hebrew
        (0xD8, 0xD9): 0.95,  # Arabic
        (0xDA, 0xDB): 1.8,  # what Persian and Urdu add to it
        (0xDC, 0xDF): 2.0,
        (0xE0, 0xE1): 2.3,  # South and South-East Asia, the Caucasus, Ethiopia; see `_PAIRS`
        (0xE2, 0xE2): 1.3,  # signs
        (0xE3, 0xE3): 1.15,  # kana
        (0xE4, 0xE9): 1.5,  # Han
        (0xEA, 0xED): 1.35,  # Hangul
        (0xEE, 0xEF): 1.3,  # full-width signs
        (0xF0, 0xF4): 3.5,  # emoji, rare signs
    }
    return {lead: round(tokens * SHARE) for (first, last), tokens in by_lead.items() for lead in range(first, last + 1)}


_LEADS = _leads()
_PAIRS = {
    bytes((lead, second)): round(tokens * SHARE)
    for lead, seconds, tokens in (
        *(
            (0xE0, (0xA4, 0xA5), 1.25),
            (0xE0, (0xA6, 0xA7), 1.5),
            (0xE0, (0xA8, 0xAB), 2.0),
        ),  # Devanagari, Bengali, Gujarati
        *((0xE0, (0xAC, 0xAD), 2.95), (0xE0, (0xAE, 0xAF), 1.6), (0xE0, (0xB0, 0xB5), 2.0)),  # Odia, Tamil, Telugu …
        *((0xE0, (0xB8, 0xB9), 1.1), (0xE1, (0x88, 0x8F), 2.95), (0xE1, (0x9E, 0x9F), 1.8)),  # Thai, Ethiopic, Khmer
        (0xE1, (0xB8, 0xBB), 1.7),  # Vietnamese
    )
    for second in range(seconds[0], seconds[1] + 1)
}
_SHARED = frozenset(pair[0] for pair in _PAIRS)


def weight(text: str) -> int:
    """Returns the tokens of a text in parts of `SHARE` a token; weights of parts add up to the whole's."""
    if text.isascii():
        return len(text) * ASCII
    data = text.encode("utf-8", "replace")
    total, beyond = 0, 0
    for lead in set(data):
        if lead >= 0xC2:
            count = data.count(lead)
            total += count * _LEADS.get(lead, ASCII)
            beyond += count * (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4)
    for pair, tokens in _PAIRS.items() if _SHARED & set(data) else ():
        total += data.count(pair) * (tokens - _LEADS[pair[0]])
    return total + (len(data) - beyond) * ASCII


def tokens_of(weight: int, words: int) -> int:
    """Returns the tokens of a text of that weight and so many words."""
    return max(-(-weight // SHARE), math.ceil(words * TOKENS_A_WORD))


def tokens_at_most(text: str) -> int:
    """Returns estimated tokens, rather too many than too few: by the script's characters and by words·1.35, the larger.

    In Latin scripts a character of ASCII is taken for 1/3.5 token, which is much for English, and up to a quarter too little for
    languages like Finnish or Zulu with a tokeniser of 2023.

    >>> tokens_at_most("I would not pay that much for it."), tokens_at_most("")
    (11, 0)
    """
    return tokens_of(weight(text), len(text.split()))


def tokens_usually(text: str) -> int:
    """Returns the tokens that a text usually has, as likely too few as too many: for estimates, and never for a bound.

    >>> tokens_usually("I would not pay that much for it."), tokens_usually("")
    (8, 0)
    """
    ascii_signs = sum(char.isascii() for char in text)
    return round((weight(text) - ascii_signs * (ASCII - USUAL_ASCII)) / SHARE)


def within(text: str, budget_tokens: int) -> str:
    """Returns the text's beginning, estimated at no more than so many tokens."""
    while text and (size := tokens_at_most(text)) > budget_tokens:
        text = text[: min(len(text) - 1, int(len(text) * budget_tokens / size))].rstrip()
    return text


def whole_within(text: str, budget_tokens: int) -> str:
    """Returns the text, or where it is estimated at more than so many tokens, the whole sentences of its beginning.

    >>> whole_within("I called. They sent me from one desk to the other.", 8)
    'I called.'
    """
    cut = within(text, budget_tokens)
    return text if cut == text else whole_sentences(cut)


def shares(sizes: Sequence[int], budget: int) -> list[int]:
    """Divides the budget: small parts get all they need, the others share the rest evenly.

    >>> shares([100, 5_000, 9_000], 1_000), shares([10, 20], 1_000)
    ([100, 450, 450], [10, 20])
    """
    rooms = [0] * len(sizes)
    left = budget
    for place, index in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        rooms[index] = min(sizes[index], left // (len(sizes) - place))
        left -= rooms[index]
    return rooms


@lru_cache(maxsize=1024)
def tokens_a_character(text: str) -> float:
    """Returns the mean tokens a character of a text."""
    return weight(text) / SHARE / len(text) if text else 0.0
