"""A panel's demographic frame: target shares, exact quota cells before anything is written, and how well they were met.

Quota before generation beats weighting after: raking a skewed small panel cost 63% of its effective sample
(measures.md, lesson 4).
"""

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from semblance_core.analysis.quota_cells import spread
from semblance_core.analysis.text import normalised
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona, label
from semblance_core.domain.personas.vocabulary import gender_word

MARGIN_FIELDS = ("age", "gender", "location", "income_band", "education", "household", "occupation", "tech_comfort")
"""The fields of a Persona that a margin can be set on."""
YOUNGEST, OLDEST = 16, 110
OTHER, NOT_STATED = "other", "not stated"

_ALIASES = {"income": "income_band", "sex": "gender", "region": "location", "city": "location", "country": "location"}


@dataclass(frozen=True, slots=True)
class Margin:
    """Target shares of one field's values, as in 45% women and 55% men.

    field: one of `MARGIN_FIELDS`. shares: (value, share) with each share above 0; they add up to 1 (± 0.01 as given,
    exactly afterwards). For "age" the values are bands, "25-34" or "65+", that do not overlap. Raises InvalidInput.

    >>> Margin("gender", (("women", 0.45), ("men", 0.55))).shares
    (('women', 0.45), ('men', 0.55))
    """

    field: str
    shares: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        if self.field not in MARGIN_FIELDS:
            known = ", ".join(label(name) for name in MARGIN_FIELDS)
            raise InvalidInput(f"A panel has no margin for {label(self.field) or 'nothing'}; there are {known}.")
        name = label(self.field)
        if not self.shares:
            raise InvalidInput(f"The margin of {name} has no values.")
        for value, share in self.shares:
            if not (value.strip() and math.isfinite(share) and share > 0):
                raise InvalidInput(
                    f"{name.capitalize()}: “{value}” needs a name and a share above 0; else leave it out."
                )
        total = math.fsum(share for _, share in self.shares)
        if abs(total - 1) > 0.01 + 1e-9:
            raise InvalidInput(f"The shares of {name} add up to {total:.0%}, not 100%.")
        counted = Counter(_key(self.field, value) for value, _ in self.shares)
        if doubled := [value for value, _ in self.shares if counted[_key(self.field, value)] > 1]:
            raise InvalidInput(f"The margin of {name} names {doubled[0]} twice.")
        if self.field == "age":
            for one, other in pairwise(sorted((band for band, _ in self.shares), key=age_bounds)):
                if age_bounds(one)[1] >= age_bounds(other)[0]:
                    raise InvalidInput(f"The age bands {one} and {other} overlap.")
        object.__setattr__(self, "shares", tuple((value.strip(), share / total) for value, share in self.shares))


@dataclass(frozen=True, slots=True)
class MarginFit:
    """Fit of a panel to one margin.

    target, achieved: shares by value. Personas with none of the values count as "other", those who state none as "not stated".
    total_variation: ½Σ|p−q|, 0 (met) – 1. jensen_shannon: divergence in bits, ½KL(p‖m) + ½KL(q‖m) with m = ½(p+q),
    0–1. Both from measures.md, "representativeness".
    """

    field: str
    target: dict[str, float]
    achieved: dict[str, float]
    total_variation: float
    jensen_shannon: float


def parse_margins(text: str) -> tuple[Margin, ...]:
    """Reads margins from text, one a line: `gender: women 45%, men 55%` or `age: 25-34 60, 35-45 40`.

    Numbers are counts or percents and are made to add up to 1; those written with % must come to 100% (± 1). A line
    with semicolons is split at these only, for values that hold commas. Empty lines are skipped.

    Raises:
        InvalidInput: a line cannot be read; the message names it.

    >>> parse_margins("age: 25-34 3, 65+ 1")
    (Margin(field='age', shares=(('25-34', 0.75), ('65+', 0.25))),)
    """
    margins: list[Margin] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not (line := raw.strip().lstrip("-*• ").strip()):
            continue
        try:
            margins.append(_parse_line(line))
            _check_fields(margins)
        except InvalidInput as problem:
            raise InvalidInput(f"Line {number} of the margins (“{line[:60]}”): {problem}") from problem
    return tuple(margins)


