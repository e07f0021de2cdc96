"""Opinion shift beside its control: each figure twice, and whether the discussion's exceeds what asking again alone shows. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from semblance_core.analysis.shift.measures import conformity, convergence, drift, freed_of_noise, moved
from semblance_core.analysis.surveys.resampling import DRAWS, SEED, Interval, how_often

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 3
"""People below which nothing is resampled."""


class Figure(StrEnum):
    """The figures that have a control."""

    MOVED = "moved"
    DRIFT = "drift"
    CONVERGENCE = "convergence"
    CONFORMITY = "conformity"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Placed:
    """One person's points. before, after: of the discussion; first, again: of the control, None where there is none.

    others: the mean public stance of the others; None where nothing is known of it.
    """

    before: float
    after: float
    first: float | None = None
    again: float | None = None
    others: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the discussion and of the control. None: not defined for these answers, or no control was put.

    difference: the discussion's less the control's, with the middle 95% of resampled people. freed: conformity without what
    regression to the mean adds.
    """

    figure: Figure
    people: int
    discussion: float | None
    control: float | None = None
    difference: Interval | None = None
    freed: float | None = None

    @property
    def exceeds(self) -> bool | None:
        """True where the whole interval of the difference lies on one side of 0; None where that cannot be told."""
        if self.difference is None:
            return None
        return self.difference.low > 0 or self.difference.high < 0


def compared(people: Sequence[Placed]) -> tuple[Compared, ...]:
    """The figures of answers that are points. People resample together with their control, who are the same."""
    if not people:
        return ()
    figures = [
        _compared(Figure.MOVED, people, lambda x, y, _: moved(x, y), _moved),
        _compared(Figure.DRIFT, people, lambda x, y, _: drift(x, y), _drift),
        _compared(Figure.CONVERGENCE, people, lambda x, y, _: convergence(x, y), _convergence),
    ]
    if all(each.others is not None for each in people):
        found = _compared(Figure.CONFORMITY, people, conformity, _conformity)
        freed = None
        if found.discussion is not None and found.control is not None:
            freed = freed_of_noise(found.discussion, found.control)
        figures.append(_replaced(found, freed))
    return tuple(figures)


def changed(people: Sequence[tuple[bool, bool | None]]) -> Compared | None:
    """The share whose answer is another one afterwards, 0–1; None for nobody.

    people: whether each person's answer changed in the discussion, and in the control, None where none was put.
    """
    if not people:
        return None
    points = [
        Placed(0, float(here), None if control is None else 0, None if control is None else float(control))
        for here, control in people
    ]
    return _compared(Figure.CHANGED, points, lambda x, y, _: moved(x, y), _moved)


Points = Sequence[float]


def _compared(
    figure: Figure,
    people: Sequence[Placed],
    measure: Callable[[Points, Points, Points], float | None],
    resampled: Callable[[Any, Any, Any, Any], Any],
) -> Compared:
    others = [each.others or 0.0 for each in people]
    before, after = [each.before for each in people], [each.after for each in people]
    discussion = _rounded(measure(before, after, others))
    if any(each.first is None or each.again is None for each in people):
        return Compared(figure, len(people), discussion)
    first, again = [each.first or 0.0 for each in people], [each.again or 0.0 for each in people]
    control = _rounded(measure(first, again, others))
    if discussion is None or control is None or len(people) < FEWEST:
        return Compared(figure, len(people), discussion, control)
    import numpy as np

    often = how_often(len(people), DRAWS, SEED)
    x, y, c, d, m = (np.asarray(each, dtype=float) for each in (before, after, first, again, others))
    with np.errstate(divide="ignore", invalid="ignore"):
        differences = resampled(often, x, y, m) - resampled(often, c, d, m)
    differences = differences[np.isfinite(differences)]
    if not len(differences):
        return Compared(figure, len(people), discussion, control)
    low, high = (round(float(end), 6) for end in np.percentile(differences, [2.5, 97.5]))
    return Compared(figure, len(people), discussion, control, Interval(round(discussion - control, 6), low, high))


def _moved(often: "NDArray[np.float32]", x: Any, y: Any, _m: Any) -> Any:
    return often @ abs(y - x) / len(x)


def _drift(often: "NDArray[np.float32]", x: Any, y: Any, _m: Any) -> Any:
    return often @ (y - x) / len(x)


def _convergence(often: "NDArray[np.float32]", x: Any, y: Any, _m: Any) -> Any:
    def spread(values: Any) -> Any:
        mean = often @ values / len(values)
        square: Any = often @ (values * values) / len(values) - mean * mean
        return square.clip(0) ** 0.5

    before = spread(x)
    before[before < 1e-6] = float("nan")  # all drawn people gave the same answer
    return 1 - spread(y) / before


def _conformity(often: "NDArray[np.float32]", x: Any, y: Any, m: Any) -> Any:
    ways = m - x
    return (often @ (ways * (y - x))) / (often @ (ways * ways))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _replaced(found: Compared, freed: float | None) -> Compared:
    return Compared(found.figure, found.people, found.discussion, found.control, found.difference, _rounded(freed))
