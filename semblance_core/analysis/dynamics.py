"""Measures of how participants take turns: who follows whom, and which direct questions stay unanswered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.scripts import word_count
from semblance_core.domain.discussion.message import Message, MessageStatus

FEWEST_TRANSITIONS = 10
"""Transitions below which shares of them say nothing."""


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Shares of transitions between participants' turns in a discussion, 0–1.

    Attributes:
        transitions: how many were counted.
        previous_but_one: the speaker before the last speaks next.
        least_recent: of those who have spoken, the one who was silent longest speaks next.
        most_talkative: the one with the most words so far speaks next, the last speaker left out.
        longest_exchange: turns in a row that two participants take between them.
        moderator: the moderator's share of all words.
    """

    transitions: int
    previous_but_one: float
    least_recent: float
    most_talkative: float
    longest_exchange: int
    moderator: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message that was said, as the measures of taking turns read it.

    Attributes:
        speaker: persona's id, or name where it has none; empty for the moderator.
        words: how many.
        in_round: a reply of a moderated round, which hears no other.
    """

    speaker: str
    words: int
    in_round: bool = False


def spoken(message: Message) -> Spoken | None:
    """Reads one message; None for one that was not said, or in private."""
    if message.status is not MessageStatus.SAID or message.role == "private":
        return None
    speaker = (message.persona_id or message.speaker) if message.role == "persona" else ""
    return Spoken(speaker, word_count(message.text), message.reply_to is not None)


def dynamics(messages: Sequence[Message]) -> Dynamics | None:
    """Measures the turns of a discussion; None for fewer than 10 transitions.

    Replies of a moderated round do not hear one another, so they are no transitions. A moderator's message between two turns does not
    part them. Formulas: measures.md, lesson 6.

    Args:
        messages: the transcript, in order.
    """
    return dynamics_of([each for message in messages if (each := spoken(message))])


def dynamics_of(said: Sequence[Spoken]) -> Dynamics | None:
    """The same of messages that were read before."""
    turns = [each for each in said if each.speaker and not each.in_round]
    speakers = [turn.speaker for turn in turns]
    words: dict[str, int] = {}
    last: dict[str, int] = {}
    counted = [0, 0, 0]
    transitions = 0
    for place, (speaker, turn) in enumerate(zip(speakers, turns, strict=True)):
        others = {one: at for one, at in last.items() if one != speakers[place - 1]} if place else {}
        if place >= 2 and others:
            transitions += 1
            counted[0] += speaker == speakers[place - 2]
            counted[1] += speaker in others and others[speaker] == min(others.values())
            counted[2] += speaker in others and words[speaker] == max(words[one] for one in others)
        words[speaker] = words.get(speaker, 0) + turn.words
        last[speaker] = place
    if transitions < FEWEST_TRANSITIONS:
        return None
    everything = sum(each.words for each in said)
    moderated = sum(each.words for each in said if not each.speaker)
    pair, recent, most = (count / transitions for count in counted)
    return Dynamics(
        transitions, pair, recent, most, _longest_exchange(speakers), moderated / everything if everything else 0.0
    )


def _longest_exchange(speakers: Sequence[str]) -> int:
    longest = run = min(2, len(speakers))
    for place in range(2, len(speakers)):
        goes_on = speakers[place] == speakers[place - 2] != speakers[place - 1]
        run = run + 1 if goes_on else 2
        longest = max(longest, run)
    return longest
