"""Stage directions, which nobody says: *sighs*, (laughs), [long pause], （笑）. Pure."""

import re
from collections.abc import Sequence


def _any(words: str) -> str:
    return "|".join(words.split())


_VERBS = _any(
    "laugh chuckle chuckl giggle giggl sigh smile smil grin grinn smirk nod nodd shrug shrugg frown pause paus shake shak lean cough wink "
    "blink hesitate hesitat mutter mumble mumbl whisper gasp groan snort scoff sip gesture gestur rub scratch stare star tilt cross "
    "fold tap raise rais glance glanc"
)
_NOUNS = _any("laughter laugh silence silent pause sigh smile shrug chuckle grin nod wink giggle hesitation beat")
_MANNERS = _any(
    "softly quietly excitedly nervously awkward awkwardly brief briefly long short small slight slightly thoughtful thoughtfully "
    "sarcastic sarcastically deep deeply pensive pensively amused warm warmly genuine enthusiastic enthusiastically wry wryly heavy a"
)
_ELSEWHERE = _any(
    # the beginning of a word is enough
    "lach seufz lächel nickt zuckt schüttelt räuspert überlegt schweig rit rires rire soupir sourit hausse hoche réfléchi ríe risas risa "
    "suspira sonríe asiente ride risate riso sospira sorride annuisce sorri risos śmiech śmieje wzdycha смеётся смеется вздыхает "
    "улыбается кивает пожимает смех пауза вздох zucht skrattar suckar güler gülüyor"
)
_SIGNS = _any(
    "笑 苦笑 微笑 ため息 頷 うなず 考え 沈黙 首を 叹 嘆 点头 點頭 摇头 搖頭 沉默 耸肩 大笑 웃 한숨 미소 고개 끄덕 침묵 ضحك يضحك تضحك يبتسم تبتسم "
    "يتنهد צוחק צוחקת מחייך נאנח หัวเราะ ยิ้ม ถอนหายใจ พยักหน้า हँस हंस मुस्कुर cười"
)
_ACT = re.compile(
    rf"(?:(?:{_MANNERS})[ ,]+)*(?:(?:{_VERBS})(?:s|es|ing|ed)\b|(?:{_NOUNS})\b|looks (?:at|around|down|up|away|over)\b|points (?:at|to)\b|"
    rf"thinks(?: for\b|$)|clears (?:his|her|their)?\s*throat|rolls (?:his|her|their)?\s*eyes|takes an? |(?:{_MANNERS})$|"
    rf"(?:{_ELSEWHERE})\w{{0,6}}(?!\w)|{_SIGNS})",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:she|he|they|sie|er|elle|il|ella|él|lei|lui|彼女?は?|她|他)\b", re.IGNORECASE)
_GROUP = re.compile(
    r"(?P<lead>^|\n|[.!?…。！？,]\s*|\s|(?=[（【［]))(?P<group>(?P<star>[*_~]{1,3})(?P<starred>[^*_~\n]{1,160})(?P=star)|"
    r"[(（](?P<round>[^()（）\n]{1,160})[)）]|\[(?P<square>[^\[\]\n]{1,160})\]|［(?P<wide>[^［］\n]{1,160})］|【(?P<black>[^【】\n]{1,160})】|"
    r"<(?P<angle>[^<>\n]{1,80})>)(?P<mark>[.,!?。]?)(?=\s|$|(?<=[）］】]))"
)
MOST_WORDS = 14


def without_directions(text: str, own_names: Sequence[str]) -> str:
    """Returns the spoken part of a text, without stage directions.

    >>> without_directions("*sighs* Too dear. (laughs) Really *not* for me (and I tried it).", ["Maya"])
    'Too dear. Really *not* for me (and I tried it).'
    """
    parts, start = [], 0
    at = 0
    while found := _GROUP.search(text, at):
        if not _is_direction(found, text, own_names):
            at = found.start() + 1
            continue
        parts.append(text[start : found.start("group")].rstrip(" "))
        is_over = found["mark"] in (".", "。") and _follows_a_sentence(found, text)
        start = at = found.end("mark" if is_over else "group")
    parts.append(text[start:])
    return _joined(parts).strip()


def is_act(words: str) -> bool:
    """Returns whether the words begin with an action: “smiles”, “leans back”."""
    return bool(_ACT.match(words))


def _joined(parts: Sequence[str]) -> str:
    whole = parts[0]
    for part in parts[1:]:
        needs_space = whole and part[:1].isalnum() and whole[-1].isascii() and not whole[-1].isspace()
        whole += f" {part}" if needs_space else part
    return whole


def _is_direction(found: re.Match[str], text: str, own_names: Sequence[str]) -> bool:
    inside = next(
        part for name in ("starred", "round", "square", "wide", "black", "angle") if (part := found[name])
    ).strip()
    if not inside or len(inside.split()) > MOST_WORDS:
        return False
    names_self = any(inside.casefold().startswith(name.casefold()) for name in own_names)
    if _ACT.match(inside) or names_self or (_PERSON.match(inside) and len(inside.split()) > 1):
        return found["starred"] is None or _stands_alone(found, text) or len(inside.split()) > 1
    # a group that begins in small letters where a sentence would begin: *takes a sip of coffee* Well …
    starts = found["starred"] is not None and len(inside.split()) > 1 and inside[:1].islower()
    return starts and _stands_alone(found, text) and _follows_a_sentence(found, text)


def _stands_alone(found: re.Match[str], text: str) -> bool:
    """Returns whether what follows begins a sentence, or nothing does."""
    behind = text[found.end("mark") :].lstrip(" ")
    return found["mark"] != "," and (not behind or behind[0] == "\n" or not behind[0].islower())


def _follows_a_sentence(found: re.Match[str], text: str) -> bool:
    before = text[: found.start("group")].rstrip(" ")
    return not before or before[-1] in '\n.!?…。！？"”»」'
