"""Compares what people say by a rough sign: whether a sentence denies. Pure; in any language whose words of denial are listed.

It finds where to look and proves nothing: the model that reads the sentences judges them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from semblance_core.analysis.scripts import word_count
from semblance_core.analysis.sentences import sentence_ends
from semblance_core.analysis.text import content_stems

POINT_WORDS = 8
"""Words from which on a turn makes a point that one can differ from."""
SHARED_STEMS, SHARED_PART = 2, 0.6
"""Telling words that two sentences share where they speak of the same, in number and as a part of the shorter one's."""
COMMON_SENTENCES, COMMON_PART = 3, 0.05
"""A word that stands in more sentences of a discussion than these, in number and as a part of all, tells nothing of what one is about."""
_DENIES = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|neither|nor|hardly|without|cannot|\w+n['’]t"
    r"|nicht|nie|niemals|kein\w{0,2}|niemand|nichts|ohne|ne|pas|jamais|rien|aucune?|sans|nunca|jamás|nada|nadie|ningun[oa]|sin|tampoco"
    r"|non|mai|niente|nessun[oa]?|senza|não|ninguém|nenhum\w?|sem|niet|nooit|geen|niemand|niets|zonder|nie|nigdy|nikt|nic|bez|inte|aldrig|ingen"
    r"|inget|utan|ikke|aldri|intet|uden|ei|emme|eivät|koskaan|değil|yok|hiç|asla|nem|soha|semmi|niciodată|nimic|není|nikdy|nikdo"
    r"|не|нет|никогда|никто|ничего|без|ні|ніколи|ніхто|нічого|δεν|όχι|ποτέ|κανείς|τίποτα|لا|ليس|لم|لن|أبدا|לא|אין|אף|नहीं|कभी|मत|না|không|tidak|bukan)\b"
    r"|不|没|沒|無い|ない|ません|なかった|안 |않|없|못|ไม่",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences of one person on the same thing, one of which denies."""

    earlier: str
    now: str


def denies(text: str) -> bool:
    """Returns whether a word of denial stands in the text.

    >>> [denies(text) for text in ("I never buy it", "Das kaufe ich nicht", "我不买", "I buy it daily", "Je l'achète")]
    [True, True, True, False, False]
    """
    return bool(_DENIES.search(text))


def common_stems(texts: Iterable[str]) -> frozenset[str]:
    """Returns the words that these texts use all the time: in any language they carry no content of their own.

    >>> sorted(common_stems(["Ich hab Öl.", "Ich hab Gas.", "Ich nehm Holz.", "Ich hab nix.", "Ich hab Strom."]))
    ['hab', 'ich']
    """
    sentences = [content_stems(sentence) for text in texts for sentence in _sentences(text)]
    counts = Counter(stem for stems in sentences for stem in stems)
    most = max(COMMON_SENTENCES, COMMON_PART * len(sentences))
    return frozenset(stem for stem, count in counts.items() if count > most)


def contradiction(
    earlier: Iterable[str], now: Iterable[str], common: frozenset[str] = frozenset()
) -> Contradiction | None:
    """Returns the first sentence of now that speaks of what an earlier one does and says the opposite of it; None where there is none.

    Args:
        earlier: what the person said before.
        now: what the person says.
        common: words that everybody uses all the time (`common_stems`): two sentences that share them need not speak of the same.

    >>> contradiction(["The price never matters to me."], ["Well, the price matters to me a lot."]).earlier
    'The price never matters to me.'
    >>> contradiction(["The price never matters."], ["The taste matters to me.", "I never look at the price, it never matters."])
    """
    said = [(sentence, _telling(sentence)) for text in earlier for sentence in _sentences(text)]
    for text in now:
        for sentence in _sentences(text):
            telling = _telling(sentence)
            for before, stems in said:
                if denies(before) != denies(sentence) and _are_of_the_same(telling, stems, common):
                    return Contradiction(before, sentence)
    return None


def may_differ(own: Sequence[str], others: Sequence[str]) -> bool:
    """Returns whether somebody whose own words are these may see it otherwise than one of the others: one of them made a point.

    Where nothing is known of their own view, any point will do; else one that denies where they do not, or the other way round.

    >>> point = "I buy it every week, it is cheap enough for us."
    >>> may_differ([], [point]), may_differ([], ["Yes."]), may_differ(["I love it."], [point]), may_differ(["I would never."], [point])
    (True, False, False, True)
    """
    points = [text for text in others if word_count(text) >= POINT_WORDS]
    if not own:
        return bool(points)
    return any(_mostly_denies(text) != _mostly_denies(" ".join(own)) for text in points)


def _are_of_the_same(one: frozenset[str], other: frozenset[str], common: frozenset[str]) -> bool:
    """Returns whether two sentences share enough of their words, with the common ones and without."""
    rare, rare_other = one - common, other - common
    shared = len(rare & rare_other)
    enough = shared >= max(SHARED_STEMS, SHARED_PART * min(len(rare), len(rare_other)))
    return enough and len(one & other) >= SHARED_PART * min(len(one), len(other))


def _mostly_denies(text: str) -> bool:
    sentences = _sentences(text)
    return 2 * sum(map(denies, sentences)) >= max(1, len(sentences))


def _telling(sentence: str) -> frozenset[str]:
    return content_stems(_DENIES.sub(" ", sentence))


def _sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text), len(text)]
    return [part for start, end in pairwise(ends) if (part := text[start:end].strip())]
