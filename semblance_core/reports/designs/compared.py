"""Arms of a design side by side: surveys with differences, talk, themes and cost. Pure; the same for files, API and notebooks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from semblance_core.analysis.surveys.counting import table_of
from semblance_core.analysis.surveys.differences import Difference, difference, noise_words, run_noise
from semblance_core.analysis.surveys.resampling import Interval, resampled_means
from semblance_core.domain.designs.design import Cell, Design
from semblance_core.domain.designs.study_file import StudyFile
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.instruments.questions import NumberQuestion, OptionQuestion, Rated
from semblance_core.domain.usage.events import Spent
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.talk import talk


@dataclass(frozen=True, slots=True)
class CellWork:
    """The work of a cell. None for what it has not, or not yet."""

    cell: Cell
    before: AnsweredSurvey | None
    after: AnsweredSurvey | None
    group: FocusGroup | None
    messages: tuple[Message, ...]
    findings: Findings | None
    spent: Spent


@dataclass(frozen=True, slots=True)
class ArmFigure:
    """One arm's figure: mean over people, whose runs are averaged first. runs: means of each run by itself."""

    mean: Interval
    people: int
    runs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of one question over all arms. arms: None where nobody answered. differences: of each further arm to the first.

    name: the option whose share it is, or “mean”. noise: the largest difference between two runs of one arm, None where arms ran once.
    """

    when: str
    question: int
    text: str
    method: str
    name: str
    arms: tuple[ArmFigure | None, ...]
    differences: tuple[Difference | None, ...]
    noise: float | None

    def words(self, arm: int) -> str:
        """The worth of the difference of an arm to the first one, in words; empty where there is none. arm: from 1."""
        found = self.differences[arm - 1]
        return noise_words(found.shift, self.noise) if found else ""


@dataclass(frozen=True, slots=True)
class RunOfArm:
    """One run's discussion and cost. themes: with the number of people quoted; the figures of talk are None where nobody spoke."""

    arm: int
    run: int
    turns: int
    words: int
    balance: float | None
    themes: tuple[tuple[str, int], ...]
    spent: Spent


@dataclass(frozen=True, slots=True)
class ComparedDesign:
    design: Design
    study: StudyFile
    figures: tuple[ComparedFigure, ...]
    runs: tuple[RunOfArm, ...]


def compared(design: Design, study: StudyFile, work: Sequence[CellWork]) -> ComparedDesign:
    """All arms side by side, from what there is of each cell."""
    figures = [*_figures("before", design, work), *_figures("after", design, work)]
    return ComparedDesign(design, study, tuple(figures), tuple(_run(each) for each in work))


Values = dict[tuple[int, str, str, str], dict[tuple[int, int], dict[str, float]]]
"""Figures by person, of each arm and run, of each question (place, text, method, name)."""


def _figures(when: str, design: Design, work: Sequence[CellWork]) -> Iterator[ComparedFigure]:
    found: Values = defaultdict(lambda: defaultdict(dict))
    for each in work:
        answered = each.before if when == "before" else each.after
        for key, by_person in _values(answered) if answered else ():
            found[key][each.cell.arm, each.cell.run].update(by_person)
    for (place, text, method, name), cells in found.items():
        arms = [_by_person(cells, arm) for arm in range(len(design.models))]
        runs = [
            [fmean(by_person.values()) for (of, _), by_person in sorted(cells.items()) if of == arm and by_person]
            for arm in range(len(design.models))
        ]
        shown = tuple(
            ArmFigure(
                resampled_means([(value,) for value in own.values()])[0], len(own), tuple(round(m, 6) for m in means)
            )
            if own
            else None
            for own, means in zip(arms, runs, strict=True)
        )
        differences = tuple(difference(arms[0], other) for other in arms[1:])
        yield ComparedFigure(when, place, text, method, name, shown, differences, run_noise(runs))


def _values(answered: AnsweredSurvey) -> Iterator[tuple[tuple[int, str, str, str], dict[str, float]]]:
    """Each figure of each question by the person's id."""
    for place, question in enumerate(answered.questionnaire.questions):
        for method in answered.ways(place):
            given = [e for e in answered.given if (e.answer.question, e.answer.method) == (place, method)]
            table = table_of(question, given)
            ids = [answered.respondents[number].persona.id for number in table.people]
            key = (place, question.text, method.value)
            if isinstance(question, Rated | NumberQuestion):
                yield (*key, "mean"), dict(zip(ids, table.numbers, strict=True))
            elif isinstance(question, OptionQuestion):
                for at, label in enumerate(table.labels):
                    yield (*key, label), {person: row[at] for person, row in zip(ids, table.rows, strict=True)}


def _by_person(cells: Mapping[tuple[int, int], Mapping[str, float]], arm: int) -> dict[str, float]:
    """An arm's figures by person, the mean of their runs."""
    every: dict[str, list[float]] = defaultdict(list)
    for (of, _), by_person in sorted(cells.items()):
        if of == arm:
            for person, value in by_person.items():
                every[person].append(value)
    return {person: fmean(values) for person, values in sorted(every.items())}


def _run(work: CellWork) -> RunOfArm:
    said = talk(work.group, work.messages) if work.group else None
    themes = work.findings.themes if work.findings else ()
    return RunOfArm(
        work.cell.arm,
        work.cell.run,
        sum(message.role == "persona" for message in work.messages),
        sum(said.words.values()) if said else 0,
        round(said.balance, 6) if said else None,
        tuple((theme.name, len(theme.speakers)) for theme in themes),
        work.spent,
    )
