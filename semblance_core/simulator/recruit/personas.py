"""Invented people: sketches for a whole panel, and full personas that honour their cell, their sketch and the brief."""

import json
import random
import re
from typing import Any

from semblance_core.requests.recruiting import PersonaRequest, SketchRequest
from semblance_core.simulator.chance import dice
from semblance_core.simulator.lexicon import phrases, sections, wordset
from semblance_core.simulator.read.nouns import Noun
from semblance_core.simulator.recruit.brief import Brief, read_brief
from semblance_core.simulator.recruit.lives import Life, draw_life, read_life
from semblance_core.simulator.recruit.places import country, homes
from semblance_core.simulator.words import capitalised, plain

_SLOT = re.compile(r"\{T(?: ([a-z' ]+))?\}")
_WOMAN = re.compile(r"\b(wom[ae]n|female|girl|lady)\b", re.I)
_MAN = re.compile(r"\b(m[ae]n|male|boy)\b", re.I)
_TRAITS = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")


def recruit_sketch(asked: SketchRequest, seed: int) -> str:
    """JSON with one name and one sketch for each cell, in the cells' order; no first name and no surname occurs twice."""
    brief = read_brief(asked.brief)
    rng = dice("panel", seed, asked.brief)
    attitudes = sorted(wordset("attitudes", "types"))
    rng.shuffle(attitudes)
    surnames, used = _shuffled(country(brief.home, "surnames"), rng), set[str]()
    firsts = {part: _shuffled(country(brief.home, part), rng) for part in ("women", "men")}
    jobs: set[str] = set()
    people = []
    for place, cell in enumerate(asked.cells):
        part = _part_of(cell.value("gender"), place)
        first = (
            next((name for name in firsts[part] if name not in used), "")
            or f"{firsts[part][place % len(firsts[part])]}-{firsts[part][(place * 7 + 3) % len(firsts[part])]}"
        )
        used.add(first)
        lap = place // len(surnames)
        surname = surnames[place % len(surnames)] + (f"-{surnames[(place + lap) % len(surnames)]}" if lap else "")
        life = draw_life(brief.of(place), cell, rng, jobs)
        jobs.add(life.occupation)
        relation = _filled(
            rng.choice([frame.text for frame in sections("attitudes")[f"{attitudes[place % len(attitudes)]}.sketch"]]),
            brief.subject,
        )
        people.append({"name": f"{first} {surname}", "sketch": f"{life.line()} {relation}"})
    return json.dumps({"personas": people}, ensure_ascii=False)


def recruit_persona(asked: PersonaRequest, seed: int) -> str:
    """JSON of one persona that fits its cell, its sketch and the brief."""
    brief, cell = read_brief(asked.brief), asked.cell
    name, sketch = plain(asked.name, 80) or "Alex Morgan", plain(asked.sketch, 600)
    rng = dice("persona", seed, name, sketch)
    life = read_life(sketch, brief, cell, rng)
    attitude = _attitude_of(sketch, brief.subject, rng)
    traits = _traits(attitude, rng)
    first = name.split()[0]
    gender = _gender(plain(cell.value("gender"), 60)) or _gender_of(first)
    persona: dict[str, Any] = {
        "name": name,
        "age": life.age,
        "gender": gender,
        "location": life.location,
        "occupation": life.occupation,
        "education": life.education,
        "household": life.household,
        "income_band": life.income_band,
        "values": rng.sample(_items(attitude, "values", brief.subject), 3),
        "goals": _some(_items(attitude, "goals", brief.subject), rng),
        "frustrations": _some(_items(attitude, "frustrations", brief.subject), rng),
        "media_habits": _media(life, brief, rng),
        "tech_comfort": life.tech_comfort,
        "shopping_habits": _items(attitude, "shopping", brief.subject)[0],
        "brands": rng.sample(country(brief.home, "shops"), rng.choice((2, 3))),
        "big_five": traits,
        "talkativeness": max(5, min(95, round(traits["extraversion"] * 0.8 + rng.uniform(-5, 25)))),
        "way_of_speaking": rng.choice([frame.text for frame in sections("attitudes")[f"{attitude}.voice"]]),
        "quote": _filled(
            rng.choice([frame.text for frame in sections("attitudes")[f"{attitude}.quote"]]),
            brief.subject if brief.known else Noun("anything new"),
        ),
    }
    relation = _filled(rng.choice([frame.text for frame in sections("attitudes")[f"{attitude}.sketch"]]), brief.subject)
    roots = rng.choice(phrases("lives", "roots")).replace("{town}", _town(life))
    persona["backstory"] = f"{first} {roots}. {life.past(rng)} {relation}"
    persona |= {field: value for field, value in cell.facts if field != "gender"}
    return json.dumps(persona, ensure_ascii=False)


