"""Measures of turns: how long they are, how often they name a peer and how often they ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from semblance_core.analysis.names import mentions
from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.text import normalised
from semblance_core.domain.discussion.message import Message, MessageStatus

SHORT_TURN_WORDS = 25
HUMAN_SHARE_SHORT = 0.34
"""Share of turns under 25 words in human focus groups (measures.md, "talk texture"; UCL 2026)."""
HUMAN_SHARE_NAMING_PEER = 0.08
"""Share of turns that name another participant in human focus groups (same source)."""
HUMAN_SHARE_ASKING = 0.21
"""Share of turns that ask something in human focus groups (same source)."""


@dataclass(frozen=True, slots=True)
class Texture:
    """turns: participants' messages counted. median_words: words a turn. The shares are of turns, 0–1; all 0 at 0 turns."""

    turns: int
    median_words: float
    share_short: float
    share_naming_peer: float
    share_asking: float


def texture(messages: Sequence[Message], names: Sequence[str]) -> Texture:
    """Measures the turns of participants; the moderator's and unsaid messages do not count.

    Formulas (measures.md, "talk texture"): share of turns with fewer than 25 words; that name a peer (the full or first
    name of another of `names` as a word); that ask (hold a question mark: ?, ？ or ؟). Human: .34, .08, .21.

    Args:
        messages: the transcript.
        names: of all participants.

    Returns:
        Counts and shares, all 0 where no turn was said.
    """
    said = [message for message in messages if message.role == "persona" and message.status is MessageStatus.SAID]
    if not said:
        return Texture(0, 0.0, 0.0, 0.0, 0.0)
    lengths = [word_count(message.text) for message in said]
    return Texture(
        turns=len(said),
        median_words=float(median(lengths)),
        share_short=sum(length < SHORT_TURN_WORDS for length in lengths) / len(said),
        share_naming_peer=sum(_names_peer(message, names) for message in said) / len(said),
        share_asking=sum(any(mark in message.text for mark in "?？؟") for message in said) / len(said),
    )


def _names_peer(message: Message, names: Sequence[str]) -> bool:
    """A first name that several have names one of them."""
    own = normalised(message.speaker)
    named = [normalised(names[index]) for index in mentions(message.text, names)]
    if named:
        return any(name != own for name in named)
    return any(mentions(message.text, [name]) for name in names if normalised(name) != own)
