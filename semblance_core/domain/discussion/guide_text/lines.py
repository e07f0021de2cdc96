"""Lines of a discussion guide as word processors and people write them: bullets, numbers, headings, timings, notes. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from semblance_core.domain.discussion.guide_text.syntax import stands_for_private, without_private
from semblance_core.domain.discussion.guide_text.words import is_probe, starts_request

Kind = Literal["blank", "rule", "heading", "question", "plain", "timing", "instruction", "show", "private"]
QUESTION_MARKS = "?？؟;፧՞⁇"
_HAN = "一二三四五六七八九十百〇"
_ASKED = "Question|Frage|Pregunta|Domanda|Pergunta|Pytanie|Vraag|Fråga|Otázka|Вопрос|Питання|問|质问|質問|问题|問題|문항|질문"
_SIGN = r"[-*–—−+‐‑»›]\s+|[•‣◦▪▫●○◆◇■□►▶➢➤→➔➜⇒✓✔✗☐☑✅·∙⁃・❖⮚⦁\uf000-\uf0ff]\s*|[oO§ØüvqnlØ]\t\s*|[o§Ø]\s{2,}|[§Ø]\s+(?=[^\W\d])"
"""Bullets; letters among them are what Word's symbol fonts leave behind, with a tab or two blanks."""
_LEVELS = r"(?:[1-9]|[12]\d|30)(?:\.(?:[1-9]|[12]\d|30))+[.)]?\s+"
_MARKERS = re.compile(
    rf"(?P<sign>{_SIGN})"
    rf"|(?P<asked>(?:{_ASKED})\s*\d{{1,3}}\s*[.:)：）、．\-–]?\s*|第\s*[{_HAN}\d]{{1,3}}\s*[問题題问]\s*[.:：、．]?\s*"
    r"|Q\s?\d{1,3}[a-z]?\s*[.:)\-–]?\s+)"
    rf"|(?P<levels>{_LEVELS})"
    rf"|(?P<number>[(（]?\d{{1,3}}[a-z]?(?:[.):]\s+|[.)](?=[^\W\d])|[、．）：]\s*|\t\s*|\s+[-–—]\s+)|[(（]?[{_HAN}]{{1,3}}[、．.)），]\s*"
    r"|[①-⑳㉑-㉟➀-➓⑴-⒇⒈-⒛]\s*)"
    r"|(?P<letter>[(（]?(?:[^\W\d_]|[ivxlcIVXLC]{1,5})[.)）．]\s+|[(（]?(?:[ア-ンあ-ん가-힣][.)）．]|[ア-ンあ-お][、])\s*)",
    re.IGNORECASE,
)
_MINUTES = r"\d{1,3}(?:\s*(?:-|–|to|bis|à|a)\s*\d{1,3})?\s*(?:min(?:ute)?[ns]?\.?|mins?\.?|['′’]|sec(?:ond)?s?|hours?|hrs?|h|мин\.?|分钟?|분)"
_CLOCK = r"\d{1,2}[:.h]\d{2}(?:\s*[ap]m)?(?:\s*(?:-|–|—|to|bis)\s*\d{1,2}[:.h]\d{2}(?:\s*[ap]m)?)?"
_TIMING = re.compile(
    rf"[\[(（]?\s*(?:(?:time|timing|duration|dauer|durée|approx\.?|ca\.?|about)[:\s]*)?(?:{_MINUTES}|{_CLOCK})\s*[\])）]?",
    re.IGNORECASE,
)
_WITH_TIMING = re.compile(
    rf"[\[(（–—-]\s*(?:approx\.?\s*|ca\.?\s*|about\s*|~\s*)?(?:{_MINUTES}|{_CLOCK})\s*[\])）]?\s*:?$", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"(?:(?:note|instructions?|reminder)s?(?:\s+(?:to|for)\s+(?:the\s+)?\w+)?"
    r"|(?:to |for )?(?:the )?(?:moderator|interviewer|facilitator|mod|int)(?:'?s)?(?:\s+(?:notes?|instructions?|to \w+|script))?"
    r"|materials?|stimul(?:us|i)|objectives?|aims?|purpose|hinweis(?: an \w+)?|consigne|nota|uwaga"
    r"|moderador[ae]?|moderatorin|mod[eé]rat(?:eur|rice)|animat(?:eur|rice)|moderatore|moderatrice|moderatör|moderaattori|interviewerin"
    r"|entrevistador[a]?|intervistatore|ankieter|модератор|интервьюер|主持人|主持|訪問員|访问员|モデレーター|司会者?|진행자|모더레이터|الميسر|المشرف)"
    r"\s*[:：]",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】|<[^<>]*>|\{[^{}]*\}")
_SECTION = re.compile(
    rf"(?:section|part|block|topic|module|theme|phase|teil|abschnitt|thema|partie|thème|sección|parte|bloque|sezione|część|temat|раздел"
    rf"|часть|deel|del)\s+(?:\d{{1,2}}|[a-z]|[ivx]{{1,4}})\b|第[{_HAN}\d]{{1,3}}[部章節节]",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:guide|script|questionnaire|\w*leitfaden|guion|guión|scenariusz|guida|roteiro|guideline|гайд)\b|ガイド|指南|提纲",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(\*\*|__)(?P<text>[^*_].*?)\1:?")
