"""Finds the ends of sentences in any script without knowing the language; prefers one end too few to one too many. Pure.

A full stop is the only mark in doubt: it also stands in numbers, after abbreviations and initials, in names and addresses.
"""

import re
import unicodedata

from semblance_core.analysis.text import STOP_WORDS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALWAYS = "。｡．！？﹒﹗﹖।॥؟۔։።፧፨။។៕།༎‼⁇⁈⁉᠃᠉꓿꧉᭟᙮᱾᱿꯫꘎߹܁܂᥄᥅⳹⳾꛳꛷"
"""Marks that end a sentence wherever they stand."""
_MAYBE = ".!?…;\u037e"
"""Marks that end one only where what follows begins another; a semicolon asks in Greek, and only there."""
_CLOSERS = "\"'”’»›)]}）］｝」』】〉》〗］＂＇*_"
_ENDS = re.compile(rf"(?:[{re.escape(_ALWAYS)}]|[{re.escape(_MAYBE)}])+[{re.escape(_CLOSERS)}]*")
_ABBREVIATIONS = _listed(
    # No list is whole; one that is missing costs a reply the words behind it, no more.
    "mr mrs ms dr prof st sr sra srta dra jr mt rev capt lt sgt messrs mme mlle dott sig dhr mevr hr fr "
    "frl vs approx ca cca ung abs bzw evtl ggf inkl exkl vgl sog usf bspw resp esp incl excl vol pp eds "
    "figs fig eq sec ch chap art ed esq gen col maj gov sen rep pres hon dept ave blvd rd al ej ee uu ul os pza avda lic ing arq "
    "inc ltd co corp bros llc plc min max hrs lb lbs oz ft yr yrs kr ст exmo ssa ex eks env esim ns mm klo krs np tzn tzw tj "
    "tzv např kb pl ún örn vb yy bkz doğ yak bijv evt jl ул пл "
    "им обл см др пр напр руб тыс млн млрд стр гр корп просп κα πχ δρ κος ud uds tp ths gs डॉ श्री श्रीमती "
    "mgr inż godz tys mld zzgl mio mrd tsd tel abb bd kap jh jhd std blz pgs hlm tgl sn av doç грн вул тис т.зв "
    "प्रो कु रु स्व सुश्री जि ता रू ডা মো শ্রী திரு"
)
_NUMBERED = _listed("no nos nr núm num n č čís št р рис гл с p pág s")
"""Abbreviations only in front of a number."""
LARGEST_ORDINAL = 999
SHORTEST_OF_A_DOMAIN = 2
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OPEN_ENDED = _listed("etc usw usf jne osv ecc itd itp stb atd λπ κλπ vb tbk dll dst ff ал т.д т.п")
"""Abbreviations with which a sentence may well end."""
_CAPITALISED = _listed("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun")
"""Abbreviations where they begin with a capital."""


def sentence_ends(text: str) -> list[int]:
    """Returns the places right behind each sentence's end, its closing quotes and brackets included.

    >>> text = "Mr. Cole pays 3.50, e.g. for tea. “Too dear!” And"
    >>> [text[:end][-5:] for end in sentence_ends(text)]
    [' tea.', 'ear!”']
    """
    return [found.end() for found in _ENDS.finditer(text) if _is_end(text, found)]


def whole_sentences(text: str) -> str:
    """Returns a text that breaks off somewhere up to its last whole sentence; with an ellipsis where it has none.

    >>> whole_sentences("私は毎週買います。でも高いで"), whole_sentences("It costs about 3.")
    ('私は毎週買います。', 'It costs about 3…')
    """
    text = text.rstrip("\ufffd").strip()
    if ends := sentence_ends(text):
        return text[: ends[-1]]
    return f"{text.rstrip('.,;:、，…')}…" if text else text


def first_sentence(text: str) -> str:
    """Returns the first sentence, or the whole text where it has no end.

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
    if begins.islower() and not "\u10d0" <= begins <= "\u10ff":  # Georgian has small letters alone
        return False
    return marks != "." or _is_full_stop(before, behind, begins)


def _is_full_stop(before: str, behind: str, begins: str) -> bool:
    """Returns whether one dot behind these words ends their sentence. begins: the first letter or digit behind it, empty for none."""
    written = _word_at_the_end(before).strip("'’-")
    last = written.casefold()
    if not last:
        return bool(before.strip()) and not before[-1:].isspace()
    if last[-1].isdigit():  # half of 3.50 at the very end, and the 3. Mai
        is_ordinal = last.isdecimal() and int(last) <= LARGEST_ORDINAL and _first_word(behind) not in STOP_WORDS
        is_of_a_list = not before[: -len(written)].rstrip() or before[: -len(written)].rstrip()[-1:] in ".!?…\n"
        return bool(begins) and not begins.isdigit() and not is_ordinal and not is_of_a_list
    if last in _OPEN_ENDED:
        return True
    if last in _CAPITALISED and written[0].isupper():
        return False
    parts = last.split(".")
    if any(part in _ABBREVIATIONS for part in parts) or _is_initial(last):
        return False
    if len(parts) > 1 and min(map(len, parts)) < SHORTEST_OF_A_DOMAIN:
        return False  # e.g., Ph.D.; but a sentence may end with example.com
    return not (last in _NUMBERED and (begins.isdigit() or not begins))


def _first_word(behind: str) -> str:
    found = _FIRST_WORD.search(behind)
    return found[0].casefold().replace("’", "'") if found else ""


def _word_at_the_end(text: str) -> str:
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] in ".'’-" or _is_sign(text[start - 1])):
        start -= 1
    return text[start:]


def _is_sign(char: str) -> bool:
    """Returns whether it is a vowel sign or another mark that belongs to the letter before it."""
    return unicodedata.category(char).startswith("M")


def _is_initial(word: str) -> bool:
    """Returns whether it is one letter of an alphabet, as of a name; in other scripts one letter is a word."""
    return len(word) == 1 and (word.upper() != word or "\u0590" <= word <= "\u06ff")


def _is_spaceless(char: str) -> bool:
    """Returns whether the script sets no space behind a sentence."""
    return (
        "\u0e00" <= char <= "\u0fff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\u2e80" <= char <= "\u9fff"
    )
