"""Lines of a guide that belong together: sentences that were broken at the margin, as texts from a PDF or a mail are. Pure.

A line goes on where its end shows it (a comma, an “and”, a question without its mark) or where the next line begins in the middle of
a sentence. Where neither tells, it ends; what was put together is known to the caller, who says it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from semblance_core.domain.discussion.guide_text.lines import (
    ENDS,
    GuideLine,
    could_be_heading,
    is_asked,
    is_marked_heading,
    kind_of,
    read_line,
)
from semblance_core.domain.discussion.guide_text.words import (
    INLINE_PROBE,
    is_probe,
    is_shortened,
    must_go_on,
    seems_to_go_on,
    starts_question,
    starts_request,
)

HEADING_WORDS = 3
"""Up to how many words a line is taken for a heading though the next one begins small."""
FEW_WORDS = 4
"""Up to how many words a line with a full stop or a colon stands alone, however wide it is."""
BRACKET_LINES = 5
UNSPACED_WIDE = 24
"""From how many columns on a line without an end is no heading, in scripts without blanks."""
NARROWEST = 28
"""Width in columns from which a line may have been broken at the margin."""
_QUOTED = re.compile(r"^(?:>\s?)+")
_O = re.compile(r"^(\s*)o (?=\S)")
_O_WORDS = re.compile(r"o (?:que|quê|qué|quem|qual|quanto|czym|co|kim|jaki\w*|któr\w*|come|bien|sea|cosa|seja|mesmo)\b")
_BULLET = "\u2022"


@dataclass(frozen=True, slots=True)
class Piece:
    """One line, or several that were put together. number, last: of the first and the last line, from 1. end: its last line."""

    number: int
    last: int
    line: GuideLine
    end: str = ""


def pieces(text: str) -> list[Piece]:
    """The guide's lines, blank ones too, with those put together that were one before."""
    raw = _without_quotes(text.splitlines())
    lines = [
        (number, read_line(part))
        for number, line in enumerate(_with_bullets(raw), 1)
        for part in INLINE_PROBE.sub(f"\n{_BULLET} ", line).split("\n")
    ]
    margin = _margin([line for _, line in lines])
    found: list[Piece] = []
    for at, (number, line) in enumerate(lines):
        over_blank = len(found) > 1 and found[-1].line.kind == "blank"
        before = found[-2] if over_blank else found[-1] if found else None
        after = [each for _, each in lines[at : at + 8]]
        if before and line.kind in ("question", "plain", "instruction") and _goes_on(before, after, margin, over_blank):
            if over_blank:
                found.pop()
            found[-1] = _joined(before, number, line)
        else:
            found.append(Piece(number, number, line, line.text))
    return found


def _goes_on(before: Piece, after: Sequence[GuideLine], margin: int, over_blank: bool) -> bool:
    """Returns whether the first of the lines after is the rest of the one before."""
    first, line = before.line, after[0]
    if (
        first.kind not in ("question", "plain", "instruction")
        or line.marker
        or first.is_row
        or line.is_row
        or line.beside
    ):
        return False
    opened = _opened(first.text)
    if opened and not over_blank and any(opened in each.text for each in _until_blank(after)[:BRACKET_LINES]):
        return True
    if line.kind == "instruction":
        return False
    small = _begins_small(line.text)
    ends_asked = is_asked(next((each.text for each in _until_blank(after) if has_end(each.text)), ""))
    unspaced = _is_unspaced(first.text[-1]) and _is_unspaced(line.text[0])
    if has_end(first.text):
        filled = (
            bool(margin) and not over_blank and first.kind != "instruction" and _is_full(before.end, line.text, margin)
        )
        return (
            filled
            and ends_asked
            and first.text.endswith((".", "。", ":", "："))
            and len(first.text.split()) > FEW_WORDS
        )
    if over_blank:
        return small and must_go_on(first.text) and not first.indented
    shouted = first.text.isupper() and line.text.isupper() and starts_question(first.text)
    if is_marked_heading(first) and not shouted:
        return False
    asks = starts_question(line.text) or starts_request(line.text)
    if line.indented and first.kind != "plain" and (small or not asks or must_go_on(first.text)):
        return True
    if small and (first.marker or not _begins_small(first.text)):
        is_heading = not first.marker and len(before.end.split()) <= HEADING_WORDS and not starts_question(first.text)
        return not (is_heading and starts_question(line.text) and not must_go_on(first.text))
    if is_marked_heading(line) and not shouted:
        return False
    if must_go_on(first.text) or shouted:
        return True
    letter = next((sign for sign in line.text if sign.isalpha()), "")
    if ends_asked and margin and letter.lower() == letter.upper() and _is_full(before.end, line.text, margin):
        return True
    if unspaced and (line.indented or _width(first.text) >= UNSPACED_WIDE) and ends_asked:
        return True
    if asks:
        return False
    if seems_to_go_on(first.text):
        return True
    if starts_question(first.text) and ends_asked:
        return True
    if not margin:
        return False
    return (ends_asked and not could_be_heading(first)) or _is_full(before.end, line.text, margin)


