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


@dataclass(frozen=True, slots=True)
class TurnForm:
    """One turn as the texture counts it. words: how many; names_peer: it names another participant; asks: it holds a question mark."""

    words: int
    names_peer: bool
    asks: bool


def turn_form(message: Message, names: Sequence[str]) -> TurnForm:
    """Reads one turn. names: of all participants."""
    asks = any(mark in message.text for mark in "?？؟")
    return TurnForm(word_count(message.text), _names_peer(message, names), asks)


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
    return texture_of([turn_form(message, names) for message in said])


def texture_of(turns: Sequence[TurnForm]) -> Texture:
    """The same of turns that were read before."""
    if not turns:
        return Texture(0, 0.0, 0.0, 0.0, 0.0)
    return Texture(
        turns=len(turns),
        median_words=float(median(turn.words for turn in turns)),
        share_short=sum(turn.words < SHORT_TURN_WORDS for turn in turns) / len(turns),
        share_naming_peer=sum(turn.names_peer for turn in turns) / len(turns),
        share_asking=sum(turn.asks for turn in turns) / len(turns),
    )


def _names_peer(message: Message, names: Sequence[str]) -> bool:
    """A first name that several have names one of them."""
    own = normalised(message.speaker)
    named = [normalised(names[index]) for index in mentions(message.text, names)]
    if named:
        return any(name != own for name in named)
    return any(mentions(message.text, [name]) for name in names if normalised(name) != own)
