"""Results of reading a file: its text with notes worth showing, or one sentence on why it cannot be shown."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from semblance_core.domain.discussion.left_out import LeftOut
from semblance_core.domain.errors import UserMistake

Kind = Literal["pdf", "docx", "text", "markdown", "image"]
LONGEST_NAME = 80
SENT_EDGE = 1_024
"""Pixels of the longer edge that models are sent at most, because "low detail" uses no more: OpenAI 512, Gemini tiles of 768,
Anthropic 1,568 and at most 1.15 megapixels, which 1,024 × 1,024 fits in. It is the smallest at which 10-point print on an A4 page can be read."""
MOST_SENT_BYTES = 256 * 1024
"""Of a picture as models are sent it: ten make a request of 3.5 MB, where providers refuse those of 20."""
PICTURE_TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""Types that pictures are kept and sent as, with the bytes that each begins with."""
PARTS = {"pdf": "page", "docx": "paragraph", "text": "line", "markdown": "line", "image": "picture"}


class DocumentRefused(UserMistake):
    """A file cannot be shown to participants; the message is one sentence that names it and says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document. Bytes are real ones, whatever the file's own headers claim.

    max_bytes: of the file. memory_bytes, cpu_s, wall_s: of the process that reads it. max_text_chars: kept, the rest is left
    out and said. max_pages: of a PDF; later ones are left out and said. max_inflated_bytes, max_entries, max_ratio: what a
    DOCX may unpack to, in how many parts, and by what factor a part may grow. max_pixels: of a picture.
    """

    max_bytes: int = 25 * 1024 * 1024
    memory_bytes: int = 1024 * 1024 * 1024
    cpu_s: int = 30
    wall_s: float = 30.0
    max_text_chars: int = 2_000_000
    max_pages: int = 2_000
    max_inflated_bytes: int = 200 * 1024 * 1024
    max_entries: int = 5_000
    max_ratio: int = 200
    max_pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture upright, in sRGB and without anything but its pixels. kept: as large as it came. scaled: as models are sent it."""

    kept: bytes
    scaled: bytes
    scaled_type: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A file as participants are shown it.

    text: "" for a picture, else never blank. parts: pages of a PDF, paragraphs of a DOCX, lines of a text, 1 for a picture.
    notes: whole sentences on what was left out or is not as its name says; those on left_out are among them once it comes from the
    guard. left_out: what it holds that participants are not shown. media_type: of a picture, of what is kept of it.
    """

    kind: Kind
    text: str
    parts: int
    notes: tuple[str, ...]
    media_type: str
    picture: ReadPicture | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def extent(self) -> str:
        """Its size in words.

        >>> ReadDocument("pdf", "Oat milk", 3, (), "application/pdf").extent
        '3 pages'
        """
        return f"{self.parts:,} {PARTS[self.kind]}{'' if self.parts == 1 else 's'}"


def shown_name(name: str) -> str:
    """A file's name as a sentence quotes it: without folders and invisible characters, at most 80 characters.

    >>> shown_name("../plans/oat\\u202efdp.exe"), shown_name("\\x00")
    ('oatfdp.exe', 'This file')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    visible = " ".join(visible.split())
    return (
        visible if len(visible) <= LONGEST_NAME else f"{visible[: LONGEST_NAME - 10]}…{visible[-9:]}"
    ) or "This file"


def megabytes(size: int) -> str:
    """A size in words, in units of 1024 · 1024 bytes, rounded up.

    >>> megabytes(100 * 1024 * 1024 + 1)
    '101 MB'
    """
    return f"{-(-size // (1024 * 1024)):,} MB"