def _joined(before: Piece, number: int, line: GuideLine) -> Piece:
    first, second = before.line.text, line.text
    hyphen = (
        re.search(r"\w[-‐]$", first)
        and second[0].isalpha()
        and not re.match(r"(?:and|or|und|oder|bzw|et|ou|y|o|en|of|i)\b", second)
    )
    unspaced = _is_unspaced(first[-1]) and _is_unspaced(second[0])
    text = first + ("" if hyphen or unspaced else " ") + second
    kind = before.line.kind if before.line.kind == "instruction" else kind_of(text, marker=bool(before.line.marker))
    return Piece(before.number, number, replace(before.line, kind=kind, text=text), second)


def has_end(text: str) -> bool:
    """Returns whether a sentence ends with the text.

    >>> has_end("Why?”"), has_end("packs, e.g."), has_end("Price")
    (True, False, False)
    """
    bare = text.rstrip(" \"'”’»)]）】*_")
    return bare.endswith(ENDS) and not is_shortened(bare)


def _opened(text: str) -> str:
    """Returns the sign that closes the bracket left open at the end of a text; empty for none."""
    pairs = {"[": "]", "(": ")", "（": "）", "【": "】"}
    return next((closing for opening, closing in pairs.items() if text.startswith(opening) and closing not in text), "")


def _begins_small(text: str) -> bool:
    first = next((sign for sign in text if sign.isalnum()), "")
    return first.islower()


def _until_blank(lines: Sequence[GuideLine]) -> Sequence[GuideLine]:
    end = next(
        (n for n, each in enumerate(lines) if n and (each.marker or each.kind in ("blank", "rule", "heading"))),
        len(lines),
    )
    return lines[:end]


def _margin(lines: Sequence[GuideLine]) -> int:
    """Returns the width of the widest line in columns, if several lines without an end show a break at the margin; else 0."""
    widest = max((_width(line.text) for line in lines if line.kind in ("question", "plain")), default=0)
    broken = [
        line
        for line, below in pairwise(lines)
        if below.kind in ("question", "plain")
        and not below.marker
        and not has_end(line.text)
        and _width(line.text) > widest * 0.7
    ]
    return widest if len(broken) > 1 and widest >= NARROWEST else 0


def _is_full(end: str, below: str, margin: int) -> bool:
    """Returns whether the next line's first word had no room any more."""
    first = 2 if _is_wide(below[0]) else _width(below.split()[0])
    return _width(end) >= margin * 0.7 and _width(end) + 1 + first > margin


def _width(text: str) -> int:
    return sum(1 + _is_wide(sign) for sign in text)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _is_unspaced(sign: str) -> bool:
    """Returns whether it is of a script that puts no blanks between words."""
    return _is_wide(sign) and not "\uac00" <= sign <= "\ud7a3"


def _without_quotes(lines: list[str]) -> list[str]:
    """Without the signs in front of what a mail quotes."""
    written = [line for line in lines if line.strip()]
    quoted = [line for line in written if _QUOTED.match(line)]
    return [_QUOTED.sub("", line) for line in lines] if len(quoted) * 2 > len(written) and len(quoted) > 1 else lines


def _with_bullets(lines: Sequence[str]) -> list[str]:
    """An “o” with one blank is Word's bullet of the second level, or a word of some languages: what follows and what is around tells."""
    plain = [line.replace("\u00a0", " ").rstrip() for line in lines]
    could = [bool(_O.match(line)) and not _O_WORDS.match(line.strip()) for line in plain]
    found = []
    for at, line in enumerate(plain):
        is_bullet = False
        if could[at]:
            behind = line.lstrip()[2:]
            above = next((n for n in range(at - 1, -1, -1) if plain[n]), -1)
            below = next((n for n in range(at + 1, len(plain)) if plain[n]), -1)
            among = (above >= 0 and could[above]) or (below >= 0 and could[below])
            is_sentence = behind[0].islower() and not is_probe(behind)
            is_bullet = not is_sentence or among or (line[0].isspace() and (above < 0 or has_end(plain[above])))
        found.append(_O.sub(rf"\1{_BULLET} ", line) if is_bullet else lines[at])
    return found
