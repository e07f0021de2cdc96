"""Syntax of a guide besides its questions: the time of a section, planned probes, questions that each answers alone first. Pure.

All of it is what moderators write anyway. A colon in a sentence is none of it: a label stands alone before its colon.
"""

import re
from dataclasses import dataclass

from semblance_core.domain.discussion.guide_text.words import DEEPER, PROBES

MOST_MINUTES, MOST_TURNS = 600, 2_000
_MINUTE = (
    r"min(?:s|n|ute[ns]?|ut[ioy]?|utos|uter|uttia)?\.?|['′’]|мин(?:ут[аы]?)?\.?|хв(?:илин[аи]?)?\.?|分钟|分鐘|分|분|dk\.?|dakika|λεπτά"
    r"|دقائق|دقيقة|मिनट|phút|นาที|perc"
)
_HOUR = r"h|hours?|hrs?\.?|std\.?|stunden?|heures?|horas?|or[ae]|час[аов]*|год\.?|小时|小時|時間|시간"
_TIMED = re.compile(
    rf"(?P<title>\S.*?)(?:\s*[(（\[【]|\s+[–—-])\s*(?:approx\.?|about|ca\.?|circa|etwa|environ|~|≈)?\s*"
    rf"(?P<low>\d{{1,4}})(?:\s*(?:-|–|—|to|bis|à|a)\s*(?P<high>\d{{1,3}}))?\s*"
    rf"(?:(?P<turns>turns?)|(?P<minutes>{_MINUTE})|(?P<hours>{_HOUR}))\s*[)）\]】]?\s*[:：]?",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"[\W_]*(?:{PROBES}|{DEEPER})\s*(?:[（(][^()（）]*[)）])?[*_\s]*(?:[:：]|(?<=\s)[–—-](?=\s)|—)[*_\s]*(?P<words>\w.*|\S.*\w.*)",
    re.IGNORECASE,
)
_NO_PROBE = re.compile(r"[\W_]*(?:ask all|listen for)\b", re.IGNORECASE)
_ALONE = re.compile(r"(?:\*\*|__)?private\s*(?:[:：](?:\*\*|__)?|(?:\*\*|__)[:：])", re.IGNORECASE)
_PRIVATE = re.compile(r"private\s*[:：]\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title with its time. minutes, turns: 0 where none is given. is_range: the time is the middle of a range."""

    title: str
    minutes: int = 0
    turns: int = 0
    is_range: bool = False


def heading_of(text: str) -> Heading:
    """Returns a section's title without the time that stands behind it in brackets or behind a dash, and that time.

    >>> heading_of("Habits (10 minutes)"), heading_of("Price [12 turns]:")
    (Heading(title='Habits', minutes=10, turns=0, is_range=False), Heading(title='Price', minutes=0, turns=12, is_range=False))
    >>> heading_of("価格（10分）").minutes, heading_of("Ads – 10-15 min").minutes, heading_of("Life after 60 (or 70)").title
    (10, 13, 'Life after 60 (or 70)')
    """
    found = _TIMED.fullmatch(text)
    if not found or not any(sign.isalnum() for sign in found["title"]):
        return Heading(text)
    low, high = int(found["low"]), int(found["high"] or found["low"])
    amount = -(-(low + high) // 2) * (60 if found["hours"] else 1)
    most = MOST_TURNS if found["turns"] else MOST_MINUTES
    if not 1 <= amount <= most or high < low:
        return Heading(text)
    is_range = high != low
    if found["turns"]:
        return Heading(found["title"], turns=amount, is_range=is_range)
    return Heading(found["title"], minutes=amount, is_range=is_range)


def timed(title: str, minutes: int, turns: int) -> str:
    """Returns a section's title as a guide has it, with its time.

    >>> timed("Habits", 10, 0), timed("Price", 0, 1), timed("Close", 0, 0)
    ('Habits (10 minutes)', 'Price (1 turn)', 'Close')
    """
    amount, unit = (turns, "turn") if turns else (minutes, "minute")
    return f"{title} ({amount} {unit}{'' if amount == 1 else 's'})" if amount else title


def planned_probe(text: str) -> str:
    """Returns the words behind a label such as “probe:”, in the languages that guides are written in; empty for any other line.

    >>> [planned_probe(text) for text in ("probe: why there?", "**Nachfassen:** Marken", "追问：为什么？", "Probe (if needed) - price")]
    ['why there?', 'Marken', '为什么？', 'price']
    >>> [planned_probe(text) for text in ("Probe into space: would you fly?", "Probe for labels", "Probes:", "Listen for: price")]
    ['', '', '', '']
    """
    found = _LABELLED.fullmatch(text)
    if not found or _NO_PROBE.match(text):
        return ""
    return found["words"].removesuffix("**").removesuffix("__").strip()


def stands_for_private(text: str, *, indented: bool) -> bool:
    """Returns whether a line is “private:” and nothing else. At the margin it is written small; “Private:” there is a heading.

    >>> stands_for_private("private:", indented=False), stands_for_private("**Private:**", indented=True)
    (True, True)
    >>> stands_for_private("Private:", indented=False), stands_for_private("private: why", indented=True)
    (False, False)
    """
    return bool(_ALONE.fullmatch(text)) and (indented or text.lstrip("*_").startswith("private"))


def without_private(text: str) -> tuple[str, bool]:
    """Returns a question without “private:” in front of it, and whether it stood there. It is written small.

    >>> without_private("private: What do you earn?"), without_private("Private: what does it mean to you?")
    (('What do you earn?', True), ('Private: what does it mean to you?', False))
    """
    found = _PRIVATE.match(text)
    return (text[found.end() :], True) if found else (text, False)