def frame(margins: Sequence[Margin], size: int, seed: int) -> tuple[dict[str, str], ...]:
    """Draws exact quota cells, in which every margin is met as nearly as whole people can.

    Each margin's counts are the largest-remainder rounding of share · size (ties go to the value named first). How
    margins combine is not known, so iterative proportional fitting starts from independence and stays there: the joint
    table is the product of the margins. It is rounded under control: the values are dealt to people at random by `seed`
    and then swapped between two people as long as that brings the two-way tables nearer to the product, which leaves
    the margins exact and keeps traits from coming together by accident.

    Args:
        margins: at most one a field; none gives empty cells.
        size: people, from 1 on.
        seed: makes the frame repeatable.

    Returns:
        `size` dicts of field to value.

    Raises:
        InvalidInput: the size is below 1, or a field has two margins.

    >>> [cell["gender"] for cell in frame([Margin("gender", (("women", 0.45), ("men", 0.55)))], 20, 1)].count("women")
    9
    """
    if size < 1:
        raise InvalidInput("A panel has at least one persona.")
    _check_fields(margins)
    rng = random.Random(seed)
    quotas = [apportion(margin, size) for margin in margins]
    columns = [rng.sample(list(counts), size, counts=counts.values()) for counts in quotas]
    spread(columns, rng)
    fields = [margin.field for margin in margins]
    return tuple(dict(zip(fields, [column[row] for column in columns], strict=True)) for row in range(size))


def apportion(margin: Margin, size: int) -> dict[str, int]:
    """Returns whole people a value: the largest-remainder rounding of share · size; the counts add up to `size`.

    >>> apportion(Margin("location", (("North", 0.5), ("South", 0.3), ("West", 0.2))), 4)
    {'North': 2, 'South': 1, 'West': 1}
    """
    exact = [share * size for _, share in margin.shares]
    counts = [math.floor(number + 1e-9) for number in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (-round(exact[at] - counts[at], 9), at))
    for at in by_remainder[: size - sum(counts)]:
        counts[at] += 1
    return {value: count for (value, _), count in zip(margin.shares, counts, strict=True)}


def age_bounds(band: str) -> tuple[int, int]:
    """Returns the youngest and oldest age of a band, both inclusive and within the 16–110 years that a persona can have.

    Raises:
        InvalidInput: the band cannot be read, or holds nobody.

    >>> age_bounds("25–34"), age_bounds("65+"), age_bounds("under 30"), age_bounds("42")
    ((25, 34), (65, 110), (16, 29), (42, 42))
    """
    plain = re.sub(r"\s*(years?( old)?|yrs?)$", "", normalised(band).removeprefix("aged "))
    low, high = 0, OLDEST
    if match := re.fullmatch(r"(\d{1,3})(?: ?(?:-|to) ?(\d{1,3}))?", plain):
        low, high = int(match[1]), int(match[2] or match[1])
    elif match := re.fullmatch(r"(\d{1,3}) ?(?:\+|(?:and|or) (?:over|older|above|more))", plain):
        low = int(match[1])
    elif match := re.fullmatch(r"(?:under|below|<) ?(\d{1,3})", plain):
        high = int(match[1]) - 1
    elif match := re.fullmatch(r"(?:over|above|>) ?(\d{1,3})", plain):
        low = int(match[1]) + 1
    else:
        raise InvalidInput(f"“{band}” is not an age band; write it like 25-34, 65+, under 30 or 42.")
    if low > high or high < YOUNGEST or low > OLDEST:
        raise InvalidInput(f"The age band {band} holds nobody: personas are {YOUNGEST} to {OLDEST} years old.")
    return max(low, YOUNGEST), min(high, OLDEST)


def panel_fit(personas: Sequence[Persona], margins: Sequence[Margin]) -> tuple[MarginFit, ...]:
    """Returns the panel's fit to each margin, in the margins' order.

    Values are compared in any case. Ages count in their band, and "woman" and "female" as "women".

    Raises:
        InvalidInput: there are no personas.
    """
    if not personas:
        raise InvalidInput("A panel without personas has no fit.")
    return tuple(_fit(personas, margin) for margin in margins)


def kish_effective_size(weights: Sequence[float]) -> float:
    """Returns Kish's effective sample size, n_eff = (Σw)²/Σw²: 1 to the number of weights.

    Raises:
        InvalidInput: a weight is negative, or none is above 0.

    >>> kish_effective_size([1, 1, 1, 1]), kish_effective_size([3, 1])
    (4.0, 1.6)
    """
    if not any(weights) or min(weights) < 0:
        raise InvalidInput("Weights must not be negative, and one at least must be above 0.")
    return math.fsum(weights) ** 2 / math.fsum(weight * weight for weight in weights)


