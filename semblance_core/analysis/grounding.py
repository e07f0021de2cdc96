"""Checks that a quote really stands in the message it cites: the gate that every verbatim passes before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from semblance_core.analysis.alike import same_name
from semblance_core.analysis.boundaries import cluster_edges, in_word, is_boundary
from semblance_core.analysis.text import aligned, normalised, vanishes
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Verbatim


def is_grounded(verbatim: Verbatim, messages: Mapping[int, Message]) -> bool:
    """Returns whether a participant said the cited message, is the speaker named, and the quote stands in it.

    Formula (measures.md, "quote grounding"): the quote is a normalised substring of the cited message, and the speaker
    matches. Quotation marks around the quote are left out of it. It has to begin and end at word boundaries, so that
    "I can" is not found in "I can't" nor "5" in "5.99"; in scripts without spaces, at the boundaries of grapheme clusters, between
    two letters that are not part of one another. An ellipsis stands for itself and never for words left out.

    Args:
        verbatim: quote, speaker and number of the message.
        messages: messages by number (`seq`).
    """
    return span_of(verbatim, messages) is not None


def exact_quote(verbatim: Verbatim, messages: Mapping[int, Message]) -> Verbatim:
    """Returns the same verbatim with quote and speaker as the message spells them, character for character.

    Raises:
        InvalidInput: the verbatim is not grounded.
    """
    span = span_of(verbatim, messages)
    if span is None:
        raise InvalidInput(f"Message {verbatim.seq} does not hold this quote of {verbatim.speaker}.")
    message = messages[verbatim.seq]
    return replace(verbatim, speaker=message.speaker, quote=message.text[span[0] : span[1]])


def placed_quote(quote: str, text: str) -> tuple[int, int]:
    """Returns the place of a quote in a text, [start, end), by the rules that `is_grounded` has for messages.

    Raises:
        InvalidInput: the quote does not stand in the text.

    >>> placed_quote("so  dear", "Well, it is so dear.")
    (12, 19)
    """
    if span := _place(quote, text):
        return span
    raise InvalidInput("These words do not stand in the message; copy them as they are, from whole word to whole word.")


def span_of(verbatim: Verbatim, messages: Mapping[int, Message]) -> tuple[int, int] | None:
    """Returns the quote's place in the message's text, [start, end); None where it is not grounded."""
    message = messages.get(verbatim.seq)
    if message is None or message.role != "persona" or message.status is not MessageStatus.SAID:
        return None
    if not same_name(verbatim.speaker, message.speaker):
        return None
    return _place(verbatim.quote, message.text)


def _place(words: str, whole: str) -> tuple[int, int] | None:
    quote = normalised(words).strip("\"' 「」『』〈〉《》")
    if not any(in_word(char) for char in quote):
        return None  # an empty quote is a substring of everything and would count as grounded
    text, spans, edges = _spelled(whole)
    at = text.find(quote)
    while at >= 0:
        end = at + len(quote)
        if all(is_boundary(text, edge, ends=edge == end) and not _inside_one(spans, edge) for edge in (at, end)):
            first, last = spans[at][0], spans[end - 1][1]
            if first in edges and _behind_unseen(whole, last) in edges:
                return first, last
        at = text.find(quote, at + 1)
    return None


@lru_cache(maxsize=128)
def _spelled(text: str) -> tuple[str, tuple[tuple[int, int], ...], frozenset[int]]:
    """Returns the message in its normal form, each character's span in the original, and the places where that may be cut.

    Cached, as most messages hold several quotes.
    """
    characters = aligned(text)
    normal = "".join(char for char, _, _ in characters)
    return normal, tuple((start, end) for _, start, end in characters), cluster_edges(text)


def _behind_unseen(text: str, edge: int) -> int:
    """Returns the place behind signs that nobody sees and that a quote may leave out, such as a joiner at the end of a word."""
    while edge < len(text) and vanishes(text[edge]):
        edge += 1
    return edge


def _inside_one(spans: Sequence[tuple[int, int]], edge: int) -> bool:
    """Returns whether the edge cuts one original character in two, as "1" would "½"."""
    return 0 < edge < len(spans) and spans[edge - 1] == spans[edge]
