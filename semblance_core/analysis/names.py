"""Finds the people named in a text: by “@Maria José”, “山田さん” or “as Ben said”. Pure.

Any script, any case, with or without accents. Where names begin alike, the longest that fits is meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from semblance_core.analysis.alike import HONORIFICS, TITLES, first_name, plain
from semblance_core.analysis.boundaries import in_word, is_sign
from semblance_core.analysis.scripts import HIRAGANA, KATAKANA, is_spaceless
from semblance_core.analysis.text import aligned, normalised, words

_NAMES_THAT_ARE_WORDS = frozenset(
    words(
        "amber angel april art august autumn bill bob carol chase chance chuck christian daisy dawn dean dot drew "
        "earnest eve faith felicity frank gene ginger grace grant guy harmony heather hazel holly hope hunter iris "
        "ivy jack jade jasmine jean jewel john josh joy june lance lily mark may melody miles misty nick olive pat "
        "patience peg penny poppy rain ray rich rob robin rose ruby rusty sage sandy sky skip stormy sue summer "
        "terry violet wade will winter young"
    )
)

_HANGUL = re.compile("[\uac00-\ud7a3]")
_KANA = (re.compile(f"[{HIRAGANA}]"), re.compile(f"[{KATAKANA}]"))
_PARTICLES = re.compile(
    "(?:씨|님|군|양|이|가|은|는|을|를|의|도|만|와|과|랑|야|아|께|한테|에게|께서|처럼|보다|라는|라고)?(?:이|가|은|는|을|를|의|도|만|와|과|랑|야|께|께서|한테|에게|처럼|보다|라는|라고|말)?"
    "(?![\uac00-\ud7a3])"
)
"""Particles that Korean puts directly behind a name."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """Somebody named right behind an “@”. index: of the name, None where nobody has it; written: what stands there."""

    index: int | None
    written: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name, as `aligned` spells it."""

    text: str
    index: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    index: int


def mentions(text: str, names: Sequence[str]) -> list[int]:
    """Returns the indices of the names that the text mentions, in order of first mention.

    A name counts by its full form, or by its first name where only one of `names` has it, as a whole word in any case,
    "@" before it or not. A first name that is an English word too (Will, Rose) counts only in its own spelling, and at
    the start of a sentence only before a comma or after "@": "Will you buy it?" names nobody.

    >>> mentions("I agree with Ben, and @maya has a point.", ["Maya Rao", "Ben Cole", "Will Hart"])
    [1, 0]
    >>> mentions("Maria José said so.", ["Maria", "Maria José"]), mentions("山田花子さんと同じです", ["山田花子"])
    ([1], [0])
    """
    read = _Read.of(text)
    places = [place for form in _forms(tuple(names)) for place in read.places(form)]
    taken: list[_Place] = []
    for place in sorted(places, key=lambda place: (place.start - place.end, place.start)):  # the longest first
        if all(place.end <= other.start or other.end <= place.start for other in taken):
            taken.append(place)
    return list(dict.fromkeys(place.index for place in sorted(taken, key=lambda place: place.start)))


def addressed(text: str, names: Sequence[str]) -> list[Addressed]:
    """Returns the people named behind an “@”, in order: by full name, by a part that only one has, or with an honorific.

    >>> addressed("@Maria José, and you? @山田さん、どうですか @Bob?", ["Maria", "Maria José", "山田花子"])
    [Addressed(index=1, written='Maria José'), Addressed(index=2, written='山田'), Addressed(index=None, written='Bob')]
    """
    read = _Read.of(text)
    forms = [*_forms(tuple(names)), *_parts(names), *_joined(names)]
    found = []
    for at in read.addresses():
        fitting = [form for form in forms if read.stands(form, at, free=False)]
        best = max(fitting, key=lambda form: (len(form.text), form.is_exact), default=None)
        if best:
            found.append(Addressed(best.index, read.written(at, at + len(best.text))))
        else:
            found.append(read.partly(at, names))
    return found


@lru_cache(maxsize=256)
def _forms(names: tuple[str, ...]) -> tuple[_Form, ...]:
    """Full names, and first names that only one has; also without accents, where that fits only one."""
    exact = [(normalised(name), index) for index, name in enumerate(names) if normalised(name)]
    full = {text for text, _ in exact}
    firsts = [normalised(first_name(name)) for name in names]
    exact += [
        (text, index) for index, text in enumerate(firsts) if text and text not in full and firsts.count(text) == 1
    ]
    return tuple(_with_plain(exact))


def _parts(names: Sequence[str]) -> list[_Form]:
    """Any word of a name that only one has: “@Cole”."""
    parts = [
        {normalised(part) for part in name.split() if part.casefold().rstrip(".") not in TITLES and len(part) > 1}
        for name in names
    ]
    return _with_plain(
        [
            (part, index)
            for index, own in enumerate(parts)
            for part in sorted(own)
            if sum(part in other for other in parts) == 1
        ]
    )