def _town(life: Life) -> str:
    return life.location.split(",")[0] or "town"


def _shuffled(items: list[str], rng: random.Random) -> list[str]:
    mixed = list(dict.fromkeys(items))
    rng.shuffle(mixed)
    return mixed


def _part_of(gender: str, place: int) -> str:
    if _WOMAN.search(gender):
        return "women"
    return "men" if _MAN.search(gender) else ("women", "men")[place % 2]


def _gender(label: str) -> str:
    """A person's gender for a margin's label, such as female for "women"; any other label as it stands."""
    return "female" if _WOMAN.fullmatch(label) else "male" if _MAN.fullmatch(label) else label


def _gender_of(first: str) -> str:
    for home in homes():
        for part, gender in (("women", "female"), ("men", "male")):
            if first.split("-")[0] in country(home, part):
                return gender
    return "female"


def _attitude_of(sketch: str, subject: Noun, rng: random.Random) -> str:
    """The attitude whose sentence stands in the sketch; for a sketch written by somebody else, the one with most words in common."""
    types = sorted(wordset("attitudes", "types"))
    for attitude in types:
        if any(_filled(frame.text, subject) in sketch for frame in sections("attitudes")[f"{attitude}.sketch"]):
            return attitude
    words = set(re.findall(r"[a-z]{4,}", sketch.lower()))
    overlap = {attitude: sum(word in _all_text(attitude) for word in words) for attitude in types}
    best = max(overlap.values())
    return rng.choice([attitude for attitude in types if overlap[attitude] == best])


def _all_text(attitude: str) -> set[str]:
    return {
        word
        for section, frames in sections("attitudes").items()
        if section.startswith(f"{attitude}.")
        for frame in frames
        for word in re.findall(r"[a-z]{4,}", frame.text.lower())
    }


def _traits(attitude: str, rng: random.Random) -> dict[str, int]:
    middle = [int(part) for part in sections("attitudes")[f"{attitude}.traits"][0].text.split()]
    return {trait: max(3, min(97, round(rng.gauss(level, 9)))) for trait, level in zip(_TRAITS, middle, strict=True)}


def _items(attitude: str, section: str, subject: Noun) -> list[str]:
    items = ";".join(frame.text for frame in sections("attitudes")[f"{attitude}.{section}"]).split(";")
    plain_ones = [item for item in items if "{T" not in item]
    if subject.text == "everyday life" and plain_ones:
        items = plain_ones  # nothing to be for or against
    return [_filled(item.strip(), subject) for item in items]


def _some(items: list[str], rng: random.Random) -> list[str]:
    return rng.sample(items, min(len(items), rng.choice((2, 3))))


def _filled(text: str, subject: Noun) -> str:
    filled = _SLOT.sub(lambda match: subject.form(match[1]) if match[1] else subject.text, text)
    return capitalised(filled) if text.startswith("{T") else filled


def _media(life: Life, brief: Brief, rng: random.Random) -> list[str]:
    local = country(brief.home, "media")
    young, middle, old = (phrases("lives", f"media.{part}") for part in ("young", "middle", "old"))
    habits = young if life.age < 30 else (*middle, *local) if life.age < 58 else (*local, *old)
    return rng.sample(habits, rng.choice((2, 3)))
