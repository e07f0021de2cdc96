"""PDF → text, page by page, with pypdf. Runs in the guarded child process only."""

import logging
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf._page import PageObject
from pypdf.errors import LimitReachedError

from semblance_core.documents.clean_text import kept_text
from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.pdf.forms import attached, check_cover, written_on
from semblance_core.documents.pdf.page import MALFORMED, read_page, switched_off
from semblance_core.domain.discussion.left_out import Kind, LeftOut

MOSTLY, SOME = 0.5, 0.01
"""Shares of signs without a known letter."""


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for what is locked, damaged, too large, a mere cover, or holds no text."""
    logging.disable()  # pypdf warns of every oddity; the notes say what matters
    shown = shown_name(name)
    try:
        with apply_configuration(jbig2dec_binary=None, page_tree_maximum_depth=50):
            reader = PdfReader(BytesIO(content))
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
            check_cover(reader, shown)
            return _Pages(reader, limits).document(shown)
    except LimitReachedError:
        raise DocumentRefused(f"{shown} unpacks to more than can be read safely.") from None
    except MALFORMED:
        raise DocumentRefused(f"{shown} is damaged or not a PDF.") from None


class _Pages:
    """Reads one page after the other. left_out: by page, what is on it that is not read."""

    def __init__(self, reader: PdfReader, limits: Limits):
        self._pages: Sequence[PageObject] = reader.pages
        self._count = len(self._pages)
        self._limits = limits
        self._off = switched_off(reader.root_object)
        self._texts: list[str] = []
        self._too_much = False
        self._unknown = 0
        self._left_out: dict[int, Counter[Kind]] = {}
        self._attached = attached(reader)

    def document(self, shown: str) -> ReadDocument:
        if not self._count:
            raise DocumentRefused(f"{shown} has no pages.")
        read = chars = 0
        for place in range(min(self._count, self._limits.max_pages)):
            if chars > self._limits.max_text_chars:
                break
            read += 1
            chars += self._page(place)
        left_out = self._all_left_out()
        unread = next((each.count for each in left_out if each.kind is Kind.UNREAD_PAGE), 0)
        if unread == read and self._too_much:
            raise DocumentRefused(f"{shown} unpacks to more than can be read safely.")
        if unread == read:
            raise DocumentRefused(f"{shown} is damaged: none of its pages could be read.")
        text, cut = kept_text("\n\n".join(self._texts), self._limits)
        if not text:
            pictures = any(each.kind is Kind.PICTURE_PAGE for each in left_out)
            what = (
                ": its pages are pictures; attach them as PNG or JPEG, or have their text recognised first"
                if pictures
                else ""
            )
            raise DocumentRefused(f"{shown} holds no text{what}.")
        unknown = self._unknown / len(text)
        if unknown > MOSTLY:
            raise DocumentRefused(
                f"{shown} does not say which letters its signs stand for; have its text recognised first."
            )
        notes = [
            *(["Some of its signs do not say which letters they stand for."] if unknown > SOME else []),
            *([f"Only the first {read:,} of {self._count:,} pages were read."] if read < self._count else []),
        ]
        return ReadDocument("pdf", text, self._count, (*notes, *cut), "application/pdf", left_out=left_out)

    def _page(self, place: int) -> int:
        """Reads a page; how many characters it has."""
        left_out = self._left_out[place + 1] = Counter[Kind]()
        try:
            page = self._pages[place]
            found = read_page(page, self._off)
        except MALFORMED as malformed:
            left_out[Kind.UNREAD_PAGE] = 1
            self._too_much |= isinstance(malformed, LimitReachedError)
            return 0
        left_out[Kind.HIDDEN] = found.hidden
        self._unknown += found.unknown
        lines = [*([found.text] if found.text else []), *self._written_on(page, left_out)]
        if not lines:
            left_out[Kind.PICTURE_PAGE if found.pictures else Kind.BLANK_PAGE] = 1
            return 0
        left_out[Kind.PICTURE] = found.pictures
        self._texts.append("\n".join(lines))
        return len(self._texts[-1]) + 2

    def _written_on(self, page: PageObject, left_out: Counter[Kind]) -> list[str]:
        try:
            return list(written_on(page, left_out))
        except MALFORMED:
            left_out[Kind.FORM_FIELD] += 1
            return []

    def _all_left_out(self) -> tuple[LeftOut, ...]:
        found = []
        for kind in Kind:
            pages = tuple(page for page, counts in self._left_out.items() if counts[kind])
            count = sum(self._left_out[page][kind] for page in pages)
            if kind is Kind.ATTACHMENT and self._attached:
                found.append(LeftOut(kind, count + self._attached))
            elif count:
                found.append(LeftOut(kind, count, pages))
        return tuple(found)
