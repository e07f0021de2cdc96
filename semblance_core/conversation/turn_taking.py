"""Who speaks next in an autonomous discussion: a seeded draw, no model call.

Human groups are uneven: in 318 human transitions the least recent speaker came next in 24% (chance 31%), the
previous-but-one speaker in 50%, the most talkative so far in 53% (measures.md, lesson 6). Round-robin is not a
conversation.
"""

import math
import random
from collections.abc import Sequence

from semblance_core.analysis.names import mentions
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.persona import Persona

LONGEST_SILENCE = 12
"""Persona turns after which whoever did not speak is given the floor."""
TRAIT_WORDS = 2.0
"""Words a point of talkativeness that a participant is taken to have said before the session: the start's talk share."""


def next_speaker(
    group: FocusGroup, named: Sequence[str], rng: random.Random, *, moderator_named: str | None = None
) -> str:
    """The persona id of the next speaker.

    named: ids of the personas that the latest message names. moderator_named: the one whom the moderator asked, who
    then answers whatever the other rules say. The other rules (measures.md, "Next speaker without a model call"):

    - the last speaker is excluded; with two participants the other one answers;
    - the same pair exchanges at most twice in a row: after A B A B, A is excluded;
    - whoever is absent from the last 12 persona turns is forced, the longest silent one first (once more than 12 turns
      were taken). In groups of more than 12 somebody always is, and the order becomes a rotation;
    - otherwise softmax over the rest of .44·named + .60·previous_but_one + 1.0·relative_talk_share + 1.4·not_yet_spoken
      (fitted leave-one-group-out accuracy .52 against chance .31).

    Relative talk share is the participant's words over those of the most talkative one, 0–1. Each one's count starts at
    2 words a point of talkativeness, so that at the start the trait alone decides and later what was really said (of
    the readings tried this comes nearest to the human Gini of .195). A quiet persona thus has a lower weight and may
    stay silent for up to 12 turns.
    Raises InvalidInput without participants, or if `moderator_named` is none of them.
    """
    ids = [person.id for person in group.participants]
    if not ids:
        raise InvalidInput("A discussion needs at least one participant.")
    if moderator_named is not None:
        return group.participant(moderator_named).id
    speakers = group.course.speakers
    if len(ids) == 1:
        return ids[0]
    allowed = [one for one in ids if one not in _excluded(speakers, len(ids))]
    if overdue := [one for one in allowed if _is_overdue(one, speakers)]:
        return min(overdue, key=lambda one: _last_seq(group, one))
    weights = [math.exp(_pull(group, one, named)) for one in allowed]
    return rng.choices(allowed, weights)[0]


def names_in(text: str, participants: Sequence[Persona], exclude: str | None = None) -> list[str]:
    """Ids of the participants whom the text names, in order of mention; `exclude` is left out (the speaker's own id).

    By full name, or by a first name that no other participant has, "@" before it or not; of names that begin alike, by the longest.

    >>> ben, maya = Persona("Ben Cole", id="b"), Persona("Maya Rao", id="m")
    >>> names_in("Like Maya said. @Ben, what about you?", [ben, maya])
    ['m', 'b']
    """
    named = [participants[index].id for index in mentions(text, [person.name for person in participants])]
    return [one for one in named if one != exclude]


def _excluded(speakers: Sequence[str], participants: int) -> set[str]:
    excluded = set(speakers[-1:])
    last = speakers[-4:]
    if participants > 2 and len(last) == 4 and last[0] == last[2] != last[1] == last[3]:
        excluded.add(last[0])
    return excluded


def _is_overdue(persona_id: str, speakers: Sequence[str]) -> bool:
    return len(speakers) > LONGEST_SILENCE and persona_id not in speakers[-LONGEST_SILENCE:]


def _last_seq(group: FocusGroup, persona_id: str) -> int:
    floor = group.course.floors.get(persona_id)
    return floor.last_seq if floor else 0


def _pull(group: FocusGroup, persona_id: str, named: Sequence[str]) -> float:
    """The exponent of the softmax for one participant."""
    course = group.course
    floor = course.floors.get(persona_id)
    words = {person.id: _words_counted(group, person) for person in group.participants}
    most = max(words.values())
    relative_talk_share = words[persona_id] / most if most else 1.0
    return (
        0.44 * (persona_id in named)
        + 0.60 * (len(course.speakers) > 1 and course.speakers[-2] == persona_id)
        + 1.0 * relative_talk_share
        + 1.4 * (floor is None or floor.turns == 0)
    )


def _words_counted(group: FocusGroup, person: Persona) -> float:
    floor = group.course.floors.get(person.id)
    return (floor.words if floor else 0) + TRAIT_WORDS * person.talkativeness
