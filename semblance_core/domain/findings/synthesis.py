"""A synthesis: the themes of several sessions brought onto one list of shared themes.

What is stored names analyses and places of themes in them; it holds no words but the title and the names that people gave.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme_edits import NAME_CHARS

TITLE_CHARS = 160
MOST_SOURCES = 200
"""Sessions and interview rounds in one synthesis."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of one theme among the shared ones. shared: number of the shared theme.

    similarity: with that shared theme as it was then; 0 where this theme began it. by_hand: a person put it there.
    """

    shared: int
    similarity: float = 0.0
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class PlacedAnalysis:
    """One analysis whose themes have their places.

    Attributes:
        source_id: the session or interview round that was analysed.
        analysis_id: the analysis.
        version: the version of it that was read.
        themes: the place of each of its themes, in their order.
        threshold: the similarity that themes kept apart reach, above which two were taken for one; None where nothing told.
        chosen: a person chose this analysis; else the newest one is read at the next update.
    """

    source_id: str
    analysis_id: str
    version: int
    themes: tuple[Placed, ...]
    threshold: float | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Some sessions of a project whose themes are on one list.

    analyses: in the order in which sessions are counted. names: names that people gave shared themes, by their numbers.
    version: one more with each change; editor: the name of who made the last one, edited_by their id, edit: what they did.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    created_at: datetime
    analyses: tuple[PlacedAnalysis, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    edited_by: str = ""
    editor: str = ""
    edited_at: datetime | None = None
    edit: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.title.strip()) <= TITLE_CHARS:
            raise InvalidInput(f"A synthesis has a title of 1–{TITLE_CHARS} characters.")
        if len(self.analyses) > MOST_SOURCES:
            raise InvalidInput(f"A synthesis brings at most {MOST_SOURCES} sessions together.")

    @property
    def source_ids(self) -> tuple[str, ...]:
        return tuple(each.source_id for each in self.analyses)

    @property
    def shared(self) -> frozenset[int]:
        """The numbers of all shared themes."""
        return frozenset(placed.shared for each in self.analyses for placed in each.themes)

    @property
    def next_shared(self) -> int:
        return max(self.shared, default=0) + 1

    def tidied(self) -> "Synthesis":
        """The same without names of shared themes that are no more."""
        numbers = {str(number) for number in self.shared}
        return replace(self, names={number: name for number, name in self.names.items() if number in numbers})


@dataclass(frozen=True, slots=True)
class MergeShared:
    """Several shared themes as one, under the number of the first. name: a name for it; empty keeps the one it has."""

    shared: tuple[int, ...]
    name: str = ""

    def of(self, synthesis: Synthesis) -> Synthesis:
        numbers = tuple(dict.fromkeys(self.shared))
        if len(numbers) < 2:
            raise InvalidInput("Choose at least two shared themes to merge.")
        _check_there(synthesis, *numbers)
        places = {
            (each.source_id, at)
            for each in synthesis.analyses
            for at, placed in enumerate(each.themes)
            if placed.shared in numbers[1:]
        }
        merged = _moved(synthesis, places, numbers[0]).tidied()
        return RenameShared(numbers[0], self.name).of(merged) if self.name.strip() else merged

    words = "merged shared themes"


@dataclass(frozen=True, slots=True)
class SeparateShared:
    """A shared theme of their own for some of a shared theme's members, each named by its session or round and its place there."""

    shared: int
    members: tuple[tuple[str, int], ...]

    def of(self, synthesis: Synthesis) -> Synthesis:
        _check_there(synthesis, self.shared)
        held = {
            (each.source_id, at)
            for each in synthesis.analyses
            for at, placed in enumerate(each.themes)
            if placed.shared == self.shared
        }
        leaving = set(self.members)
        if not leaving or not leaving <= held:
            raise InvalidInput("Choose themes that this shared theme holds.")
        if leaving == held:
            raise InvalidInput("These are all the themes that it holds; choose some of them to separate.")
        return _moved(synthesis, leaving, synthesis.next_shared)

    words = "separated a shared theme"


@dataclass(frozen=True, slots=True)
class RenameShared:
    """Another name for a shared theme; an empty one gives it back that of its first theme."""

    shared: int
    name: str

    def of(self, synthesis: Synthesis) -> Synthesis:
        _check_there(synthesis, self.shared)
        name = " ".join(self.name.split())
        if len(name) > NAME_CHARS:
            raise InvalidInput(f"A theme's name has at most {NAME_CHARS} characters.")
        others = {number: each for number, each in synthesis.names.items() if number != str(self.shared)}
        return replace(synthesis, names={**others, **({str(self.shared): name} if name else {})})

    words = "renamed a shared theme"


SynthesisChange = MergeShared | SeparateShared | RenameShared


def _check_there(synthesis: Synthesis, *numbers: int) -> None:
    if not set(numbers) <= synthesis.shared:
        raise InvalidInput("There is no such shared theme; it may have been merged.")


def _moved(synthesis: Synthesis, places: set[tuple[str, int]], to: int) -> Synthesis:
    """The synthesis with the themes at these places in the shared theme of this number."""
    analyses = (
        replace(
            each,
            themes=tuple(
                Placed(to, placed.similarity, by_hand=True) if (each.source_id, at) in places else placed
                for at, placed in enumerate(each.themes)
            ),
        )
        for each in synthesis.analyses
    )
    return replace(synthesis, analyses=tuple(analyses))
