"""Concerns: what a person weighs things by, from price to fairness, found in what they are and in what is said."""

import re
from functools import cache
from typing import Any

from semblance_core.llm.simulator.chance import share
from semblance_core.llm.simulator.lexicon import Frame, sections, wordset
from semblance_core.llm.simulator.words import grams, words_of

CONCERNS = (
    "price",
    "quality",
    "ease",
    "trust",
    "habit",
    "clarity",
    "care",
    "planet",
    "family",
    "risk",
    "novelty",
    "health",
    "fairness",
    "control",
)
_FITTING: dict[str, str] = {
    "food": "price quality ease trust habit clarity planet family novelty health",
    "contract": "price ease trust habit clarity care risk fairness control",
    "place": "quality ease care family fairness habit novelty clarity price",
    "digital": "price quality ease trust clarity care risk control novelty habit",
    "durable": "price quality ease trust habit clarity care risk planet family novelty",
    "activity": "price ease habit risk family novelty health planet fairness",
    "idea": "ease trust clarity fairness control family care habit",
    "general": "price quality ease trust habit clarity family novelty fairness",
}
_ASPECT_CONCERNS: dict[str, str] = {
    "packaging": "planet clarity ease trust price",
    "hours": "ease family fairness habit clarity care",
    "price": "price fairness trust clarity quality",
    "app": "control trust ease risk clarity price novelty",
    "image": "clarity trust novelty habit",
    "service": "care trust ease control",
    "taste": "quality health novelty habit family",
    "letters": "price trust clarity control ease habit fairness",
    "season": "risk ease health habit family",
    "range": "novelty clarity quality family habit",
}
KINDS_WITH_WORDS = ("food", "contract", "place", "digital", "durable", "activity", "idea")
_FAINT = frozenset(
    [
        "people",
        "call",
        "deal",
        "always",
        "customer",
        "parents",
        "easier",
        "support",
        "attention",
        "like",
        "trends",
        "person",
        "same",
        "different",
        "new",
        "own",
        "home",
        "time",
        "choice",
        "options",
        "years",
        "together",
        "friends",
        "everyone",
        "everybody",
        "works",
        "working",
        "best",
        "better",
        "last",
        "wrong",
        "listen",
        "phone",
        "try",
        "tried",
        "trying",
        "details",
        "learning",
        "person",
        "public",
        "local",
        "share",
        "close",
        "open",
        "help",
        "usual",
        "body",
        "start",
        "hours",
        "wait",
        "interesting",
        "clear",
    ]
)
_TRAITS: tuple[tuple[str, str, float], ...] = (
    ("openness", "novelty", 1.2),
    ("conscientiousness", "clarity", 0.7),
    ("conscientiousness", "quality", 0.5),
    ("conscientiousness", "risk", 0.5),
    ("extraversion", "novelty", 0.5),
    ("extraversion", "care", 0.5),
    ("agreeableness", "care", 0.7),
    ("agreeableness", "fairness", 0.7),
    ("agreeableness", "family", 0.4),
    ("neuroticism", "risk", 1.0),
    ("neuroticism", "trust", 0.5),
    ("openness", "habit", -1.0),
    ("agreeableness", "trust", -0.5),
    ("openness", "control", 0.4),
)


def pool(concern: str, section: str) -> tuple[Frame, ...]:
    """What there is to say about a concern: frames for any sort of thing, and those for one sort, which carry its flag."""
    return _pools().get(f"{concern}.{section}", ())


@cache
def _pools() -> dict[str, tuple[Frame, ...]]:
    found = {
        f"{concern}.{section}": frames
        for concern in CONCERNS
        for section, frames in sections(f"concerns/{concern}").items()
    }
    for kind in KINDS_WITH_WORDS:
        for section, frames in sections(f"kinds/{kind}").items():
            own = tuple(Frame(each.text, (*each.needs, frozenset({kind})), each.bars, each.rank) for each in frames)
            found[section] = (*found.get(section, ()), *own)
    return found


@cache
def _keyword_index() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for concern in CONCERNS:
        for word in wordset(f"concerns/{concern}", "words"):
            index.setdefault(word, []).append(concern)
    return {word: tuple(found) for word, found in index.items()}


def concerns_in(text: str) -> dict[str, float]:
    """How strongly each concern is named in a text; a word that several concerns share counts in parts, an everyday
    word such as "people" for less than a third.

    >>> max((found := concerns_in("The small print and hidden fees worry me.")), key=found.get)
    'trust'
    """
    found: dict[str, float] = {}
    for word in words_of(text):
        owners = _keyword_index().get(word, ())
        for concern in owners:
            found[concern] = found.get(concern, 0.0) + (0.3 if word in _FAINT else 1.0) / len(owners)
    return found


