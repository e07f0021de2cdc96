"""Open coding by rule: recurring terms and concerns of a transcript become codes, with exact quotes."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass

from semblance_core.requests.analysis import CodeRequest
from semblance_core.simulator.lexicon import sections, stopwords, wordset
from semblance_core.simulator.read.concerns import concern_of, side_of
from semblance_core.simulator.read.nouns import chunks, subject_of
from semblance_core.simulator.read.scene import Turn, feeling, turns_of
from semblance_core.simulator.words import capitalised, plain, sentences_of, stem, word_count, words_of

MOST_CODES = 12
_QUOTE_WORDS = (4, 30)
_CLEAR = 0.3


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact part of a message. feeling: -1 to 1."""

    seq: int
    speaker: str
    text: str
    feeling: float

    @property
    def sentiment(self) -> str:
        """Returns positive, negative or neutral: by a known turn of phrase, else by the feeling of the words."""
        mood = side_of(self.text) or self.feeling
        return "positive" if mood > _CLEAR else "negative" if mood < -_CLEAR else "neutral"


def code_transcript(asked: CodeRequest) -> str:
    """Codes as JSON: up to eight concerns and the recurring terms that they do not cover, each with 2 to 8 exact quotes from
    participants. A session too short for anything to recur gets its sentences as single-quote codes."""
    messages = [turn for turn in turns_of(asked.lines) if turn.role != "moderator"]
    names = {part.lower() for turn in messages for part in words_of(turn.speaker)}
    firsts = {turn.first.lower() for turn in messages}
    every = [quote for turn in messages for quote in quotes_of(turn)]
    quotes = [
        quote
        for quote in every
        if not quote.text.endswith("?") and not firsts & set(words_of(quote.text.replace("'s", "")))
    ]
    topic_stems = set().union(*(noun.stems for noun in subject_of(plain(asked.topic, 300))))
    concerns = _by_concern(quotes)
    terms = _by_term(quotes, topic_stems | {stem(name) for name in names})
    kept: list[tuple[str, list[Quote]]] = []
    for label, members in sorted([*concerns, *terms], key=lambda code: (-_weight(code[1]), code[0])):
        seen = {(quote.seq, quote.text) for _, others in kept for quote in others}
        fresh = [quote for quote in members if (quote.seq, quote.text) not in seen]
        if (
            len(fresh) >= 2
            and len(fresh) * 2 >= len(members)
            and len(kept) < MOST_CODES
            and label not in (other for other, _ in kept)
        ):
            kept.append((label, _spread(fresh)))
    if len(kept) < 3:
        covered = {quote.text for _, members in kept for quote in members}
        kept += [(_short_label(quote.text), [quote]) for quote in every if quote.text not in covered][: 4 - len(kept)]
    codes = [
        {
            "label": label,
            "verbatims": [
                {"seq": q.seq, "speaker": q.speaker, "quote": q.text, "sentiment": q.sentiment} for q in members
            ],
        }
        for label, members in kept
    ]
    return json.dumps({"codes": codes}, ensure_ascii=False)


def quotes_of(turn: Turn) -> list[Quote]:
    """The message's sentences of 4 to 30 words as they stand; of a longer one, its first clause that fits."""
    found = []
    for sentence in sentences_of(turn.text):
        text = sentence
        if word_count(text) > _QUOTE_WORDS[1]:
            clauses = [part.strip() for part in re.split(r"(?<=[,;:–—])\s", sentence)]
            text = next((part for part in clauses if _QUOTE_WORDS[0] <= word_count(part) <= _QUOTE_WORDS[1]), "")
        if text and _QUOTE_WORDS[0] <= word_count(text) <= _QUOTE_WORDS[1] and text in turn.text:
            found.append(Quote(turn.seq, turn.speaker, text, feeling(text)))
    return found


def _by_concern(quotes: list[Quote]) -> list[tuple[str, list[Quote]]]:
    found: dict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        concern = concern_of(quote.text)
        if concern:
            found[concern].append(quote)
    codes = []
    for concern, members in found.items():
        good, bad = [q for q in members if q.feeling > 0], [q for q in members if q.feeling < 0]
        label = sections("labels")[concern][0].text
        if len({q.speaker for q in good}) >= 2 and len({q.speaker for q in bad}) >= 2 and len(members) >= 7:
            codes += [(f"{label}: in favour", good), (f"{label}: doubts", bad)]
        elif len(members) >= 2:
            codes.append((label, members))
    return sorted(codes, key=lambda code: (-_weight(code[1]), code[0]))[:8]


def _by_term(quotes: list[Quote], known: set[str]) -> list[tuple[str, list[Quote]]]:
    """Terms of one or two words that at least two people use, apart from the topic's own words and from names."""
    found: dict[tuple[str, ...], list[Quote]] = defaultdict(list)
    surface: dict[tuple[str, ...], str] = {}
    for quote in quotes:
        for chunk in chunks(quote.text):
            words = [word for word in chunk.words if len(word) > 3 and word.lower() not in stopwords()][-2:]
            key = tuple(stem(word.lower()) for word in words)
            named = len(key) == 1 and concern_of(f"the {words[0]}")
            if key and not named and not set(key) <= known and (chunk.determiner or len(key) > 1):
                if quote not in found[key]:
                    found[key].append(quote)
                surface.setdefault(key, " ".join(words))
    return [
        (_toned(capitalised(surface[key]), members), members)
        for key, members in found.items()
        if len({quote.speaker for quote in members}) >= (2 if len(key) > 1 else 3)
        and not (len(key) == 1 and surface[key].lower() in wordset("grammar", "vague"))
    ]


def _toned(term: str, members: list[Quote]) -> str:
    mood = sum(quote.feeling for quote in members) / len(members)
    return (
        f"{term} as a sore point"
        if mood < -0.35
        else f"{term} as a plus"
        if mood > 0.35
        else f"{term} in everyday life"
    )


def _weight(members: list[Quote]) -> float:
    return len({quote.speaker for quote in members}) * 1.5 + min(len(members), 8) * 0.5


def _spread(members: list[Quote]) -> list[Quote]:
    """At most eight quotes, one a speaker first."""
    first: list[Quote] = []
    rest: list[Quote] = []
    for quote in members:
        (rest if quote.speaker in {each.speaker for each in first} else first).append(quote)
    return sorted([*first, *rest][:8], key=lambda quote: quote.seq)


def _short_label(text: str) -> str:
    return " ".join(plain(text).rstrip(".!?").split()[:7])
