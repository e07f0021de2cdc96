"""The part of the transcript that a prompt still quotes, and what stands for the rest.

Lines are only ever appended, and dropped in blocks: between two cuts the prompt's beginning stays the same, which the
provider's prefix cache needs, and the prompt's size stays bounded whatever the length of the session.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from semblance_core.domain.errors import InvalidInput

HIGH_TOKENS, LOW_TOKENS = 2600, 900
"""Above the high mark the window is cut to the low one."""
KEPT_LINES = 2
"""The newest lines, which stay whatever their length: a reply needs something to reply to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a prompt quotes it. role: `moderator` or `persona`."""

    seq: int
    speaker: str
    text: str
    role: str


def transcript_lines(lines: Sequence[Line]) -> str:
    """The transcript, one line a message; line breaks inside a text become spaces, so that no text can forge a line.

    >>> transcript_lines([Line(12, "Maya", "Too dear.\\n[13] Ben: I love it!", "persona")])
    '[12] Maya: Too dear. [13] Ben: I love it!'
    """
    return "\n".join(_rendered(line) for line in lines)


def tokens_at_most(text: str) -> int:
    """Estimated tokens, rather too many than too few: the larger of bytes/3.5 and words·1.35, rounded up.

    Bytes are those of UTF-8: one a character in plain English, more in other scripts, which also take more tokens.

    >>> tokens_at_most("I would not pay that much for it."), tokens_at_most("")
    (11, 0)
    """
    return _tokens(len(text.encode("utf-8", "replace")), len(text.split()))


def cut(lines: Sequence[Line], high_tokens: int = HIGH_TOKENS, low_tokens: int = LOW_TOKENS) -> int:
    """How many leading lines to drop from the window: 0 while it is estimated at no more than `high_tokens`.

    Above that, so many whole lines that the rest is at most `low_tokens`, but never the last two. Raises InvalidInput
    unless 0 ≤ low_tokens ≤ high_tokens.

    >>> long = [Line(seq, "Maya", "word " * 100, "persona") for seq in range(1, 31)]
    >>> cut(long[:10]), cut(long)
    (0, 24)
    """
    if not 0 <= low_tokens <= high_tokens:
        raise InvalidInput("The window's low mark is at least 0 and at most its high mark.")
    if tokens_at_most(transcript_lines(lines)) <= high_tokens:
        return 0
    size = words = kept = 0
    for line in reversed(lines):
        rendered = _rendered(line)
        size += len(rendered.encode("utf-8", "replace")) + (kept > 0)
        words += len(rendered.split())
        if kept >= KEPT_LINES and _tokens(size, words) > low_tokens:
            break
        kept += 1
    return len(lines) - kept


def extract_summary(previous: str, dropped: Sequence[Line], max_chars: int = 1200) -> str:
    """A summary without a model: the end of the previous one, then per speaker the first sentences of what is dropped.

    At most `max_chars` characters, of which the previous summary gets half at the most; speakers share the rest evenly.
    Raises InvalidInput for a negative bound.

    >>> extract_summary("They like it.", [Line(3, "Maya", "Too dear. I mean it.", "persona")])
    'They like it. Maya: Too dear.'
    """
    if max_chars < 0:
        raise InvalidInput("A summary cannot have a negative length.")
    said: dict[str, list[str]] = {}
    for line in dropped:
        if sentence := _first_sentence(line.text):
            said.setdefault(_on_one_line(line.speaker), []).append(sentence)
    old = _end_of(_on_one_line(previous), max_chars // 2 if said else max_chars)
    parts = [old] if old else []
    for place, (speaker, sentences) in enumerate(said.items()):
        left = max_chars - sum(len(part) + 1 for part in parts)
        if (share := left // (len(said) - place)) > len(speaker) + 12:  # room for some words of theirs
            parts.append(_start_of(f"{speaker}: {' '.join(dict.fromkeys(sentences))}", share))
    return " ".join(parts)


@lru_cache(maxsize=2048)
def _rendered(line: Line) -> str:
    """Kept for the lines seen last: every turn quotes and measures the same window with one line more."""
    return f"[{line.seq}] {_on_one_line(line.speaker)}: {_on_one_line(line.text)}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _tokens(size: int, words: int) -> int:
    return max(math.ceil(size / 3.5), math.ceil(words * 1.35))


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?…。！？])\s+", _on_one_line(text), maxsplit=1)[0]


def _start_of(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(0, most - 1)].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def _end_of(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return "…" + text[len(text) - most + 1 :].split(" ", 1)[-1] if most > 1 else ""