_STRESSED = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=[^\s*_])(.*?[^\s*_]|[^\s*_])\1(?![\w*])")
_SHOW = re.compile(r"(?:\*\*|__)?show\s*(?:[:：](?:\*\*|__)?|(?:\*\*|__)[:：])\s*(?P<name>\S.*)", re.IGNORECASE)
ENDS = (*QUESTION_MARKS, ".", "!", "…", "。", "！", "।", ":", "：")


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A line read for itself. text: without its marker. marker: what kind it has, empty for none. beside: cells of a table that
    are not the question. indented: whether blanks stand before it. sign: the marker itself, with the blanks before
    it. is_row: whether it is a table's row that asks nothing. is_private: whether “private:” stands in front of a question."""

    kind: Kind
    text: str = ""
    marker: str = ""
    beside: tuple[str, ...] = ()
    indented: bool = False
    sign: str = ""
    is_row: bool = False
    is_private: bool = False


def read_line(raw: str) -> GuideLine:
    """Reads a line by itself, without its neighbours.

    >>> [read_line(line).kind for line in ("## Habits", "• Why?", "b) Why?", "(5 min)", "[Show the pack]", "Some words")]
    ['heading', 'question', 'question', 'timing', 'instruction', 'plain']
    >>> read_line("  show: Pack shot.png").text, read_line("- Show: the receipt that you brought").kind
    ('Pack shot.png', 'question')
    """
    visible = "".join(sign for sign in raw if sign == "\t" or unicodedata.category(sign) not in ("Cf", "Cc"))
    line = visible.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if not line:
        return GuideLine("blank")
    if set(line) <= set("-*_=~–—| :+") and not line.isalnum():
        return GuideLine("rule")
    if line.startswith("#"):
        title = _unstressed(line.lstrip("#").rstrip("# ") or line.strip("# "))
        return GuideLine("heading", title, "#") if title else GuideLine("blank")
    if shown := _shown(line, indented=raw[:1].isspace()):
        return GuideLine("show", shown)
    if _is_private(line, indented=raw[:1].isspace()):
        return GuideLine("private")
    if (bold := _BOLD.fullmatch(line)) and not is_asked(bold["text"]) and not is_probe(bold["text"]):
        return GuideLine("heading", _unstressed(bold["text"]), "**")
    if line.startswith("|"):
        line = line.strip("|").replace("|", "\t").strip()
    marker = _MARKERS.match(line)
    text, beside = _question_of(line[marker.end() :] if marker else line)
    indented = raw[:1].isspace()
    if not text:
        return GuideLine("blank")
    text, is_private = without_private(text)
    if is_private:
        return GuideLine("question", _unstressed(text), "private", beside, indented, is_private=True)
    kind = kind_of(text, marker=bool(marker))
    if kind == "plain" or _BOLD.fullmatch(text):
        text = _unstressed(text)
    sign = raw[: len(raw) - len(raw.lstrip())] + (marker.group().strip() if marker and marker["sign"] else "")
    is_row = kind == "plain" and "\t" in line and not beside
    return GuideLine(kind, text, (marker and marker.lastgroup) or "", beside, indented, sign, is_row)


