"""Where sentences end, in any script and without knowing the language: rather one end too few than one too many. Pure.

A full stop is the only mark in doubt: it also stands in numbers, after abbreviations and initials, in names and addresses.
"""

import re
import unicodedata


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALWAYS = "。｡．！？﹒﹗﹖।॥؟۔։።፧፨။។៕།༎‼⁇⁈⁉᠃᠉꓿"
"""Marks that end a sentence wherever they stand."""
_MAYBE = ".!?…;\u037e"
"""Marks that end one only where what follows begins another; a semicolon asks in Greek, and only there."""
_CLOSERS = "\"'”’»›)]}）］｝」』】〉》〗］＂＇"
_ENDS = re.compile(rf"(?:[{re.escape(_ALWAYS)}]|[{re.escape(_MAYBE)}])+[{re.escape(_CLOSERS)}]*")
_ABBREVIATIONS = _listed(
    # No list is whole; one that is missing costs a reply the words behind it, no more.
    "mr mrs ms dr prof st sr sra srta dra jr mt rev capt lt sgt messrs mme mlle dott sig dhr mevr hr fr "
    "frl vs approx ca cca ung abs bzw evtl ggf inkl exkl vgl sog usf bspw resp esp incl excl vol pp eds "
    "env esim ns mm klo krs np tzn tzw tj tzv např resp kb pl ún örn vb yy bkz doğ yak bijv evt jl ул пл "
    "им обл см др пр напр руб тыс млн млрд стр гр корп просп κα πχ δρ κος ud uds tp ths gs डॉ श्री श्रीमती "
    "प्रो कु रु स्व सुश्री जि ता रू ডা মো শ্রী திரு"
)
_NUMBERED = _listed("no nos nr núm num n č čís št р рис гл с p pág s")
"""Abbreviations only in front of a number."""
LAST_DAY = 31
_OPEN_ENDED = _listed("etc usw usf jne osv ecc itd itp stb atd λπ κλπ vb tbk dll dst ff ал т.д т.п")
"""Abbreviations with which a sentence may well end."""


def sentence_ends(text: str) -> list[int]:
    """The places right behind each sentence's end, its closing quotes and brackets included.

    >>> text = "Mr. Cole pays 3.50, e.g. for tea. “Too dear!” And"
    >>> [text[:end][-5:] for end in sentence_ends(text)]
    [' tea.', 'ear!”']
    """
    return [found.end() for found in _ENDS.finditer(text) if _is_end(text, found)]


def whole_sentences(text: str) -> str:
    """A text that breaks off somewhere, up to its last whole sentence; with an ellipsis where it has none.

    >>> whole_sentences("私は毎週買います。でも高いで"), whole_sentences("It costs about 3.")
    ('私は毎週買います。', 'It costs about 3…')
    """
    text = text.rstrip("\ufffd").strip()
    if ends := sentence_ends(text):
        return text[: ends[-1]]
    return f"{text.rstrip('.,;:、，…')}…" if text else text


def first_sentence(text: str) -> str:
    """The first sentence, or all of it.

    >>> first_sentence("3.50 is dear. I mean it."), first_sentence("高い。買わない。")
    ('3.50 is dear.', '高い。')
    """
    text = text.strip()
    return text[: next(iter(sentence_ends(text)), len(text))]


def _is_end(text: str, found: re.Match[str]) -> bool:
    marks = found[0].rstrip(_CLOSERS)
    before, behind = text[: found.start()], text[found.end() :]
    following = behind[:1]
    if any(mark in _ALWAYS for mark in marks):
        return not (found[0] != marks and "\u3041" <= following <= "\u309f")  # 「高い！」と言った goes on
    if following and not following.isspace() and not _is_spaceless(following):
        return False  # 3.50, example.com, a.m
    if marks in (";", "\u037e"):
        return bool(re.search(r"[\u0370-\u03ff\u1f00-\u1fff]\s*$", before))
    begins = next((char for char in behind if not char.isspace() and char not in "\"'“”‘’«»‹›(„¿¡—–-"), "")
    if begins.islower():
        return False
    return marks != "." or _is_full_stop(before, begins)


def _is_full_stop(before: str, begins: str) -> bool:
    """Whether one dot behind these words ends their sentence. begins: the first letter or digit behind it, empty for none."""
    last = _word_at_the_end(before).casefold().strip("'’-")
    if not last:
        return bool(before.strip()) and not before[-1:].isspace()
    if last[-1].isdigit():  # half of 3.50 at the very end, and the 3. Mai
        return bool(begins) and not begins.isdigit() and not (last.isdecimal() and int(last) <= LAST_DAY)
    if last in _OPEN_ENDED:
        return True
    if "." in last or last in _ABBREVIATIONS or _is_initial(last):
        return False
    return not (last in _NUMBERED and (begins.isdigit() or not begins))


def _word_at_the_end(text: str) -> str:
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] in ".'’-" or _is_sign(text[start - 1])):
        start -= 1
    return text[start:]


def _is_sign(char: str) -> bool:
    """Whether it is a vowel sign or another mark that belongs to the letter before it."""
    return unicodedata.category(char).startswith("M")


def _is_initial(word: str) -> bool:
    """Whether it is one letter of an alphabet, as of a name; in other scripts one letter is a word."""
    return len(word) == 1 and (word.upper() != word or "\u0590" <= word <= "\u06ff")


def _is_spaceless(char: str) -> bool:
    """Whether the script sets no space behind a sentence."""
    return (
        "\u0e00" <= char <= "\u0fff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\u2e80" <= char <= "\u9fff"
    )
