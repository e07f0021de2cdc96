"""Themes out of codes: codes about the same things, or carried by the same messages, are joined and named."""

import json
import re
from dataclasses import dataclass
from typing import Any

from semblance_core.domain.findings.theme import Code
from semblance_core.requests.analysis import ThemeRequest
from semblance_core.simulator.lexicon import stopwords
from semblance_core.simulator.read.concerns import concerns_in, side_of
from semblance_core.simulator.read.scene import feeling, first_name
from semblance_core.simulator.words import listed, plain, stem, words_of

_FEWEST, _MOST = 3, 6
_PLAIN = re.compile(r": (in favour|doubts)$| as a (sore point|plus)$| in everyday life$")


@dataclass(frozen=True, slots=True)
class _Read:
    """A code as it was understood. moods: speaker → mean feeling of their quotes."""

    id: int
    label: str
    seqs: frozenset[int]
    moods: dict[str, float]
    stems: frozenset[str]
    concern: str
    size: int

    @property
    def bare(self) -> str:
        return _PLAIN.sub("", self.label)


def build_themes(asked: ThemeRequest) -> str:
    """Three to six themes as JSON, the most widely carried first; every code belongs to exactly one."""
    codes = [_read(code, number) for number, code in enumerate(asked.codes)]
    groups = [[code] for code in sorted(codes, key=lambda code: (-len(code.moods), -code.size, code.id))]
    everyone = sorted({speaker for code in codes for speaker in code.moods})
    while len(groups) > 1:
        near, left, right = max(
            (_nearness(a, b), -i, -j) for i, a in enumerate(groups) for j, b in enumerate(groups) if i < j
        )
        if len(groups) <= _FEWEST or (near < 0.45 and len(groups) <= _MOST):
            break
        groups[-left] += groups.pop(-right)
    groups.sort(key=lambda group: -len(_moods(group)) * 10 - sum(code.size for code in group))
    themes: list[dict[str, Any]] = []
    for place, group in enumerate(groups):
        name = _name(group)
        themes.append(
            {
                "name": name,
                "summary": _summary(group, max(asked.people, len(everyone)), place),
                "code_ids": [code.id for code in group],
            }
        )
    return json.dumps({"themes": themes}, ensure_ascii=False)


def _read(code: Code, number: int) -> _Read:
    quotes = code.verbatims
    label = plain(code.label, 120) or f"Code {number + 1}"
    text = " ".join(quote.quote for quote in quotes)
    felt: dict[str, list[float]] = {}
    for quote in quotes:
        felt.setdefault(quote.speaker, []).append(_mood(quote.quote))
    strengths = concerns_in(f"{label} {label} {text}")
    return _Read(
        number,
        label,
        frozenset(quote.seq for quote in quotes),
        {speaker: sum(found) / len(found) for speaker, found in felt.items() if speaker},
        frozenset(stem(word) for word in words_of(_PLAIN.sub("", label)) if word not in stopwords()),
        max(sorted(strengths), key=lambda concern: strengths[concern]) if strengths else "",
        len(quotes),
    )


def _mood(quote: str) -> float:
    """From -1 to 1: what a turn of phrase is known to mean, else what its words feel like."""
    return float(side_of(quote)) or feeling(quote)


def _nearness(a: list[_Read], b: list[_Read]) -> float:
    """From 0 to about 2: shared words of the labels, the same concern, the same messages; large groups attract less."""
    pairs = [(x, y) for x in a for y in b]
    total = 0.0
    for x, y in pairs:
        words = len(x.stems & y.stems) / max(1, min(len(x.stems), len(y.stems)))
        messages = len(x.seqs & y.seqs) / max(1, min(len(x.seqs), len(y.seqs)))
        total += words + messages * 0.6 + 0.5 * (x.concern == y.concern != "")
    return total / len(pairs) - 0.08 * (len(a) + len(b) - 2)


def _moods(group: list[_Read]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for code in group:
        for speaker, mood in code.moods.items():
            found.setdefault(speaker, []).append(mood)
    return {speaker: sum(moods) / len(moods) for speaker, moods in found.items()}


def _sides(group: list[_Read]) -> tuple[list[str], list[str]]:
    moods = _moods(group)
    return sorted(s for s, mood in moods.items() if mood > 0.3), sorted(s for s, mood in moods.items() if mood < -0.3)


def _direction(group: list[_Read]) -> str:
    """`good` or `bad` where at least three lean one way, four times as many as the other and more than half of all who
    speak; `split` where two or more stand on each side; empty where the quotes show no clear direction."""
    good, bad = (len(side) for side in _sides(group))
    speakers = len(_moods(group))
    for name, most, least in (("good", good, bad), ("bad", bad, good)):
        if most >= max(3, 4 * least) and most * 2 > speakers:
            return name
    return "split" if good >= 2 and bad >= 2 else ""


def _name(group: list[_Read]) -> str:
    """Returns a theme's name: its subject, and the direction where there is one, such as "Price: opinions divided"."""
    bare = list(dict.fromkeys(code.bare for code in group))
    name = bare[0] if len(bare) == 1 else f"{bare[0]} and {_lower(bare[1])}"
    name = bare[0] if len(name) > 62 or re.search(r" and .* and ", name) else name
    ends = {"split": ": opinions divided", "good": ": mostly welcomed", "bad": ": mostly criticised", "": ""}
    return f"{name}{ends[_direction(group)]}"


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _summary(group: list[_Read], people: int, place: int) -> str:
    """Returns sentences on how many participants speak of a theme, and who leans which way. people: who take part."""
    speakers = sorted(_moods(group))
    good, bad = _sides(group)
    things = listed([_lower(label) for label in dict.fromkeys(code.bare for code in group)][:3])
    count = f"All {people}" if len(speakers) == people else f"{len(speakers)} of {people}"
    verbs = ("talk about", "come back to", "bring up", "weigh up", "dwell on", "touch on")
    first = f"{count} participants {verbs[place % len(verbs)]} {things}."
    first = (
        first
        if len(speakers) > 1
        else f"Only {first_name(speakers[0])} speaks about {things}."
        if speakers
        else f"It is about {things}."
    )
    names_good, names_bad = listed([first_name(s) for s in good[:3]]), listed([first_name(s) for s in bad[:3]])
    way = _direction(group)
    if way == "split":
        return (
            f"{first} {names_good} {'sounds' if len(good[:3]) == 1 else 'sound'} favourable, {names_bad} more critical."
        )
    if way:
        tone, names = ("positive", names_good) if way == "good" else ("critical", names_bad)
        return f"{first} The tone is mostly {tone}, above all from {names}."
    return first
