"""Tells whether the simulator can read a text: most of its words have to be those of the English that it speaks itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from semblance_core.analysis.scripts import word_count
from semblance_core.simulator.lexicon import HERE
from semblance_core.simulator.words import sentences_of, stem

NO_TEXT = ("countries.txt",)
"""Lists of names, which belong to no language."""
INFLECTED = 5
"""Letters of a word that is known by its stem: those of shorter ones are often a word of another language."""
NAME_WEIGHT = 0.5
"""A name, or a word in another script, speaks half as much against English as another word that is not known."""
FEWEST_WORDS = 4
"""Words of a sentence that is also judged by itself."""
SENTENCE_SHARE = 0.5
"""Known words that a sentence needs for each unknown one. The whole text needs more than one."""
MOST_LONE = 2
"""Words that may all be unknown, if their letters are those of English words."""
LIKELY, POSSIBLE = 0.8, 0.6
"""Share of a word's runs of three letters that known words have too: of a lone word of a question, and of a topic."""
ENGLISH_ONLY = "The simulator reads plain English only, and cannot read"
"""Begins a refusal; the text that it is about follows."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OTHER_SCRIPT = re.compile(r"[^\W\d_A-Za-zÀ-ɏḀ-ỿ'’]")


class CannotRead(ValueError):
    """The simulator cannot read a text that it would have to answer; the message says so to a person."""


def reads(text: str, *heard: str) -> bool:
    """Returns whether the simulator can read a text.

    Args:
        text: such as a brief or a question.
        heard: texts whose words count neither way, such as the topic and the participants' names.

    >>> reads("Why tea?"), reads("Why 茅台?"), reads("Matcha?"), reads("What would Zoë and Jürgen say?")
    (True, True, True, True)
    >>> reads("Was denkst du about oat milk?"), reads("asdf qwer"), reads("30 👍"), reads("なぜですか")
    (False, False, False, False)
    """
    passed = {_plain(word) for other in heard for word in _WORD.findall(other)}
    words = [word for word in _WORD.findall(text) if _plain(word) not in passed]
    weights = _weighed(words)
    if len(words) <= MOST_LONE:
        return weights.known > 0 or (bool(_WORD.search(text)) and all(_share_of_runs(word) > LIKELY for word in words))
    sentences = [found for each in sentences_of(text) if len(found := _WORD.findall(each)) >= FEWEST_WORDS]
    weighed = (_weighed(word for word in each if _plain(word) not in passed) for each in sentences)
    return weights.favours_english and all(each.known >= each.unknown * SENTENCE_SHARE for each in weighed)


def reads_topic(topic: str) -> bool:
    """Returns whether the simulator can read a topic, which may be no more than the name of a thing.

    >>> reads_topic("A choir's rehearsals"), reads_topic("asdf qwer"), reads_topic("Leche de avena")
    (True, False, False)
    """
    new = [word for word in _WORD.findall(topic) if not _is_known(word)]
    is_name = bool(_WORD.search(topic)) and all(_share_of_runs(word) > POSSIBLE for word in new)
    return reads(topic) or (is_name and len(new) <= MOST_LONE)


@dataclass(frozen=True, slots=True)
class _Weights:
    """Number of the words that are known, of the names among the others, and of the rest."""

    known: int
    names: int
    rest: int

    @property
    def unknown(self) -> float:
        return self.names * NAME_WEIGHT + self.rest

    @property
    def favours_english(self) -> bool:
        """True where more is known than not; as much is enough where the rest are names."""
        return self.known > self.unknown or (self.rest == 0 and self.known > 0 and self.known >= self.unknown)


def _weighed(words: Iterable[str]) -> _Weights:
    known = names = rest = 0
    for word in words:
        if _is_known(word):
            known += 1
        elif word[:1].isupper() or _OTHER_SCRIPT.search(word):
            names += word_count(word)
        else:
            rest += 1
    return _Weights(known, names, rest)


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")


def _is_known(word: str) -> bool:
    """True for a word of the vocabulary, and for other forms of its longer words."""
    plain = _plain(word)
    return plain in _vocabulary() or (len(plain) >= INFLECTED and stem(plain) in _stems())


@cache
def _vocabulary() -> frozenset[str]:
    """The words that stand in the simulator's own sentences and lists."""
    files = (path for path in HERE.rglob("*.txt") if path.name not in NO_TEXT)
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return frozenset(map(_plain, _WORD.findall(text)))


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(stem, _vocabulary()))


@cache
def _known_runs() -> frozenset[str]:
    return frozenset(run for word in _vocabulary() for run in _runs_of(word))


def _runs_of(word: str) -> list[str]:
    """A word's runs of three letters, with its ends marked."""
    marked = f"^{_plain(word)}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _share_of_runs(word: str) -> float:
    runs = _runs_of(word)
    return sum(run in _known_runs() for run in runs) / max(1, len(runs))
