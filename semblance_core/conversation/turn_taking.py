"""Draws the next speaker of an autonomous discussion, seeded, without a model call.

Human groups are uneven: in 318 human transitions the least recent speaker came next in 24% (chance 31%), the
previous-but-one speaker in 50%, the most talkative so far in 53% (measures.md, lesson 6). Round-robin is not a
conversation.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.names import mentions
from semblance_core.conversation.addressing import Asked
from semblance_core.conversation.allotment import allotted_turns, section_questions, turns_left
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona

SILENT_ROUNDS = 3
"""Turns a participant, times this, after which a silent one speaks next: 12 in a group of four."""
TRAIT_WORDS = 2.0
"""Words a point of talkativeness that a participant is taken to have said before the session: the start's talk share."""
ANSWERS_NEXT = 0.8
"""Probability that a participant who was asked directly speaks next."""
LONGEST_WAIT = 2
"""Turns after which a participant who was asked directly speaks next in any case."""
TURNS_BEFORE_OTHERS = 2
"""Turns that a participant has under a question at most, while others wait for their first."""
SILENCE_AT_LEAST_TALKATIVE, TALKATIVENESS_NEVER_SILENT = 0.7, 60
"""Probability that a participant of talkativeness 0 has nothing to say to a question; the talkativeness from which on it is 0."""
USUAL_GROUP = 6
"""Participants up to whom nobody stays silent because the group is large."""
PREVIOUS_BUT_ONE, TALK_SHARE, MOST_TALKATIVE, NAMED, FIRST_TURN = 1.9, 0.4, 1.3, 0.44, 0.2
"""Weights of the softmax, fitted by simulation (measures.md, "Next speaker without a model call")."""
SIZE_OF_PAIR, SIZE_OF_TALKATIVE = 2.4, 2.2
"""Growth of the two weights with the logarithm of the number of participants, so that chance does not thin them out."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The part of the latest messages that decides who speaks next.

    Attributes:
        named: ids of the participants whom the newest message names.
        asked: participants who were asked directly and have not answered yet, the longest waiting first.
        by_moderator: id of the participant whom the moderator asked, or None.
    """

    named: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    by_moderator: str | None = None


def next_speaker(group: FocusGroup, heard: Heard, rng: random.Random) -> str:
    """Draws the next speaker. The rules, in this order (measures.md, "Next speaker without a model call"):

    - a participant whom the moderator asked answers;
    - the last speaker is excluded; with two participants the other one answers;
    - the same pair exchanges at most twice in a row: after A B A B, A is excluded;
    - a participant who was asked directly answers next with probability .8, and within three turns in any case;
    - who speaks first on a question that each answered alone is drawn, everybody alike but the last speaker;
    - a participant absent from the last 3 turns a head is forced, the longest silent one first: 12 turns in a group of four;
    - a follow-up to everybody is answered by each once, and by who has drawn silence on the question last;
    - nobody has a third turn on a question while somebody waits for a first; who has drawn silence on it does not wait;
    - where the turns left only just suffice, those are next who have not spoken on the question, or in the section, yet;
    - otherwise softmax over the rest of the weighted sum of: previous but one; relative talk share; most talkative so far; named;
      no turn on the question yet.

    Relative talk share is the participant's words over those of the most talkative one, 0–1. Each one's count starts at
    2 words a point of talkativeness, so that at the start the trait alone decides and later what was really said.

    Args:
        group: the session, with the totals of its speakers.
        heard: who was named and asked.
        rng: the seeded draw.

    Returns:
        The persona's id.

    Raises:
        InvalidInput: there are no participants, or the moderator asked none of them.
    """
    ids = [person.id for person in group.participants]
    if not ids:
        raise InvalidInput("A discussion needs at least one participant.")
    if heard.by_moderator is not None:
        return group.participant(heard.by_moderator).id
    speakers = group.course.speakers
    if len(ids) == 1:
        return ids[0]
    allowed = [one for one in ids if one not in _excluded(speakers, len(ids))]
    for asked in heard.asked:
        if asked.persona_id in allowed and (asked.turns_ago >= LONGEST_WAIT or rng.random() < ANSWERS_NEXT):
            return asked.persona_id
    if not group.course.question_turns and group.answered_alone(group.course.question):
        return rng.choice(allowed)
    if overdue := [one for one in allowed if _is_overdue(one, speakers, len(ids))]:
        return min(overdue, key=lambda one: _last_seq(group, one))
    turn = _Turn.of(group)
    candidates = turn.due(allowed)
    weights = [math.exp(turn.pull(one, allowed, heard.named)) for one in candidates]
    return rng.choices(candidates, weights)[0]


def is_silent(group: FocusGroup, person: Persona, question: int) -> bool:
    """Returns whether a participant has nothing to say to a question of the guide unless asked: a draw, seeded by session.

    The probability falls with talkativeness, from .7 at 0 to 0 at 60; in groups of more than six it rises, because there is less room.
    Who was silent in all of a section is not so on its last question.
    """
    questions = section_questions(group.guide, question)
    is_last = bool(questions) and question == questions[-1]
    return _draws_silence(group, person, question) and not (is_last and not _spoke_in_section(group, person.id))


