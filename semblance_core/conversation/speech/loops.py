"""A model that loops: the same words again and again, once. Pure."""

import re

from semblance_core.analysis.scripts import SPACELESS

MOST_PERIOD = 120
"""Words of what is repeated, at most; letters where a script sets no spaces."""
FEWEST_TIMES, FEWEST_TIMES_OF_A_WORD = 4, 20
"""Repetitions from which a text is no speech any more; one or two words may repeat more often: “No, no, no, no!”"""
A_WORD_OR_TWO = 2
_TOKEN = re.compile(rf"[{SPACELESS}]|[^\s{SPACELESS}]+")
_LONG_LETTER = re.compile(r"([^\W\d_])\1{29,}")
KEPT_LETTERS, MOST_LOOPS = 4, 5


def without_loops(text: str) -> tuple[str, bool]:
    """Returns the text with repetitions once, and whether they went on until the text's end, which then is no real end.

    >>> without_loops("Well. " + "I like it. " * 200), without_loops("No, no, no, no!")
    (('Well. I like it.', True), ('No, no, no, no!', False))
    """
    text = _LONG_LETTER.sub(lambda found: found[1] * KEPT_LETTERS, text)
    is_open = False
    for _ in range(MOST_LOOPS):
        if (found := _loop(text)) is None:
            break
        start, end, is_open = found
        text = (text[:start] + text[end:]).strip()
    return text, is_open


def _loop(text: str) -> tuple[int, int, bool] | None:
    """Returns where the repetitions of a piece begin and end, after its first occurrence, and whether nothing follows."""
    spans = [found.span() for found in _TOKEN.finditer(text)]
    tokens = [text[start:end] for start, end in spans]
    for period in range(1, min(MOST_PERIOD, len(tokens) // FEWEST_TIMES) + 1):
        fewest = FEWEST_TIMES_OF_A_WORD if period <= A_WORD_OR_TWO else FEWEST_TIMES
        run = 0
        for at in range(period, len(tokens) + 1):
            if at < len(tokens) and tokens[at] == tokens[at - period]:
                run += 1
                continue
            if run >= period * (fewest - 1):
                return _span(text, spans, tokens, at - run - period, at, period)
            run = 0
    return None


def _span(
    text: str, spans: list[tuple[int, int]], tokens: list[str], first: int, end: int, period: int
) -> tuple[int, int, bool]:
    """The part to leave out: from behind the first time through the last, with the beginning of one that broke off."""
    is_broken = end == len(tokens) - 1 and tokens[end - period].startswith(tokens[end])
    end += is_broken
    if end == len(tokens):
        return spans[first + period - 1][1], len(text), True
    behind = first + period + (end - first) % period  # what follows may begin in the middle of it
    return spans[behind - 1][1], spans[end - 1][1], False
