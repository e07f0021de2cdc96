"""Formulas of Office documents (OMML) on one line: fractions with a slash, powers with ^ or as small figures."""

from collections.abc import Iterator

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_PROPERTIES = ("Pr", "ctrlPr", "rPr")


def raised(text: str) -> str:
    """Text that stands high, in small figures where there are such.

    >>> raised("6"), raised("k+1"), raised("th")
    ('⁶', '^(k+1)', '^(th)')
    """
    return text.translate(SUPERSCRIPTS) if _is_in(text, SUPERSCRIPTS) else f"^{_together(text)}"


def lowered(text: str) -> str:
    """Text that stands low.

    >>> lowered("2"), lowered("max")
    ('₂', '_max')
    """
    return text.translate(SUBSCRIPTS) if _is_in(text, SUBSCRIPTS) else f"_{text if text.isalnum() else _together(text)}"


def _is_in(text: str, table: dict[int, int]) -> bool:
    return bool(text) and all(ord(sign) in table for sign in text)


def _together(text: str) -> str:
    return text if len(text) == 1 or text.isdecimal() else f"({text})"


def formula(element: etree._Element) -> str:
    """A formula, or a part of it, as text."""
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name.endswith(_PROPERTIES):
        return ""
    if name == "f":
        over = "/" if _value(element, "type") != "noBar" else " over "
        above, below = (_operand(_part(element, each)) for each in ("num", "den"))
        return f"{above}{over}{below}"
    if name in ("sSup", "sSub", "sSubSup", "sPre"):
        low, high, base = _part(element, "sub"), _part(element, "sup"), _operand(_part(element, "e"))
        small = (lowered(low) if low else "") + (raised(high) if high else "")
        return f"{small}{base}" if name == "sPre" else f"{base}{small}"
    if name == "rad":
        degree = _part(element, "deg")
        return f"{raised(degree) if degree else ''}√{_together(_part(element, 'e'))}"
    if name == "nary":
        sign, low, high = _value(element, "chr") or "∫", _part(element, "sub"), _part(element, "sup")
        return f"{sign}{lowered(low) if low else ''}{raised(high) if high else ''} {_part(element, 'e')}"
    if name == "d":
        begin, middle, end = (
            _value(element, each, default) for each, default in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
        )
        return f"{begin}{middle.join(_all(element, 'e'))}{end}"
    if name in ("limLow", "limUpp"):
        limit = _part(element, "lim")
        return f"{_part(element, 'e')}{lowered(limit) if name == 'limLow' else raised(limit)}"
    if name == "func":
        return f"{_part(element, 'fName')} {_part(element, 'e')}"
    if name == "eqArr":
        return "; ".join(_all(element, "e"))
    if name == "m":
        rows = [", ".join(_all(row, "e")) for row in element if row.tag == f"{M}mr"]
        return f"[{'; '.join(rows)}]"
    return "".join(map(formula, element))


def _operand(text: str) -> str:
    """In brackets where it is more than one number or name."""
    plain = text.replace(".", "").replace(",", "")
    return text if plain.isalnum() or (text.startswith("(") and text.endswith(")")) or not text else f"({text})"


def _all(element: etree._Element, name: str) -> Iterator[str]:
    return (formula(child) for child in element if child.tag == f"{M}{name}")


def _part(element: etree._Element, name: str) -> str:
    return "".join(_all(element, name)).strip()


def _value(element: etree._Element, name: str, default: str = "") -> str:
    found = element.find(f"*/{M}{name}")
    return default if found is None else str(found.get(f"{M}val", ""))
