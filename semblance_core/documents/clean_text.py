"""The text of a document as it is kept: valid Unicode, within its length, without characters that say nothing."""

import re

from semblance_core.documents.document import Limits

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def words_kept(limits: Limits) -> str:
    return f"Only the first {limits.max_text_chars:,} characters were kept."


def kept_text(text: str, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """The text, and a note where its end was left out. "" where nothing but white space is left.

    >>> kept_text("Oat\\r\\nmilk\\x07 ", Limits())
    ('Oat\\nmilk', ())
    """
    notes: tuple[str, ...] = ()
    if len(text) > limits.max_text_chars:
        text = text[: limits.max_text_chars]
        notes = (words_kept(limits),)
    text = text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair cannot be stored
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    text = re.sub("\u00ad\n?", "", text)  # where a word may be divided
    text = re.sub(r"\n{4,}", "\n\n\n", _CONTROL.sub("", text))
    return text.strip("\n\t ﻿"), notes
