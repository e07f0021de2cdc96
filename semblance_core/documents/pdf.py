"""PDF → text, page by page, with pypdf. Runs in the guarded child process only."""

import logging
from collections.abc import Sequence
from io import BytesIO

from pypdf import PasswordType, PdfReader, apply_configuration
from pypdf._page import PageObject
from pypdf.errors import LimitReachedError, PyPdfError

from semblance_core.documents.document import DocumentRefused, Limits, ReadDocument, shown_name
from semblance_core.documents.kept import kept_text

MALFORMED = (
    *(PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError),
    *(NotImplementedError, OSError, RecursionError),
)
"""What pypdf raises on broken files: its own errors, and what falls through where a value is not of the expected type."""

MOSTLY, SOME = 0.5, 0.01
"""Shares of signs without a known letter."""


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for what is locked, damaged, too large or holds no text."""
    logging.disable()  # pypdf warns of every oddity; the notes say what matters
    shown = shown_name(name)
    try:
        with apply_configuration(jbig2dec_binary=None, page_tree_maximum_depth=50):
            reader = PdfReader(BytesIO(content))
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise DocumentRefused(f"{shown} is locked with a password; save it without one.")
            pages: Sequence[PageObject] = reader.pages
            return _document(pages, len(pages), shown, limits)
    except LimitReachedError:
        raise DocumentRefused(f"{shown} unpacks to more than can be read safely.") from None
    except MALFORMED:
        raise DocumentRefused(f"{shown} is damaged or not a PDF.") from None


def _document(pages: Sequence[PageObject], count: int, shown: str, limits: Limits) -> ReadDocument:
    if not count:
        raise DocumentRefused(f"{shown} has no pages.")
    texts: list[str] = []
    unread = too_much = without_text = pictures = chars = read = 0
    for place in range(min(count, limits.max_pages)):
        if chars > limits.max_text_chars:
            break
        read += 1
        try:
            page = pages[place]
            text = page.extract_text().strip()
        except MALFORMED as malformed:
            unread += 1
            too_much += isinstance(malformed, LimitReachedError)
            continue
        if text:
            chars += len(text) + 2
            texts.append(text)
        elif _has_pictures(page):
            pictures += 1
        else:
            without_text += 1
    if unread == read and too_much:
        raise DocumentRefused(f"{shown} unpacks to more than can be read safely.")
    if unread == read:
        raise DocumentRefused(f"{shown} is damaged: none of its pages could be read.")
    text, cut = kept_text("\n\n".join(texts), limits)
    if not text:
        what = (
            "its pages are pictures; attach them as PNG or JPEG, or have their text recognised first"
            if pictures
            else ""
        )
        raise DocumentRefused(f"{shown} holds no text{': ' + what if what else ''}.")
    unknown = text.count("\ufffd") / len(text)
    if unknown > MOSTLY:
        raise DocumentRefused(
            f"{shown} does not say which letters its signs stand for; have its text recognised first."
        )
    notes = [
        *(["Some of its signs do not say which letters they stand for."] if unknown > SOME else []),
        *([f"{_pages(pictures)} only pictures, which are left out."] if pictures else []),
        *([f"{_pages(without_text)} no text."] if without_text else []),
        *([f"{unread} page{'' if unread == 1 else 's'} could not be read."] if unread else []),
        *([f"Only the first {read:,} of {count:,} pages were read."] if read < count else []),
    ]
    return ReadDocument("pdf", text, count, (*notes, *cut), "application/pdf")


def _pages(number: int) -> str:
    return "1 page holds" if number == 1 else f"{number:,} pages hold"


def _has_pictures(page: PageObject) -> bool:
    """Whether it names any, without looking at them."""
    try:
        resources = page["/Resources"]
        named = resources["/XObject"].values()  # type: ignore[index]
        return any(entry.get_object().get("/Subtype") == "/Image" for entry in named)
    except MALFORMED:
        return False
