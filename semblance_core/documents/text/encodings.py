"""Detects the encoding of a text file: `decode(bytes)` gives its text, the encoding, whether that is sure, and the alternatives.

Pure and quick, so that screens may call it; it looks at the bytes only. A byte order mark and UTF-8 are sure. Anything else is
the likeliest of the encodings below: the letters that it would make of the bytes are those of one language, each as frequent
as it is there, in words that have their capitals in front, and its signs stand where such signs do.
"""

import codecs
import math
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from semblance_core.documents.text.encoding_names import SAME, label, named
from semblance_core.documents.text.likelihood import EASTERN, GUESSED, score
from semblance_core.domain.errors import InvalidInput

BOMS = (
    *((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")),
    *((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")),
)
"""Longest first where one begins another."""
BEGINNING_BYTES = 64 * 1024
_SAMPLE_BYTES = 4_000
MOST_LOOKED_AT = 200
_SURE = math.log(20)
"""Logarithm of the factor by which the best reading must be likelier than any other to be beyond doubt."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text. encoding: Python's name. is_sure: the bytes say so themselves (a byte order mark, UTF-8, ASCII).

    in_doubt: it was guessed, and another reading is nearly as likely: ask. alternatives: what else it may be, the likeliest first.
    """

    text: str
    encoding: str
    is_sure: bool = True
    in_doubt: bool = False
    alternatives: tuple[str, ...] = ()


def decode(content: bytes, encoding: str = "") -> Decoded:
    """Returns the bytes as text. encoding: if a person gave it; empty to detect it.

    Raises `InvalidInput` in a sentence that begins with "It" where they are no text in that encoding, or in none that is known.

    >>> decode("Café crème – now £3.50".encode("cp1252")).text, decode("Łódź".encode("cp1250"), "cp1250").text
    ('Café crème – now £3.50', 'Łódź')
    """
    if encoding:
        return _as_asked(content, named(encoding))
    if marked := next((name for bom, name in BOMS if content.startswith(bom)), ""):
        try:
            return Decoded(content.decode(marked), marked)
        except UnicodeDecodeError:
            raise InvalidInput(f"It is damaged: it is not the {marked.upper()} text that it begins as.") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        is_shifted = "\x1b$" in text or "\x1b(" in text
        return (_as_shifted(content) if is_shifted else None) or Decoded(text, "utf-8")
    if b"\0" in content:
        if found := _with_zeros(content):
            return found
        raise InvalidInput("It contains NUL characters, so it is not text.")
    return _likeliest(content) if content else Decoded("", "utf-8")


def beginning(content: bytes, encoding: str = "") -> Decoded:
    """The first part of a text, for a screen that asks which encoding it is in; raises `InvalidInput` as `decode` does."""
    if len(content) <= BEGINNING_BYTES:
        return decode(content, encoding)
    head = content[:BEGINNING_BYTES]
    end = max(head.rfind(b"\n"), head.rfind(b"\r"), head.rfind(b" "))
    cut = end + 1 if end > BEGINNING_BYTES // 2 else BEGINNING_BYTES
    is_wide = b"\0" in head
    return decode(head[: cut - cut % 2 if is_wide else cut], encoding)


def spoilt(text: str) -> str:
    """The first word of a text that was UTF-8 and was read as Windows-1252 before it was saved; empty where there is none.

    >>> spoilt("A cafÃ© in town"), spoilt("São, Ñandú")
    ('cafÃ©', '')
    """
    for number, found in enumerate(re.finditer(r"[ÃÂÅÄ][^\x00-\x7f]|â[^\x00-\x7f]{2}|[ÐÑ][^\x00-\x7f]", text)):
        if number == MOST_LOOKED_AT:
            break
        with suppress(UnicodeError):
            found[0].encode("cp1252").decode("utf-8")
            before, after = text[max(0, found.start() - 20) : found.start()], text[found.end() : found.end() + 20]
            return re.split(r"\s", before)[-1] + found[0] + re.split(r"\s", after)[0]
    return ""


def _as_asked(content: bytes, encoding: str) -> Decoded:
    bom = next((bom for bom, name in BOMS if content.startswith(bom) and SAME.get(name, name)[:5] == encoding[:5]), b"")
    if bom in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16-le" if bom == codecs.BOM_UTF16_LE else "utf-16-be"
    try:
        return Decoded(content[len(bom) :].decode(encoding), encoding)
    except UnicodeDecodeError as wrong:
        raise InvalidInput(
            f"It is no text in {label(encoding)}: byte {wrong.start + 1:,} stands for nothing."
        ) from None


def _as_shifted(content: bytes) -> Decoded | None:
    """Japanese of mail programs, which is ASCII byte by byte."""
    try:
        return Decoded(content.decode("iso2022-jp"), "iso2022-jp", is_sure=False)
    except UnicodeDecodeError:
        return None


def _with_zeros(content: bytes) -> Decoded | None:
    """UTF-16 without a mark: its zeros stand at every other place only, and what they make are letters of few blocks."""
    if len(content) % 2:
        return None
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = content[place::2].count(0), content[1 - place :: 2].count(0)
        if others or not zeros:
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:20_000]
        strange = sum(unicodedata.category(sign) in ("Cn", "Co", "Cs") or sign == "\0" for sign in sample)
        blocks = Counter(ord(sign) >> 8 for sign in sample)
        common = sum(sorted(blocks.values())[-3:]) / len(sample)
        eastern = sum(sign in EASTERN for sign in sample)
        if not strange and zeros >= min(2, len(sample)) and (common > 0.9 or eastern > len(sample) / 4):
            return Decoded(text, encoding, is_sure=False)
        if not strange and eastern > len(sample) / 3:
            return Decoded(text, encoding, is_sure=False)
    return None


def _likeliest(content: bytes) -> Decoded:
    """Text that is neither marked nor UTF-8, by what each encoding would make of it."""
    sample = _sample(content)
    found: dict[str, tuple[float, list[str]]] = {}
    for encoding in GUESSED:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)  # the last character may be cut
        except UnicodeDecodeError:
            continue
        likely = score(text, encoding)
        if text not in found or likely > found[text][0]:
            found[text] = (likely, [encoding, *(found[text][1] if text in found else [])])
        else:
            found[text][1].append(encoding)
    ranked = sorted(found.values(), key=lambda each: -each[0])
    for place, (best, encodings) in enumerate(ranked):
        others = tuple(each[0] for number, (_, each) in enumerate(ranked) if number != place)
        for encoding in encodings:  # of those that make the same of the sample, one that makes something of all
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            near = [other for number, (other, _) in enumerate(ranked) if number != place and best - other < _SURE]
            return Decoded(text, encoding, False, bool(near) or sample.isascii(), others)
    if not ranked:
        raise InvalidInput("It is not text in a known encoding; save it as UTF-8.")
    encodings = ranked[0][1]
    text = content.decode(encodings[0], "replace")
    return Decoded(text, encodings[0], False, True, tuple(each[0] for _, each in ranked[1:]))


def _sample(content: bytes) -> bytes:
    """Whole lines that hold more than ASCII; in none of these encodings does a line's end stand inside a character."""
    lines = re.split(rb"[\r\n]+", content[: 400 * _SAMPLE_BYTES])
    taken, size = [], 0
    for line in lines:
        if re.search(rb"[\x80-\xff]", line):
            taken.append(line)
            size += len(line)
            if size > _SAMPLE_BYTES:
                break
    joined = b"\n".join(taken)[: 2 * _SAMPLE_BYTES]
    return joined or content[:_SAMPLE_BYTES]
