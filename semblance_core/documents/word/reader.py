"""Word files → text. Runs in the guarded child process only."""

import re
import zlib
from collections.abc import Iterator
from struct import error as StructError
from zipfile import BadZipFile

from lxml import etree

from semblance_core.documents.clean_text import kept_text, words_kept
from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.word.package import Package, R
from semblance_core.documents.word.styles import W, is_on
from semblance_core.documents.word.text import Enough, WordText
from semblance_core.domain.discussion.left_out import Kind, LeftOut

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MALFORMED = (
    *(BadZipFile, etree.LxmlError, zlib.error, StructError, EOFError, ValueError, TypeError, LookupError),
    *(AttributeError, NotImplementedError, RuntimeError, OSError, AssertionError),
)
OUT_OF_MEMORY = 2
"""libxml2's number for it."""
PAGE_WORDS = {
    *("page", "pages", "seite", "página", "páginas", "pagina", "pág", "pg", "p", "s", "sida", "side", "sivu", "strona"),
    *("strana", "stránka", "oldal", "lk", "blz", "sayfa", "страница", "стр"),
    *("of", "von", "de", "di", "af", "av", "z", "из"),
}


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for another kind of archive, and for what is locked, damaged, too large or holds no text."""
    shown = shown_name(name)
    try:
        package = Package(content, shown, limits)
        tree = package.tree(package.main)
        body = None if tree is None else tree.find(f"{W}body")
        if body is None:
            raise DocumentRefused(f"{shown} is damaged or not a Word document.")
        words = WordText(package, limits)
        lines: list[str] = []
        is_cut = False
        try:
            lines.extend(_lines(package, body, words))
        except Enough:
            is_cut = True
    except RecursionError:
        raise
    except MALFORMED as malformed:
        if isinstance(malformed, etree.XMLSyntaxError) and malformed.code == OUT_OF_MEMORY:
            raise MemoryError from None
        raise DocumentRefused(f"{shown} is damaged or not a Word document.") from None
    text, cut = kept_text("\n".join(lines), limits)
    if is_cut and not cut:
        cut = (words_kept(limits),)
    comments = sum(len(part.findall(f"{W}comment")) for part in package.of_kind("comments"))
    words.left_out[Kind.COMMENT] += comments
    left_out = tuple(LeftOut(kind, words.left_out[kind]) for kind in Kind if words.left_out[kind])
    if not text:
        are_there = words.left_out[Kind.PICTURE] or any("/media/" in each for each in package.names)
        what = ": it is made of pictures; attach them as PNG or JPEG" if are_there else ""
        raise DocumentRefused(f"{shown} holds no text{what}.")
    notes = [
        *(
            ["It holds macros, which were ignored."]
            if any("vbaproject" in each.casefold() for each in package.names)
            else []
        ),
        *(["Its tracked changes were read as if all were accepted."] if words.tracked else []),
        *(
            ["Some of its text is white on white or tiny, so that people hardly see it; it was read."]
            if words.faint
            else []
        ),
        *(["What is struck through stands between ~~ and ~~."] if words.struck else []),
    ]
    return ReadDocument("docx", text, words.paragraphs, (*notes, *cut), MEDIA_TYPE, left_out=left_out)


def _lines(package: Package, body: etree._Element, words: WordText) -> Iterator[str]:
    """The document between its headers and footers, each of which stands there once."""
    yield from _margins(package, body, words, "header")
    yield from words.body(body)
    yield from _margins(package, body, words, "footer")


def _margins(package: Package, body: etree._Element, words: WordText, where: str) -> Iterator[str]:
    """Headers or footers that are shown: those of first and even pages only where the document has them."""
    settings = next(package.of_kind("settings"), None)
    targets, met, said = package.related(package.main), set[str](), set[str]()
    for section in body.iter(f"{W}sectPr"):
        for reference in section.findall(f"{W}{where}Reference"):
            kind = reference.get(f"{W}type", "default")
            if (kind == "first" and not is_on(section, "titlePg")) or (
                kind == "even" and not is_on(settings, "evenAndOddHeaders")
            ):
                continue
            target = targets.get(reference.get(f"{R}id", ""), ("", ""))[1]
            if not target or target in met:
                continue
            met.add(target)
            text = " ".join(" ".join(words.part(target)).split())
            if text not in said and not _only_counts(text):
                said.add(text)
                yield f"{where.capitalize()}: {text}"


def _only_counts(text: str) -> bool:
    """Returns whether the text is only a page's number, in any language."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return all(word in PAGE_WORDS for word in words)
