"""The public side of a discussion, as opinion shift is measured against it: stances, who spoke first, who answered whom. Pure.

Stance: what somebody said, rated against the anchors of a question (measures.md, "Rating by similarity"). Disagreement is found by
a rough sign, words that say so or a sentence that denies the other's, and not by a model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from semblance_core.analysis.names import mentions
from semblance_core.analysis.surveys.anchor_bank import anchor_bank
from semblance_core.analysis.surveys.similarity import rate
from semblance_core.conversation.stance import contradiction
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.instruments.questions import Question, Scale
from semblance_core.domain.instruments.survey import can_compare
from semblance_core.domain.personas.persona import Persona

_DISAGREES = re.compile(
    r"\b(?:i (?:dis|don['’]t |do not |can['’]t |cannot |wouldn['’]t )agree|disagree|i (?:don['’]t|do not) (?:think so|see it that way|buy that)"
    r"|i see (?:it|that) differently|i see (?:it|that) the other way|that['’]s not (?:true|how|what)|on the contrary|not for me"
    r"|i['’]m not (?:so sure|convinced))\b",
    re.IGNORECASE,
)
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of participants that answered each other, and those of whom one disagreed with the other; by their ids."""

    met: frozenset[Pair]
    disagreed: frozenset[Pair]


def said(messages: Sequence[Message]) -> list[Message]:
    """The messages of participants that the others heard."""
    return [
        each for each in messages if each.role == "persona" and each.status is MessageStatus.SAID and each.persona_id
    ]


def public_stances(messages: Sequence[Message], question: Question) -> dict[str, float]:
    """Each participant's mean stance on the question, in points, by their ids; without those whose words are near no anchor."""
    if not isinstance(question, Scale) or question.topic is None or not can_compare(question):
        return {}
    sets, found = anchor_bank().of(question.topic), dict[str, list[float]]()
    for message in said(messages):
        if rated := rate(message.text, sets):
            found.setdefault(message.persona_id or "", []).append(rated.mean)
    return {persona_id: fmean(points) for persona_id, points in found.items()}


def first_speaker(messages: Sequence[Message]) -> str | None:
    """The id of the participant who spoke first; None where nobody did, or all answered the first question at once."""
    turns = said(messages)
    if not turns or (turns[0].reply_to is not None and not turns[0].in_turn):
        return None
    return turns[0].persona_id


def meetings(messages: Sequence[Message], participants: Sequence[Persona]) -> Meetings:
    """A turn answers the participant who spoke just before, unless all answered at once, and those whom it names."""
    names = [person.name for person in participants]
    words: dict[str, list[str]] = {}
    met, disagreed = set[Pair](), set[Pair]()
    before: Message | None = None
    for turn in said(messages):
        own = turn.persona_id or ""
        answered = {participants[place].id for place in mentions(turn.text, names)} & words.keys()
        answered |= set(_just_before(turn, before))
        for other in answered - {own}:
            pair = frozenset((own, other))
            met.add(pair)
            if _DISAGREES.search(turn.text) or contradiction(words[other], [turn.text]):
                disagreed.add(pair)
        words.setdefault(own, []).append(turn.text)
        before = turn
    return Meetings(frozenset(met), frozenset(disagreed))


def _just_before(turn: Message, before: Message | None) -> Iterator[str]:
    is_alone = turn.reply_to is not None and not turn.in_turn
    if before and before.persona_id and not is_alone:
        yield before.persona_id
