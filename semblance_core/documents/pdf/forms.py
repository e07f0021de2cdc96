"""Reads text that people entered into a PDF's form or wrote on its pages, and covers of portfolios. Guarded child process only."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf._page import PageObject
from pypdf.generic import DictionaryObject

from semblance_core.documents.document import DocumentRefused, shown_name
from semblance_core.documents.pdf.page import MALFORMED
from semblance_core.domain.discussion.left_out import Kind

MOST_ANNOTATIONS, MOST_STEPS, MOST_NAMED = 5_000, 20, 5
HIDDEN, NO_VIEW = 1 << 1, 1 << 5
PASSWORD, RADIO, PUSH_BUTTON = 1 << 13, 1 << 15, 1 << 16
OBJECTS = {"/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"}
NO_COMMENTS = {"/Link", "/Popup", "/PrinterMark", "/TrapNet", "/Watermark", "/Redact"}


def check_cover(reader: PdfReader, shown: str) -> None:
    """Raises DocumentRefused for what only Adobe's programs show, whose pages say no more than that."""
    catalog = reader.root_object
    if "/Collection" in catalog:
        names = [shown_name(name) for name in reader.attachments]
        more = ", …" if len(names) > MOST_NAMED else ""
        inside = f" ({', '.join(names[:MOST_NAMED])}{more})" if names else ""
        raise DocumentRefused(
            f"{shown} is a portfolio, a cover with other files in it{inside}; add these files themselves."
        )
    form = _dictionary(catalog.get("/AcroForm"))
    if "/XFA" in form:
        has_fields = any(_of_subtype(page, "/Widget") for page in reader.pages[:50])
        if not has_fields or catalog.get("/NeedsRendering"):
            raise DocumentRefused(f"{shown} is a form that only Adobe Reader shows (XFA); print it to a PDF there.")


def attached(reader: PdfReader) -> int:
    """Returns the number of files attached to the document: 0 where their list is damaged, which no program could open either."""
    try:
        return len(reader.attachments)
    except MALFORMED:
        return 0


def written_on(page: PageObject, left_out: Counter[Kind]) -> Iterator[str]:
    """Returns entries and written notes of a page, a line each, from the top down; counts comments and hidden text in left_out."""
    lines: list[tuple[float, float, str]] = []
    for annotation in _annotations(page):
        kind, words = annotation.get("/Subtype"), _text(annotation.get("/Contents"))
        is_hidden = bool(_whole(annotation.get("/F")) & (HIDDEN | NO_VIEW))
        said = ""
        if kind == "/Widget":
            said = _entered(annotation, left_out)
            if said and is_hidden:
                left_out[Kind.FORM_FIELD] += 1
        elif kind == "/FreeText":
            said = words
            if said and is_hidden:
                left_out[Kind.HIDDEN] += 1
        elif kind == "/FileAttachment":
            left_out[Kind.ATTACHMENT] += 1
        elif kind in OBJECTS:
            left_out[Kind.OBJECT] += 1
        elif kind not in NO_COMMENTS and words and "/IRT" not in annotation:
            left_out[Kind.COMMENT] += 1
        if said and not is_hidden:
            across, up = _place(annotation)
            lines.append((-up, across, said))
    return (said for _, _, said in sorted(lines))


def _annotations(page: PageObject) -> Iterator[DictionaryObject]:
    for each in list(page.annotations or ())[:MOST_ANNOTATIONS]:
        found = each.get_object()
        if isinstance(found, DictionaryObject):
            yield found


def _of_subtype(page: PageObject, subtype: str) -> bool:
    return any(each.get("/Subtype") == subtype for each in _annotations(page))


def _entered(field: DictionaryObject, left_out: Counter[Kind]) -> str:
    """A field's name and what it shows; empty where nothing was entered."""
    kind, flags, value = _inherited(field, "/FT"), _whole(_inherited(field, "/Ff")), _inherited(field, "/V")
    name = _text(_inherited(field, "/TU")) or _text(_inherited(field, "/T"))
    if kind == "/Sig":
        left_out[Kind.SIGNATURE] += value is not None
        return ""
    if kind == "/Btn":
        if flags & PUSH_BUTTON:
            return ""
        state = str(field.get("/AS") or value or "/Off")
        if flags & RADIO:
            return f"{name}: {_option(field, state)}" if state != "/Off" else ""
        return f"{'☐' if state == '/Off' else '☒'} {name}"
    if flags & PASSWORD and kind == "/Tx":
        return ""
    shown = ", ".join(
        _option(field, each) for each in (value if isinstance(value, list) else [value]) if each is not None
    )
    return f"{name}: {shown}" if shown.strip() else ""


def _option(field: DictionaryObject, value: Any) -> str:
    """Returns the text that a field shows for a value: a list has words for each."""
    said = _text(value)
    options = _inherited(field, "/Opt")
    for place, each in enumerate(options if isinstance(options, list) else ()):
        option = each.get_object()
        if isinstance(option, list) and len(option) == 2 and _text(option[0]) == said:
            return _text(option[1])
        if said == f"/{place}" and not isinstance(option, list):
            return _text(option)
    return said.removeprefix("/")


def _inherited(field: DictionaryObject, key: str) -> Any:
    """A field's own value, else that of the one it is a part of."""
    node = field
    for _ in range(MOST_STEPS):
        if key in node:
            return node[key]
        parent = node.get("/Parent")
        if parent is None:
            return None
        node = _dictionary(parent)
    return None


def _text(value: Any) -> str:
    found = value.get_object() if value is not None and hasattr(value, "get_object") else value
    if hasattr(found, "get_data"):
        found = found.get_data().decode("latin-1")
    return " / ".join(filter(None, (line.strip() for line in str(found or "").splitlines())))


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _place(annotation: DictionaryObject) -> tuple[float, float]:
    box = annotation.get("/Rect")
    found = box.get_object() if box is not None else []
    return (float(found[0]), float(found[3])) if isinstance(found, list) and len(found) == 4 else (0.0, 0.0)
