"""Reads drawings of a Word file beside its text: text boxes, pictures, charts, diagrams, decorated words."""

from collections.abc import Iterator
from typing import Literal

from lxml import etree

from semblance_core.documents.word.pieces import MC, chosen
from semblance_core.documents.word.styles import W

PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
CHARTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
)
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
V = "{urn:schemas-microsoft-com:vml}"
What = Literal["box", "picture", "chart", "diagram", "words"]


def drawn_in(drawing: etree._Element) -> Iterator[tuple[What, etree._Element]]:
    """Returns the kind of object that a drawing holds, and its element."""
    for child in drawing:
        tag = child.tag
        if tag == f"{W}txbxContent":
            yield "box", child
        elif tag in (PICTURE, f"{V}imagedata"):
            yield "picture", child
        elif tag in CHARTS:
            yield "chart", child
        elif tag == DIAGRAM:
            yield "diagram", child
        elif tag == f"{V}textpath":
            yield "words", child
        elif tag == f"{MC}AlternateContent":
            yield from drawn_in(chosen(child))
        elif isinstance(tag, str):
            yield from drawn_in(child)


def words_of(diagram: etree._Element) -> str:
    """The words of a diagram's data."""
    return "; ".join(filter(None, (each.text for each in diagram.iter(DRAWN_TEXT))))
