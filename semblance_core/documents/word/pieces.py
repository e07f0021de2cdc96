"""A paragraph of a Word file as it is read, and small questions about its elements."""

from collections.abc import Iterable, Iterator

from lxml import etree

from semblance_core.documents.word.fields import Fields
from semblance_core.documents.word.formulas import lowered, raised
from semblance_core.documents.word.styles import VAL, W, is_on

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ENDS = {
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
TAKEN_AWAY = {f"{W}del", f"{W}moveFrom"}
NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
TINY = 4
"""Half points."""
PUT_IN = {f"{W}ins", f"{W}moveTo"}


class Line:
    """A paragraph as it is read. boxes: text boxes that hang on it. is_hidden: the last text that was met was.

    is_taken_away: some of it was deleted.
    """

    def __init__(self, style: str):
        self.style = style
        self.pieces: list[str] = []
        self.boxes: list[list[str]] = []
        self.fields = Fields()
        self.is_hidden = self.is_taken_away = False


def small(text: str, height: str, last: str) -> str:
    """Figures that stand high or low, which would be read as part of the number before them: 10⁶, not 106."""
    if text.strip().startswith("["):  # the mark of a footnote
        return text
    raised_or_lowered = (raised if height == "superscript" else lowered)(text.strip())
    is_plain = raised_or_lowered.startswith(("^", "_")) and (text.strip().isalpha() or not last.isdigit())
    return text if is_plain or not text.strip() else raised_or_lowered


def is_faint(run: etree._Element) -> bool:
    """Returns whether a run is white on white, or smaller than can be read; what stands on a colour is not."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    colour, size = (properties.find(f"{W}{name}") for name in ("color", "sz"))
    if size is not None and size.get(VAL, "").isdecimal() and int(size.get(VAL)) <= TINY:
        return True
    if colour is None or colour.get(VAL, "").casefold() != "ffffff":
        return False
    about = [
        properties,
        *(each.find(f"{W}{name}") for each in run.iterancestors() for name in ("pPr", "tcPr", "tblPr")),
    ]
    is_on_colour = any(
        each is not None and any(each.find(f"{W}{name}") is not None for name in ("shd", "highlight", "tblStyle"))
        for each in about
    )
    return not is_on_colour and next(run.iterancestors(f"{W}txbxContent"), None) is None


def within(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those in content controls and tracked changes."""
    for child in element:
        if child.tag == wanted:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", *PUT_IN):
            yield from within(child, wanted)


def span(about: etree._Element | None) -> int:
    found = None if about is None else about.find(f"{W}gridSpan")
    value = "1" if found is None else found.get(VAL, "1")
    return min(int(value), 1_000) if value.isdecimal() else 1


def is_placeholder(control: etree._Element) -> bool:
    """Returns whether a content control shows only what to enter into it."""
    return bool(is_on(control.find(f"{W}sdtPr"), "showingPlcHdr"))


def chosen(alternatives: etree._Element) -> etree._Element:
    """Of two forms of the same the newer one, else the older."""
    newer, older = alternatives.find(f"{MC}Choice"), alternatives.find(f"{MC}Fallback")
    if newer is not None and len(newer):
        return newer
    return etree.Element("none") if older is None else older


def by_id(parts: Iterable[etree._Element], kind: str) -> dict[str, etree._Element]:
    """Footnotes or endnotes, without the lines that separate them from the text."""
    return {
        each.get(f"{W}id", ""): each
        for part in parts
        for each in part.findall(f"{W}{kind.removesuffix('s')}")
        if each.get(f"{W}type", "normal") == "normal"
    }
