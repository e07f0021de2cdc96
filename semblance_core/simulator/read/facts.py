"""A persona's free-text fields as phrases that fit into a sentence; what cannot be used safely is left out."""

import re
from dataclasses import dataclass

from semblance_core.domain.personas.persona import Persona
from semblance_core.simulator.lexicon import pairs, phrases, wordset
from semblance_core.simulator.read.english import reads, reads_topic
from semblance_core.simulator.words import capitalised, plain, word_count

_CHILDREN = re.compile(
    r"\b((?:two|three|four|five|2|3|4|5|young|teenage|small|little|grown-up)\s+)*(kids|children|sons|daughters|boys|girls|teenagers|twins)\b",
    re.I,
)
_CHILD = re.compile(
    r"\b(?:a|an|one|her|his|their|my|and|with|young|baby|small|teenage)\s+(son|daughter|toddler|baby|teenager|child|boy|girl|kid)\b",
    re.I,
)
_NO_CHILDREN = re.compile(r"\b(no|without|child-?free|childless|grown.?up|adult|left home|moved out)\b", re.I)
_THIRD = re.compile(
    r"^(?:she|he|they)?\s*(?:wants?|hopes?|aims?|would like|plans?|tries|trying|hoping|wishes)\s+to\s+", re.I
)
_HATES = re.compile(
    r"^(?:she|he|they)?\s*(?:hates?|dislikes?|can't stand|cannot stand|is annoyed by|is frustrated by|annoyed by|tired of|is tired of)\s+",
    re.I,
)
_FINITE = re.compile(
    r"\b(is|are|was|were|has|have|had|does|do|did|can|can't|cannot|will|won't|keeps?|gets?|feels?|never|always|don't|doesn't|isn't|aren't"
    r"|she|he|they|i|it|you|makes?|takes?|goes|needs?|wants?)\b",
    re.I,
)
_KEEN = re.compile(
    r"early adopter|usually (goes )?first|tries new|something new every|everything new|first to try|trendsetter", re.I
)
_SETTLED = re.compile(
    r"same way for years|what has proved itself|same shops|worked for years|never changes|keep things the way", re.I
)


@dataclass(frozen=True, slots=True)
class Facts:
    """flags: conditions such as kids, work or young that sentences can ask for. slots: phrases by name."""

    first: str
    flags: frozenset[str]
    slots: dict[str, tuple[str, ...]]


def facts_of(persona: Persona) -> Facts:
    """Returns the flags and phrases with which sentences may speak about a persona.

    >>> facts = facts_of(Persona("Maya Osei", occupation="Primary School Teacher", goals=("Wants to save for her wedding.",)))
    >>> facts.first, facts.slots["ajob"], facts.slots["goal_to"]
    ('Maya', ('a primary school teacher',), ('to save for my wedding',))
    """
    flags: set[str] = set()
    slots: dict[str, tuple[str, ...]] = {}
    name = plain(persona.name, 80) or "Me"
    first = name.split()[0].strip(".,;:!?\"'") or "Me"
    if persona.age is not None:
        slots["age"] = (str(persona.age),)
        flags.add("young" if persona.age < 30 else "old" if persona.age >= 62 else "mid")
    _home(plain(persona.household, 300), flags, slots)
    _work(plain(persona.occupation, 300), flags, slots)
    _place(plain(persona.location, 300), flags, slots)
    _tastes(persona, flags, slots)
    if re.search(r"\b(low|below|under|tight|lower|minimum|benefits)\b", plain(persona.income_band, 300), re.I):
        flags.add("lowincome")
    _nature(persona, flags)
    slots["first"] = (first,)
    slots["jobline"] = (_job_line(slots, flags),)
    slots["Jobline"] = (capitalised(slots["jobline"][0]),)
    return Facts(first, frozenset(flags), slots)


def _nature(persona: Persona, flags: set[str]) -> None:
    """Flags somebody who is drawn to what is new, or who holds on to what they know, so that they do not claim the opposite."""
    told = " ".join((persona.quote, persona.backstory, persona.shopping_habits, "; ".join(persona.goals)))
    openness = persona.big_five.openness
    if _KEEN.search(told) or openness >= 72:
        flags.add("keen")
    elif _SETTLED.search(told) or openness <= 30:
        flags.add("settled")


def _home(household: str, flags: set[str], slots: dict[str, tuple[str, ...]]) -> None:
    low = household.lower()
    many, one = _CHILDREN.search(household), _CHILD.search(household)
    if (many or one) and not _NO_CHILDREN.search(household):
        flags.add("kids")
        slots["kids"] = (
            f"my {many[0].lower()}".replace("my 2", "my two").replace("my 3", "my three") if many else "the children",
        )
    for word, phrase in pairs("grammar", "partners"):
        if re.search(rf"\b{word}\b", low) and not re.search(rf"\b(no|ex|former|without a)[- ]{word}", low):
            flags.add("partner")
            slots["partner"] = (phrase,)
            break
    if re.search(
        r"\b(alone|single person|one.person|on (his|her|their) own|by (him|her)self|solo|widow)", low
    ) and not flags & {"kids", "partner"}:
        flags.add("alone")
    if re.search(r"\b(flat ?mates?|house ?mates?|shared (flat|house)|flat ?share|house ?share|roommates?)\b", low):
        flags.add("flatmates")
        flags.discard("alone")
    if re.search(r"\bdog\b", low):
        flags.add("dog")


