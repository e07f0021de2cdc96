"""A comparison as CSV in long form, with its method card. Pure."""

from collections.abc import Iterator
from typing import Any

from semblance_core.domain.designs.design import Design
from semblance_core.domain.instruments.flags import Flag
from semblance_core.reports.designs.compared import ComparedDesign, ComparedFigure
from semblance_core.reports.escape import escaped_markdown
from semblance_core.reports.exports import as_number, csv_text

SMALL = 50
COLUMNS = (
    *("row", "arm", "run", "when", "question", "text", "method", "figure", "value", "low", "high", "people"),
    *("chance", "noise", "words", "model", "seed", "budget_usd", "synthetic", "flags"),
)
LIMITS = (
    "Synthetic answers and talk: a language model answered in the place of each persona. Differences come from resampling these personas; "
    "they say what other personas of this kind would do, not what people would. Read the order of arms before the size of "
    "differences, read no difference that a second run of the same arm shows as well, and ask people before you decide."
)


def comparison_csv(found: ComparedDesign) -> str:
    """One figure a row: of arms, of their runs, of differences to the first arm, of talk, themes and cost."""
    rows = [*_figure_rows(found), *_run_rows(found)]
    return csv_text(COLUMNS, [row | {"synthetic": True} for row in rows])


def comparison_card(found: ComparedDesign) -> str:
    """The method card as Markdown."""
    design, study = found.design, found.study
    people = {
        "same": "copies of the same people in every arm and run",
        "new": "people of its own in each run of each arm, of the same brief and shares",
        "within": "each person goes through all arms, in orders of a Latin square",
    }
    rows = [
        ("Study", study.title),
        ("Arms", "; ".join(study.names)),
        ("Runs of each arm", f"{study.runs}, with seeds from {study.seed} on"),
        ("People", people[study.people.value]),
        ("Models", "; ".join(dict.fromkeys(design.models))),
        ("Begun", f"{design.created_at:%d %b %Y, %H:%M} UTC"),
        (
            "Differences",
            "to the first arm: mean over people, paired where they are the same; 95% of 2,000 resampled panels",
        ),
        ("Chance", "share of 2,000 relabellings with a difference as large"),
        ("Noise", "largest difference between two runs of one arm"),
        ("Prompts", f"version {design.prompts}"),
    ]
    rows += [("Orders", "; ".join(_orders(design)))] if any(cell.order for cell in design.cells) else []
    table = "\n".join(f"| {name} | {escaped_markdown(' '.join(value.split()))} |" for name, value in rows)
    return f"# Method card\n\n| Item | Details |\n|---|---|\n{table}\n\n{LIMITS}\n"


def _orders(design: Design) -> list[str]:
    every = dict.fromkeys(cell.order for cell in design.cells)
    return ["-".join(str(arm + 1) for arm in order) for order in every]


def _figure_rows(found: ComparedDesign) -> Iterator[dict[str, Any]]:
    for each in found.figures:
        about = {"when": each.when, "question": each.question + 1, "text": each.text, "method": each.method}
        about |= {"figure": each.name, "noise": "" if each.noise is None else each.noise}
        for arm, own in enumerate(each.arms):
            if own is None:
                continue
            of_arm = about | _of_arm(found, arm) | {"flags": _flags(found, own.people)}
            yield of_arm | {
                "row": "arm",
                "value": own.mean.figure,
                "low": own.mean.low,
                "high": own.mean.high,
                "people": own.people,
            }
            for run, value in enumerate(own.runs):
                yield of_arm | {"row": "run", "run": run + 1, "value": value, "seed": found.study.seed + run}
            if arm:
                yield from _difference(found, each, arm, of_arm)


def _difference(
    found: ComparedDesign, each: ComparedFigure, arm: int, of_arm: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    if told := each.differences[arm - 1]:
        shift = {"value": told.shift.figure, "low": told.shift.low, "high": told.shift.high, "people": told.people}
        words = {"chance": told.chance, "words": each.words(arm)}
        yield of_arm | {"row": f"difference to {found.study.names[0]}"} | shift | words


def _run_rows(found: ComparedDesign) -> Iterator[dict[str, Any]]:
    for each in found.runs:
        about = _of_arm(found, each.arm) | {
            "run": each.run + 1,
            "seed": found.study.seed + each.run,
            "flags": _flags(found, 0),
        }
        if each.turns:
            figures = {"turns": each.turns, "words": each.words, "balance": each.balance}
            yield from (about | {"row": "talk", "figure": name, "value": value} for name, value in figures.items())
        for name, people in each.themes:
            yield about | {"row": "theme", "figure": name, "value": people}
        yield about | {"row": "cost", "figure": "calls", "value": each.spent.calls}
        yield about | {"row": "cost", "figure": "cost_usd", "value": as_number(each.spent.cost_usd)}


def _of_arm(found: ComparedDesign, arm: int) -> dict[str, Any]:
    budget = found.design.budget_usd
    return {
        "arm": found.study.names[arm],
        "model": found.design.models[arm],
        "budget_usd": "" if budget is None else str(budget),
    }


def _flags(found: ComparedDesign, people: int) -> str:
    flags = [Flag.SMALL_N] if 0 < people < SMALL else []
    flags += [Flag.UNBENCHMARKED, *([Flag.SIMULATED] if found.design.simulated else [])]
    return " ".join(flags)