@cache
def _runs_by_concern() -> dict[tuple[str, ...], str]:
    """Runs of four words that belong to one concern's frames only."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for key, frames in _pools().items():
        concern, section = key.split(".")
        if section in ("say", "plus", "minus", "story", "why+", "why-", "if", "short"):
            for gram in (
                gram for each in frames for part in re.split(r"[{}\[\]|]", each.text) for gram in grams(part, 4)
            ):
                owners.setdefault(gram, set()).add(concern)
    return {gram: next(iter(found)) for gram, found in owners.items() if len(found) == 1}


def concern_of(sentence: str) -> str:
    """The one concern that a sentence is about, or empty: by its turns of phrase where they are familiar, else by its words.

    >>> concern_of("It has gone up and nobody's explained why."), concern_of("The fees are hidden."), concern_of("Quite.")
    ('price', 'price', '')
    """
    strengths = concerns_in(sentence)
    for gram in grams(sentence, 4):
        concern = _runs_by_concern().get(gram)
        if concern:
            strengths[concern] = strengths.get(concern, 0.0) + 2.0
    strongest = max(sorted(strengths), key=lambda concern: strengths[concern], default="")
    return strongest if strongest and strengths[strongest] >= 1 else ""


@cache
def _sides() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Runs of words that only praise uses, and those that only complaints use."""
    runs: tuple[set[tuple[str, ...]], set[tuple[str, ...]]] = (set(), set())
    for key, frames in _pools().items():
        section = key.split(".")[1]
        if section in ("plus", "why+", "minus", "why-"):
            side = runs[section in ("minus", "why-")]
            side.update(
                gram for each in frames for part in re.split(r"[{}\[\]|]", each.text) for gram in grams(part, 4)
            )
    return frozenset(runs[0] - runs[1]), frozenset(runs[1] - runs[0])


def side_of(sentence: str) -> int:
    """1 for a turn of phrase known as praise, -1 for one known as a complaint, 0 for any other."""
    found = grams(sentence, 4)
    good, bad = (bool(found & runs) for runs in _sides())
    return good - bad


def weights(persona: dict[str, Any], flags: frozenset[str], kinds: frozenset[str]) -> dict[str, float]:
    """How much each concern weighs for a person, stable for a session's subject: from their own fields, traits, life and a
    fixed personal leaning. Concerns that do not fit the sort of thing weigh nothing."""
    fields = ("values", "goals", "frustrations", "shopping_habits", "quote", "backstory")
    text = [_text(persona.get(name)) for name in fields]
    named: dict[str, float] = {}
    for name, part in zip(fields, text, strict=True):
        for concern, strength in concerns_in(part).items():
            named[concern] = named.get(concern, 0.0) + min(strength, 2.0) * (1.6 if name == "values" else 0.9)
    traits = persona.get("big_five")
    traits = traits if isinstance(traits, dict) else {}
    found: dict[str, float] = {}
    for concern in CONCERNS:
        if not any(concern in _FITTING.get(kind, "").split() for kind in kinds) or (
            concern == "family" and "biz" in kinds
        ):
            continue
        lean = sum((level(traits, trait) - 50) / 50 * gain for trait, which, gain in _TRAITS if which == concern)
        own = share("leaning", persona.get("name"), persona.get("age"), concern) * 2.2
        life = (
            -1.5 * (concern == "price" and "place" in kinds)
            + 1.2 * (concern == "price" and "lowincome" in flags)
            + 0.9 * (concern == "family" and "kids" in flags)
        )
        if (concern, True) in (
            ("family", "alone" in flags),
            ("habit", "keen" in flags),
            ("novelty", "settled" in flags),
        ):
            continue
        found[concern] = max(0.05, 0.5 + min(named.get(concern, 0.0), 4.0) + lean + own + life)
    return found


def fits_aspect(concern: str, words: frozenset[str]) -> bool | None:
    """Whether a concern is at home with what a question is about, such as the packaging; None where the words name no aspect.

    >>> fits_aspect("planet", frozenset({"the", "packaging"})), fits_aspect("care", frozenset({"packaging"})), fits_aspect("care", frozenset({"tea"}))
    (True, False, None)
    """
    named = [aspect for aspect in _ASPECT_CONCERNS if words & wordset("aspects", aspect)]
    return any(concern in _ASPECT_CONCERNS[aspect].split() for aspect in named) if named else None


def level(traits: dict[str, Any], trait: str) -> float:
    """A trait from 0 to 100; 50 where it is missing or not a number."""
    value = traits.get(trait, 50)
    return float(min(max(value, 0), 100)) if isinstance(value, int | float) and value == value else 50.0


def _text(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value or "")
