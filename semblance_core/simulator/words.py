"""Words, sentences and stems of English text, by rule: enough to count, to compare and to quote."""

import re
from functools import lru_cache

from semblance_core.simulator.lexicon import stopwords

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
_MARKUP = re.compile(r"[*_`#~<>{}\[\]|\\]+")
_SHORTENED = (
    (" I am ", " I'm "),
    (" I have ", " I've "),
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("is not", "isn't"),
    ("cannot", "can't"),
    ("would not", "wouldn't"),
    ("that is", "that's"),
)
TOKENS_A_WORD = 1.4


def words_of(text: str) -> list[str]:
    """The words, lower-case, with straight apostrophes.

    >>> words_of("It’s well-made, isn't it?")
    ["it's", 'well-made', "isn't", 'it']
    """
    text = text.replace("’", "'")
    if text.isascii():
        return WORD.findall(text.lower())
    return [word.lower() for word in WORD.findall(text)]  # some letters change how long a word is


def word_count(text: str) -> int:
    return len(WORD.findall(text))


def sentences_of(text: str) -> list[str]:
    """The sentences as they stand in the text, so each is an exact part of it."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def stem(word: str) -> str:
    """A crude stem: equal for the inflections of most nouns and verbs.

    >>> stem("prices") == stem("price"), stem("libraries") == stem("library"), stem("oat")
    (True, True, 'oat')
    """
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "e"):
        if len(word) - len(ending) >= 3 and word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def plain(text: object, limit: int = 400) -> str:
    """One line of the text without markup characters, at most `limit` characters long."""
    return " ".join(_MARKUP.sub(" ", str(text or "")[: limit * 2]).split())[:limit].strip()


@lru_cache(maxsize=4_096)
def grams(text: str, *sizes: int) -> frozenset[tuple[str, ...]]:
    """Every run of so many words, "I am" counting as "I'm", so that formal and relaxed speakers are compared alike.

    Kept for the texts read last: a session's messages are compared with each reply that comes after them.
    """
    for full, short in _SHORTENED:
        text = text.replace(full, short)
    found = words_of(text)
    return frozenset(tuple(found[i : i + size]) for size in sizes for i in range(len(found) - size + 1))


def clip(text: str, most_words: int) -> str:
    """Whole sentences from the start, as many as fit; always at least the first.

    >>> clip("One two three. Four five. Six.", 5)
    'One two three. Four five.'
    """
    kept: list[str] = []
    count = 0
    for sentence in sentences_of(text):
        count += word_count(sentence)
        if kept and count > most_words:
            break
        kept.append(sentence)
    return " ".join(kept)


def capitalised(text: str) -> str:
    """The text with its first letter large; an iPhone becomes an IPhone only at a sentence's start.

    >>> capitalised("first thing")
    'First thing'
    """
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Names as a reader expects them in a sentence.

    >>> listed(["Ana", "Ben", "Cem"])
    'Ana, Ben and Cem'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning.

    >>> sorted(content_words("What do you think of the packaging?"))
    ['packag']
    """
    return frozenset(stem(word) for word in words_of(text) if len(word) > 2 and word not in stopwords())
