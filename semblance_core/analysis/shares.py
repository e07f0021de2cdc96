"""Target shares as rows of a table, as people fill them in, and as the text that `parse_margins` reads."""

from collections.abc import Mapping, Sequence

from semblance_core.analysis.panel import NOT_STATED, OTHER, Margin, apportion, parse_margins
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import label

Rows = Sequence[tuple[str, float]]
"""(value, share in percent), one a line of a table."""
SUGGESTED: dict[str, Rows] = {
    "age": (("18-34", 30), ("35-54", 35), ("55+", 35)),
    "gender": (("women", 50), ("men", 50)),
    "location": (("city", 40), ("town", 35), ("countryside", 25)),
    "income_band": (("low", 30), ("middle", 50), ("high", 20)),
    "education": (("school", 40), ("vocational", 30), ("university", 30)),
    "household": (("single", 30), ("couple", 30), ("family with children", 40)),
    "occupation": (("employed", 60), ("retired", 20), ("self-employed", 10), ("student", 10)),
    "tech_comfort": (("low", 25), ("medium", 50), ("high", 25)),
}
"""A start for each of `MARGIN_FIELDS`, to be changed to what the market is."""


def margin_of(field: str, rows: Rows) -> Margin:
    """Returns one field's rows as a margin; rows without a value or a share are passed over.

    Raises:
        InvalidInput: the rows make no margin, such as an unknown field or a value named twice.

    >>> margin_of("gender", [("women", 60), ("men", 40), ("", 0)])
    Margin(field='gender', shares=(('women', 0.6), ('men', 0.4)))
    """
    filled = [(value.strip(), share) for value, share in rows if value.strip() or share]
    if nameless := [share for value, share in filled if not value]:
        raise InvalidInput(f"{label(field).capitalize()}: a share of {nameless[0]:g}% has no value.")
    if (total := sum(share for _, share in filled)) and abs(total - 100) > 1:
        missing = f"{100 - total:g}% are missing" if total < 100 else f"that is {total - 100:g}% too much"
        raise InvalidInput(f"{label(field).capitalize()}: the shares add up to {total:g}%; {missing}.")
    return Margin(field, tuple((value, share / (total or 1)) for value, share in filled))


def text_of(table: Mapping[str, Rows]) -> str:
    """Returns all rows as text, a field a line; `rows_of` reads it back.

    >>> print(text_of({"gender": [("women", 50), ("men", 50)], "location": [("Leeds, UK", 100)]}))
    gender: women 50%, men 50%
    location: Leeds, UK 100%;
    """
    return "\n".join(_line(field, rows) for field, rows in table.items())


def rows_of(text: str) -> dict[str, Rows]:
    """Returns the rows that a text stands for, in percent; raises `InvalidInput`, naming the line.

    >>> rows_of("gender: women 1, men 3")
    {'gender': (('women', 25.0), ('men', 75.0))}
    """
    margins = parse_margins(text)
    return {margin.field: tuple((value, round(share * 100, 2)) for value, share in margin.shares) for margin in margins}


def people_words(margin: Margin, size: int) -> str:
    """Returns a margin as numbers of people in a panel of this size, in words.

    >>> people_words(Margin("gender", (("women", 0.5), ("men", 0.5))), 5), people_words(Margin("age", (("65+", 1),)), 2)
    ('3 women, 2 men', '2 aged 65+')
    """
    return counted_words(margin.field, apportion(margin, size))


def counted_words(field: str, counts: Mapping[str, int]) -> str:
    """Returns whole people by value, as a list in words; values that nobody has are left out."""
    aged = "aged " if field == "age" else ""
    plain = (OTHER, NOT_STATED)
    return ", ".join(f"{count} {aged if value not in plain else ''}{value}" for value, count in counts.items() if count)


def _line(field: str, rows: Rows) -> str:
    filled = [(value.strip().replace(";", ","), share) for value, share in rows if value.strip()]
    has_comma = any("," in value for value, _ in filled)
    shares = ("; " if has_comma else ", ").join(f"{value} {share:g}%" for value, share in filled)
    return f"{label(field)}: {shares}{';' if has_comma and len(filled) == 1 else ''}"
