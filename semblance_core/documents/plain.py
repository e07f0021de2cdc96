"""Plain text and Markdown → text. Runs in the guarded child process only."""

import codecs
import re

from charset_normalizer import from_bytes

from semblance_core.documents.document import DocumentRefused, Kind, Limits, ReadDocument, shown_name
from semblance_core.documents.kept import kept_text
from semblance_core.documents.kinds import named_kind

BOMS = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
"""Longest first where one begins another."""
SAMPLE_BYTES = 200_000


def read(content: bytes, name: str, limits: Limits) -> ReadDocument:
    """Raises DocumentRefused for what is no text."""
    shown = shown_name(name)
    text, notes = _decoded(content, shown)
    if "\0" in text:
        raise DocumentRefused(f"{shown} holds NUL characters, so it is no text.")
    text, cut = kept_text(text, limits)
    if not text:
        raise DocumentRefused(f"{shown} holds no text.")
    markdown = named_kind(name) == "markdown"
    kind: Kind = "markdown" if markdown else "text"
    media_type = "text/markdown" if markdown else "text/plain"
    return ReadDocument(kind, text, text.count("\n") + 1, (*notes, *cut), media_type)


def _decoded(content: bytes, shown: str) -> tuple[str, tuple[str, ...]]:
    """The text, by its byte order mark, else as UTF-8, else by what its bytes look like, which is said."""
    marked = next((encoding for bom, encoding in BOMS if content.startswith(bom)), None)
    try:
        return content.decode(marked or "utf-8"), ()
    except UnicodeDecodeError:
        if marked:
            raise DocumentRefused(f"{shown} is damaged: it is not the {marked.upper()} text it begins as.") from None
    if b"\0" in content:
        raise DocumentRefused(f"{shown} holds NUL characters, so it is no text.")
    guess = from_bytes(content[:SAMPLE_BYTES]).best()
    if guess is None:
        raise DocumentRefused(f"{shown} is no text in an encoding that is known here; save it in UTF-8.")
    text = content.decode(guess.encoding, "replace")
    if len(re.findall(r"[\x00-\x08\x0e-\x1f]", text[:SAMPLE_BYTES])) * 50 > len(text[:SAMPLE_BYTES]):
        raise DocumentRefused(f"{shown} is no text.")
    encoding = guess.encoding.replace("_", "-")
    return text, (f"Its characters were read as {encoding}, by what they look like; check that they are right.",)
