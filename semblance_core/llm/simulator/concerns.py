"""Concerns: what a person weighs things by, from price to fairness, found in what they are and in what is said."""

from functools import cache
from typing import Any

from semblance_core.llm.simulator.chance import share
from semblance_core.llm.simulator.lexicon import Frame, sections, wordset
from semblance_core.llm.simulator.words import words_of

CONCERNS = ("price", "quality", "ease", "trust", "habit", "clarity", "care", "planet", "family", "risk", "novelty", "health", "fairness", "control")
_UNFIT = {
    "health": frozenset({"contract", "digital", "idea", "durable", "place", "general"}),
    "planet": frozenset({"contract", "digital", "idea"}),
    "family": frozenset({"work"}),
}
_TRAITS: tuple[tuple[str, str, float], ...] = (
    ("openness", "novelty", 1.2), ("conscientiousness", "clarity", 0.7), ("conscientiousness", "quality", 0.5), ("conscientiousness", "risk", 0.5),
    ("extraversion", "novelty", 0.5), ("extraversion", "care", 0.5), ("agreeableness", "care", 0.7), ("agreeableness", "fairness", 0.7),
    ("agreeableness", "family", 0.4), ("neuroticism", "risk", 1.0), ("neuroticism", "trust", 0.5), ("openness", "habit", -1.0),
    ("agreeableness", "trust", -0.5), ("openness", "control", 0.4),
)  # fmt: skip


def pool(concern: str, section: str) -> tuple[Frame, ...]:
    return sections(f"concerns/{concern}").get(section, ())


@cache
def _keyword_index() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for concern in CONCERNS:
        for word in wordset(f"concerns/{concern}", "words"):
            index.setdefault(word, []).append(concern)
    return {word: tuple(found) for word, found in index.items()}


def concerns_in(text: str) -> dict[str, float]:
    """How strongly each concern is named in a text; a word that several concerns share counts in parts.

    >>> max((found := concerns_in("The small print and hidden fees worry me.")), key=found.get)
    'trust'
    """
    found: dict[str, float] = {}
    for word in words_of(text):
        owners = _keyword_index().get(word, ())
        for concern in owners:
            found[concern] = found.get(concern, 0.0) + 1 / len(owners)
    return found


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
        if kinds & _UNFIT.get(concern, frozenset()):
            continue
        lean = sum((level(traits, trait) - 50) / 50 * gain for trait, which, gain in _TRAITS if which == concern)
        own = share("leaning", persona.get("name"), persona.get("id"), concern) * 2.2
        life = 1.2 * (concern == "price" and "lowincome" in flags) + 0.9 * (concern == "family" and "kids" in flags)
        found[concern] = max(0.05, 0.5 + min(named.get(concern, 0.0), 4.0) + lean + own + life)
    return found


def level(traits: dict[str, Any], trait: str) -> float:
    """A trait from 0 to 100; 50 where it is missing or not a number."""
    value = traits.get(trait, 50)
    return float(min(max(value, 0), 100)) if isinstance(value, int | float) and value == value else 50.0


def _text(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value or "")
