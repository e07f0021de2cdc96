"""A search across sessions: the words that are looked for, and what was found."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from semblance_core.domain.errors import InvalidInput

LONGEST, MOST_PARTS = 200, 12
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″「」『』", '"'))
_PART = re.compile(r'"([^"]*)"|([^\s"]+)')


class HitKind(StrEnum):
    """Kinds of texts that are searched: messages of transcripts, quotes of themes, aims and notes of projects."""

    MESSAGE = "message"
    QUOTE = "quote"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that are looked for. parts: each has to be there, a word or the words of a phrase, one after the other."""

    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that holds what was looked for.

    session_id, title, seq, speaker: of the message, also of a quote's; empty and 0 for a note. theme: the name of a quote's theme.
    spans: the places in the text where it holds it, as start and end.
    """

    kind: HitKind
    project_id: str
    project: str
    text: str
    session_id: str = ""
    title: str = ""
    seq: int = 0
    speaker: str = ""
    theme: str = ""
    at: datetime | None = None
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The texts that were found, the sessions that were last worked on first. more: there are further hits.

    sessions: how many were searched; left_out: how many older ones were not.
    """

    hits: tuple[Hit, ...]
    more: bool = False
    sessions: int = 0
    left_out: int = 0


def wanted(text: str) -> Wanted:
    """Reads what is looked for: words, all of which have to be there, and phrases in quotation marks of any kind.

    Raises:
        InvalidInput: there is no letter or digit in it, or it is too long.

    >>> wanted("price “too dear” -").parts
    (('price',), ('too', 'dear'))
    """
    if len(text) > LONGEST:
        raise InvalidInput(f"Search for at most {LONGEST} characters.")
    parts = []
    for phrase, word in _PART.findall(text.translate(_QUOTES)):
        words = tuple(stripped for each in (phrase or word).split() if (stripped := _stripped(each)))
        if words:
            parts.append(words)
    if not parts:
        raise InvalidInput("Search for at least one word.")
    if len(parts) > MOST_PARTS:
        raise InvalidInput(
            f"Search for at most {MOST_PARTS} words; put those that follow one another in quotation marks."
        )
    return Wanted(tuple(dict.fromkeys(parts)))


def _stripped(word: str) -> str:
    """The word without signs at its ends, with the marks on its letters; empty where it has no letter or digit."""
    kept = [at for at, char in enumerate(word) if char.isalnum()]
    if not kept:
        return ""
    end = kept[-1] + 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return word[kept[0] : end]