def _work(occupation: str, flags: set[str], slots: dict[str, tuple[str, ...]]) -> None:
    low = occupation.strip(" .").lower()
    if not low:
        return
    if re.search(r"\bretired|pensioner", low):
        flags.add("retired")
    elif re.search(r"\bstudent\b|\bstudying\b", low):
        flags.add("student")
    elif re.search(r"\b(unemployed|between jobs|not working|homemaker|stay.at.home|looking for work)\b", low):
        flags.add("athome")
    else:
        job = re.split(r"[,;(/.]| at | for | in | with | - | – ", occupation.strip(" ."))[0].strip()
        job = re.sub(r"^(?:an?|the|works? as an?|working as an?|part-time|full-time)\s+", "", job, flags=re.I)
        job = " ".join(word if word.isupper() and 1 < len(word) <= 4 else word.lower() for word in job.split())
        if 1 <= word_count(job) <= 5 and not _FINITE.search(job) and reads_topic(job):
            flags.add("work")
            slots["ajob"] = (f"{_article(job)} {job}",)


def _article(job: str) -> str:
    return (
        "an"
        if job[:1].lower() in "aeio"
        or (job[:1] == "u" and not job.startswith("uni"))
        or re.match(r"(HR|MR|NHS|x-ray)", job)
        else "a"
    )


def _place(location: str, flags: set[str], slots: dict[str, tuple[str, ...]]) -> None:
    low = location.lower()
    if re.search(r"\b(village|rural|countryside|farm|hamlet)\b", low):
        flags.add("rural")
    if re.search(r"\b(city centre|inner.city|downtown|central)\b", low):
        flags.add("city")
    town = re.split(r"[,(/;]", location)[0].strip()
    if (
        1 <= word_count(town) <= 3
        and town[:1].isupper()
        and not re.search(r"\b(a|the|near|village|suburb|rural|town|city|UK|USA)\b", town)
    ):
        flags.add("town")
        slots["place"] = (town,)


def _tastes(persona: Persona, flags: set[str], slots: dict[str, tuple[str, ...]]) -> None:
    brands = [brand for brand in _items(persona.brands) if 1 <= word_count(brand) <= 3 and brand[:1].isupper()]
    shops = phrases("grammar", "shops")
    slots["shop"] = tuple(brand for brand in brands if brand.lower() in shops)
    slots["brand"] = tuple(brand for brand in brands if brand.lower() not in shops)
    media = " ".join(_items(persona.media_habits))
    slots["media"] = tuple(said for name, said in pairs("grammar", "media") if re.search(rf"\b{name}\b", media, re.I))[
        :4
    ]
    goals = _readable(persona.goals)
    slots["goal_to"] = tuple(filter(None, map(_infinitive, goals)))
    slots["goal_np"] = tuple(phrase for goal in goals if not _infinitive(goal) and (phrase := _noun_phrase(goal)))
    hated = [_HATES.sub("", item) for item in _readable(persona.frustrations)]
    slots["frus_np"] = tuple(filter(None, map(_noun_phrase, hated)))
    slots["value_np"] = tuple(
        phrase
        for value in _readable(persona.values)
        if (phrase := _noun_phrase(value))
        and word_count(phrase) <= 4
        and phrase.split()[0].rstrip(",") not in wordset("grammar", "verbs")
    )
    flags.update(
        name for name in ("shop", "brand", "media", "goal_to", "goal_np", "frus_np", "value_np") if slots[name]
    )


def _items(field: tuple[str, ...]) -> list[str]:
    """A list field's items on one line each, without marks around them."""
    return [text for part in field if (text := plain(part, 120).strip(" .!-•"))]


def _readable(field: tuple[str, ...]) -> list[str]:
    return [text for text in _items(field) if reads(text)]


def _lowered(text: str) -> str:
    head, _, rest = text.partition(" ")
    keep = (head.isupper() and len(head) > 1) or any(letter.isupper() for letter in head[1:]) or head == "I"
    lowered = (
        text
        if keep and not text.isupper()
        else text.lower()
        if text.isupper()
        else f"{head[:1].lower()}{head[1:]} {rest}".strip()
    )
    for theirs, mine in pairs("grammar", "own"):
        lowered = re.sub(rf"\b{theirs}\b", mine, lowered)
    return lowered


def _infinitive(goal: str) -> str:
    """ "Wants to save", "To save" and "Save …" as "to save …"; nothing where it is no wish of that form or too long."""
    bare = _THIRD.sub("", goal)
    rest = _lowered(re.sub(r"^to\s+", "", bare, flags=re.I))
    is_wish = bare != goal or goal.lower().startswith("to ") or rest.split(" ")[0] in wordset("grammar", "verbs")
    return (
        f"to {rest}"
        if is_wish and rest and word_count(rest) <= 10 and not re.search(r"[:;.?!\"]|\b(she|he|they)\b", rest)
        else ""
    )


def _noun_phrase(text: str) -> str:
    """The text as an object of a sentence, or nothing where it looks like a sentence of its own."""
    phrase = _lowered(text)
    first = phrase.split(" ")[0] if phrase else ""
    if (
        not phrase
        or word_count(phrase) > 8
        or first in wordset("grammar", "verbs")
        or re.search(r"[:;.?!\"–—]", phrase)
    ):
        return ""
    if _FINITE.search(re.split(r"\b(?:that|which|who)\b", phrase)[0]):
        return ""
    return phrase


def _job_line(slots: dict[str, tuple[str, ...]], flags: set[str]) -> str:
    where = f" in {slots['place'][0]}" if "place" in slots else ""
    if "ajob" in slots:
        return slots["ajob"][0] + where
    what = (
        "retired"
        if "retired" in flags
        else "a student"
        if "student" in flags
        else "at home most of the day"
        if "athome" in flags
        else ""
    )
    if what:
        return what + where
    return f"living{where}" if where else f"{slots['age'][0]} years old" if "age" in slots else "glad to be here"
