"""The part of the transcript that a prompt still quotes, and what stands for the rest.

Lines are only ever appended, and dropped in blocks: between two cuts the prompt's beginning stays the same, which the
provider's prefix cache needs, and the prompt's size stays bounded whatever the length of the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from semblance_core.analysis.sentences import first_sentence
from semblance_core.conversation.tokens import shares, tokens_at_most, tokens_of, weight, within
from semblance_core.domain.errors import InvalidInput

HIGH_TOKENS, LOW_TOKENS = 2600, 900
"""Above the high mark the window is cut to the low one."""
KEPT_LINES = 2
"""Newest lines that stay at any length: a reply needs something to reply to."""

LONGEST_WORD = 24
"""Characters within which a cut looks for a space."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a prompt quotes it. role: `moderator` or `persona`."""

    seq: int
    speaker: str
    text: str
    role: str


def transcript_lines(lines: Sequence[Line]) -> str:
    """Returns the transcript, one line a message; line breaks inside a text become spaces, so that no text can forge a line.

    >>> transcript_lines([Line(12, "Maya", "Too dear.\\n[13] Ben: I love it!", "persona")])
    '[12] Maya: Too dear. [13] Ben: I love it!'
    """
    return "\n".join(_rendered(line) for line in lines)


def cut(lines: Sequence[Line], high_tokens: int = HIGH_TOKENS, low_tokens: int = LOW_TOKENS) -> int:
    """Returns how many leading lines to drop from the window.

    Whole lines are dropped until the rest is at most `low_tokens`, but never the last two.

    Args:
        lines: the window, oldest first.
        high_tokens: estimated tokens up to which nothing is dropped.
        low_tokens: estimated tokens that the rest has at most.

    Returns:
        0 while the window is within `high_tokens`.

    Raises:
        InvalidInput: not 0 ≤ low_tokens ≤ high_tokens.

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
        size += weight(rendered) + (weight("\n") if kept else 0)
        words += len(rendered.split())
        if kept >= KEPT_LINES and tokens_of(size, words) > low_tokens:
            break
        kept += 1
    return len(lines) - kept


def newest(lines: Sequence[Line], budget_tokens: int) -> list[Line]:
    """Returns the newest lines that fit into a budget of tokens; the last two stay, and are cut where they are longer than it.

    >>> [line.seq for line in newest([Line(seq, "Maya", "word " * 20, "persona") for seq in range(1, 9)], 100)]
    [6, 7, 8]
    """
    return evened(lines[cut(lines, budget_tokens, budget_tokens) :], budget_tokens)


def evened(lines: Sequence[Line], budget_tokens: int) -> list[Line]:
    """Returns all lines, the longest of them cut so that they fit into a budget of tokens together."""
    sizes = [tokens_at_most(_rendered(line)) + 1 for line in lines]
    if sum(sizes) <= budget_tokens:
        return list(lines)
    rooms = shares(sizes, budget_tokens)
    return [
        line if size <= room else replace(line, text=_begun(line, room))
        for line, size, room in zip(lines, sizes, rooms, strict=True)
    ]


def _begun(line: Line, room: int) -> str:
    """A line's text as far as it fits into a room with its number and speaker."""
    head = tokens_at_most(_rendered(replace(line, text="…"))) + 1
    return f"{within(_on_one_line(line.text), max(0, room - head))}…"


def extract_summary(previous: str, dropped: Sequence[Line], max_chars: int = 1200) -> str:
    """Writes a summary without a model: the end of the previous one, then per speaker the first sentences of dropped lines.

    Args:
        previous: the summary so far; it gets half of the characters at the most.
        dropped: lines that fall out of the window; their speakers share the rest evenly.
        max_chars: bound of the summary, not negative.

    Raises:
        InvalidInput: the bound is negative.

    >>> extract_summary("They like it.", [Line(3, "Maya", "Too dear. I mean it.", "persona")])
    'They like it. Maya: Too dear.'
    """
    if max_chars < 0:
        raise InvalidInput("A summary cannot have a negative length.")
    said: dict[str, list[str]] = {}
    for line in dropped:
        if sentence := first_sentence(_on_one_line(line.text)):
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


def _start_of(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    start = text[: max(0, most - 1)]
    space = start.rfind(" ", max(0, len(start) - LONGEST_WORD))  # a script without spaces is cut between characters
    return (start[:space] if space > 0 else start).rstrip(" ,;") + "…"


def _end_of(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = text[len(text) - most + 1 :] if most > 1 else ""
    space = end.find(" ", 0, LONGEST_WORD)
    return f"…{end[space + 1 :]}" if end else ""
