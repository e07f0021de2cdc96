"""Finds the places where a brief's people live: a country with its names, and the towns that were named or that a region has."""

import re

from semblance_core.simulator.lexicon import sections

_NAMED = re.compile(r"\b(?:in|from|near|around|outside) ((?:[A-Z][\w'’\-]+)(?: (?:upon |on |under )?[A-Z][\w'’\-]+)?)")
_NO_TOWN = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Europe|General|The|Great|Christmas|Easter|English|"
    r"North|South|East|West|Germany|B2B|HR|IT)\b"
)


def homes() -> list[str]:
    return [section.removesuffix(".marks") for section in sections("countries") if section.endswith(".marks")]


def country(home: str, part: str) -> list[str]:
    """A country's list, such as its cities or its women's first names.

    >>> country("Germany", "cities")[0]
    'Berlin'
    """
    text = " ".join(frame.text for frame in sections("countries")[f"{home}.{part}"])
    return [item.strip() for item in text.split(";")] if ";" in text else text.split()


def whereabouts(brief: str) -> tuple[str, str, tuple[str, ...]]:
    """The country whose names are used, the land to write behind a town, and the towns that come into question.

    >>> whereabouts("People over 60 in Wales")[1:]
    ('Wales', ('Cardiff', 'Swansea', 'Newport', 'Wrexham', 'Bangor', 'Aberystwyth', 'Llanelli', 'Merthyr Tydfil', 'Carmarthen'))
    >>> whereabouts("parents in Hebden Bridge"), whereabouts("Owners of firms in Germany")[:2]
    (('UK', 'UK', ('Hebden Bridge',)), ('Germany', 'Germany'))
    """
    for home in homes():
        towns = tuple(town for town in country(home, "cities") if _has(brief, town) and town != "London")
        if towns:
            return home, _land_of(home, towns[0]), towns
    for row in sections("groups")["regions"]:
        home, land, marks, listed = row.text.split("|")
        towns = tuple(listed.split(";"))
        named = tuple(town for town in towns if _has(brief, town))
        if named or any(_has(brief, mark.replace("-", " ")) for mark in marks.split()):
            return home, land if land in ("Wales", "Scotland", "Northern Ireland", "London") else home, named or towns
    home = next((h for h in homes() if any(_has(brief, m.replace("-", " ")) for m in country(h, "marks"))), "")
    if not home or not any(_has(brief, name) for name in homes()):
        town = next((found[1] for found in _NAMED.finditer(brief) if _is_town(found[1])), "")
        if town:
            return home or "UK", home or "UK", (town,)
    return home or "UK", home or "UK", tuple(country(home or "UK", "cities"))


def place_words(brief: str) -> str:
    """A pattern for every name of a place that stands in the brief."""
    names = [mark.replace("-", " ") for home in homes() for mark in country(home, "marks")]
    for row in sections("groups")["regions"]:
        names += [
            *(mark.replace("-", " ") for mark in row.text.split("|")[2].split()),
            *row.text.split("|")[3].split(";"),
        ]
    names += [found[1] for found in _NAMED.finditer(brief) if _is_town(found[1])]
    return "|".join(re.escape(name) for name in sorted(set(names), key=lambda name: (-len(name), name)))


def _land_of(home: str, town: str) -> str:
    for row in sections("groups")["regions"]:
        _, land, _, listed = row.text.split("|")
        if land in ("Wales", "Scotland", "Northern Ireland") and town in listed.split(";"):
            return land
    return home


def _is_town(name: str) -> bool:
    marks = {mark.replace("-", " ") for home in homes() for mark in country(home, "marks")}
    return not _NO_TOWN.match(name) and name not in marks and not name.isupper()


def _has(brief: str, name: str) -> bool:
    return name in brief and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", brief))
