"""Finds whom a turn asks something directly: "Imran, was that your idea?", "What about you, Ben?". Pure.

Current speaker selects next: a participant who is asked by name is expected to speak next (Sacks, Schegloff and Jefferson 1974).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from semblance_core.analysis.names import addressed, mentions
from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.sentences import sentence_ends
from semblance_core.analysis.text import normalised
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.personas.persona import Persona

ASKS = "?？؟;՞\u037e"
"""Marks of a question: Latin, full-width, Arabic, Armenian and Greek ones."""
REMEMBERED_TURNS = 8
"""Participants' turns for which a question that was put to somebody stays open, until it is answered."""
_OPENING = re.compile(r"^\W*(?:and|so|but)?\s*(?:what|how) about (?:you\b)?", re.I)
_POSSESSIVE = re.compile(r"\w['’]s?\b")
_PARTS = re.compile(r"[,、،，:：;–—…]+|\s-\s")


@dataclass(frozen=True, slots=True)
class Asked:
    """A participant whom somebody asked directly. turns_ago: participants' turns since then, 0 for the newest message."""

    persona_id: str
    turns_ago: int


def asked_in(text: str, participants: Sequence[Persona], exclude: str | None = None) -> list[str]:
    """Returns the ids of the participants whom the text asks something directly, in order.

    A sentence asks somebody if it is a question and calls the name: set off at its beginning or end, behind "@", or alone in the
    sentence before. A question about somebody asks nobody.

    Args:
        text: a message.
        participants: all of the session.
        exclude: id to leave out, the speaker's own.

    >>> ben, maya = Persona("Ben Cole", id="b"), Persona("Maya Rao", id="m")
    >>> asked_in("I walk. Ben, would you? And you, Maya?", [ben, maya]), asked_in("Is that what Ben meant?", [ben, maya])
    (['b', 'm'], [])
    """
    if not any(mark in text for mark in ASKS):
        return []
    names = [person.name for person in participants]
    asked: list[int] = []
    called: list[int] = []
    for sentence in _sentences(text):
        if sentence.rstrip("\"'”’»)]* ").endswith(tuple(ASKS)):
            asked += called or _called(sentence, names)
            called = []
        else:
            called = mentions(f"{sentence},", names) if _calls(sentence, names, beside=0) else []
    ids = [participants[index].id for index in dict.fromkeys(asked)]
    return [one for one in ids if one != exclude]


def unanswered(recent: Sequence[Message], participants: Sequence[Persona]) -> list[Asked]:
    """Returns those who were asked directly and have not spoken since, the longest waiting first.

    Args:
        recent: the newest messages, oldest first.
        participants: all of the session.
    """
    asked: dict[str, int] = {}
    turns = 0
    for message in recent[-2 * REMEMBERED_TURNS :]:
        if message.status in (MessageStatus.PENDING, MessageStatus.DISCARDED):
            continue
        if message.persona_id:
            turns += 1
            asked.pop(message.persona_id, None)
        if message.status is MessageStatus.SAID:
            for one in asked_in(message.text, participants, exclude=message.persona_id):
                asked.setdefault(one, turns)
    waiting = [Asked(one, turns - since) for one, since in asked.items() if turns - since < REMEMBERED_TURNS]
    return sorted(waiting, key=lambda each: -each.turns_ago)


def _sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text), len(text)]
    return [part for start, end in pairwise(ends) if (part := text[start:end].strip())]


def _called(sentence: str, names: Sequence[str]) -> list[int]:
    """The names that a question is put to."""
    parts = [part for part in _PARTS.split(sentence) if part.strip()]
    last = len(parts) - 1
    calling = [part for at, part in enumerate(parts) if _calls(part, names, beside=int(at in (0, last)))]
    found = [index for part in calling for index in mentions(f"{part},", names)]
    return found + [each.index for each in addressed(sentence, names) if each.index is not None]


def _calls(part: str, names: Sequence[str], *, beside: int) -> bool:
    """Returns whether nothing but names stands in this part of a sentence, and at most so many words that open a question."""
    named = mentions(f"{part},", names)
    if not named or _POSSESSIVE.search(part):
        return False
    others = _OPENING.sub("", part)
    spelled = sum(word_count(names[index]) if normalised(names[index]) in normalised(part) else 1 for index in named)
    joints = len(named) - 1  # “and” between names
    return word_count(others) - spelled - joints <= (beside if others == part else 0)
