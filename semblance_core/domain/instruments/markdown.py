"""A questionnaire as Markdown, and back. What cannot be read is said with its line. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import TYPES, OptionQuestion, PricePoint, Question, Topic

TEXT_CHARS = 60_000
SHOWN_CHARS, SHOWN_MISTAKES = 60, 5
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Mistake:
    """line: its number, from 1. words: what is wrong there, as a sentence."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read. questionnaire: None where there are mistakes."""

    questionnaire: Questionnaire | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(slots=True)
class _Block:
    """A heading of a question with the lines below it."""

    line: int
    text: str
    settings: dict[str, tuple[int, str]] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    first_option: int = 0


def parse_questionnaire(text: str) -> Questionnaire:
    """Returns the questionnaire; raises `InvalidInput` with the first mistakes and their lines."""
    reading = read_questionnaire(text)
    if reading.questionnaire is None:
        told = " ".join(map(str, reading.mistakes[:SHOWN_MISTAKES]))
        more = len(reading.mistakes) - SHOWN_MISTAKES
        raise InvalidInput(f"{told} And {more} more." if more > 0 else told)
    return reading.questionnaire


def read_questionnaire(text: str) -> Reading:
    """Returns the questionnaire, or all mistakes in the order of their lines."""
    if len(text) > TEXT_CHARS:
        return Reading(None, (Mistake(1, f"a questionnaire has at most {TEXT_CHARS:,} characters."),))
    lines = text.splitlines()
    mistakes: list[Mistake] = []
    title, introduction, blocks = _parts(lines, mistakes)
    questions = []
    for block in blocks:
        if (question := _question(block, mistakes)) is not None:
            questions.append(question)
    if mistakes:
        return Reading(None, tuple(sorted(mistakes, key=lambda each: each.line)))
    try:
        return Reading(Questionnaire(title, tuple(questions), introduction))
    except InvalidInput as wrong:
        return Reading(None, (Mistake(1, str(wrong)),))


def to_markdown(questionnaire: Questionnaire) -> str:
    """Returns the text that reads as this questionnaire."""
    parts = [f"# {questionnaire.title}"]
    if questionnaire.introduction:
        parts.append(questionnaire.introduction)
    parts += ["\n".join(_lines_of(question)) for question in questionnaire.questions]
    return "\n\n".join(parts) + "\n"


def _parts(lines: list[str], mistakes: list[Mistake]) -> tuple[str, str, list[_Block]]:
    title, before, blocks = "", list[str](), list[_Block]()
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if stripped == "##" or stripped.startswith("## "):
            blocks.append(_Block(number, " ".join(stripped[2:].split())))
        elif blocks:
            _below(blocks[-1], number, stripped, mistakes)
        elif stripped.startswith("# "):
            if title:
                mistakes.append(Mistake(number, "there is a title already; a question begins with “## ”."))
            elif any(map(str.strip, before)):
                mistakes.append(Mistake(number, "the title stands before everything else."))
            title = title or " ".join(stripped[2:].split())
        else:
            before.append(line.rstrip())
    return title, "\n".join(before).strip(), blocks


def _below(block: _Block, number: int, line: str, mistakes: list[Mistake]) -> None:
    if not line:
        return
    if option := re.match(r"[-*•]\s+(.*)", line):
        block.options.append(" ".join(option[1].split()))
        block.first_option = block.first_option or number
        return
    key, colon, value = line.partition(":")
    key = " ".join(key.replace("’", "'").casefold().split())
    if not colon or key not in SETTINGS:
        mistakes.append(
            Mistake(
                number,
                f"“{_short(line)}” is no option (“- …”) and no setting; settings are {', '.join(SETTINGS)}, as in “type: scale”.",
            )
        )
    elif key in block.settings:
        mistakes.append(Mistake(number, f"“{key}” is set twice for this question."))
    else:
        block.settings[key] = (number, " ".join(value.split()))


def _question(block: _Block, mistakes: list[Mistake]) -> Question | None:
    """The question of a block; None where something in it was, or is here, found wrong."""
    before = len(mistakes)
    if "type" not in block.settings:
        mistakes.append(Mistake(block.line, f"this question has no “type: …”; types are {', '.join(TYPES)}."))
        return None
    line, name = block.settings["type"]
    if (kind := TYPES.get(name.casefold())) is None:
        mistakes.append(Mistake(line, f"there is no type “{_short(name)}”; types are {', '.join(TYPES)}."))
        return None
    taken = kind.__dataclass_fields__.keys()
    given: dict[str, Any] = {}
    for key, (line, value) in block.settings.items():
        if key == "type":
            continue
        setting = SETTINGS[key]
        if setting.field not in taken:
            mistakes.append(Mistake(line, f"“{key}” is no setting of the type {kind.type_name}."))
            continue
        try:
            given[setting.field] = setting.read(value)
        except ValueError:
            mistakes.append(Mistake(line, f"“{key}: {_short(value)}” cannot be read; it takes {setting.takes}."))
    if issubclass(kind, OptionQuestion):
        given["options"] = tuple(block.options)
    elif block.options:
        mistakes.append(Mistake(block.first_option, f"the type {kind.type_name} has no options."))
    if len(mistakes) > before:
        return None
    try:
        return kind(block.text, **given)
    except InvalidInput as wrong:
        mistakes.append(Mistake(block.line, str(wrong)))
        return None


def _lines_of(question: Question) -> Iterator[str]:
    yield f"## {question.text}"
    yield f"type: {question.type_name}"
    fields = type(question).__dataclass_fields__
    for key, setting in SETTINGS.items():
        if setting.field in fields:
            value = getattr(question, setting.field)
            if value != fields[setting.field].default and value is not None:
                yield f"{key}: {setting.write(value)}"
    if isinstance(question, OptionQuestion):
        yield from (f"- {option}" for option in question.options)


@dataclass(frozen=True, slots=True)
class _Setting:
    """field: the question's field that it sets. takes: the values that it takes, in words."""

    field: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    takes: str


def _whole_or_number(text: str) -> float:
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return int(value) if value.is_integer() else value


def _words(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _yes(text: str) -> bool:
    if (value := YES_NO.get(text.casefold())) is None:
        raise ValueError(text)
    return value


def _yes_words(value: bool) -> str:
    return "yes" if value else "no"


def _topic(text: str) -> Topic:
    return Topic(text.casefold())


def _price(text: str) -> PricePoint:
    return PricePoint(text.casefold())


SETTINGS = {
    "type": _Setting("", str, str, ""),
    "points": _Setting("points", int, str, "a whole number from 2 to 11"),
    "low": _Setting("low", _words, str, "the words at the low end"),
    "high": _Setting("high", _words, str, "the words at the high end"),
    "anchors": _Setting("topic", _topic, str, f"one of {', '.join(Topic)}"),
    "least": _Setting("least", _whole_or_number, str, "a number"),
    "most": _Setting("most", _whole_or_number, str, "a number"),
    "unit": _Setting("unit", _words, str, "a word such as euros"),
    "price": _Setting("price", _price, str, f"one of {', '.join(PricePoint)}"),
    "shuffle": _Setting("shuffle", _yes, _yes_words, "yes or no"),
    "don't know": _Setting("dont_know", _yes, _yes_words, "yes or no"),
}
"""Settings below a question, by the words before the colon."""


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"
