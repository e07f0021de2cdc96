"""Concerns: what a person weighs things by, from price to fairness, found in what they are and in what is said."""

import re
from functools import cache, lru_cache

from semblance_core.domain.personas.persona import Persona
from semblance_core.simulator.chance import share
from semblance_core.simulator.lexicon import Frame, sections, wordset
from semblance_core.simulator.words import grams, words_of

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
KINDS_WITH_WORDS = ("food", "contract", "place", "digital", "durable", "activity", "idea")
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
    """Returns the frames about a concern: those for any sort of thing, and those for one sort, which carry its flag."""
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
    """Returns how strongly a text names each concern.

    A word that several concerns share counts in parts, an everyday word such as "people" for less than a third.

    >>> max((found := concerns_in("The small print and hidden fees worry me.")), key=found.get)
    'trust'
    """
    return dict(_strengths(text))


@lru_cache(maxsize=4_096)
def _strengths(text: str) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for word in words_of(text):
        owners = _keyword_index().get(word, ())
        for concern in owners:
            found[concern] = found.get(concern, 0.0) + (0.3 if word in wordset("grammar", "faint") else 1.0) / len(
                owners
            )
    return tuple(found.items())


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


def weights(persona: Persona, flags: frozenset[str], kinds: frozenset[str]) -> dict[str, float]:
    """Returns how much each concern weighs for a person, stable for a session's subject.

    The weights come from the person's own fields, traits, life and a fixed personal leaning. Concerns that do not fit the
    sort of thing, or the person's life, are left out.
    """
    told = (
        " ".join(persona.goals),
        " ".join(persona.frustrations),
        persona.shopping_habits,
        persona.quote,
        persona.backstory,
    )
    named: dict[str, float] = {}
    for gain, text in ((1.6, " ".join(persona.values)), *((0.9, text) for text in told)):
        for concern, strength in concerns_in(text).items():
            named[concern] = named.get(concern, 0.0) + min(strength, 2.0) * gain
    found: dict[str, float] = {}
    for concern in CONCERNS:
        if not any(concern in wordset("fitting", kind) for kind in kinds) or (concern == "family" and "biz" in kinds):
            continue
        lean = sum((level(persona, trait) - 50) / 50 * gain for trait, which, gain in _TRAITS if which == concern)
        own = share("leaning", persona.name, persona.age, concern) * 2.2
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
    """True where a concern suits the aspect that a question is about, such as the packaging; None where the words name no aspect.

    >>> fits_aspect("planet", frozenset({"the", "packaging"})), fits_aspect("care", frozenset({"packaging"})), fits_aspect("care", frozenset({"tea"}))
    (True, False, None)
    """
    named = [aspect for aspect in sections("aspects") if words & wordset("aspects", aspect)]
    return any(concern in wordset("fitting", f"aspect.{aspect}") for aspect in named) if named else None


def level(persona: Persona, trait: str) -> float:
    """One of the persona's Big Five, 0–100."""
    return float(getattr(persona.big_five, trait))
