"""An earlier message that a moderator's question quotes."""

from dataclasses import dataclass

QUOTE_CHARS = 240


@dataclass(frozen=True, slots=True)
class Quote:
    """seq, speaker: of the message quoted. text: its words in one line, shortened to `QUOTE_CHARS`."""

    seq: int
    speaker: str
    text: str


def shortened_to_quote(text: str) -> str:
    """Returns the text in one line, cut at a word where it is long.

    >>> shortened_to_quote("Too\\ndear."), len(shortened_to_quote("word " * 100)) <= QUOTE_CHARS
    ('Too dear.', True)
    """
    line = " ".join(text.split())
    if len(line) <= QUOTE_CHARS:
        return line
    kept = line[: QUOTE_CHARS - 2]
    return (kept.rpartition(" ")[0] if " " in kept[-40:] else kept) + " …"