def _joined(names: Sequence[str]) -> list[_Form]:
    """Full names as one word: “@BenCole”, “@ben_cole”."""
    full = [(normalised(name), index) for index, name in enumerate(names)]
    return _with_plain(
        [(text.replace(" ", joint), index) for text, index in full if " " in text for joint in ("", "_")]
    )


def _with_plain(exact: Sequence[tuple[str, int]]) -> list[_Form]:
    unaccented = [(plain(text), index) for text, index in exact]
    indices: dict[str, set[int]] = {}
    for text, index in (*exact, *unaccented):
        indices.setdefault(text, set()).add(index)
    return [_Form(text, index, True) for text, index in exact] + [
        _Form(text, index, False) for text, index in dict.fromkeys(unaccented) if len(indices[text]) == 1
    ]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as names are looked for in it. spans: where each of its characters stands in the original."""

    original: str
    text: str
    plain: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, text: str) -> "_Read":
        """Kept for the texts read last, in which one name is looked for after another."""
        characters = aligned(text)
        spelled = "".join(char for char, _, _ in characters)
        return cls(text, spelled, plain(spelled), tuple((start, end) for _, start, end in characters))

    def places(self, form: _Form) -> Iterator[_Place]:
        """Returns the places where the name is mentioned."""
        text = self.text if form.is_exact else self.plain
        at = text.find(form.text)
        while at >= 0:
            if self.stands(form, at, free=True) and self._is_meant(form, at):
                yield _Place(at, at + len(form.text), form.index)
            at = text.find(form.text, at + 1)

    def stands(self, form: _Form, at: int, *, free: bool) -> bool:
        """Returns whether the name stands here as a word. free: anywhere in a sentence, and not behind an “@”."""
        text, end = self.text if form.is_exact else self.plain, at + len(form.text)
        return text.startswith(form.text, at) and self._begins(form.text, at) and self._ends(form.text, end, free=free)

    def addresses(self) -> list[int]:
        """Returns the places right behind each “@” that addresses somebody and stands in no e-mail address."""
        return [
            at + 1
            for at, char in enumerate(self.text)
            if char == "@"
            and in_word(self.text[at + 1 : at + 2] or " ")
            and (not at or not in_word(self.text[at - 1]) or is_spaceless(self.text[at - 1]))
        ]

    def written(self, start: int, end: int) -> str:
        return self.original[self.spans[start][0] : self.spans[end - 1][1]]

    def partly(self, at: int, names: Sequence[str]) -> Addressed:
        """Returns the name that begins or ends with the text at this place, where names are written in one word: 山田さん."""
        end = at
        while end < len(self.text) and (in_word(self.text[end]) or self.text[end] in "'-_"):
            end += 1
        run = self.text[at:end]
        cuts = [run.find(honorific) for honorific in HONORIFICS if run.find(honorific) > 0]
        short = run[: min(cuts)] if cuts else run
        spelled = [normalised(name) for name in names]
        if short and (is_spaceless(short[0]) or _HANGUL.match(short)):
            fitting = [
                index
                for index, name in enumerate(spelled)
                if " " not in name and (name.startswith(short) or name.endswith(short))
            ]
            if len(fitting) == 1:
                return Addressed(fitting[0], self.written(at, at + len(short)))
        return Addressed(None, self.written(at, at + len(short)))

    def _begins(self, name: str, at: int) -> bool:
        before = self.text[at - 1 : at]
        if not before or before == "@" or not (in_word(before) or before == "_"):
            return not self.text[:at].endswith(("-",)) or not in_word(self.text[at - 2 : at - 1] or " ")
        if any(kana.match(before) and kana.match(name) for kana in _KANA):
            return False
        return is_spaceless(before) or is_spaceless(name[0])

    def _ends(self, name: str, end: int, *, free: bool) -> bool:
        behind = self.text[end : end + 1]
        if self.text.startswith(HONORIFICS, end):
            return True
        if behind == "-":
            return not in_word(self.text[end + 1 : end + 2] or " ")
        if not behind or not (in_word(behind) or behind == "_"):
            # one letter alone, as 李, is a word of its own where no letter stands beside it
            return (
                len(name) > 1 or not free or not is_spaceless(name) or not in_word(self.text[end - 2 : end - 1] or " ")
            )
        if is_sign(behind):
            return False
        if _HANGUL.match(name[-1]):
            return bool(_PARTICLES.match(self.text, end))
        own_kana = _KANA if free else _KANA[1:]  # behind an “@”, Hiragana may be a particle: @はなは
        if any(kana.match(behind) and kana.match(name[-1]) for kana in own_kana):
            return False
        if is_spaceless(name[-1]):
            return not free or len(name) > 1
        return is_spaceless(behind)

    def _is_meant(self, form: _Form, at: int) -> bool:
        """Returns whether a name that is an English word too stands for the person."""
        start, end = self.spans[at][0], self.spans[at + len(form.text) - 1][1]
        before = self.original[:start].rstrip(" \"'(“‘")
        if form.text not in _NAMES_THAT_ARE_WORDS or before.endswith("@"):
            return True
        is_inside = bool(before) and before[-1] not in ".!?:\n-–—"
        return self.original[start:end].istitle() and (is_inside or self.original[end:].startswith(","))
