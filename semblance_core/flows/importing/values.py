"""Values as people type them: numbers with commas or words, ages as ranges, cells that stand for nothing. Pure.

What can be meant in two ways is not chosen here but asked about, with what each answer would make of it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from semblance_core.domain.personas.persona import TRAITS, label
from semblance_core.flows.importing.persona_form import OLDEST, YOUNGEST, plain_text
from semblance_core.flows.importing.preview import Answers

LEVELS = (*TRAITS, "talkativeness")
NOTHING = frozenset(
    {
        *(
            "",
            ".",
            "-",
            "–",
            "—",
            "?",
            "n/a",
            "na",
            "#n/a",
            "#null!",
            "#value!",
            "#ref!",
            "#div/0!",
            "#name?",
            "null",
            "none",
        ),
        *(
            "nan",
            "<na>",
            "nd",
            "k.a.",
            "unknown",
            "not stated",
            "not given",
            "no answer",
            "prefer not to say",
            "refused",
        ),
        *("rather not say", "don't know", "keine angabe", "-9", "-99", "-999", ".a", "missing"),
    }
)
"""Texts that stand for no number."""
ERRORS = frozenset({"#n/a", "#null!", "#value!", "#ref!", "#div/0!", "#name?", "<na>", "nan", "null"})
"""Texts that stand for no text either."""
_UNIT = (
    r"(?:years?(?: old| of age)?|yrs?\.?(?: old)?|y/?o|y|jahren?(?: alt)?|j\.|ans|años|anni|anos|lata?|jaar|år|let|roků?"
    r"|лет|года?|歳|岁|세|세)"
)
_WITH_WORDS = re.compile(rf"(?:aged?|ca\.?|about|circa|approx\.?|around|~)?\s*(\d{{1,3}})(?:\.0+)?\s*{_UNIT}?\.?")
_RANGE = re.compile(rf"(\d{{1,3}})\s*{_UNIT}?\s*(?:-|–|—|~|～|to|bis|à|až|until|and|/)\s*(\d{{1,3}})\s*{_UNIT}?\.?")
_OPEN = re.compile(
    rf"(?:over|above|under|below|less than|more than|up to|at least|<=?|>=?|≤|≥|ab|über|unter|bis)\s*\d{{1,3}}\s*{_UNIT}?"
    rf"|\d{{1,3}}\s*{_UNIT}?\s*(?:\+|plus|(?:and|or|&) (?:over|above|older|more|under|younger|below|up)|und älter|et plus|y más)"
)
_BORN = re.compile(r"(?:19|20)\d\d|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?|[+-]?\.\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that can be meant in two ways. by_answer: what each answer makes of it, in words."""

    kind: str
    field: str
    written: str
    by_answer: dict[str, str]

    @property
    def words(self) -> str:
        return f"{label(self.field).capitalize()} “{self.written[:30]}”"


@dataclass
class Reading:
    """Values of one row. doubts: open questions. wrong: fields that do not fit, in sentences. said: (field, what
    was done, as written, as read) of what was not taken as it stands."""

    values: dict[str, Any]
    doubts: list[Doubt] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    said: list[tuple[str, str, str, str]] = field(default_factory=list)


def read_values(values: dict[str, Any], answers: Answers) -> Reading:
    """The row's values as a persona's form takes them."""
    reading = Reading(dict(values))
    for name, value in values.items():
        if isinstance(value, str) and name not in LEVELS and name != "age" and value.strip().casefold() in ERRORS:
            reading.values[name] = ""
            reading.said.append((name, "nothing", value, ""))
    for name in ("age", *LEVELS):
        if plain_text(values.get(name)):
            _read_number(reading, name, plain_text(values[name]), answers)
    return reading


def _read_number(reading: Reading, name: str, written: str, answers: Answers) -> None:
    text = " ".join(unicodedata.normalize("NFKC", written).casefold().split())
    if text in NOTHING:
        reading.values[name] = None
        reading.said.append((name, "nothing", written, ""))
        return
    if name in LEVELS and not any(sign.isdecimal() for sign in text):
        reading.values[name] = None
        reading.said.append((name, "in words", written, ""))
        return
    if name == "age" and _read_age(reading, text, written, answers):
        return
    if name != "age" and (percent := re.fullmatch(r"(.+?)\s?%|(.+?)\s?/\s?100", text)):
        text = percent[1] or percent[2]
        reading.said.append((name, "words", written, text))
    if re.fullmatch(r"\d{1,3}(?:[ '’]\d{3})+", text):
        text = re.sub(r"[ '’]", "", text)
    if "," not in text and answers.numbers != "comma":
        reading.values[name] = _rounded(reading, name, text, written)
        return
    meant = {"point": _by_point(text), "comma": _by_comma(text)}
    if not any(meant.values()):
        reading.values[name] = text
    elif answers.numbers:
        reading.values[name] = _rounded(reading, name, meant[answers.numbers] or text, written)
    else:
        by_answer = {how: f"{float(number):g}" if number else "no number" for how, number in meant.items()}
        reading.doubts.append(Doubt("numbers", name, written, by_answer))
        told = " and ".join(
            [
                f"{by_answer['comma']} with a decimal comma",
                f"{by_answer['point']} with commas between thousands",
            ]
        )
        reading.wrong.append(f"{label(name).capitalize()}: “{written[:30]}” is {told}; say how numbers are written.")
        reading.values.pop(name)


def _read_age(reading: Reading, text: str, written: str, answers: Answers) -> bool:
    """Returns whether the age was read, asked about or refused: words around it, a range, a year."""
    if _PLAIN.fullmatch(text) is None and (found := _WITH_WORDS.fullmatch(text)):
        reading.values["age"] = found[1]
        reading.said.append(("age", "words", written, found[1]))
        return True
    ends = _RANGE.fullmatch(text)
    if (ends and YOUNGEST <= int(ends[1]) < int(ends[2]) <= OLDEST) or _OPEN.fullmatch(text):
        middle = str((int(ends[1]) + int(ends[2]) + 1) // 2) if ends else ""
        if answers.ages:
            reading.values["age"] = middle if answers.ages == "middle" else None
            reading.said.append(("age", "range", written, middle if answers.ages == "middle" else ""))
            return True
        by_answer = {"middle": middle or "not stated", "none": "not stated"}
        reading.doubts.append(Doubt("ages", "age", written, by_answer))
        reading.wrong.append(f"Age: “{written[:30]}” is a range; say whether its middle is meant, or no age.")
        reading.values.pop("age")
        return True
    if _BORN.fullmatch(text):
        reading.wrong.append(f"Age: “{written[:30]}” looks like a year or date of birth; an age is a number of years.")
        reading.values.pop("age")
        return True
    return False


def _rounded(reading: Reading, name: str, number: str, written: str) -> str:
    """The number as a whole one, which is said where it was none."""
    if _PLAIN.fullmatch(number) and (whole := int(Decimal(number).to_integral_value(ROUND_HALF_UP))) != Decimal(number):
        reading.said.append((name, "rounded", written, str(whole)))
        return str(whole)
    return number


def _by_point(text: str) -> str:
    """The number where commas stand between thousands; empty where that is none."""
    return text.replace(",", "") if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text) else ""


def _by_comma(text: str) -> str:
    """The number where a comma stands before decimals."""
    if _GROUPED_BY_POINTS.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text if _PLAIN.fullmatch(text) else ""
