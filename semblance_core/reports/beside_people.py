"""The talk of a session beside that of people: each figure with its human range and a verdict. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from semblance_core.analysis.balance import HUMAN_GINI, gini
from semblance_core.analysis.dynamics import Spoken, dynamics_of, spoken
from semblance_core.analysis.texture import TurnForm, texture_of, turn_form
from semblance_core.conversation.addressing import asked_in
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message

ANSWERED_WITHIN = 3
"""Participants' turns within which a direct question counts as answered."""


SCALE, MOST_SCALES, SIGNS = 1.3, 2.0, 19
"""A figure's line ends at so many times the upper end of its range; at so many at the most where the value lies beyond; signs of one in a text."""


class TalkProfile(StrEnum):
    """The kind of group that the talk is held against.

    remote_group: people who talk among themselves, and a moderator who lets them. interview_like: a moderator who asks one after the other.
    """

    REMOTE_GROUP = "remote_group"
    INTERVIEW_LIKE = "interview_like"

    @property
    def words(self) -> str:
        return PROFILE_WORDS[self]


PROFILE_WORDS = {
    TalkProfile.REMOTE_GROUP: "Chatty remote group",
    TalkProfile.INTERVIEW_LIKE: "Interview-like group",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a session beside that of people.

    Attributes:
        name: what is measured, as people read it.
        value: in the figure's unit; shares are 0–1.
        low, high: range of human groups.
        is_share: shown in per cent.
        source: of the range, in a few words.
    """

    name: str
    value: float
    low: float
    high: float
    is_share: bool = True
    source: str = ""

    @property
    def verdict(self) -> str:
        """`inside`, `below` or `above` the range."""
        return "below" if self.value < self.low else "above" if self.value > self.high else "inside"

    @property
    def in_words(self) -> str:
        """The value as people read it."""
        return self._in_words(self.value)

    @property
    def people(self) -> str:
        """The range as people read it.

        >>> Compared("Turns with a question", 0.45, 0.07, 0.35).people, Compared("Direct questions without an answer", 1, 0, 0, False).people
        ('7–35%', '0')
        """
        low, high = self._in_words(self.low), self._in_words(self.high)
        return low if low == high else f"{low.removesuffix('%')}–{high}"

    @property
    def place(self) -> "Place":
        """The places of value and range on a line, each figure's on a scale of its own."""
        top = max(self.high * SCALE, min(self.value, self.high * MOST_SCALES)) or max(self.value, 1.0)
        return Place(self.low / top, self.high / top, min(1.0, self.value / top))

    def _in_words(self, value: float) -> str:
        return f"{value:.0%}" if self.is_share else f"{value:.2f}" if 0 < value < 1 else f"{value:.0f}"


@dataclass(frozen=True, slots=True)
class Place:
    """A figure on a line from 0 to 1: the ends of the range of people, and the session's own mark; further out it stands at the end."""

    low: float
    high: float
    mark: float

    @property
    def in_signs(self) -> str:
        """The line in signs, for texts: the range as a bar, the session's value as a point.

        >>> Compared("Turns with a question", 0.45, 0.07, 0.35).place.in_signs
        '···▬▬▬▬▬▬▬▬▬▬▬▬···●'
        """
        last = SIGNS - 1
        signs = ["▬" if round(self.low * last) <= at <= round(self.high * last) else "·" for at in range(SIGNS)]
        signs[round(self.mark * last)] = "●"
        return "".join(signs)


@dataclass(frozen=True, slots=True)
class Range:
    """low, high: of human groups; source: where it is from, in a few words."""

    low: float
    high: float
    source: str


GROUPS = "five moderated groups of people (UCL 2026)"
TRANSITIONS = "318 turns of people in groups of about four; range ours"
OURS = "range ours, from no source"
ANSWERS = Range(0, 0, "who is asked by name speaks next (Sacks, Schegloff and Jefferson 1974); three turns are ours")


@dataclass(frozen=True, slots=True)
class Ranges:
    """The ranges of one kind of human groups, a figure each, as `compared` names them."""

    words: Range
    short: Range
    gini: Range
    names: Range
    asks: Range
    previous_but_one: Range
    least_recent: Range
    most_talkative: Range
    exchange: Range
    moderator: Range
    unanswered: Range


RANGES = {
    TalkProfile.REMOTE_GROUP: Ranges(
        words=Range(30, 70, f"{GROUPS}: 49; range ours"),
        short=Range(0.2, 0.5, f"{GROUPS}: 34%; range ours"),
        gini=Range(*HUMAN_GINI, GROUPS),
        names=Range(0.0, 0.25, f"{GROUPS}: 8%; range ours"),
        asks=Range(0.07, 0.35, f"{GROUPS}: 21%; range ours"),
        previous_but_one=Range(0.35, 0.6, f"{TRANSITIONS}: 50%"),
        least_recent=Range(0.18, 0.35, f"{TRANSITIONS}: 24%"),
        most_talkative=Range(0.4, 0.6, f"{TRANSITIONS}: 53%"),
        exchange=Range(3, 10, OURS),
        moderator=Range(0.03, 0.2, OURS),
        unanswered=ANSWERS,
    ),
    TalkProfile.INTERVIEW_LIKE: Ranges(
        words=Range(30, 110, OURS),
        short=Range(0.15, 0.5, OURS),
        gini=Range(*HUMAN_GINI, GROUPS),
        names=Range(0.0, 0.15, OURS),
        asks=Range(0.0, 0.2, OURS),
        previous_but_one=Range(0.1, 0.4, OURS),
        least_recent=Range(0.25, 0.6, OURS),
        most_talkative=Range(0.2, 0.5, OURS),
        exchange=Range(2, 6, OURS),
        moderator=Range(0.1, 0.4, OURS),
        unanswered=ANSWERS,
    ),
}
"""For interview-like groups there is no published source that we know of; ranges that are ours say so."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that was said, as the figures read it: a few numbers, so that a page can keep them while a session goes on.

    Attributes:
        spoken: who spoke, and how much.
        form: of a participant's turn; None for the moderator's.
        asked: ids of the participants whom it asks directly.
        name: of its speaker.
    """

    spoken: Spoken
    form: TurnForm | None
    asked: tuple[str, ...]
    name: str


def heard(group: FocusGroup, messages: Iterable[Message]) -> list[Heard]:
    """Reads messages; leaves out what was not said, or in private."""
    names = [person.name for person in group.participants]
    found = []
    for message in messages:
        if said := spoken(message):
            form = turn_form(message, names) if said.speaker else None
            asked = tuple(asked_in(message.text, group.participants, exclude=message.persona_id))
            found.append(Heard(said, form, asked, message.speaker))
    return found


def likely_profile(said: Sequence[Heard]) -> TalkProfile:
    """Returns the profile of a session that nobody chose one for: interview-like where most turns answer a moderator who asked all at once."""
    turns = [each.spoken for each in said if each.form]
    rounds = sum(turn.in_round for turn in turns)
    return TalkProfile.INTERVIEW_LIKE if 2 * rounds > len(turns) else TalkProfile.REMOTE_GROUP


def beside_people(
    group: FocusGroup, messages: Sequence[Message], profile: TalkProfile | None = None
) -> tuple[TalkProfile, list[Compared]]:
    """Returns the figures of the talk beside those of people, and of which kind of group; none while nobody has spoken, and for an
    interview, which is no group.

    The values of people are medians or shares of the sources in measures.md; where a source gives no range, ours is around its value.

    Args:
        group: the session.
        messages: its transcript.
        profile: the kind of group; None for the likely one (`likely_profile`).
    """
    said = heard(group, messages)
    profile = profile or likely_profile(said)
    return profile, ([] if group.is_interview else compared(group, said, profile))


def compared(group: FocusGroup, said: Sequence[Heard], profile: TalkProfile) -> list[Compared]:
    """The same of messages that were read before."""
    turns = [each for each in said if each.form]
    if not turns:
        return []
    form = texture_of([each.form for each in turns if each.form])
    spoken_words = {person.name: 0 for person in group.participants}
    for each in turns:
        spoken_words[each.name] = spoken_words.get(each.name, 0) + each.spoken.words
    ranges = RANGES[profile]

    def figure(name: str, value: float, people: Range, *, is_share: bool = True) -> Compared:
        return Compared(name, value, people.low, people.high, is_share, people.source)

    found = [
        figure("Median words a turn", form.median_words, ranges.words, is_share=False),
        figure("Turns under 25 words", form.share_short, ranges.short),
        figure("Unevenness of words (Gini)", gini(list(spoken_words.values())), ranges.gini, is_share=False),
        figure("Turns naming another participant", form.share_naming_peer, ranges.names),
        figure("Turns with a question", form.share_asking, ranges.asks),
    ]
    if taken := dynamics_of([each.spoken for each in said]):
        found += [
            figure("The last speaker but one is next", taken.previous_but_one, ranges.previous_but_one),
            figure("Who was silent longest is next", taken.least_recent, ranges.least_recent),
            figure("Who has said most is next", taken.most_talkative, ranges.most_talkative),
            figure("Longest exchange of two, in turns", taken.longest_exchange, ranges.exchange, is_share=False),
            figure("Moderator's share of words", taken.moderator, ranges.moderator),
        ]
    return [
        *found,
        figure("Direct questions without an answer", unanswered_of(said), ranges.unanswered, is_share=False),
    ]


def unanswered_questions(group: FocusGroup, messages: Sequence[Message]) -> int:
    """Returns how many direct questions to a named participant they did not answer within three participants' turns.

    A question whose three turns had not passed when the talk ended does not count.
    """
    return unanswered_of(heard(group, messages))


def unanswered_of(said: Sequence[Heard]) -> int:
    """The same of messages that were read before."""
    later: deque[str] = deque(maxlen=ANSWERED_WITHIN)
    count = 0
    for each in reversed([each for each in said if not each.spoken.in_round]):
        if len(later) == ANSWERED_WITHIN:
            count += sum(one not in later for one in each.asked)
        if each.form:
            later.appendleft(each.spoken.speaker)
    return count
