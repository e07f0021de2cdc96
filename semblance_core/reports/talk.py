"""Figures of a discussion, and rows for its charts. Pure: values in, values out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.balance import gini, normalised_entropy
from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.texture import Texture, texture
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings, Sentiment

MOST_TURNS = 4_000
"""Turns that a chart shows, the newest: more points than about 5,000 make a browser wait."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Figures of a discussion. words: words a speaker; balance: Gini of them (0 is even), evenness: normalised entropy (1 is even)."""

    words: dict[str, int]
    balance: float
    evenness: float
    texture: Texture


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that a participant said, as a mark on a chart. text: what was said."""

    seq: int
    speaker: str
    words: int
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A section of the guide, from its first message through its last. title: empty where no question was under discussion."""

    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mix:
    """A theme's quotes by sentiment. unknown: those that were given none."""

    theme: str
    positive: int
    neutral: int
    negative: int
    unknown: int

    @property
    def known(self) -> int:
        return self.positive + self.neutral + self.negative


@dataclass(frozen=True, slots=True)
class Step:
    """After so many messages, how many different codes had been heard. code: the one heard first in this message."""

    seq: int
    codes: int
    code: str


def said_by_participants(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.role == "persona" and message.status is MessageStatus.SAID]


def talk(group: FocusGroup, messages: Sequence[Message]) -> Talk | None:
    """Measures of the participants' talk, or None while nobody has spoken."""
    said = said_by_participants(messages)
    if not said:
        return None
    words = {person.name: 0 for person in group.participants}
    for message in said:
        words[message.speaker] = words.get(message.speaker, 0) + word_count(message.text)
    counts = list(words.values())
    return Talk(words, gini(counts), normalised_entropy(counts), texture(said, list(words)))


def turns(messages: Sequence[Message]) -> list[Turn]:
    """Returns the participants' turns in order: the newest `MOST_TURNS`."""
    said = said_by_participants(messages)[-MOST_TURNS:]
    return [Turn(message.seq, message.speaker, word_count(message.text), message.text) for message in said]


def bands(group: FocusGroup, messages: Sequence[Message]) -> list[Band]:
    """The guide's sections in the order in which they were discussed; a section that comes back is another band."""
    found: list[Band] = []
    asked = len(group.guide.questions)
    for message in messages:
        has_question = message.question is not None and 0 <= message.question < asked
        title = group.guide.section_of(message.question or 0).title if has_question else ""
        if found and found[-1].title == title:
            found[-1] = Band(title, found[-1].first, message.seq)
        else:
            found.append(Band(title, message.seq, message.seq))
    return found


def sentiment_by_theme(findings: Findings) -> list[Mix]:
    """Counts each theme's quotes by sentiment, in the themes' order."""
    mixes = []
    for theme in findings.themes:
        counted = Counter(said.sentiment for said in theme.verbatims)
        judged = {each.value: counted[each] for each in Sentiment}
        mixes.append(Mix(theme.name, **judged, unknown=counted[None]))
    return mixes


def quotes_a_speaker(group: FocusGroup, findings: Findings) -> dict[str, list[int]]:
    """Counts each theme's quotes by speaker's name, in the themes' order; participants without quotes have zeros."""
    names = [person.name for person in group.participants]
    names += [speaker for theme in findings.themes for speaker in theme.speakers]
    counted = [Counter(said.speaker for said in theme.verbatims) for theme in findings.themes]
    return {name: [of_theme[name] for of_theme in counted] for name in dict.fromkeys(names)}


def saturation(findings: Findings) -> list[Step]:
    """Returns the number of different codes heard over time: a step at each message in which a code is quoted first.

    A code is dated by the earliest message that it is quoted from. Empty where the analysis kept no codes.
    """
    firsts = sorted((min(said.seq for said in code.verbatims), code.label) for code in findings.codes if code.verbatims)
    return [Step(seq, count, label) for count, (seq, label) in enumerate(firsts, start=1)]


def new_codes_a_section(group: FocusGroup, messages: Sequence[Message], findings: Findings) -> list[tuple[str, int]]:
    """Counts the codes first heard in each section of the guide, in order."""
    steps = saturation(findings)
    return [
        (band.title or "outside the guide", sum(band.first <= step.seq <= band.last for step in steps))
        for band in bands(group, messages)
    ]
