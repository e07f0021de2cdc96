"""Study files read: YAML, or Markdown with YAML in front. What cannot be read is said with its line."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import partial
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, TypeVar

import yaml

from semblance_core.analysis.panel import Margin
from semblance_core.domain.designs.study_file import RUNS_OF_ARMS, Arm, People, ShownFile, StudyFile, TargetShares
from semblance_core.domain.discussion.guide import Guide, parse_guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.markdown import SHOWN_MISTAKES, Mistake, read_questionnaire
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.flows.importing.studies.nodes import Fields, composed, items, mapping, text, whole, yes

STUDY_CHARS = 400_000
BLOCKS = {"guide": "guide", "survey": "after", "survey after": "after", "survey before": "before"}
"""Fields by the words behind the fence of a block in the Markdown part."""
_FENCE = re.compile(r"(`{3,}|~{3,})\s*([^`]*)$")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class StudyReading:
    """A text as it was read. study: None where there are mistakes."""

    study: StudyFile | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the Markdown part. line: of its fence."""

    field: str
    line: int
    text: str


def parse_study(content: str) -> StudyFile:
    """Returns the study; raises `InvalidInput` with the first mistakes and their lines."""
    reading = read_study(content)
    if reading.study is None:
        told = " ".join(map(str, reading.mistakes[:SHOWN_MISTAKES]))
        more = len(reading.mistakes) - SHOWN_MISTAKES
        raise InvalidInput(f"{told} And {more} more." if more > 0 else told)
    return reading.study


def read_study(content: str) -> StudyReading:
    """Returns the study, or all mistakes in the order of their lines."""
    mistakes: list[Mistake] = []
    try:
        if len(content) > STUDY_CHARS:
            raise InvalidInput(f"A study file has at most {STUDY_CHARS:,} characters.")
        front, offset, notes, blocks = _parts(content.removeprefix("\ufeff"))
        study = _study(Fields(composed(front, offset), mistakes, offset), blocks, notes, mistakes)
    except InvalidInput as wrong:
        number = re.match(r"Line (\d+): ", str(wrong))
        study = None
        words = str(wrong)[number.end() :] if number else str(wrong)
        mistakes.append(Mistake(int(number[1]) if number else 1, words))
    if mistakes:
        return StudyReading(None, tuple(sorted(mistakes, key=lambda each: each.line)))
    return StudyReading(study)


def _parts(content: str) -> tuple[str, int, str, list[_Block]]:
    """The YAML, the number of lines before it, and of a Markdown file its notes and blocks."""
    lines = content.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[first].rstrip() != "---":
        return content, 0, "", []
    last = next((number for number in range(first + 1, len(lines)) if lines[number].rstrip() == "---"), None)
    if last is None:
        return "\n".join(lines[first + 1 :]), first + 1, "", []
    notes, blocks = _body(lines, last + 1)
    return "\n".join(lines[first + 1 : last]), first + 1, notes, blocks


def _body(lines: list[str], first: int) -> tuple[str, list[_Block]]:
    notes, blocks, number = list[str](), list[_Block](), first
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        if not opened:
            notes.append(lines[number].rstrip())
            number += 1
            continue
        inside = number + 1
        while inside < len(lines) and not _closes(lines[inside], opened[1]):
            inside += 1
        words = " ".join(opened[2].split()).casefold()
        if words in BLOCKS:
            if inside == len(lines):
                raise InvalidInput(f"Line {number + 1}: the block “{words}” is not closed by “{opened[1]}”.")
            blocks.append(_Block(BLOCKS[words], number + 1, "\n".join(lines[number + 1 : inside])))
        else:
            notes += [line.rstrip() for line in lines[number : inside + 1]]
        number = inside + 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(notes)).strip(), blocks


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}


def _study(given: Fields, blocks: list[_Block], notes: str, mistakes: list[Mistake]) -> StudyFile | None:
    own: dict[str, Any] = {"title": given.take("title", text, "")}
    own |= _shared(given, {name: field.default for name, field in StudyFile.__dataclass_fields__.items()})
    own["before"] = given.take("before", partial(_questionnaire_node, given), None)
    own["after"] = given.take("after", partial(_questionnaire_node, given), None)
    no_arms: tuple[Arm, ...] = ()
    own["arms"] = given.take("arms", partial(_arms, given), no_arms)
    own["people"] = given.take("people", partial(_choice, People), People.SAME)
    own["runs"] = given.take("runs", whole, RUNS_OF_ARMS if own["arms"] else 1)
    own["turns"] = given.take("turns", whole, 40)
    own["private_first"] = given.take("private_first", yes, False)
    own["language"] = given.take("language", text, "")
    direct: tuple[RatingMethod, ...] = (RatingMethod.DIRECT,)
    own["scales"] = given.take("scales", _scales, direct)
    own["seed"] = given.take("seed", whole, 0)
    own["budget"] = given.take("budget", _money, None)
    own["notes"] = "\n\n".join(filter(None, (given.take("notes", text, ""), notes)))
    given.refuse_others()
    for block in blocks:
        try:
            if own[block.field] is not None:
                raise InvalidInput(f"“{block.field}” stands there twice.")
            read = _guide if block.field == "guide" else partial(_questionnaire, before=block.line)
            own[block.field] = read(block.text)
        except InvalidInput as wrong:
            number = re.match(r"Line (\d+): ", str(wrong))
            mistakes.append(
                Mistake(int(number[1]) if number else block.line, str(wrong)[number.end() if number else 0 :])
            )
    if mistakes:
        return None
    try:
        return StudyFile(**own)
    except InvalidInput as wrong:
        raise InvalidInput(f"Line {given.line}: {wrong}") from None


