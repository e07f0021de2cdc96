"""Notices, by a rough sign, that somebody said *because* and gave no reason. Pure; in any language whose words for it are listed."""

import re
from itertools import pairwise

from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.sentences import sentence_ends
from semblance_core.analysis.text import content_stems

MOST_WORDS = 5
"""Words up to which what follows a *because* may be no reason; more of them tell something, whatever they are."""
_BECAUSE = re.compile(
    r"\b(?:because|weil|parce qu['’e]|puisqu['’e]|porque|perché|omdat|ponieważ|eftersom|därför att|fordi|koska|çünkü|mert|pentru că|fiindcă|protože"
    r"|потому что|тому що|επειδή|διότι|لأن\w*|क्योंकि|কারণ|karena)(?=\W|$)|因为|因為|왜냐하면|เพราะ",
    re.IGNORECASE,
)


def unexplained_because(text: str, common: frozenset[str] = frozenset()) -> str:
    """Returns the first *because*, to the end of its sentence, after which nothing is told; "" where there is none.

    Args:
        text: what somebody said.
        common: words that everybody uses all the time (`stance.common_stems`): in any language they tell nothing.

    >>> unexplained_because("I would not buy it, because it just is. Really.")
    'because it just is.'
    >>> unexplained_because("I buy it because my daughter cannot drink cow's milk.")
    ''
    >>> unexplained_because("Nehm ich nicht, weil ist halt so.", frozenset({"ist", "halt", "so"})), unexplained_because("我不买，因为…")
    ('weil ist halt so.', '因为…')
    """
    ends = [0, *sentence_ends(text), len(text)]
    for start, end in pairwise(ends):
        for found in _BECAUSE.finditer(text, start, end):
            told = text[found.end() : end]
            if word_count(told) <= MOST_WORDS and not content_stems(told) - common:
                return text[found.start() : end].strip()
    return ""
