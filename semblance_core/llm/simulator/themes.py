"""Themes out of codes: codes about the same things, or carried by the same messages, are joined and named."""

import json
import re
from dataclasses import dataclass
from typing import Any

from semblance_core.llm.simulator.concerns import concerns_in
from semblance_core.llm.simulator.lexicon import stopwords
from semblance_core.llm.simulator.scene import feeling, first_name
from semblance_core.llm.simulator.words import listed, plain, stem, words_of

_FEWEST, _MOST = 3, 6
_PLAIN = re.compile(r": (in favour|doubts)$| as a (sore point|plus)$| in everyday life$")


@dataclass(frozen=True, slots=True)
class Code:
    """A code as stored. moods: speaker → mean feeling of their quotes."""

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


def build_themes(context: dict[str, Any]) -> str:
    """Three to six themes as JSON, the most widely carried first; every code belongs to exactly one."""
    codes = [_code(entry, place) for place, entry in enumerate(_entries(context.get("codes")))]
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
        name = _name(group, place, len(everyone))
        themes.append(
            {"name": name, "summary": _summary(group, everyone, place), "code_ids": [code.id for code in group]}
        )
    return json.dumps({"themes": themes}, ensure_ascii=False)


def _entries(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list | tuple) else []


def _code(entry: dict[str, Any], place: int) -> Code:
    quotes = _entries(entry.get("verbatims"))
    label = plain(entry.get("label"), 120) or f"Code {place + 1}"
    text = " ".join(str(quote.get("quote") or "") for quote in quotes)
    felt: dict[str, list[float]] = {}
    for quote in quotes:
        felt.setdefault(str(quote.get("speaker") or ""), []).append(feeling(str(quote.get("quote") or "")))
    strengths = concerns_in(f"{label} {label} {text}")
    number = entry.get("id")
    return Code(
        number if isinstance(number, int) else place,
        label,
        frozenset(seq for quote in quotes if isinstance(seq := quote.get("seq"), int)),
        {speaker: sum(found) / len(found) for speaker, found in felt.items() if speaker},
        frozenset(stem(word) for word in words_of(_PLAIN.sub("", label)) if word not in stopwords()),
        max(sorted(strengths), key=lambda concern: strengths[concern]) if strengths else "",
        len(quotes),
    )


def _nearness(a: list[Code], b: list[Code]) -> float:
    """From 0 to about 2: shared words of the labels, the same concern, the same messages; large groups attract less."""
    pairs = [(x, y) for x in a for y in b]
    total = 0.0
    for x, y in pairs:
        words = len(x.stems & y.stems) / max(1, min(len(x.stems), len(y.stems)))
        messages = len(x.seqs & y.seqs) / max(1, min(len(x.seqs), len(y.seqs)))
        total += words + messages * 0.6 + 0.5 * (x.concern == y.concern != "")
    return total / len(pairs) - 0.08 * (len(a) + len(b) - 2)


def _moods(group: list[Code]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for code in group:
        for speaker, mood in code.moods.items():
            found.setdefault(speaker, []).append(mood)
    return {speaker: sum(moods) / len(moods) for speaker, moods in found.items()}


def _sides(group: list[Code]) -> tuple[list[str], list[str]]:
    moods = _moods(group)
    return sorted(s for s, mood in moods.items() if mood > 0.15), sorted(s for s, mood in moods.items() if mood < -0.15)


def _name(group: list[Code], place: int, everyone: int) -> str:
    good, bad = _sides(group)
    bare = list(dict.fromkeys(code.bare for code in group))
    lead, second = bare[0], _lower(bare[1]) if len(bare) > 1 else ""
    if len(good) >= 2 and len(bad) >= 2 and place % 2:
        return (f"{lead} divides the group", f"{lead} splits opinion")[place // 2 % 2]
    if second and len(f"{lead} {second}") <= 62:
        joins = (
            "{a} decides, {b} comes second",
            "{a} counts for more than {b}",
            "{a} goes hand in hand with {b}",
            "{a} leads to {b}",
            "{a}, tied up with {b}",
            "From {a} to {b}",
        )
        return joins[place % len(joins)].format(a=lead if place % len(joins) != 5 else _lower(lead), b=second)
    if len(good) >= 2 and len(bad) >= 2:
        return (f"{lead} divides the group", f"No agreement: {_lower(lead)}", f"{lead} splits opinion")[place % 3]
    if len(bad) > len(good):
        return (f"{lead} is where patience runs out", f"{lead} remains a worry", f"{lead} gives pause")[place % 3]
    if good and len(good) > len(bad):
        return (f"{lead} speaks for it", f"{lead} wins people over", f"{lead} is a reason to stay")[place % 3]
    return (
        (f"{lead} matters to most", f"{lead} keeps coming up", f"{lead} runs through the talk")[place % 3]
        if len(_moods(group)) * 2 > everyone
        else f"{lead} matters to a few"
    )


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _summary(group: list[Code], everyone: list[str], place: int) -> str:
    """How many speak of it, and who leans which way."""
    speakers = sorted(_moods(group))
    good, bad = _sides(group)
    things = listed([_lower(label) for label in dict.fromkeys(code.bare for code in group)][:3])
    count = f"All {len(everyone)}" if len(speakers) == len(everyone) else f"{len(speakers)} of {len(everyone)}"
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
    if good and bad:
        return (
            f"{first} {names_good} {'sounds' if len(good[:3]) == 1 else 'sound'} favourable, {names_bad} more critical."
        )
    if good or bad:
        names, many, mood = (
            (names_good, len(good[:3]) > 1, "positive") if good else (names_bad, len(bad[:3]) > 1, "critical")
        )
        return f"{first} The tone is mostly {mood}, {'above all from' if many else 'led by'} {names}."
    return f"{first} They describe it without taking a clear side."