def kind_of(text: str, *, marker: bool) -> Kind:
    """Returns the kind of a text behind a marker, or without one."""
    if _TIMING.fullmatch(text):
        return "timing"
    if (
        (_BRACKETED.fullmatch(text) and not is_asked(text[:-1]))
        or _INSTRUCTION.match(text)
        or (is_probe(text) and not (marker and text.casefold().startswith("ask all")))
    ):
        return "instruction"
    return "question" if marker or is_asked(text) else "plain"


def is_asked(text: str) -> bool:
    """Returns whether it ends with a question mark of any script."""
    return text.rstrip(" \"'”’»)]）】*_").endswith(tuple(QUESTION_MARKS))


def is_title(text: str) -> bool:
    """Returns whether a line at the top is what the whole guide is called."""
    return len(text.split()) <= 12 and not text.endswith(ENDS) and bool(_TITLE.search(text))


def is_marked_heading(line: GuideLine) -> bool:
    """Returns whether a line says by itself that a section begins: a timing behind it, “Section 2”, a colon, capitals."""
    if is_asked(line.text) or len(line.text) > 100:
        return False
    capitals = line.text.isupper() and sum(map(str.isalpha, line.text)) > 3
    timed = bool(_WITH_TIMING.search(line.text))
    if line.marker:
        return (timed or capitals) and line.marker != "sign" and not starts_request(line.text)
    ends = line.text.endswith((":", "："))
    return timed or capitals or bool(_SECTION.match(line.text)) or (ends and len(line.text.split()) <= 8)


def could_be_heading(line: GuideLine) -> bool:
    """Returns whether a line is short and says nothing to anybody, so that what follows tells whether it is a heading."""
    short = len(line.text) <= 80 and len(line.text.split()) <= 8
    return (
        short
        and not line.is_row
        and not is_asked(line.text)
        and not line.text.endswith(ENDS)
        and not starts_request(line.text)
    )


def _shown(line: str, *, indented: bool) -> str:
    """Returns the stimulus that a line “show: NAME” names; empty for any other line.

    Only an indented one may have a bullet, and only an indented one without a bullet a name that ends with a question mark.
    """
    bullet = re.match(_SIGN, line) if indented else None
    found = _SHOW.fullmatch(line[bullet.end() :] if bullet else line)
    if not found or (is_asked(found["name"]) and (bullet or not indented)):
        return ""
    return _plain(found["name"])


def _is_private(line: str, *, indented: bool) -> bool:
    """Returns whether the line is “private:” alone; only an indented one may have a bullet."""
    bullet = re.match(_SIGN, line) if indented else None
    return stands_for_private(line[bullet.end() :] if bullet else line, indented=indented)


def _question_of(text: str) -> tuple[str, tuple[str, ...]]:
    """The text, or of a table's row the cell that asks something, and the other cells."""
    cells = [cell for cell in map(_plain, text.split("\t")) if cell]
    asking = [cell for cell in cells if is_asked(cell)]
    if len(cells) > 1 and len(asking) == 1:
        return asking[0], tuple(cell for cell in cells if cell != asking[0])
    if len(cells) > 1 and _TIMING.fullmatch(cells[-1]):
        return " ".join(cells[:-1]), (cells[-1],)
    return " ".join(cells), ()


def _unstressed(text: str) -> str:
    """A heading without Markdown's stars and lines for bold and italics.

    >>> _unstressed("Price **10 min**"), _unstressed("_Habits_ and __brands__"), _unstressed("2 * 3 snake_case ___")
    ('Price 10 min', 'Habits and brands', '2 * 3 snake_case ___')
    """
    return _plain(_STRESSED.sub(r"\2", _STRESSED.sub(r"\2", text)))


def _plain(text: str) -> str:
    return " ".join(text.split())
