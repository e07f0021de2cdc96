"""Plain text and Markdown → text. Runs in the guarded child process only."""

import re

from semblance_core.documents.clean_text import kept_text
from semblance_core.documents.document import DocumentRefused, Kind, Limits, ReadDocument, shown_name
from semblance_core.documents.kinds import named_kind
from semblance_core.documents.text.encoding_names import GUESSED, label
from semblance_core.documents.text.encodings import decode, spoilt
from semblance_core.domain.errors import InvalidInput

SAMPLE_CHARS = 200_000


def read(content: bytes, name: str, limits: Limits, encoding: str = "") -> ReadDocument:
    """encoding: what a person says that it is in; empty to find it out. Raises DocumentRefused for what is not text."""
    shown = shown_name(name)
    try:
        found = decode(content, encoding)
    except InvalidInput as wrong:
        raise DocumentRefused(f"{shown}: {wrong}") from None
    text = found.text
    if "\0" in text:
        raise DocumentRefused(f"{shown} contains NUL characters, so it is not text.")
    if len(re.findall(r"[\x00-\x08\x0e-\x1f]", text[:SAMPLE_CHARS])) * 50 > len(text[:SAMPLE_CHARS]):
        raise DocumentRefused(f"{shown} is not text.")
    text, cut = kept_text(text, limits)
    if not text:
        raise DocumentRefused(f"{shown} holds no text.")
    markdown = named_kind(name) == "markdown"
    kind: Kind = "markdown" if markdown else "text"
    media_type = "text/markdown" if markdown else "text/plain"
    said = f"{GUESSED} {label(found.encoding)}, by what they look like; check that they are right."
    if found.in_doubt and found.alternatives:
        said += f" They may as well be {' or '.join(map(label, found.alternatives[:2]))}."
    notes: tuple[str, ...] = () if encoding or found.is_sure else (said,)
    if word := spoilt(text):
        notes += (f"It looks as if it had been read in a wrong encoding before it was saved: “{word[:40]}”.",)
    return ReadDocument(kind, text, text.count("\n") + 1, (*notes, *cut), media_type)
