"""The codes of a project's codebook, and the tree that they form. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.editing import Edit
from semblance_core.domain.errors import Conflict, InvalidInput

CODE_NAME_CHARS, CODE_TEXT_CHARS = 120, 2_000
MOST_CODES, MOST_LEVELS = 500, 6
COLOURS = (
    *("#2F7566", "#8A4FBF", "#B3541E", "#1F6FB2", "#A83279", "#5B7A1F"),
    *("#B0382F", "#4A5FC1", "#8C6A12", "#1C7C8C", "#7A4B3A", "#5C5F66"),
)
"""Colours that new codes are given in turn: dark enough for a line on white, light enough for one on black."""
CODE_FIELDS = {
    "name": "the name",
    "definition": "the definition",
    "when": "when to use it",
    "when_not": "when not to use it",
    "colour": "the colour",
    "parent_id": "the code above it",
}
"""Fields of a code that are edited, with their names in words."""


@dataclass(frozen=True, slots=True)
class CodebookCode:
    """A code: one idea that spans of messages are marked with.

    Attributes:
        when, when_not: when to use it and when not.
        colour: as in #2f7566.
        parent_id: the code above it; empty at the top.
        made, confirmed: who made it; who confirmed what a model made, None for nobody.
        version, edits: of the fields in `CODE_FIELDS` (editing.py).
    """

    id: str
    project_id: str
    name: str
    made: Author
    definition: str = ""
    when: str = ""
    when_not: str = ""
    colour: str = COLOURS[0]
    parent_id: str = ""
    confirmed: Author | None = None
    version: int = 0
    edits: dict[str, Edit] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.name.strip()) <= CODE_NAME_CHARS:
            raise InvalidInput(f"Give the code a name (up to {CODE_NAME_CHARS} characters).")
        for called in ("definition", "when", "when_not"):
            if len(text := getattr(self, called)) > CODE_TEXT_CHARS:
                raise InvalidInput(
                    f"{CODE_FIELDS[called].capitalize()} may have {CODE_TEXT_CHARS:,} characters, and this text has {len(text):,}."
                )
        if not re.fullmatch("#[0-9a-fA-F]{6}", self.colour):
            raise InvalidInput(f"“{self.colour[:20]}” is no colour; write it as in #2f7566.")

    @property
    def is_unconfirmed(self) -> bool:
        """Returns whether a model made it and nobody has confirmed it."""
        return self.made.is_model and self.confirmed is None


@dataclass(frozen=True, slots=True)
class PlacedCode:
    """A code with its place in the tree. level: 0 at the top; path: the names from the top down to its own."""

    code: CodebookCode
    level: int
    path: tuple[str, ...]


def tree(codes: Sequence[CodebookCode]) -> list[PlacedCode]:
    """The codes in the order of the tree, those of one level by their names.

    One whose code above is gone stands at the top, and so does the first of a ring, so that every code has exactly one place.
    """
    ids = {code.id for code in codes}
    below: dict[str, list[CodebookCode]] = {}
    for code in sorted(codes, key=lambda code: (code.name.casefold(), code.id)):
        below.setdefault(code.parent_id if code.parent_id in ids else "", []).append(code)
    placed: dict[str, PlacedCode] = {}

    def place(code: CodebookCode, above: tuple[str, ...]) -> None:
        if code.id in placed:
            return
        path = (*above, code.name)
        placed[code.id] = PlacedCode(code, len(above), path)
        for child in below.get(code.id, ()):
            place(child, path)

    for code in (*below.get("", ()), *codes):
        place(code, ())
    return list(placed.values())


def below(codes: Collection[CodebookCode], code_id: str) -> set[str]:
    """The ids of all codes below a code, without its own."""
    found: set[str] = set()
    level = {code_id}
    while level:
        level = {code.id for code in codes if code.parent_id in level} - found - {code_id}
        found |= level
    return found


def check_place(codes: Sequence[CodebookCode], code_id: str, parent_id: str) -> None:
    """Raises `InvalidInput` where a code cannot stand below that one. code_id: empty for a new one."""
    if not parent_id:
        return
    placed = {each.code.id: each for each in tree(codes)}
    if parent_id not in placed:
        raise InvalidInput("The code above it is not in this codebook; it may have been deleted.")
    under = below(codes, code_id) if code_id else set()
    if parent_id == code_id or parent_id in under:
        raise InvalidInput("A code cannot stand below itself; choose another one above it.")
    deepest = max((placed[each].level - placed[code_id].level for each in under), default=0)
    if placed[parent_id].level + 1 + deepest >= MOST_LEVELS:
        raise InvalidInput(f"A codebook has at most {MOST_LEVELS} levels.")


def check_name(codes: Iterable[CodebookCode], name: str, besides: str = "") -> None:
    """Raises `Conflict` where another code has this name. besides: the id of the code that is renamed."""
    if taken := next((code for code in codes if code.id != besides and name_key(code.name) == name_key(name)), None):
        raise Conflict(f"There is a code named “{taken.name}” already; choose another name, or merge the two.")


def check_room(codes: Sequence[CodebookCode], more: int = 1) -> None:
    """Raises `InvalidInput` where so many more codes do not fit."""
    if len(codes) + more > MOST_CODES:
        raise InvalidInput(f"A codebook has at most {MOST_CODES:,} codes; it has {len(codes):,} already.")


def name_key(name: str) -> str:
    """Two names with the same key are taken for one.

    >>> name_key("  Too  DEAR "), name_key("too dear")
    ('too dear', 'too dear')
    """
    return " ".join(name.split()).casefold()


def next_colours(codes: Collection[CodebookCode]) -> Iterator[str]:
    """Colours for new codes without end, those first that are used least."""
    used = [code.colour.upper() for code in codes]
    while True:
        colour = min(COLOURS, key=lambda colour: (used.count(colour.upper()), COLOURS.index(colour)))
        used.append(colour.upper())
        yield colour
