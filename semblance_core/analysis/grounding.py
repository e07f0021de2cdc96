"""Checks that a quote really stands in the message it cites: the gate that every verbatim passes before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from semblance_core.analysis.alike import same_name
from semblance_core.analysis.boundaries import in_word, is_boundary
from semblance_core.analysis.text import aligned, normalised
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Verbatim


def is_grounded(verbatim: Verbatim, messages: Mapping[int, Message]) -> bool:
    """Returns whether a participant said the cited message, is the speaker named, and the quote stands in it.

    Formula (measures.md, "quote grounding"): the quote is a normalised substring of the cited message, and the speaker
    matches. Quotation marks around the quote are left out of it. It has to begin and end at word boundaries, so that
    "I can" is not found in "I can't" nor "5" in "5.99"; in scripts without spaces, between two letters that are not part of
    one another. An ellipsis stands for itself and never for words left out.

    Args:
        verbatim: quote, speaker and number of the message.
        messages: messages by number (`seq`).
    """
    return _span(verbatim, messages) is not None


def exact_quote(verbatim: Verbatim, messages: Mapping[int, Message]) -> Verbatim:
    """Returns the same verbatim with quote and speaker as the message spells them, character for character.

    Raises:
        InvalidInput: the verbatim is not grounded.
    """
    span = _span(verbatim, messages)
    if span is None:
        raise InvalidInput(f"Message {verbatim.seq} does not hold this quote of {verbatim.speaker}.")
    message = messages[verbatim.seq]
    return replace(verbatim, speaker=message.speaker, quote=message.text[span[0] : span[1]])


def _span(verbatim: Verbatim, messages: Mapping[int, Message]) -> tuple[int, int] | None:
    """Returns the quote's place in the message's text: [start, end), or None."""
    message = messages.get(verbatim.seq)
    if message is None or message.role != "persona" or message.status is not MessageStatus.SAID:
        return None
    if not same_name(verbatim.speaker, message.speaker):
        return None
    quote = normalised(verbatim.quote).strip("\"' 「」『』〈〉《》")
    if not any(in_word(char) for char in quote):
        return None  # an empty quote is a substring of everything and would count as grounded
    text, spans = _spelled(message.text)
    at = text.find(quote)
    while at >= 0:
        end = at + len(quote)
        if all(is_boundary(text, edge) and not _inside_one(spans, edge) for edge in (at, end)):
            return spans[at][0], spans[end - 1][1]
        at = text.find(quote, at + 1)
    return None


@lru_cache(maxsize=128)
def _spelled(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Returns the message in its normal form and each character's span in the original; cached, as most hold several quotes."""
    characters = aligned(text)
    return "".join(char for char, _, _ in characters), tuple((start, end) for _, start, end in characters)


def _inside_one(spans: Sequence[tuple[int, int]], edge: int) -> bool:
    """Returns whether the edge cuts one original character in two, as "1" would "½"."""
    return 0 < edge < len(spans) and spans[edge - 1] == spans[edge]
