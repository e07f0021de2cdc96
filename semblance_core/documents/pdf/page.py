"""One page of a PDF: its text, and what else is drawn on it. Runs in the guarded child process only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf._page import PageObject
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject, StreamObject

from semblance_core.documents.pdf.lines import lines_as_read
from semblance_core.documents.text.right_to_left import HAS_RIGHT_TO_LEFT, plain_letters

MALFORMED = (
    *(PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError),
    *(NotImplementedError, OSError, RecursionError),
)
"""Errors of pypdf on broken files: its own, and those that fall through where a value has an unexpected type."""
UNKNOWN = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
"""Characters that come out where a font does not say which letters it draws."""
NUMBERED = re.compile(r"/(g|G|c|C|cid|glyph|index|char|C\d+_)\d+$")
"""Names of glyphs that say nothing but their number."""
MOST_FORMS = 500
THIN = 2
"""Pixels of a picture that is no more than a line."""


@dataclass(slots=True)
class _Drawn:
    """Counts and passages met while a page was read.

    names: of the pictures and forms that were drawn. inline: pictures between the text. nameless: signs in fonts that do not
    say which letters they draw.
    """

    names: set[str] = field(default_factory=set)
    inline: int = 0
    nameless: int = 0

    def hear(self, text: str, _cm: Any, _tm: Any, font: Any, _size: Any) -> None:
        if font is not None and _is_nameless(font):
            self.nameless += len("".join(text.split()))

    def meet(self, operator: bytes, operands: Any, *_: Any) -> None:
        if operator == b"Do" and operands:
            self.names.add(str(operands[0]))
        elif operator == b"INLINE IMAGE":
            self.inline += 1


@dataclass(frozen=True, slots=True)
class Page:
    """text, and how many pictures, passages that are not shown, and signs of no known letter there are."""

    text: str
    pictures: int
    hidden: int
    unknown: int


def read_page(page: PageObject, off: frozenset[str]) -> Page:
    """off: layers that are not shown, as `switched_off` names them."""
    hidden = _without_layers(page, off) if off else 0
    drawn = _Drawn()
    text = page.extract_text(visitor_operand_before=drawn.meet, visitor_text=drawn.hear)
    unknown = max(drawn.nameless, len(UNKNOWN.findall(text)))
    if HAS_RIGHT_TO_LEFT.search(text):
        text = _as_read(page, text)
    return Page(plain_letters(text).strip(), drawn.inline + _pictures(page, drawn.names), hidden, unknown)


def _is_nameless(font: Any) -> bool:
    """Returns whether a font numbers its glyphs in a way of its own and has no table of what they stand for."""
    if "/ToUnicode" in font:
        return False
    encoding = font.get("/Encoding")
    if font.get("/Subtype") != "/Type0":
        named = encoding.get_object() if encoding is not None else None
        listed = named.get("/Differences") if isinstance(named, DictionaryObject) else None
        names = [each for each in (listed.get_object() if listed is not None else ()) if isinstance(each, NameObject)]
        return sum(NUMBERED.match(name) is not None for name in names) * 2 > len(names)
    if not str(encoding).startswith("/Identity"):
        return False
    below = font.get("/DescendantFonts")
    first = below.get_object()[0].get_object() if below is not None and len(below.get_object()) else {}
    system = first.get("/CIDSystemInfo")
    ordering = system.get_object().get("/Ordering") if system is not None else "Identity"
    return str(ordering) in ("Identity", "")


def _as_read(page: PageObject, text: str) -> str:
    """The page's lines in the order in which they are read; as pypdf has them where some of it stands in forms of its own."""
    try:
        found = lines_as_read(page)
    except LimitReachedError:
        raise
    except MALFORMED:
        return text
    return found if _letters(found) >= 0.95 * _letters(plain_letters(text)) else text


def _letters(text: str) -> int:
    return sum(sign.isalnum() for sign in text)


