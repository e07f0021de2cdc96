"""Notices what in the answers to a question deserves a follow-up. Pure: the moderator's call is told, and decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.text import content_stems
from semblance_core.conversation.addressing import asked_in
from semblance_core.conversation.reasons import unexplained_because
from semblance_core.conversation.stance import common_stems, contradiction
from semblance_core.conversation.tokens import within
from semblance_core.conversation.turn_taking import is_silent
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus

THIN_WORDS = 12
"""Words up to which all that somebody said to a question is thin."""
VAGUE_STEMS = 3
"""Words with a content of their own below which an answer is vague, however long."""
VAGUE_WORDS = 30
NEWEST_TURNS = 12
"""Turns among which disagreement is looked for: what was said lately, and a long question costs no more (0.05 s)."""
QUOTED_TOKENS = 60
"""Tokens of each of two sentences that contradict each other."""


class Reason(StrEnum):
    """thin: hardly anything was said. vague: much was said and little told. unanswered: a direct question to somebody.
    contradicts: somebody seems to say the opposite of own earlier words. disagrees: of another one's words under the question.
    unexplained: somebody said *because* and gave no reason. unheard: somebody has not spoken on the question."""

    THIN = "thin"
    VAGUE = "vague"
    UNANSWERED = "unanswered"
    CONTRADICTS = "contradicts"
    DISAGREES = "disagrees"
    UNEXPLAINED = "unexplained"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that deserves a follow-up. name: whom it concerns. seq: the message, 0 where there is none.

    now, earlier: the two sentences that contradict each other; of `UNEXPLAINED`, `now` holds the words that explain nothing; else empty.
    other: who said the earlier one, where that is another person.
    """

    reason: Reason
    name: str
    seq: int = 0
    now: str = ""
    earlier: str = ""
    other: str = ""


def noticed(group: FocusGroup, answers: Sequence[Message], before: Sequence[Message] = ()) -> list[Noticed]:
    """Returns what in the answers to the question under discussion deserves a follow-up, the most pressing first.

    Of equally pressing ones those come first whose speaker was followed up least often in the session.

    Args:
        group: the session.
        answers: participants' messages under the question, oldest first.
        before: their messages before it, as far as they are at hand.
    """
    said = [message for message in answers if message.status is MessageStatus.SAID and message.persona_id]
    found = [Noticed(Reason.UNANSWERED, group.participant(one).name, seq) for one, seq in _open_questions(group, said)]
    by_speaker: dict[str, list[Message]] = {}
    for message in said:
        by_speaker.setdefault(message.persona_id or "", []).append(message)
    by_speaker = _least_followed_first(group, by_speaker)
    common = common_stems(message.text for message in (*before, *said))
    for persona_id, turns in by_speaker.items():
        if against := _against_own_words(
            turns, [message for message in before if message.persona_id == persona_id], common
        ):
            found.append(against)
    found += _disagreements(said, common)
    for turns in by_speaker.values():
        if reason := _weakness(turns):
            found.append(Noticed(reason, turns[-1].speaker, turns[-1].seq))
        elif unexplained := _unexplained(turns, common):
            found.append(unexplained)
    for person in group.participants:
        if person.id not in by_speaker and not is_silent(group, person, group.course.question):
            found.append(Noticed(Reason.UNHEARD, person.name))
    return found


def _least_followed_first(group: FocusGroup, by_speaker: dict[str, list[Message]]) -> dict[str, list[Message]]:
    return dict(sorted(by_speaker.items(), key=lambda item: group.course.followed.count(item[0])))


def _open_questions(group: FocusGroup, said: Sequence[Message]) -> list[tuple[str, int]]:
    waiting: dict[str, int] = {}
    for message in said:
        waiting.pop(message.persona_id or "", None)
        for one in asked_in(message.text, group.participants, exclude=message.persona_id):
            waiting.setdefault(one, message.seq)
    return list(waiting.items())


def _against_own_words(turns: Sequence[Message], before: Sequence[Message], common: frozenset[str]) -> Noticed | None:
    """The newest of these turns that seems to contradict what the same person said before it."""
    for place in range(len(turns) - 1, -1, -1):
        earlier = [message.text for message in (*before, *turns[:place])]
        if found := contradiction(earlier, [turns[place].text], common):
            quoted = (within(found.now, QUOTED_TOKENS), within(found.earlier, QUOTED_TOKENS))
            return Noticed(Reason.CONTRADICTS, turns[place].speaker, turns[place].seq, *quoted)
    return None


def _disagreements(said: Sequence[Message], common: frozenset[str]) -> list[Noticed]:
    """The newest turn that seems to contradict what another participant said shortly before it, if one does."""
    said = said[-NEWEST_TURNS:]
    for place in range(len(said) - 1, 0, -1):
        now = said[place]
        for before in said[place - 1 :: -1]:
            if before.persona_id != now.persona_id and (found := contradiction([before.text], [now.text], common)):
                quoted = (within(found.now, QUOTED_TOKENS), within(found.earlier, QUOTED_TOKENS))
                return [Noticed(Reason.DISAGREES, now.speaker, now.seq, *quoted, other=before.speaker)]
    return []


def _unexplained(turns: Sequence[Message], common: frozenset[str]) -> Noticed | None:
    """The last of these turns, where a *because* in it tells nothing."""
    words = unexplained_because(turns[-1].text, common)
    if not words:
        return None
    return Noticed(Reason.UNEXPLAINED, turns[-1].speaker, turns[-1].seq, within(words, QUOTED_TOKENS))


def _weakness(turns: Sequence[Message]) -> Reason | None:
    text = " ".join(turn.text for turn in turns)
    words = word_count(text)
    if words <= THIN_WORDS:
        return Reason.THIN
    return Reason.VAGUE if words <= VAGUE_WORDS and len(content_stems(text)) < VAGUE_STEMS else None