def _draws_silence(group: FocusGroup, person: Persona, question: int) -> bool:
    least = SILENCE_AT_LEAST_TALKATIVE * max(0.0, 1 - person.talkativeness / TALKATIVENESS_NEVER_SILENT)
    crowd = max(0.0, 1 - USUAL_GROUP / len(group.participants)) * (1.5 - person.talkativeness / 100)
    return random.Random(f"{group.seed}/{question}/silence/{person.name}").random() < min(0.9, least + crowd)


def _spoke_in_section(group: FocusGroup, persona_id: str) -> bool:
    return _last_seq(group, persona_id) > group.course.section_from


@dataclass(frozen=True, slots=True)
class _Turn:
    """The state that the draw of one turn reads.

    counts: turns by persona: under the question, since a follow-up to everybody, or in the discussion that a moderator let
    them have. waiting: have none and did not draw silence.
    """

    group: FocusGroup
    counts: dict[str, int]
    waiting: frozenset[str]
    silent: frozenset[str]
    unheard: frozenset[str]
    left: int
    left_in_section: int

    @classmethod
    def of(cls, group: FocusGroup) -> "_Turn":
        course = group.course
        if group.is_discussing:  # of whatever the moderator put last, which may be no question of the guide
            since, spoke = group.next_seq - group.alone_from, course.speakers
        else:
            since, spoke = course.question_turns - course.asked_all_at, course.heard
        now = spoke[-since:] if since > 0 else ()
        counts = {person.id: now.count(person.id) for person in group.participants}
        silent = frozenset(person.id for person in group.participants if is_silent(group, person, course.question))
        unheard = frozenset(person.id for person in group.participants if not _spoke_in_section(group, person.id))
        waiting = frozenset(one for one, turns in counts.items() if not turns and one not in silent)
        left, left_in_section = turns_left(group)
        return cls(group, counts, waiting, silent, unheard, left, left_in_section)

    def due(self, allowed: Sequence[str]) -> list[str]:
        """Those of the allowed who may speak by the rules of first turns."""
        for narrower in self._narrower():
            if chosen := [one for one in allowed if one in narrower]:
                return chosen
        return list(allowed)

    def _narrower(self) -> list[frozenset[str]]:
        others = frozenset(self.counts) - self.silent
        if self.group.course.asked_all_at and not self.group.is_discussing:
            return [self.waiting, frozenset(one for one, turns in self.counts.items() if not turns)]
        if self.waiting:
            others = frozenset(one for one in others if self.counts[one] < TURNS_BEFORE_OTHERS)
        if 0 < self.left_in_section <= len(self.unheard):
            return [self.unheard, others]
        has_room = self._is_roomy()
        return [self.waiting, others] if has_room and 0 < self.left <= len(self.waiting) else [others]

    def _is_roomy(self) -> bool:
        """Returns whether the question has a turn for everybody who is not silent."""
        course = self.group.course
        if not 0 <= course.question < len(self.group.guide.questions):
            return False
        return allotted_turns(self.group, course.question) >= len(self.counts) - len(self.silent)

    def pull(self, persona_id: str, allowed: Sequence[str], named: Sequence[str]) -> float:
        """The exponent of the softmax for one participant."""
        group, speakers = self.group, self.group.course.speakers
        words = {person.id: _words_counted(group, person) for person in group.participants}
        most = max(words.values())
        size = math.log(max(1.0, (len(words) - 2) / 2))
        top = max(allowed, key=lambda one: words[one])
        return (
            NAMED * (persona_id in named)
            + (PREVIOUS_BUT_ONE + SIZE_OF_PAIR * size) * (len(speakers) > 1 and speakers[-2] == persona_id)
            + TALK_SHARE * (words[persona_id] / most if most else 1.0)
            + (MOST_TALKATIVE + SIZE_OF_TALKATIVE * size) * (persona_id == top)
            + FIRST_TURN * (persona_id in self.waiting)
        )


def names_in(text: str, participants: Sequence[Persona], exclude: str | None = None) -> list[str]:
    """Returns the ids of the participants whom the text names, in order of mention.

    A name counts in full, or as a first name that no other participant has, with “@” or without; of names that begin alike, the longest.

    Args:
        text: a message.
        participants: all of the session.
        exclude: id to leave out, the speaker's own.

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


def _is_overdue(persona_id: str, speakers: Sequence[str], participants: int) -> bool:
    longest = SILENT_ROUNDS * participants
    return len(speakers) > longest and persona_id not in speakers[-longest:]


def _last_seq(group: FocusGroup, persona_id: str) -> int:
    floor = group.course.floors.get(persona_id)
    return floor.last_seq if floor else 0


def _words_counted(group: FocusGroup, person: Persona) -> float:
    floor = group.course.floors.get(person.id)
    return (floor.words if floor else 0) + TRAIT_WORDS * person.talkativeness
