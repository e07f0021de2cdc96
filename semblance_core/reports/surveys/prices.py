"""The price sensitivity meter of a survey in words, as plain values and as CSV. Pure."""

from dataclasses import asdict
from typing import Any

from semblance_core.analysis.surveys.prices import PriceSensitivity
from semblance_core.analysis.surveys.resampling import Interval
from semblance_core.domain.instruments.questions import PricePoint
from semblance_core.reports.exports import csv_text
from semblance_core.reports.surveys.answered import AnsweredSurvey

POINTS = {
    "pmc": (
        "cheapest",
        "Point of marginal cheapness (PMC)",
        "below it, more find it too cheap than do not find it cheap",
    ),
    "opp": ("optimal", "Optimal price point (OPP)", "as many find it too cheap as too expensive"),
    "ipp": ("indifferent", "Indifference price point (IPP)", "as many find it cheap as expensive"),
    "pme": (
        "dearest",
        "Point of marginal expensiveness (PME)",
        "above it, more find it too expensive than do not find it expensive",
    ),
}
"""Of each point by its short name: field of `PriceSensitivity`, name, and meaning."""
CURVES = {
    PricePoint.TOO_CHEAP: "too_cheap",
    PricePoint.CHEAP: "cheap",
    PricePoint.EXPENSIVE: "expensive",
    PricePoint.TOO_EXPENSIVE: "too_expensive",
}


def point_of(found: PriceSensitivity, short: str) -> Interval | None:
    """A crossing point by its short name; None where its curves do not cross."""
    point: Interval | None = getattr(found, POINTS[short][0])
    return point


def prices_row(found: PriceSensitivity | None) -> dict[str, Any] | None:
    """The result as plain JSON values; None where there is none."""
    if found is None:
        return None
    points = {short: point_of(found, short) for short in POINTS}
    return {
        "people": found.people,
        "out_of_order": found.out_of_order,
        **{short: asdict(point) if point else None for short, point in points.items()},
        "curves": _curves(found),
    }


def prices_csv(answered: AnsweredSurvey) -> str:
    """A row a price with the four shares, then a row a crossing point; every row says how it came about."""
    names = ["row", "price", *CURVES.values(), "low", "high", "unit", "people", "model", "seed", "synthetic"]
    found = answered.prices()
    if found is None:
        return csv_text(names, [])
    place = answered.questionnaire.prices[PricePoint.CHEAP]
    said = {
        "unit": getattr(answered.questionnaire.questions[place], "unit", ""),
        "people": found.people,
        "model": answered.survey.model,
        "seed": answered.survey.seed,
        "synthetic": True,
    }
    rows: list[dict[str, Any]] = [{"row": "curves", **each, "low": "", "high": "", **said} for each in _curves(found)]
    empty = dict.fromkeys(CURVES.values(), "")
    for short in POINTS:
        if point := point_of(found, short):
            rows.append(
                {"row": short.upper(), "price": point.figure, **empty, "low": point.low, "high": point.high, **said}
            )
    return csv_text(names, rows)


def _curves(found: PriceSensitivity) -> list[dict[str, float]]:
    curves = found.curves
    return [
        {"price": price, **{name: getattr(curves, name)[at] for name in CURVES.values()}}
        for at, price in enumerate(curves.prices)
    ]
