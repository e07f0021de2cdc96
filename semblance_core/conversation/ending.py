"""Detects that an autonomous discussion has nothing left to say: goodbyes, repetition, no new codes.

These are three of the reasons in measures.md, "When an autonomous session ends"; the flow handles guide, turn limit, budget and
the stop button. `turn_policy` decides what follows from a reason: repetition leads to the next question first.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.text import STOP_WORDS, content_stems, words
from semblance_core.domain.errors import InvalidInput

NEAR_DUPLICATE = 0.9
"""Cosine from which a turn counts as said before."""
FEWEST_WORDS_REPEATED = 6
"""Words of the shortest turn that can count as said before: shorter ones, such as "I agree", recur in any talk."""
REMEMBERED_TURNS = 12
SMALLEST_EXCHANGE = 4
LONGEST_GOODBYE_WORDS = 40

_PARTING = frozenset(words("thanks thank thankyou thx cheers bye goodbye byebye farewell goodnight ciao"))
_PARTING_PAIRS = frozenset({("take", "care"), ("see", "you"), ("see", "ya"), ("good", "night"), ("so", "long")})
_COURTESY = frozenset(
    words(
        "absolutely appreciate appreciated appreciating best care chat chatted chatting conversation day discussing "
        "discussion enjoy enjoyed enjoying evening everybody everybody's everyone's feedback folks friends fun glad "
        "good grateful great group guys happy hear hearing hope input insight insights interesting invite inviting "
        "join joining later likewise listening lovely luck many meet meeting moderator morning next nice night "
        "opinions perspectives pleasure points rest safe session share shared sharing soon speak super talk talked "
        "talking team ten thank thoughts time today tomorrow tonight valuable views week weekend welcome wishes "
        "wonderful ya yall y'all"
    )
)
_NEGATIONS = frozenset(words("no not never nothing nobody without cannot"))


def is_goodbye(text: str) -> bool:
    """Returns whether a turn is only thanks or goodbye: short, a word of parting, no question, refusal or content besides.

    Up to two words besides may stand in it if they are capitalised, as names are. English only.

    >>> is_goodbye("Thanks, Maya! Lovely talking to you all, bye."), is_goodbye("Thanks, but I'd rather pay less.")
    (True, False)
    """
    tokens = words(text)
    if not tokens or len(tokens) > LONGEST_GOODBYE_WORDS or "?" in text:
        return False
    pairs = set(pairwise(tokens))
    if ("care", "of") in pairs or any(token in _NEGATIONS or token.endswith("n't") for token in tokens):
        return False
    if not _PARTING.intersection(tokens) and not _PARTING_PAIRS.intersection(pairs):
        return False
    known = STOP_WORDS | _COURTESY | _PARTING
    unknown = [token for token in tokens if token not in known and token.removesuffix("'s") not in known]
    return len(unknown) <= 2 and all(_is_a_name_in(token, text) for token in unknown)


def cosine(a: str, b: str) -> float:
    """Returns the cosine, 0–1, of the two texts' counts of words, bigrams and trigrams; 0 where one has no word.

    Word pairs and triples count, so that the same words in another order are no duplicate.

    >>> [round(cosine("I like the price", other), 2) for other in ("i like the price!", "the price like I")]
    [1.0, 0.56]
    """
    left, right = _grams(a), _grams(b)
    norm = left.norm * right.norm
    shared = left.counts.keys() & right.counts.keys()
    return min(1.0, sum(left.counts[gram] * right.counts[gram] for gram in shared) / norm) if norm else 0.0


def ending_reason(texts: Sequence[str], participants: int, on_last_question: bool) -> str | None:
    """Returns why the discussion should not go on as it does.

    - `goodbyes`: the last two are only thanks or goodbye.
    - `repetition`: each of the last two has at least 6 words and a cosine ≥ .9 with an earlier one of the last 12.
    - `no_new_codes`: on the last question, with more than two exchanges, neither of the last two exchanges has a
      content stem that did not occur earlier in `texts`.

    Args:
        texts: the latest answers to the question under discussion, oldest first, up to ten exchanges.
        participants: their number, from 1 on; an exchange is as many messages, at least 4.
        on_last_question: whether the guide has no further question.

    Returns:
        A key of `REASONS`, or None while the discussion should go on.

    Raises:
        InvalidInput: there is no participant.
    """
    if participants < 1:
        raise InvalidInput("A discussion needs at least one participant.")
    if len(texts) >= 2 and all(is_goodbye(text) for text in texts[-2:]):
        return "goodbyes"
    recent = texts[-REMEMBERED_TURNS:]
    if len(recent) > 2 and all(_was_said(recent[at], recent[:at]) for at in (len(recent) - 2, len(recent) - 1)):
        return "repetition"
    exchange = max(participants, SMALLEST_EXCHANGE)
    if on_last_question and len(texts) > 2 * exchange and _adds_nothing(texts[-2 * exchange :], texts[: -2 * exchange]):
        return "no_new_codes"
    return None


def _adds_nothing(late: Sequence[str], early: Sequence[str]) -> bool:
    """Over both exchanges at once: what the first adds nothing to, the second is measured against."""
    known = frozenset[str]().union(*map(content_stems, early))
    return all(content_stems(text) <= known for text in late)


def _was_said(text: str, earlier: Sequence[str]) -> bool:
    """Returns whether the text repeats an earlier one; a few words ("Same here.") may come again."""
    is_short = word_count(text) < FEWEST_WORDS_REPEATED
    return not is_short and any(cosine(text, other) >= NEAR_DUPLICATE for other in earlier)


class _Grams(NamedTuple):
    counts: dict[str, int]
    norm: float


@lru_cache(maxsize=512)
def _grams(text: str) -> _Grams:
    """Kept for the texts seen last: each turn compares with those of the last dozen."""
    tokens = words(text)
    # Joined, because a text keeps its hash, which a tuple computes anew each time it is looked up.
    counts = dict(Counter(" ".join(tokens[at : at + n]) for n in (1, 2, 3) for at in range(len(tokens) - n + 1)))
    return _Grams(counts, math.sqrt(sum(n * n for n in counts.values())))


def _is_a_name_in(token: str, text: str) -> bool:
    return token.removesuffix("'s").capitalize() in text
