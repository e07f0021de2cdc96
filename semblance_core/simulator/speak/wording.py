"""Turns frames into sentences: picks a fresh frame, chooses alternatives, fills slots and keeps grammar in agreement."""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from semblance_core.simulator.lexicon import Frame
from semblance_core.simulator.read.nouns import Noun
from semblance_core.simulator.words import capitalised, grams, word_count

_CHOICE = re.compile(r"\[([^\[\]|]*(?:\|[^\[\]|]*)+)\]")
_SLOT = re.compile(r"\{([A-Za-z_]+\d?)(?: ([a-z' ]+))?\}")
_SENTENCE_START = re.compile(r"([.!?] )([a-z])")

KINDS = frozenset({"food", "contract", "place", "digital", "biz", "durable", "activity", "idea"})

Filler = Callable[["Writer"], str]


@dataclass(slots=True)
class Writer:
    """One reply in the making.

    nouns: T, the session's subject, and F, what the question is about. fillers: how each slot gets its words; an empty
    text makes the frame unfit. seat, seats: who of how many answers at the same time; each prefers its own share of the
    frames, which moves on with the round, so that parallel answers, which cannot see one another, do not sound alike.
    spent, own_spent: runs of words already heard.
    """

    rng: random.Random
    nouns: dict[str, Noun]
    flags: frozenset[str]
    fillers: dict[str, Filler]
    spent: frozenset[tuple[str, ...]]
    own_spent: frozenset[tuple[str, ...]]
    seat: int = 0
    seats: int = 1
    round: int = 0
    sentences: list[str] = field(default_factory=list)
    _mentioned: dict[str, int] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return sum(map(word_count, self.sentences))

    @property
    def on_topic(self) -> bool:
        return bool(self._mentioned)

    def say(self, frames: Iterable[Frame], room: int, lead: str = "", fresh: bool = False) -> bool:
        """Adds one sentence of at most about `room` words from the freshest fitting frame; False where none fits. fresh: a
        frame that has been heard in the session does not fit either."""
        for sentence, mentions, frame in self._candidates(frames, room, lead, fresh):
            self.sentences.append(sentence)
            self._taken.add(frame.text)
            for text in mentions:
                self._mentioned[text] = len(self.sentences)
            return True
        return False

    def phrase(self, frames: Iterable[Frame]) -> str:
        """The freshest phrase for a slot, or empty."""
        ranked = self._ranked(frames)
        for _, frame in ranked:
            if frame.text not in self._taken:
                self._taken.add(frame.text)
                return self._filled(frame.text, set())
        return ""

    def _candidates(
        self, frames: Iterable[Frame], room: int, lead: str, fresh: bool
    ) -> Iterable[tuple[str, set[str], Frame]]:
        rough: list[tuple[int, str, set[str], Frame]] = []
        for stale, frame in self._ranked(frames, prefer_mention=bool(self.sentences) and not self.on_topic)[:9]:
            if frame.text in self._taken or (stale and fresh):
                continue
            mentions: set[str] = set()
            taken = set(self._taken)
            text = self._filled(frame.text, mentions)
            if not text:
                self._taken = taken
                continue
            continued = text if text.startswith(("I ", "I'", "I’")) else text[:1].lower() + text[1:]
            sentence = _finished(f"{lead} {continued}" if lead else text)
            repeats = len(grams(sentence, 6) & self._long_runs(sentence)) + len(
                grams(sentence, 5) & _runs_in(self.sentences, 5)
            )
            if word_count(sentence) <= room and not repeats:
                yield sentence, mentions, frame
            self._taken = taken
            rough.append((repeats, sentence, mentions, frame))
        for repeats, sentence, mentions, frame in sorted(rough, key=lambda each: each[0])[:1]:
            if repeats == 0 and word_count(sentence) <= room * 1.25 + 1:
                yield sentence, mentions, frame

    def _long_runs(self, sentence: str) -> set[tuple[str, ...]]:
        """Those six-word runs of the sentence whose every four-word part has been heard."""
        return {gram for gram in grams(sentence, 6) if all(gram[i : i + 4] in self.spent for i in range(3))}

    def _ranked(self, frames: Iterable[Frame], prefer_mention: bool = False) -> list[tuple[int, Frame]]:
        """Fitting frames with how stale they are, freshest first; another's share counts as slightly stale."""
        scored = []
        for frame in frames:
            if not frame.fits(self.flags):
                continue
            heard, mine = _literal_runs(frame.text)
            stale = len(heard & self.spent) + 3 * len(mine & self.own_spent)
            foreign = (frame.rank + self.round - self.seat) % self.seats != 0
            own_sort = any(need <= KINDS for need in frame.needs)
            scored.append(
                (
                    stale,
                    foreign,
                    not own_sort and self.rng.random() < 0.7,
                    prefer_mention and not re.search(r"\{[TF]", frame.text),
                    self.rng.random(),
                    frame,
                )
            )
        scored.sort(key=lambda each: each[:5])
        return [(each[0] + each[1], each[5]) for each in scored]

    def _filled(self, text: str, mentions: set[str]) -> str:
        """The frame as a sentence, or empty where a slot has nothing to say."""
        while match := _CHOICE.search(text):
            text = text[: match.start()] + self.rng.choice(match[1].split("|")) + text[match.end() :]
        parts: list[str] = []
        end = 0
        for match in _SLOT.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            name, form = match[1], match[2]
            if name in self.nouns:
                noun = self.nouns[name]
                following = re.match(r" \{" + name + " ", text[match.end() :])
                value = noun.form(form) if form else self._mention(noun, bool(following), mentions)
            else:
                value = self.fillers[name](self) if name in self.fillers else ""
            if not value:
                return ""
            parts.append(value)
        return "".join([*parts, text[end:]])

    def _mention(self, noun: Noun, as_subject: bool, mentions: set[str]) -> str:
        """The noun in full at first, a pronoun in the sentence after, its short form later."""
        if noun.text in mentions:
            return noun.form("it" if as_subject else "them")
        mentions.add(noun.text)
        seen = self._mentioned.get(noun.text)
        if seen is not None and seen == len(self.sentences):
            return noun.form("it" if as_subject else "them")
        return noun.alias if noun.alias and (seen is not None or self.rng.random() < 0.7) else noun.text


@cache
def _literal_runs(text: str) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """The runs of words by which a frame is recognised, apart from slots and alternatives: of four, or three where there are
    no more, when anybody says it; of three when I said it."""
    literal = [part for part in _SLOT.sub("\n", _CHOICE.sub("\n", text)).split("\n") if part.strip()]
    heard = {gram for part in literal for gram in grams(part, 4 if word_count(part) > 3 else 3)}
    return frozenset(heard), frozenset(gram for part in literal for gram in grams(part, 3))


def _runs_in(sentences: list[str], size: int) -> set[tuple[str, ...]]:
    return {gram for sentence in sentences for gram in grams(sentence, size)}


def _finished(text: str) -> str:
    """Capital letters where sentences start, one full stop where one ends."""
    text = capitalised(" ".join(text.split()))
    text = _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
    return text if text.endswith((".", "!", "?", "…")) else text + "."
