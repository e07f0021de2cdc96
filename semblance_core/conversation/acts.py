"""Draws how a participant takes the next turn, before the call: how long, in which manner, whether it names or asks a peer.

A model left to itself does the same in every turn: as long as the last, naming somebody, ending on a question and a neat line. In one
recorded session 66% of turns named a peer and 45% asked something; human groups have 8% and 21% (measures.md, "Talk texture"). Human
turns are short and uneven: median about 49 words, 34% of them under 25 words (lesson 7). So all this is part of what a model is asked.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from semblance_core.conversation.addressing import REMEMBERED_TURNS, asked_in
from semblance_core.conversation.stance import may_differ
from semblance_core.conversation.window import Line
from semblance_core.domain.personas.persona import Persona


class Band(StrEnum):
    """Length of a turn, as a person can keep it."""

    FEW_WORDS = "few_words"
    SENTENCES = "sentences"
    STORY = "story"


class Manner(StrEnum):
    """The way of a turn.

    plain: an ordinary answer. own: from a moment of their own life. agrees: agrees and adds nothing. disagrees: where their view
    differs. wanders: drifts off the question. mistaken: gets a small thing wrong that was said or shown.
    """

    PLAIN = "plain"
    OWN = "own"
    AGREES = "agrees"
    DISAGREES = "disagrees"
    WANDERS = "wanders"
    MISTAKEN = "mistaken"


@dataclass(frozen=True, slots=True)
class Acts:
    """The way a participant takes one turn. words: to aim at. names_peer: may name another one; asks: ends on a question to the others."""

    band: Band
    words: int
    manner: Manner = Manner.PLAIN
    names_peer: bool = False
    asks: bool = False

    @property
    def most_words(self) -> int:
        """The most words that the band takes."""
        return max(self.words, WORDS[self.band][2])


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a turn in the talk.

    Attributes:
        turns_on_question: turns that the participant has had under the question.
        others_spoke: somebody else has answered it, so there is something to agree or disagree with.
        was_asked: a peer or the moderator asked this participant directly.
        asks_all: the moderator asks all of them at once, so nobody hears the others.
        is_followed_up: the moderator asks this participant alone, or in writing, who is to tell more.
        is_last: it is the last turn under its question, so nobody could answer one.
        views_differ: somebody made a point that this participant may see otherwise (stance.py).
    """

    turns_on_question: int = 0
    others_spoke: bool = False
    was_asked: bool = False
    asks_all: bool = False
    is_followed_up: bool = False
    is_last: bool = False
    views_differ: bool = True


def place_in(
    lines: Sequence[Line],
    persona: Persona,
    participants: Sequence[Persona],
    *,
    asks_all: bool,
    thoughts: Sequence[str] = (),
) -> Place:
    """Returns where the persona's next turn stands after these lines, oldest first.

    Args:
        lines: what prompts quote.
        persona: the one who speaks next.
        participants: all of the session.
        asks_all: the moderator asks all of them at once.
        thoughts: what the persona wrote alone.
    """
    put = max((at for at, line in enumerate(lines) if _puts_to(line, persona, participants)), default=-1)
    since = [line for line in lines[put + 1 :] if line.role != "moderator"]
    own = [line.text for line in since if line.speaker == persona.name]
    others = [line.text for line in since if line.speaker != persona.name]
    differ = may_differ([*thoughts, *own], others)
    was_asked = question_to(lines, persona, participants) is not None
    return Place(len(own), bool(others), was_asked, asks_all, views_differ=differ)


def _puts_to(line: Line, persona: Persona, participants: Sequence[Persona]) -> bool:
    """Returns whether the moderator asks the persona here, alone or with all: a follow-up to another is no new question to it."""
    asked = asked_in(line.text, participants) if line.role == "moderator" else None
    return asked is not None and (not asked or persona.id in asked)


def question_to(lines: Sequence[Line], persona: Persona, participants: Sequence[Persona]) -> Line | None:
    """Returns the line of the last few that asks the persona directly and that they have not answered; None where there is none."""
    for line in reversed(lines[-REMEMBERED_TURNS:]):
        if line.speaker == persona.name:
            return None
        if persona.id in asked_in(line.text, participants):
            return line
    return None


