"""The session as a participant knows it: the transcript, who said what last, and which words have been used."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from semblance_core.conversation.window import Line
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator.lexicon import wordset
from semblance_core.simulator.read.raised import noun_raised
from semblance_core.simulator.words import grams, plain, words_of


@dataclass(frozen=True, slots=True)
class Turn:
    seq: int
    role: str
    speaker: str
    text: str

    @property
    def first(self) -> str:
        return first_name(self.speaker)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another participant's earlier message. noun: something named in it, such as "the small print", or empty."""

    first: str
    text: str
    noun: str
    asks: bool
    feeling: float

    @property
    def opinion(self) -> bool:
        """There is something to agree or to disagree with, not a mere fact such as a date."""
        return bool(self.noun) or abs(self.feeling) > 0.3


@dataclass(frozen=True, slots=True)
class Scene:
    """turns: oldest first. answered: I have spoken since the moderator last did. spent, own_spent: runs of words that have
    been said, by anyone and by me, which a new sentence avoids."""

    turns: tuple[Turn, ...]
    mine: tuple[Turn, ...]
    peers: tuple[Peer, ...]
    answered: bool
    asked_by: Peer | None
    called: str
    spent: frozenset[tuple[str, ...]]
    own_spent: frozenset[tuple[str, ...]]


def first_name(name: str) -> str:
    parts = plain(name, 80).split()
    return parts[0].strip(".,;:!?\"'@") if parts else ""


def turns_of(lines: Sequence[Line]) -> tuple[Turn, ...]:
    """The lines of a transcript that say something."""
    return tuple(Turn(line.seq, line.role, line.speaker, line.text) for line in lines if line.text.strip())


@lru_cache(maxsize=1_024)
def feeling(text: str) -> float:
    """From -1, all negative words, to 1; 0 where there are none or they balance.

    >>> feeling("I love it, so easy."), feeling("An annoying hassle.")
    (1.0, -1.0)
    """
    words = words_of(text)
    good = sum(word in wordset("sentiment", "positive") for word in words)
    bad = sum(word in wordset("sentiment", "negative") for word in words)
    return (good - bad) / (good + bad) if good + bad else 0.0


def read_scene(asked: ReplyRequest) -> Scene:
    """The scene for the persona of a request. Peers stand newest first; in an autonomous session only the last four messages
    count as recent, in a moderated one whatever was said before the question."""
    me = asked.persona.name
    turns = turns_of(asked.lines)
    mine = tuple(turn for turn in turns if turn.role == "persona" and turn.speaker == me)
    last_moderator = max((i for i, turn in enumerate(turns) if turn.role == "moderator"), default=-1)
    since = turns[last_moderator + 1 :]
    recent = turns[-4:] if asked.autonomous else turns[-24:]
    peers = tuple(
        _peer(turn) for turn in reversed(recent) if turn.role == "persona" and turn.speaker != me and turn.first
    )
    my_first = first_name(me)
    newest = turns[-1] if turns else None
    asked_by = (
        peers[0]
        if peers and asked.autonomous and newest and newest.speaker != me and _asks(newest.text, my_first)
        else None
    )
    called = next((peer.first for peer in peers if re.search(rf"\b{re.escape(peer.first)}\b", asked.question)), "")
    return Scene(
        turns,
        mine,
        peers,
        any(turn.speaker == me for turn in since),
        asked_by,
        called,
        frozenset[tuple[str, ...]]().union(*(grams(turn.text, 3, 4) for turn in turns)),
        frozenset[tuple[str, ...]]().union(*(grams(turn.text, 3) for turn in mine)),
    )


def _peer(turn: Turn) -> Peer:
    return Peer(turn.first, turn.text, noun_raised(turn.text), "?" in turn.text[-120:], feeling(turn.text))


def _asks(text: str, name: str) -> bool:
    """The text puts a question to this name."""
    return bool(name) and any(re.search(rf"\b{re.escape(name)}\b", part) for part in re.findall(r"[^.!?]*\?", text))