def _pictures(page: PageObject, names: set[str]) -> int:
    """Returns how many pictures of the page and its forms are drawn."""
    return sum(
        1
        for name, entry in _drawable(page)
        if name in names
        and entry.get("/Subtype") == "/Image"
        and all(_size(entry.get(side)) > THIN for side in ("/Width", "/Height"))
    )


def _drawable(page: PageObject) -> Iterator[tuple[str, DictionaryObject]]:
    """Everything by name that the page or a form in it may draw."""
    waiting, met = [_resources(page)], set[int]()
    while waiting and len(met) < MOST_FORMS:
        drawings = waiting.pop().get("/XObject")
        found = drawings.get_object() if drawings is not None else None
        if not isinstance(found, DictionaryObject):
            continue
        for name, named in found.items():
            entry = named.get_object()
            if not isinstance(entry, DictionaryObject) or id(entry) in met:
                continue
            met.add(id(entry))
            yield str(name), entry
            if entry.get("/Subtype") == "/Form":
                waiting.append(_resources(entry))


def _resources(of: DictionaryObject) -> DictionaryObject:
    node: Any = of
    for _ in range(50):
        found = node.get("/Resources")
        if found is not None:
            resources = found.get_object()
            return resources if isinstance(resources, DictionaryObject) else DictionaryObject()
        parent = node.get("/Parent")
        if parent is None:
            break
        node = parent.get_object()
    return DictionaryObject()


def _size(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


# Layers


def switched_off(catalog: DictionaryObject) -> frozenset[str]:
    """The layers of a document that are not shown, by their ids."""
    try:
        return _off(catalog)
    except MALFORMED:
        return frozenset()


def _off(catalog: DictionaryObject) -> frozenset[str]:
    layers = catalog.get("/OCProperties")
    usual = layers.get_object().get("/D") if layers is not None else None
    off = usual.get_object().get("/OFF") if usual is not None else None
    return frozenset(map(_identity, off.get_object())) if off is not None else frozenset()


def _identity(reference: Any) -> str:
    return f"{getattr(reference, 'idnum', '')} {getattr(reference, 'generation', '')}"


def _without_layers(page: PageObject, off: frozenset[str]) -> int:
    """Takes what belongs to these layers out of the page's own content; how many passages with text these were."""
    named = _resources(page).get("/Properties")
    properties = named.get_object() if named is not None else None
    if not isinstance(properties, DictionaryObject):
        return 0
    names = {str(name) for name, _ in properties.items() if _is_off(properties.raw_get(name), off)}
    contents = page.get("/Contents")
    found = contents.get_object() if contents is not None else None
    if not names or not isinstance(found, ArrayObject | StreamObject):
        return 0
    content = ContentStream(found, page.pdf, "bytes")
    kept: list[Any] = []
    marks: list[bool] = []
    passages, has_text = 0, False
    for operands, operator in content.operations:
        if operator in (b"BDC", b"BMC"):
            is_layer = operator == b"BDC" and len(operands) > 1 and operands[0] == "/OC" and str(operands[1]) in names
            marks.append(is_layer)
        was_off = any(marks)
        if operator == b"EMC" and marks:
            marks.pop()
            if was_off and not any(marks):
                passages, has_text = passages + has_text, False
        has_text |= was_off and operator in (b"Tj", b"TJ", b"'", b'"')
        if not was_off or not re.fullmatch(rb"Tj|TJ|'|\"|Do|INLINE IMAGE", operator):
            kept.append((operands, operator))
    content.operations = kept
    page[NameObject("/Contents")] = content
    return passages


def _is_off(layer: Any, off: frozenset[str]) -> bool:
    """Returns whether a layer, or each of those that it is made of, is switched off."""
    if _identity(layer) in off:
        return True
    found = layer.get_object()
    members = found.raw_get("/OCGs") if isinstance(found, DictionaryObject) and "/OCGs" in found else None
    if members is None:
        return False
    listed = members.get_object()
    each = list(listed) if isinstance(listed, ArrayObject) else [members]
    return bool(each) and all(_identity(member) in off for member in each)