WORDS = {Band.FEW_WORDS: (3, 10, 22), Band.SENTENCES: (24, 52, 75), Band.STORY: (76, 95, 140)}
"""Fewest, most usual and most words of each band: the bounds and the peak of a triangular distribution."""
_FIRST = {Band.FEW_WORDS: -0.3, Band.SENTENCES: 0.0, Band.STORY: -0.45}
_LATER = {Band.FEW_WORDS: -0.28, Band.SENTENCES: 0.0, Band.STORY: -1.9}
"""Logits of the bands in the first turn on a question, when there is most to say, and in later ones."""
TRAIT_SLOPE = 0.7
"""The logit of a story rises, and that of a few words falls, by this much over 40 points of talkativeness."""
NAMES_PEER, NAMES_WHERE_ASKED, ASKS = 0.13, 0.25, 0.26
_OPENING = {Manner.PLAIN: 0.5, Manner.OWN: 0.45, Manner.WANDERS: 0.05}
_REACTING = {
    Manner.PLAIN: 0.32,
    Manner.OWN: 0.24,
    Manner.AGREES: 0.16,
    Manner.DISAGREES: 0.18,
    Manner.WANDERS: 0.05,
    Manner.MISTAKEN: 0.05,
}


def draw_acts(persona: Persona, place: Place, rng: random.Random) -> Acts:
    """Draws how the persona takes its next turn.

    The length depends on talkativeness and on having something to say: a band is drawn by a softmax over its logits, and the words
    within it from a triangular distribution. Agreeable personas agree more and disagree less. The constants are ours; over panels with
    talkativeness uniform over 10–90 they give the human figures of measures.md, lesson 7.

    Only what the place permits is drawn: nobody disagrees where nothing was said that they may see otherwise, names a peer who has not
    spoken, or asks in the last turn under a question; a few words hold nothing but a plain answer or agreement; whoever the moderator
    follows up on tells more than that.

    Returns:
        The acts, of 3–140 words.

    >>> acts = draw_acts(Persona("Maya"), Place(), random.Random(7))
    >>> acts.words in range(3, 141), acts.names_peer, acts.asks
    (True, False, False)
    """
    manner = _manner(persona, place, rng)
    band = _band(persona, place, manner, rng)
    if band is Band.FEW_WORDS and place.is_followed_up:
        band = Band.SENTENCES
    elif band is Band.FEW_WORDS and manner is not Manner.AGREES:
        manner = Manner.PLAIN
    low, usual, high = WORDS[band]
    words = round(rng.triangular(low, high, usual))
    among_others = place.others_spoke and not place.asks_all
    names = rng.random() < (NAMES_WHERE_ASKED if place.was_asked else NAMES_PEER)
    asks = rng.random() < ASKS
    is_long = band is not Band.FEW_WORDS
    return Acts(band, words, manner, among_others and names, among_others and asks and is_long and not place.is_last)


def _manner(persona: Persona, place: Place, rng: random.Random) -> Manner:
    reacts = place.others_spoke and not place.asks_all and not place.was_asked and not place.is_followed_up
    weights = dict(_REACTING if reacts else _OPENING)
    if not place.views_differ:
        weights.pop(Manner.DISAGREES, None)
    if place.is_followed_up:
        weights.pop(Manner.WANDERS, None)
    if place.turns_on_question == 0:
        weights.pop(Manner.AGREES, None)  # first everybody says how it is with them
    kindness = (persona.big_five.agreeableness - 50) / 50
    for manner, sign in ((Manner.AGREES, 1), (Manner.DISAGREES, -1)):
        if manner in weights:
            weights[manner] *= math.exp(sign * 0.6 * kindness)
    return rng.choices(list(weights), list(weights.values()))[0]


def _band(persona: Persona, place: Place, manner: Manner, rng: random.Random) -> Band:
    if manner is Manner.AGREES:
        return Band.FEW_WORDS
    logits = _LATER if place.turns_on_question else _FIRST
    talkative = TRAIT_SLOPE * (persona.talkativeness - 50) / 40
    shift = {Band.FEW_WORDS: -talkative, Band.SENTENCES: 0.0, Band.STORY: talkative}
    weights = [math.exp(logits[band] + shift[band]) for band in Band]
    band = rng.choices(list(Band), weights)[0]
    return Band.SENTENCES if band is Band.STORY and manner is not Manner.OWN and rng.random() < 0.5 else band
