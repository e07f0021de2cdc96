"""Stimuli at questions: the asset that a name of the guide means, and the order in which a group is shown them. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.domain.discussion.asset import PICTURE_ENDINGS, Asset
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.errors import InvalidInput

MOST_SAID = 3
_ENDING = re.compile(r"\.[a-z]{2,8}$")


@dataclass(frozen=True, slots=True)
class PlacedStimulus:
    """A stimulus at a question. question: index into the guide's questions."""

    question: int
    asset_id: str
    name: str


@dataclass(frozen=True, slots=True)
class StimulusPlan:
    """The stimuli that are shown at questions, in their order.

    group_number: the group's number among those of its project that rotate the order, from 1; 0 where the order is the guide's.
    """

    placed: tuple[PlacedStimulus, ...] = ()
    group_number: int = 0

    def at(self, question: int) -> tuple[PlacedStimulus, ...]:
        """The stimuli at this question."""
        return tuple(each for each in self.placed if each.question == question)

    @property
    def in_words(self) -> str:
        """The order in words.

        >>> StimulusPlan((PlacedStimulus(1, "b", "B.pdf"), PlacedStimulus(2, "a", "A.pdf")), 2).in_words
        'rotated between groups, here as for group 2: B.pdf at question 2, A.pdf at question 3'
        """
        order = ", ".join(f"{each.name} at question {each.question + 1}" for each in self.placed)
        how = (
            f"rotated between groups, here as for group {self.group_number}" if self.group_number else "as in the guide"
        )
        return f"{how}: {order}"


@dataclass(frozen=True, slots=True)
class Showing:
    """The stimuli that one message shows. names: theirs. stimuli: all ids of the session, those shown by then first.

    count: how many are shown by then.
    """

    names: tuple[str, ...]
    stimuli: tuple[str, ...]
    count: int


def plan_of(guide: Guide, there: Sequence[Asset], group_number: int = 0) -> StimulusPlan:
    """The plan for a session that begins now; raises `InvalidInput` where a name of the guide does not mean one stimulus."""
    plan, problems = placing(guide, there, group_number)
    if problems:
        more = f" And {len(problems) - MOST_SAID} more like this." if len(problems) > MOST_SAID else ""
        raise InvalidInput(" ".join(problems[:MOST_SAID]) + more)
    return plan


def placing(guide: Guide, there: Sequence[Asset], group_number: int = 0) -> tuple[StimulusPlan, tuple[str, ...]]:
    """The plan as far as names are clear, and a sentence for each that is not.

    With a group number, the stimuli of a section change places: the next group begins with the second of them (a Latin square).

    Args:
        guide: its questions name stimuli.
        there: the session's stimuli.
        group_number: from 1; 0 keeps the order of the guide.
    """
    problems: list[str] = []
    found: list[PlacedStimulus] = []
    taken: dict[str, int] = {}
    first, rotates = 0, False
    for section in guide.sections:
        slots: list[tuple[int, Asset]] = []
        for question, asked in enumerate(section.asked, first):
            for name in asked.shows:
                meant = meant_by(name, [asset.name for asset in there])
                if len(meant) != 1:
                    problems.append(_unclear(name, question, meant))
                elif meant[0] in taken:
                    problems.append(_twice(meant[0], taken[meant[0]], question))
                else:
                    taken[meant[0]] = question
                    slots.append((question, next(asset for asset in there if asset.name == meant[0])))
        first += len(section.questions)
        rotates |= len(slots) > 1
        turn = (group_number - 1) % len(slots) if group_number and slots else 0
        assets = [asset for _, asset in slots]
        for (question, _), asset in zip(slots, assets[turn:] + assets[:turn], strict=True):
            found.append(PlacedStimulus(question, asset.id, asset.name))
    return StimulusPlan(tuple(found), group_number if rotates else 0), tuple(problems)


def meant_by(name: str, names: Sequence[str]) -> list[str]:
    """Returns the stimuli that a name may mean: case does not matter, and its ending may be left out.

    A picture keeps its name where its ending changed with its form (`asset.named_as_kept`).

    >>> names = ["Pack.png", "Leaflet.pdf", "leaflet.docx", "v1.2 price.txt"]
    >>> [meant_by(name, names) for name in ("PACK", "pack.WEBP", "Leaflet", "leaflet.pdf", "v1", "Logo")]
    [['Pack.png'], ['Pack.png'], ['Leaflet.pdf', 'leaflet.docx'], ['Leaflet.pdf'], [], []]
    """
    wanted = _key(name)
    if same := [each for each in names if _key(each) == wanted]:
        return same
    if same := [each for each in names if _stem(each) == wanted]:
        return same
    if not wanted.endswith(PICTURE_ENDINGS):
        return []
    return [each for each in names if _key(each).endswith(PICTURE_ENDINGS) and _stem(each) == _stem(name)]


def _unclear(name: str, question: int, meant: Sequence[str]) -> str:
    if meant:
        which = " or ".join(f"“{each}”" for each in meant)
        return f"Question {question + 1} shows “{name}”, which may be {which}. Give the name with its ending."
    return f"Question {question + 1} shows “{name}”, but no stimulus has this name. Add it, or change the guide."


def _twice(name: str, first: int, again: int) -> str:
    if first == again:
        return f"Question {first + 1} shows “{name}” twice."
    return (
        f"Questions {first + 1} and {again + 1} both show “{name}”. A stimulus is shown once; participants remember it."
    )


def _key(name: str) -> str:
    """The name as names are compared: without signs that nobody sees, case and doubled blanks."""
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) not in ("Cf", "Cc")
    )
    return " ".join(seen.split()).casefold()


def _stem(name: str) -> str:
    return _ENDING.sub("", _key(name))
