"""Text from people, models and files, made harmless for where it is shown."""

import re

_MARKS = re.compile(r"[\\`*_\[\]<>#|~$&{}]|:(?=[A-Za-z/])|(?<=[A-Za-z]):(?=\S)|^[-+=]|^\d+(?=[.)])")
_UNSEEN = re.compile("[\0\u202a-\u202e\u2066-\u2069]")
"""NUL, and the marks that turn the direction of what stands beside them."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""Characters that a spreadsheet may take for the beginning of a formula; with the wide forms of East Asian settings."""
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_CHANGED = re.compile(
    rf"0\d+(\.\d+)?|\d{{16,}}|\d+(\.\d+)?e[+-]?\d+|\d{{1,4}}[-/]\d{{1,4}}|\d{{1,4}}([-/.])\d{{1,2}}\3\d{{1,4}}"
    rf"|\d{{1,2}}[- ]?{_MONTH}([- ]?\d{{2,4}})?|{_MONTH}[- ]?\d{{1,4}}",
    re.IGNORECASE,
)
"""Texts that a spreadsheet would show as other numbers or as dates: “007”, “12345678901234567890”, “5e12”, “12-15”, “Mar 5”."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""Names that Windows keeps for devices, whatever the file's ending."""


def escaped_markdown(text: str) -> str:
    """Markdown that shows exactly this text: no link, image, heading, list, formula, directive or HTML comes out of it.

    Every mark that could begin one gets a backslash, which CommonMark then leaves out; line breaks stay.

    >>> print(escaped_markdown("![x](http://evil) <b> costs $5, :red[it's] 10:30"))
    !\\[x\\](http\\://evil) \\<b\\> costs \\$5, \\:red\\[it's\\] 10:30
    >>> escaped_markdown("1. one")
    '1\\\\. one'
    """
    lines = (" ".join(line.split()) for line in without_unseen(text).splitlines())
    return "  \n".join(_MARKS.sub(_with_backslash, line) for line in lines)


def without_unseen(text: str) -> str:
    """The text without NUL and without the marks that turn the direction of what stands beside them.

    >>> without_unseen("safe\u202e txt")
    'safe txt'
    """
    return _UNSEEN.sub("", text)


def _with_backslash(mark: re.Match[str]) -> str:
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"


def safe_cell(value: object) -> str:
    """A CSV cell that a spreadsheet shows as it is, with an apostrophe in front of a text that it would take for a formula, or
    change as a number or date; numbers stay numbers.

    One that already has such an apostrophe gets another, so that what reads the cell back can take one away.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("007"), safe_cell("12-15"), safe_cell(-3), safe_cell("-2.5")
    ("'=HYPERLINK(1)", "'007", "'12-15", '-3', '-2.5')
    """
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if _needs_guard(text) else text


def original_cell(cell: str) -> str:
    """Returns the text that `safe_cell` was given.

    >>> original_cell("'=1"), original_cell("'tis"), original_cell(safe_cell("'007"))
    ('=1', "'tis", "'007")
    """
    return cell[1:] if cell.startswith("'") and _needs_guard(cell) else cell


def _needs_guard(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_FORMULA) or _CHANGED.fullmatch(bare) is not None


def safe_file_name(text: str, otherwise: str = "semblance") -> str:
    """A file name of letters, digits and dashes, at most 60 of them, that no system keeps for itself.

    >>> safe_file_name("../Oat milk: round 2")
    'oat-milk-round-2'
    >>> safe_file_name("NUL"), safe_file_name("\u202egnp.exe"), safe_file_name("‥/…")
    ('semblance-nul', 'gnp-exe', 'semblance')
    """
    name = re.sub(r"[^a-z0-9]+", "-", text.casefold())[:60].strip("-") or otherwise
    return f"{otherwise}-{name}" if name in _RESERVED else name
