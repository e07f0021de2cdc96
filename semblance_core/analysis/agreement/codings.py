"""Agreement of coders on a transcript: per code and overall, and where they disagree. Pure.

The unit is a participant's turn × a code, 0 or 1, never a number of characters (measures.md, “Agreement”).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from semblance_core.analysis.agreement.coefficients import (
    Coefficient,
    Units,
    cohens_kappa,
    gwets_ac1,
    krippendorffs_alpha,
    positive_agreement,
)
from semblance_core.domain.errors import InvalidInput

SEVERAL = "Cohen's kappa is of two coders"


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who coded, or one pass of a model. marks: the turns that each code was given to.

    read: the turns that they read; None for all. What they did not read is missing, and not taken for a 0.
    """

    name: str
    marks: Mapping[str, frozenset[int]] = field(default_factory=dict)
    read: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The four measures side by side. units: rated by two coders or more; marked: of them, with a mark by anybody."""

    kappa: Coefficient
    ac1: Coefficient
    alpha: Coefficient
    positive: Coefficient
    units: int
    marked: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A turn that some coders gave a code and others, who read it too, did not."""

    code: str
    seq: int
    marked_by: tuple[str, ...]
    not_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodersAgreement:
    """by_code: in the order in which codes were first named."""

    by_code: Mapping[str, Agreement]
    overall: Agreement
    disagreements: tuple[Disagreement, ...]


def agreement(turns: Sequence[int], coders: Sequence[Coder]) -> CodersAgreement:
    """Measures how far coders agree.

    Args:
        turns: the participants' turns, each a unit with every code.
        coders: two or more; a code that one of them does not name has no marks of theirs.

    Raises:
        InvalidInput: fewer than two coders, or two of one name.

    >>> ana, ben = Coder("Ana", {"price": frozenset({1, 2})}), Coder("Ben", {"price": frozenset({2})})
    >>> found = agreement([1, 2, 3, 4], [ana, ben])
    >>> found.overall.kappa.value, [(each.seq, each.marked_by) for each in found.disagreements]
    (0.5, [(1, ('Ana',))])
    """
    if len({coder.name for coder in coders}) < max(2, len(coders)):
        raise InvalidInput("Agreement is measured between two coders or more, each with a name of their own.")
    codes = list(dict.fromkeys(code for coder in coders for code in coder.marks))
    units = {code: [[_rating(coder, code, turn) for coder in coders] for turn in turns] for code in codes}
    disagreements = tuple(
        _disagreement(code, turn, coders, unit)
        for code in codes
        for turn, unit in zip(turns, units[code], strict=True)
        if len({rating for rating in unit if rating is not None}) > 1
    )
    overall = _measured([unit for code in codes for unit in units[code]])
    return CodersAgreement({code: _measured(units[code]) for code in codes}, overall, disagreements)


def _rating(coder: Coder, code: str, turn: int) -> int | None:
    if coder.read is not None and turn not in coder.read:
        return None
    return int(turn in coder.marks.get(code, ()))


def _measured(units: Units) -> Agreement:
    several = [unit for unit in units if sum(rating is not None for rating in unit) > 1]
    kappa = cohens_kappa(units) if all(len(unit) == 2 for unit in units) else Coefficient(None, SEVERAL)
    measures = (kappa, gwets_ac1(units, 2), krippendorffs_alpha(units), positive_agreement(units))
    return Agreement(*measures, len(several), sum(1 in unit for unit in several))


def _disagreement(code: str, turn: int, coders: Sequence[Coder], unit: Sequence[int | None]) -> Disagreement:
    marked = tuple(coder.name for coder, rating in zip(coders, unit, strict=True) if rating == 1)
    not_by = tuple(coder.name for coder, rating in zip(coders, unit, strict=True) if rating == 0)
    return Disagreement(code, turn, marked, not_by)
