"""The text of a Word file as a reader sees it, and counts of what is not in it. Runs in the guarded child process only."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from semblance_core.documents.document import Limits
from semblance_core.documents.word.drawings import drawn_in, words_of
from semblance_core.documents.word.formulas import M, formula
from semblance_core.documents.word.number_formats import written
from semblance_core.documents.word.package import Package, R
from semblance_core.documents.word.pieces import (
    ENDS,
    MC,
    NOTES,
    PUT_IN,
    TAKEN_AWAY,
    Line,
    by_id,
    chosen,
    is_faint,
    is_placeholder,
    small,
    span,
    within,
)
from semblance_core.documents.word.styles import VAL, Lists, Styles, W, is_on
from semblance_core.documents.word.symbols import symbol
from semblance_core.domain.discussion.left_out import Kind


class Enough(Exception):
    """More characters were read than are kept."""


class WordText:
    """Reads one part after the other. left_out: counts. tracked, struck, faint: what was met of changes, of
    struck-through text, and of text that can hardly be seen on a page.
    """

    def __init__(self, package: Package, limits: Limits):
        self._package = package
        self._styles = Styles(next(package.of_kind("styles"), None))
        self._lists = Lists(next(package.of_kind("numbering"), None), self._styles)
        self._notes = {kind: by_id(package.of_kind(kind), kind) for kind in ("footnotes", "endnotes")}
        self._marks = {"footnotes": 0, "endnotes": 0}
        self._waiting: list[str] = []
        self._part = package.main
        self._room = limits.max_text_chars
        self._joined = ""
        self._is_in_note = False
        self.left_out: Counter[Kind] = Counter()
        self.tracked = self.struck = self.faint = self.paragraphs = 0

    def body(self, tree: etree._Element) -> Iterator[str]:
        """The lines of the document, footnotes behind the paragraph or table that they belong to."""
        for block in tree:
            yield from self._block(block)
            while self._waiting:
                waiting, self._waiting = self._waiting, []
                yield from waiting
        if self._joined:
            yield self._joined

    def part(self, path: str) -> list[str]:
        """The lines of a header or footer."""
        tree, main = self._package.tree(path), self._part
        self._part = path
        try:
            return [] if tree is None else [line for block in tree for line in self._block(block)]
        finally:
            self._part = main

    # Blocks

    def _blocks(self, element: etree._Element) -> Iterator[str]:
        for child in element:
            yield from self._block(child)

    def _block(self, block: etree._Element) -> Iterator[str]:
        tag = block.tag
        if tag == f"{W}p":
            yield from self._paragraph(block)
        elif tag == f"{W}tbl":
            yield from self._table(block)
        elif tag in TAKEN_AWAY:
            self.tracked += 1
        elif tag in PUT_IN:
            self.tracked += 1
            yield from self._blocks(block)
        elif tag == f"{W}sdt":
            if not is_placeholder(block):
                yield from self._blocks(block)
        elif tag == f"{MC}AlternateContent":
            yield from self._blocks(chosen(block))
        elif tag in (f"{W}altChunk", f"{W}subDoc"):
            self.left_out[Kind.DOCUMENT] += 1
        elif tag in (f"{M}oMathPara", f"{M}oMath"):
            yield self._said(formula(block))
        elif tag in (f"{W}sdtContent", f"{W}customXml", f"{W}txbxContent"):
            yield from self._blocks(block)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        properties = paragraph.find(f"{W}pPr")
        style = self._style_of(properties, "pStyle") or self._styles.usual
        line = Line(style)
        self._inline(paragraph, line)
        text = "".join(line.pieces).replace("~~~~", "")
        joined, self._joined = self._joined, ""
        mark = None if properties is None else properties.find(f"{W}rPr/{W}del")
        if mark is not None:  # its end was deleted: the next paragraph goes on in the same line
            self.tracked += 1
            self._joined = joined + text
        else:
            self.paragraphs += 1
            text = joined + text
            if text.strip() or not (line.is_hidden or line.is_taken_away):
                label = self._lists.label(properties, style)
                yield self._said(f"{label} {text}" if label and text.strip() else text)
        for box in line.boxes:
            yield from box

    def _said(self, line: str) -> str:
        if self._room < 0:
            raise Enough
        self._room -= len(line) + 1
        return "\n".join(each.rstrip(" \t") for each in line.split("\n"))

    def _style_of(self, properties: etree._Element | None, name: str) -> str:
        found = None if properties is None else properties.find(f"{W}{name}")
        return "" if found is None else str(found.get(VAL, ""))

    # Tables

    def _table(self, table: etree._Element) -> Iterator[str]:
        """A row a line; what is merged downwards stands in each of its rows."""
        merged: dict[int, str] = {}
        for row in within(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self.tracked += 1
                continue
            if is_on(properties, "hidden"):
                self.left_out[Kind.HIDDEN] += 1
                continue
            cells: list[str] = []
            column = 0
            for cell in within(row, f"{W}tc"):
                about = cell.find(f"{W}tcPr")
                if about is not None and about.find(f"{W}cellDel") is not None:
                    self.tracked += 1
                    continue
                text = " ".join(each for each in self._cell(cell) if each)
                down, across = (None if about is None else about.find(f"{W}{name}") for name in ("vMerge", "hMerge"))
                if down is not None and down.get(VAL, "continue") == "continue":
                    text = text or merged.get(column, "")
                elif down is not None:
                    merged[column] = text
                if across is None or across.get(VAL, "continue") != "continue":
                    cells.append(text)
                column += span(about)
            if any(cells):
                yield " | ".join(cells)

    def _cell(self, cell: etree._Element) -> Iterator[str]:
        for block in cell:
            if block.tag == f"{W}tbl":
                yield "; ".join(line.replace(" | ", ", ") for line in self._table(block))
            else:
                yield from (line.replace("\n", " ").strip() for line in self._block(block))

    # Within a paragraph

    def _inline(self, element: etree._Element, line: Line) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, line)
            elif tag in TAKEN_AWAY:
                self.tracked += 1
                line.is_taken_away = True
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                if line.fields.is_shown:
                    line.pieces.append(formula(child))
            elif tag == f"{MC}AlternateContent":
                self._inline(chosen(child), line)
            elif tag == f"{W}sdt" and is_placeholder(child):
                continue
            elif tag == f"{W}subDoc":
                self.left_out[Kind.DOCUMENT] += 1
            elif isinstance(tag, str) and not tag.endswith(("Pr", "pPr")):
                self.tracked += tag in PUT_IN
                self._inline(child, line)

    def _run(self, run: etree._Element, line: Line) -> None:
        properties = run.find(f"{W}rPr")
        own = is_on(properties, "vanish")
        hidden = own if own is not None else self._styles.hides(self._style_of(properties, "rStyle"), line.style)
        if hidden:
            self._hidden_run(run, line)
            return
        pieces: list[str] = []
        for child in run:
            self._part_of_run(child, line, pieces)
        text = "".join(pieces)
        if not text:
            return
        if text.strip():
            line.is_hidden = False
        self.faint += bool(text.strip()) and is_faint(run)
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            self.struck += 1
            text = f"~~{text}~~"
        height = self._style_of(properties, "vertAlign")
        if height in ("superscript", "subscript") and (last := "".join(line.pieces[-1:])[-1:]):
            text = small(text, height, last)
        line.pieces.append(text)

    def _hidden_run(self, run: etree._Element, line: Line) -> None:
        for child in run:
            if child.tag in (f"{W}fldChar", f"{W}instrText"):
                self._part_of_run(child, line, [])
            elif child.tag == f"{W}t" and (child.text or "").strip() and line.fields.is_shown:
                self.left_out[Kind.HIDDEN] += not line.is_hidden
                line.is_hidden = True

    def _part_of_run(self, child: etree._Element, line: Line, pieces: list[str]) -> None:
        tag = child.tag
        if tag == f"{W}fldChar":
            pieces.append(line.fields.meet(child))
            self.left_out[Kind.FIELD] += line.fields.take_mute()
        elif tag == f"{W}instrText":
            line.fields.hear(child.text or "")
        elif not line.fields.is_shown:
            return
        elif tag == f"{W}t":
            pieces.append(child.text or "")
        elif tag in ENDS:
            pieces.append(ENDS[tag])
        elif tag in NOTES:
            pieces.append(self._note(child, NOTES[tag]))
        elif tag == f"{W}sym":
            sign = symbol(child.get(f"{W}font", ""), child.get(f"{W}char", ""))
            self.left_out[Kind.SIGN] += not sign
            pieces.append(sign or "□")
        elif tag == f"{W}ruby":
            base, above = (Line(line.style), Line(line.style))
            for name, half in ((f"{W}rubyBase", base), (f"{W}rt", above)):
                for each in child.findall(name):
                    self._inline(each, half)
            pieces.append("".join([*base.pieces, "（", *above.pieces, "）"]))
        elif tag == f"{MC}AlternateContent":
            for each in chosen(child):
                self._part_of_run(each, line, pieces)
        elif tag == f"{W}object":
            self.left_out[Kind.OBJECT] += 1
        elif tag in (f"{W}drawing", f"{W}pict"):
            self._drawn(child, line)

    def _note(self, reference: etree._Element, kind: str) -> str:
        """The mark of a footnote or endnote, whose text waits for the paragraph's end."""
        note = self._notes[kind].get(reference.get(f"{W}id", ""))
        if note is None or self._is_in_note:  # a footnote has none of its own
            return ""
        self._marks[kind] += 1
        mark = written(self._marks[kind], "decimal" if kind == "footnotes" else "lowerRoman")
        place = len(self._waiting)
        self._waiting.append("")
        self._is_in_note = True
        lines = [each for each in self._blocks(note) if each.strip()]
        self._is_in_note = False
        self._waiting[place] = f"[{mark}] {' '.join(lines).strip()}"
        return f" [{mark}]"

    def _drawn(self, drawing: etree._Element, line: Line) -> None:
        """Text boxes, whose lines stand behind the paragraph, and what else is drawn."""
        for what, element in drawn_in(drawing):
            if what == "box":
                line.boxes.append(list(self._blocks(element)))
            elif what == "words":
                line.boxes.append([self._said(element.get("string", ""))])
            elif what == "diagram":
                self._diagram(element, line)
            else:
                self.left_out[Kind(what)] += 1

    def _diagram(self, named: etree._Element, line: Line) -> None:
        target = self._package.related(self._part).get(named.get(f"{R}dm", ""), ("", ""))[1]
        tree = self._package.tree(target) if target else None
        if words := words_of(tree) if tree is not None else "":
            line.boxes.append([self._said(words)])
        else:
            self.left_out[Kind.DIAGRAM] += 1