def _shared(given: Fields, defaults: dict[str, Any]) -> dict[str, Any]:
    """Fields that an arm can have of its own."""
    readers: dict[str, Callable[[yaml.Node], Any]] = {
        "brief": text,
        "personas": _path,
        "size": whole,
        "margins": _margins,
        "guide": lambda node: _guide(text(node)),
        "text": text,
        "stimuli": lambda node: tuple(_shown(given, each) for each in items(node)),
        "probing": partial(_choice, Probing),
        "model": text,
    }
    return {name: given.take(name, read, defaults[name]) for name, read in readers.items()}


def _arms(given: Fields, node: yaml.Node) -> tuple[Arm, ...]:
    arms = []
    for number, each in enumerate(items(node), start=1):
        arm = Fields(mapping(each), given.mistakes, given.offset, f"arm {number}")
        name = arm.take("name", text, f"Arm {number}")
        own = _shared(arm, dict.fromkeys(Arm.__dataclass_fields__))
        arm.refuse_others()
        arms.append(Arm(name, **own))
    return tuple(arms)


def _path(node: yaml.Node) -> str:
    """A path in the file's own folder."""
    given = text(node)
    path = PurePosixPath(given.replace("\\", "/"))
    if not given or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise InvalidInput(f"“{given[:60]}” is no path of a file in the study's own folder.")
    return str(path)


def _shown(given: Fields, node: yaml.Node) -> ShownFile:
    """A path, or the fields `file` and `words`."""
    if isinstance(node, yaml.ScalarNode):
        return ShownFile(_path(node))
    own = Fields(mapping(node), given.mistakes, given.offset, "a stimulus")
    path, words = own.take("file", _path, ""), own.take("words", text, "")
    own.refuse_others()
    if not path:
        raise InvalidInput("a stimulus has a “file”.")
    return ShownFile(path, words)


def _margins(node: yaml.Node) -> tuple[TargetShares, ...]:
    found = []
    for key, value in mapping(node).value:
        shares = tuple((text(name), _number(share)) for name, share in mapping(value).value)
        found.append(TargetShares(text(key), shares))
    margins_of(found)
    return tuple(found)


def margins_of(shares: "list[TargetShares] | tuple[TargetShares, ...]") -> tuple[Margin, ...]:
    """The margins that target shares stand for; raises `InvalidInput` for a field or shares that cannot be."""
    margins = []
    for each in shares:
        total = sum(share for _, share in each.shares)
        if not (each.shares and isfinite(total) and total > 0):
            raise InvalidInput(f"the shares of {each.field} come to nothing.")
        margins.append(Margin(each.field, tuple((value, share / total) for value, share in each.shares)))
    if len({each.field for each in margins}) < len(margins):
        raise InvalidInput("a field has two margins.")
    return tuple(margins)


def _number(node: yaml.Node) -> float:
    given = text(node).removesuffix("%").strip()
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise InvalidInput(f"a number is wanted, not “{given[:60]}”.")
    return value


def _money(node: yaml.Node) -> Decimal:
    given = text(node).removeprefix("$").removesuffix("USD").strip()
    try:
        value = Decimal(given)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        raise InvalidInput(f"US dollars are wanted, as in 2.50, not “{given[:60]}”.")
    return value


def _choice(kind: type[Choice], node: yaml.Node) -> Choice:
    given = text(node).casefold()
    try:
        return kind(given)
    except ValueError:
        raise InvalidInput(f"there is no “{given[:60]}”; it is one of {', '.join(kind)}.") from None


def _scales(node: yaml.Node) -> tuple[RatingMethod, ...]:
    chosen = [_choice(RatingMethod, each) for each in items(node)]
    return tuple(method for method in RatingMethod if method in chosen)


def _guide(markdown: str) -> Guide:
    return parse_guide(markdown)


def _questionnaire_node(given: Fields, node: yaml.Node) -> Questionnaire:
    markdown = text(node)
    return _questionnaire(markdown, before=node.start_mark.line + 1 + given.offset, lines="its line")


def _questionnaire(markdown: str, before: int, lines: str = "") -> Questionnaire:
    """The questionnaire; raises `InvalidInput` with the line of its first mistake in the file, or in the text where `lines` says so."""
    reading = read_questionnaire(markdown)
    if reading.questionnaire is None:
        wrong = reading.mistakes[0]
        if lines:
            raise InvalidInput(f"{lines} {wrong.line}: {wrong.words}")
        raise InvalidInput(str(replace(wrong, line=before + wrong.line)))
    return reading.questionnaire