def sampling_total_variation(size: int) -> tuple[float, float]:
    """Returns the total variation that sampling alone gives a panel of this size.

    From measures.md, lesson 3: n=8 .28 (.46); n=20 .17 (.29); n=100 .08 (.13). Between these, log(TV) is interpolated
    on log(size); beyond them it falls with 1/√size; never above 1.

    Args:
        size: people, from 1 on.

    Returns:
        Median and 95th percentile, each 0–1.

    Raises:
        InvalidInput: the size is below 1.

    >>> sampling_total_variation(20)
    (0.17, 0.29)
    """
    if size < 1:
        raise InvalidInput("A panel has at least one persona.")
    known = ((8, 0.28, 0.46), (20, 0.17, 0.29), (100, 0.08, 0.13))
    nearest = known[0] if size < known[0][0] else known[-1]
    median, high = (tv * math.sqrt(nearest[0] / size) for tv in nearest[1:])
    for (low_n, *low), (high_n, *up) in pairwise(known):
        if low_n <= size <= high_n:
            part = math.log(size / low_n) / math.log(high_n / low_n)
            median, high = (a * (b / a) ** part for a, b in zip(low, up, strict=True))
    return min(1.0, median), min(1.0, high)


def _parse_line(line: str) -> Margin:
    name, colon, rest = line.partition(":")
    if not colon:
        raise InvalidInput("A colon is missing after the field, as in “gender: women 45%, men 55%”.")
    field = "_".join(name.casefold().replace("_", " ").split())
    parts = [_parse_share(part.strip()) for part in rest.split(";" if ";" in rest else ",") if part.strip()]
    total = math.fsum(number for _, number, _ in parts)
    if any(is_percent for _, _, is_percent in parts) and abs(total - 100) > 1 + 1e-9:
        raise InvalidInput(f"The shares add up to {total:g}%, not 100%.")
    return Margin(_ALIASES.get(field, field), tuple((value, number / (total or 1)) for value, number, _ in parts))


def _parse_share(part: str) -> tuple[str, float, bool]:
    if match := re.fullmatch(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<percent>%)\s*(?:of\s+)?(?P<value>.+)", part):
        return match["value"].strip(), float(match["number"]), True
    if match := re.fullmatch(r"(?P<value>.+?)(?:\s*[:=]\s*|\s+)(?P<number>\d+(?:\.\d+)?)\s*(?P<percent>%)?", part):
        return match["value"].strip(), float(match["number"]), bool(match["percent"])
    raise InvalidInput(f"“{part}” needs a value and a number, as in “women 45%”; set values with commas apart by “;”.")


def _check_fields(margins: Iterable[Margin]) -> None:
    for field, times in Counter(margin.field for margin in margins).items():
        if times > 1:
            raise InvalidInput(f"There are {times} margins for {label(field)}; put its values into one.")


def _fit(personas: Sequence[Persona], margin: Margin) -> MarginFit:
    target = dict(margin.shares)
    counts = Counter(_value_of(person, margin) for person in personas)
    achieved = {value: counts[value] / len(personas) for value in [*target, *(counts.keys() - target.keys())]}
    values = [(target.get(value, 0.0), share) for value, share in achieved.items()]
    total_variation = 0.5 * math.fsum(abs(p - q) for p, q in values)
    divergence = 0.5 * math.fsum(x * math.log2(2 * x / (p + q)) for p, q in values for x in (p, q) if x > 0)
    return MarginFit(margin.field, target, achieved, min(1.0, total_variation), min(1.0, max(0.0, divergence)))


def _value_of(person: Persona, margin: Margin) -> str:
    """The margin's value that the person has, "other" (as the margin spells it, if it does), or "not stated"."""
    if not str(getattr(person, margin.field) or "").strip():
        return NOT_STATED
    values = [value for value, _ in margin.shares]
    if margin.field == "age":
        held = [band for band in values if person.age in range(age_bounds(band)[0], age_bounds(band)[1] + 1)]
    else:
        own = _key(margin.field, getattr(person, margin.field))
        held = [value for wanted in (own, OTHER) for value in values if _key(margin.field, value) == wanted]
    return held[0] if held else OTHER


def _key(field: str, value: str) -> str:
    """The form in which values are compared."""
    plain = normalised(value)
    return gender_word(plain) if field == "gender" else plain
