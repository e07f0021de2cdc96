"""Report on a panel: its people, its fit to target shares, and their differences. Pure.

Measures and their sources are those of `analysis.panel` and `analysis.diversity`.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TypeVar

from semblance_core.analysis.panel import NOT_STATED, Margin, MarginFit, apportion, panel_fit, sampling_total_variation
from semblance_core.analysis.shares import counted_words, people_words
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona, label
from semblance_core.domain.personas.search import AGE_BANDS, age_band
from semblance_core.domain.plurals import number

Item = TypeVar("Item")
NEAR_DUPLICATE = 0.9
MOST_COMPARED = 1_000
"""Every text is compared with every other one: of more personas so many are drawn, always the same ones of the same panel."""
MOST_PAIRS = 5
MOST_VALUES = 8
PERCENTILE_SD = 100 / math.sqrt(12)
"""Standard deviation of percentiles over a population, about 29 points."""
NARROW = 0.6
"""A spread below this share of the population's is called narrow."""
MADE_UP_OF = ("gender", "location", "education", "income_band")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two personas and how alike their texts are: cosine of TF-IDF vectors at matched length, 0–1."""

    one: Persona
    other: Persona
    cosine: float


@dataclass(frozen=True, slots=True)
class Diversity:
    """Differences between the personas' texts.

    distance: mean pairwise cosine distance, 0–1. near_duplicates: share of pairs above a cosine of .9. distinct_3: distinct
    word triples over all, None where no text has three words. vendi: effective number of different texts, 1 – panel size.
    nearest: the most alike pairs, the nearest first. compared: how many personas it is drawn from: of a large panel, some.
    """

    distance: float
    near_duplicates: float
    distinct_3: float | None
    vendi: float
    nearest: tuple[Pair, ...]
    compared: int


@dataclass(frozen=True, slots=True)
class TraitSpread:
    """One Big Five trait over the panel, read as percentiles: a population has a mean of 50 and an SD of about 29.

    chance: how far from 50 the mean of so many people drawn at random stays in 19 of 20 panels, in points.
    """

    trait: str
    levels: tuple[int, ...]
    mean: float
    sd: float | None
    chance: float

    @property
    def words(self) -> str:
        """The trait's place and spread beside the population's, as a sentence.

        >>> TraitSpread("openness", (80, 82, 84), 82.0, 2.0, 32.7).words
        'Openness: mean 82, within what chance gives a panel of 3; spread narrow (SD 2, population 29).'
        """
        off = self.mean - 50
        side = "above" if off > 0 else "below"
        place = (
            f"{abs(off):.0f} points {side} the population's middle, more than chance gives a panel of {len(self.levels)}"
            if abs(off) > self.chance
            else f"within what chance gives a panel of {len(self.levels)}"
        )
        words = f"{self.trait.capitalize()}: mean {self.mean:.0f}, {place}"
        if self.sd is not None and self.sd < NARROW * PERCENTILE_SD:
            words += f"; spread narrow (SD {self.sd:.0f}, population {PERCENTILE_SD:.0f})"
        return f"{words}."


@dataclass(frozen=True, slots=True)
class PanelReport:
    """makeup: counts by field, of what is stated and of "not stated". fits: one a margin. diversity: None for one persona.

    traits: of the personas that state any; empty where none does.
    """

    size: int
    makeup: dict[str, dict[str, int]]
    fits: tuple[MarginFit, ...]
    chance: tuple[float, float]
    diversity: Diversity | None
    traits: tuple[TraitSpread, ...]


def panel_report(personas: Sequence[Persona], margins: Sequence[Margin] = ()) -> PanelReport:
    """The whole report; raises `InvalidInput` without personas."""
    stating = [person.big_five for person in personas if person.states_traits]
    return PanelReport(
        size=len(personas),
        makeup=_makeup(personas),
        fits=panel_fit(personas, margins),
        chance=sampling_total_variation(len(personas)),
        diversity=_diversity(personas) if len(personas) > 1 else None,
        traits=tuple(_spread(trait, [getattr(each, trait) for each in stating]) for trait in TRAITS if stating),
    )


def told(persona: Persona) -> str:
    """Returns the persona's text without the facts that a frame decides: the text in which personas are compared."""
    lists = [item for name in LIST_FIELDS for item in getattr(persona, name)]
    parts = [persona.backstory, persona.quote, persona.shopping_habits, persona.way_of_speaking, *lists]
    return " ".join(part for part in parts if part)


