"""The talk of a session beside that of people: each figure with its human range and a verdict. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.balance import HUMAN_GINI, gini
from semblance_core.analysis.dynamics import dynamics
from semblance_core.analysis.texture import texture
from semblance_core.conversation.addressing import asked_in
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.reports.talk import said_by_participants, talk

ANSWERED_WITHIN = 3
"""Participants' turns within which a direct question counts as answered."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a session beside that of people.

    Attributes:
        name: what is measured, as people read it.
        value: in the figure's unit; shares are 0–1.
        low, high: range of human groups; both None where no source gives one.
        is_share: shown in per cent.
        source: of the range, in a few words.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    is_share: bool = True
    source: str = ""

    @property
    def verdict(self) -> str:
        """`inside`, `below` or `above` the range; empty where there is none."""
        if self.low is None or self.high is None:
            return ""
        return "below" if self.value < self.low else "above" if self.value > self.high else "inside"


GROUPS = "five moderated groups of people (UCL 2026)"
TRANSITIONS = "318 turns of people in groups of about four; range ours"


def beside_people(group: FocusGroup, messages: Sequence[Message]) -> list[Compared]:
    """Returns the figures of the talk beside those of people; empty while nobody has spoken, and for an interview, which is no group.

    The values of people are medians or shares of the sources in measures.md; where a source gives no range, ours is around its value.
    """
    measured = None if group.is_interview else talk(group, messages)
    if not measured:
        return []
    form = texture(said_by_participants(messages), [person.name for person in group.participants])
    found = [
        Compared("Median words a turn", form.median_words, 30, 70, is_share=False, source=f"{GROUPS}: 49"),
        Compared("Turns under 25 words", form.share_short, 0.2, 0.5, source=f"{GROUPS}: 34%"),
        Compared(
            "Unevenness of words (Gini)",
            gini(list(measured.words.values())),
            *HUMAN_GINI,
            is_share=False,
            source=GROUPS,
        ),
        Compared("Turns naming another participant", form.share_naming_peer, 0.0, 0.25, source=f"{GROUPS}: 8%"),
        Compared("Turns with a question", form.share_asking, 0.07, 0.35, source=f"{GROUPS}: 21%"),
    ]
    if taken := dynamics(messages):
        found += [
            Compared("The last speaker but one is next", taken.previous_but_one, 0.35, 0.6, source=TRANSITIONS),
            Compared("Who was silent longest is next", taken.least_recent, 0.18, 0.35, source=TRANSITIONS),
            Compared("Who has said most is next", taken.most_talkative, 0.4, 0.6, source=TRANSITIONS),
            Compared("Longest exchange of two, in turns", taken.longest_exchange, is_share=False),
            Compared("Moderator's share of words", taken.moderator),
        ]
    return [
        *found,
        Compared("Direct questions without an answer", unanswered_questions(group, messages), 0, 0, is_share=False),
    ]


def unanswered_questions(group: FocusGroup, messages: Sequence[Message]) -> int:
    """Returns how many direct questions to a named participant they did not answer within three participants' turns.

    A question whose three turns had not passed when the talk ended does not count.
    """
    turns = [each for each in messages if each.status is MessageStatus.SAID and each.reply_to is None]
    count = 0
    for place, message in enumerate(turns):
        later = [each for each in turns[place + 1 :] if each.role == "persona"][:ANSWERED_WITHIN]
        for one in asked_in(message.text, group.participants, exclude=message.persona_id):
            count += len(later) == ANSWERED_WITHIN and one not in {each.persona_id for each in later}
    return count
