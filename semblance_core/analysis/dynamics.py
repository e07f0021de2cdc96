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


def dynamics(messages: Sequence[Message]) -> Dynamics | None:
    """Measures the turns of a discussion; None for fewer than 10 transitions.

    Replies of a moderated round do not hear one another, so they are no transitions. A moderator's message between two turns does not
    part them. Formulas: measures.md, lesson 6.

    Args:
        messages: the transcript, in order.
    """
    said = [message for message in messages if message.status is MessageStatus.SAID and message.role != "private"]
    turns = [message for message in said if message.role == "persona" and message.reply_to is None]
    speakers = [turn.persona_id or turn.speaker for turn in turns]
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
        words[speaker] = words.get(speaker, 0) + word_count(turn.text)
        last[speaker] = place
    if transitions < FEWEST_TRANSITIONS:
        return None
    everything = sum(word_count(message.text) for message in said)
    moderated = sum(word_count(message.text) for message in said if message.role == "moderator")
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