def fit_words(fit: MarginFit, size: int, chance: tuple[float, float]) -> str:
    """Returns the fit to one margin in words, beside the effect of sampling alone on a panel of this size.

    >>> met = MarginFit("gender", {"women": 0.5, "men": 0.5}, {"women": 0.5, "men": 0.5}, 0.0, 0.0)
    >>> fit_words(met, 8, (0.28, 0.46))
    'Gender is met exactly.'
    """
    name, (usual, high) = label(fit.field).capitalize(), chance
    off = fit.total_variation
    if off < 1e-9:
        return f"{name} is met exactly."
    moved = max(1, round(off * size))
    people = f"{moved} of {size} personas would have to change to meet it"
    nearest = apportion(Margin(fit.field, tuple(fit.target.items())), size)
    if all(round(share * size) == nearest.get(value, 0) for value, share in fit.achieved.items()):
        return f"{name} is met as nearly as {size} whole people can."
    if off <= usual:
        return f"{name}: {people}. {size} people drawn at random usually miss by more ({usual:.0%})."
    if off <= high:
        return f"{name}: {people}. That is within what chance does to {size} people (up to {high:.0%})."
    return f"{name}: {people}. That is more than chance would explain (up to {high:.0%} for {size} people)."


def noise_words(size: int) -> str:
    """Returns a sentence on the sampling noise of a panel of this size.

    >>> noise_words(8)
    'Were 8 people drawn at random from a population, their shares would usually be off by 28%, and in one of 20 panels by 46% or more.'
    """
    usual, high = sampling_total_variation(size)
    return (
        f"Were {size} people drawn at random from a population, their shares would usually be off by {usual:.0%}, "
        f"and in one of 20 panels by {high:.0%} or more."
    )


def some_of(items: Sequence[Item], most: int = MOST_COMPARED) -> list[Item]:
    """All of them, or so many drawn at random, in their order; the same ones every time.

    >>> some_of(range(10), 3) == some_of(range(10), 3), len(some_of(range(10), 3)), some_of("ab", 3)
    (True, 3, ['a', 'b'])
    """
    if len(items) <= most:
        return list(items)
    return [items[place] for place in sorted(random.Random(most).sample(range(len(items)), most))]


def sample_words(report: PanelReport) -> str:
    """Says of a large panel that not all of it was compared; empty where all were."""
    if report.diversity is None or report.diversity.compared == report.size:
        return ""
    return (
        f"How different they are, and who is most alike, is told from {report.diversity.compared:,} of the {report.size:,} "
        "personas, drawn at random: to compare every text with every other one would take too long. Narrow the search to "
        "compare all that it finds."
    )


def recruited_words(size: int, fits: Sequence[MarginFit], redrawn: int | None, *, has_notes: bool) -> list[str]:
    """Returns a recruitment's result in sentences: number of personas, shares that were met, number written anew.

    Args:
        redrawn: How many near-duplicates were written anew; None where that is not known.
        has_notes: Whether notes on the panel are shown beside this.
    """
    words = [f"{size} {'personas were' if size != 1 else 'persona was'} recruited."]
    for fit in fits:
        margin = Margin(fit.field, tuple(fit.target.items()))
        got = {value: round(share * size) for value, share in fit.achieved.items()}
        people = counted_words(margin.field, got)
        met = "exactly as asked" if people == people_words(margin, size) else f"asked were {people_words(margin, size)}"
        words.append(f"{label(margin.field).capitalize()}: {people}, {met}.")
    if redrawn is not None:
        words.append(
            f"{redrawn} near-duplicate{'s were' if redrawn != 1 else ' was'} written anew."
            if redrawn
            else "No persona repeated another one's text, so none was written anew."
            if not has_notes
            else "None was written anew."
        )
    return words


def _makeup(personas: Sequence[Persona]) -> dict[str, dict[str, int]]:
    bands = Counter(age_band(person.age) for person in personas)
    found = {"age": {band or NOT_STATED: bands[band] for band in (*AGE_BANDS, "") if bands[band]}}
    for field in MADE_UP_OF:
        counted = Counter(getattr(person, field) or NOT_STATED for person in personas)
        shown = dict(counted.most_common(MOST_VALUES))
        if rest := len(personas) - sum(shown.values()):
            shown[number(len(counted) - len(shown), "other")] = rest
        found[field] = shown
    return {field: counts for field, counts in found.items() if set(counts) != {NOT_STATED}}


def _diversity(personas: Sequence[Persona]) -> Diversity:
    from semblance_core.analysis import diversity

    personas = some_of(personas)
    texts = diversity.matched_length([told(person) for person in personas])
    matrix = diversity.sparse_vectors(texts)
    try:
        distinct_3 = diversity.distinct_n(texts)
    except InvalidInput:
        distinct_3 = None
    pairs = diversity.nearest_pairs(matrix, MOST_PAIRS)
    return Diversity(
        distance=diversity.mean_pairwise_distance(matrix),
        near_duplicates=diversity.share_near_duplicates(matrix, NEAR_DUPLICATE),
        distinct_3=distinct_3,
        vendi=diversity.vendi(matrix),
        nearest=tuple(Pair(personas[one], personas[other], cosine) for one, other, cosine in pairs),
        compared=len(personas),
    )


def _spread(trait: str, levels: Sequence[int]) -> TraitSpread:
    chance = 1.96 * PERCENTILE_SD / math.sqrt(len(levels))
    return TraitSpread(trait, tuple(levels), fmean(levels), stdev(levels) if len(levels) > 1 else None, chance)
