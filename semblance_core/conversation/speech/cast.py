"""Tells whose line is whose in a model's answer: “Moderator: …”, “**Ben Cole:** …”, “[12] 山田花子：…”. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from semblance_core.analysis.alike import first_name, name_key


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


MODERATORS = _listed(
    "moderator|the moderator|interviewer|facilitator|host|narrator|question|q|moderatorin|interviewerin|modérateur|modératrice|animateur|"
    "animatrice|intervieweur|moderador|moderadora|entrevistador|entrevistadora|moderatore|moderatrice|intervistatore|gespreksleider|"
    "ordstyrer|moderátor|moderátorka|moderaattori|moderatör|sunucu|модератор|ведущий|ведущая|модераторка|ведучий|συντονιστής|"
    "συντονίστρια|司会|司会者|モデレーター|主持人|主持|사회자|진행자|모더레이터|المشرف|الميسر|المنسق|مدير الجلسة|מנחה|המנחה|ผู้ดำเนินรายการ|พิธีกร|"
    "मॉडरेटर|संचालक|সঞ্চালক|người điều phối|người dẫn chương trình|pembawa acara"
)
OTHERS = _listed("user|human|system|ai|chatgpt|bot")
ASKED = _listed("assistant|model|participant|persona|respondent|me|a|answer|response|reply")
"""Labels that stand for the participant who was asked."""
INSIDE_A_LINE = _listed(
    "Moderator|Interviewer|Facilitator|Moderatorin|Modérateur|Modératrice|Moderador|Moderadora|Moderatore"
)
COLONS = ":：﹕︰∶꞉፦᠄"
_FRONT = r"[ \t\u3000>#*_~\-–—•·]{0,12}(?:[\[(]?\d{1,6}[\])]?[.):]?[ \t]{0,4})?[\[<(*_\"“「【]{0,4}"
_BACK = r"[\]>)*_\"”」】]*\s*(?:[(\[（][^()\[\]（）\n]{0,60}[)\]）])?\s*(?:says?|said|replies|answers|adds)?[*_]*\s*"
_FLAGS = re.IGNORECASE | re.MULTILINE


@dataclass(frozen=True, slots=True)
class Cast:
    """own: the speaker's names, the longest first. keys: whose each name is, by `name_key`: True for the speaker's."""

    own: tuple[str, ...]
    keys: dict[str, bool]
    line: re.Pattern[str]
    inside: re.Pattern[str]

    def owner(self, name: str) -> bool | None:
        """Returns whether a name is the speaker's; None where it is nobody's."""
        return self.keys.get(name_key(name))

    def parts(self, text: str, *, inline: bool) -> list[tuple[bool | None, str]]:
        """Returns the text in parts, each with its owner: None at its beginning, where it names none."""
        marks = [found for found in self.line.finditer(text) if self._is_label(found)]
        if inline:
            marks += self.inside.finditer(text)
        found: list[tuple[bool | None, str]] = []
        owner: bool | None = None
        start = 0
        for mark in sorted(marks, key=lambda mark: (mark.start(), -mark.end())):
            if mark.start() < start:
                continue
            found.append((owner, text[start : mark.start()]))
            owner, start = self.owner(mark["name"]), mark.end()
        return [*found, (owner, text[start:])]

    def _is_label(self, found: re.Match[str]) -> bool:
        """Returns whether a line begins with a name and a colon, or is a heading that is a name and nothing else."""
        if found[0].rstrip().rstrip("*_").endswith(tuple(COLONS)):
            return True
        is_bold = re.search(r"[*_\[<【]", found["front"]) and re.search(r"[*_\]>】]", found["back"])
        return bool(is_bold or "#" in found["front"])


def cast_of(speaker: str, others: Sequence[str]) -> Cast:
    """Returns the cast: the speaker by any part of the name; others too, where that part is not the speaker's as well."""
    return _cast(speaker, tuple(others))


@lru_cache(maxsize=256)
def _cast(speaker: str, others: tuple[str, ...]) -> Cast:
    """Cached for the speakers of running sessions, whose every message is read with the same patterns."""
    is_moderator = name_key(speaker) in map(name_key, MODERATORS)
    firsts = [first_name(name) for name in others if first_name(name)]
    lasts = [part for name in others for part in name.split()[-1:] if len(part) > 2]
    own = {speaker, *(part for part in (first_name(speaker), *speaker.split()[-1:]) if len(part) > 1)}
    whose = dict.fromkeys(MODERATORS, is_moderator) | dict.fromkeys(OTHERS, False) | dict.fromkeys(ASKED, True)
    whose |= (
        dict.fromkeys([*firsts, *lasts], False)
        | dict.fromkeys(own, True)
        | dict.fromkeys(others, False)
        | {speaker: True}
    )
    people = _any_of([speaker, *others, *firsts, *INSIDE_A_LINE])
    return Cast(
        own=tuple(sorted(own, key=len, reverse=True)),
        keys={name_key(name): mine for name, mine in whose.items() if name_key(name)},
        line=re.compile(
            rf"^(?P<front>{_FRONT})(?P<name>{_any_of(whose)})(?P<back>{_BACK})(?:[{COLONS}][*_]*|\n|$)[ \t\u3000]*",
            _FLAGS,
        ),
        inside=re.compile(
            rf"(?<=[.!?…。！？।؟۔\"”»」)\]])\s{{0,4}}[*_\[]{{0,4}}(?P<name>{people})[\]*_]{{0,4}}\s?[{COLONS}][*_]*\s*"
        ),
    )


def _any_of(names: Sequence[str] | dict[str, bool]) -> str:
    return "|".join(sorted({_pattern(name) for name in names if len(name) > 1 or name in "qa"}, key=len, reverse=True))


def _pattern(name: str) -> str:
    """The name in a pattern, with any space between its words, with or without accents."""
    letters = []
    for char in " ".join(name.split()):
        plain = unicodedata.normalize("NFD", char)[0]
        accented = re.escape(char) if plain == char else f"[{re.escape(char)}{re.escape(plain)}]"
        letters.append(r"\s+" if char == " " else accented)
    return "".join(letters)
