"""A survey as files: CSV in long and wide form, results as JSON, and all of them with the method card in one archive. Pure."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from semblance_core.analysis.surveys.results import QuestionResult
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.flags import Flag
from semblance_core.domain.instruments.questions import (
    Allocation,
    MultipleChoice,
    NumberQuestion,
    OptionQuestion,
    Question,
    Ranking,
    Rated,
)
from semblance_core.domain.instruments.survey import Given, Respondent
from semblance_core.reports.exports import csv_text
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.method import method_card
from semblance_core.reports.surveys.prices import prices_csv, prices_row

PERSON = ("age", "gender", "location", "occupation", "education", "household", "income_band")
LONG = (
    *(
        "respondent",
        "persona_id",
        "name",
        "question",
        "type",
        "text",
        "method",
        "state",
        "answer",
        "number",
        "distribution",
    ),
    *("words", "order_shown", "problem", "model", "similarity", "anchors", "seed", "synthetic", "flags"),
)
COLUMNS = ("column", "question", "text", "type", "method", "option", "holds")
NOT_ASKED = "not asked yet"
STATES = ", ".join(AnswerState)
ARCHIVE_DATE = (2000, 1, 1, 0, 0, 0)
"""Of the files in the archive, so that the same answers make the same archive."""


def long_csv(answered: AnsweredSurvey) -> str:
    """One row an answer; every row says how it came about."""
    flags = {(each.place, each.method): " ".join(each.flags) for each in answered.results()}
    rows = [_long_row(answered, given, flags) for given in answered.given]
    return csv_text(LONG, rows)


def wide_csv(answered: AnsweredSurvey) -> str:
    """One row a respondent: facts of the persona, then the answers, of several options one column each."""
    survey, by_person = answered.survey, dict[int, dict[tuple[int, RatingMethod], Answer]]()
    for given in answered.given:
        by_person.setdefault(given.respondent, {})[given.answer.question, given.answer.method] = given.answer
    asked = _asked(answered)
    names = ["respondent", "persona_id", "name", *PERSON]
    for place, method in asked:
        names += [each.name for each in _wide(answered.questionnaire.questions[place], place, method, None)]
    names += ["model", "similarity", "anchors", "seed", "synthetic", "flags"]
    flags = " ".join(flag for flag in Flag if any(flag in each.flags for each in answered.results()))
    rows = []
    for person in answered.respondents:
        row: dict[str, Any] = _person(person) | {name: getattr(person.persona, name) for name in PERSON}
        for place, method in asked:
            answer = by_person.get(person.number, {}).get((place, method))
            row |= {
                each.name: each.cell for each in _wide(answered.questionnaire.questions[place], place, method, answer)
            }
        row |= {"model": survey.model, "similarity": survey.rater, "anchors": survey.anchors}
        rows.append(row | {"seed": survey.seed, "synthetic": True, "flags": flags})
    return csv_text(names, rows)


def columns_csv(answered: AnsweredSurvey) -> str:
    """One row a column of the wide form that holds answers: its question's text, the option it stands for, and what is in its cells."""
    rows = [
        {
            "column": each.name,
            "question": place + 1,
            "text": question.text,
            "type": question.type_name,
            "method": method.value,
            "option": each.option,
            "holds": each.holds,
        }
        for place, method in _asked(answered)
        for question in (answered.questionnaire.questions[place],)
        for each in _wide(question, place, method, None)
    ]
    return csv_text(COLUMNS, rows)


def results_rows(results: Sequence[QuestionResult]) -> list[dict[str, Any]]:
    """The results as plain JSON values, which the API answers too."""
    return [_result_row(result) for result in results]


def results_json(answered: AnsweredSurvey) -> str:
    survey = answered.survey
    told = {
        "survey": survey.id,
        "title": survey.title,
        "synthetic": True,
        "model": survey.model,
        "simulated": answered.simulated,
        "similarity": survey.rater,
        "anchors": survey.anchors,
        "seed": survey.seed,
        "respondents": len(answered.respondents),
        "results": results_rows(answered.results()),
        "prices": prices_row(answered.prices()),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def survey_files(answered: AnsweredSurvey) -> dict[str, str]:
    """All files by name; curves of prices where the price sensitivity meter was asked."""
    return {
        **({"prices.csv": prices_csv(answered)} if answered.questionnaire.prices else {}),
        "answers.csv": long_csv(answered),
        "answers-wide.csv": wide_csv(answered),
        "answers-wide-columns.csv": columns_csv(answered),
        "results.json": results_json(answered),
        "questionnaire.md": answered.survey.questionnaire,
        "method.md": method_card(answered),
    }


def archive(answered: AnsweredSurvey) -> bytes:
    """All files in one ZIP; the same answers make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in survey_files(answered).items():
            packed.writestr(zipfile.ZipInfo(name, ARCHIVE_DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _person(person: Respondent) -> dict[str, Any]:
    return {"respondent": person.number + 1, "persona_id": person.persona.id, "name": person.persona.name}


def _long_row(answered: AnsweredSurvey, given: Given, flags: dict[tuple[int, RatingMethod], str]) -> dict[str, Any]:
    survey, answer = answered.survey, given.answer
    question = answered.questionnaire.questions[answer.question]
    is_similar = answer.method is RatingMethod.SIMILARITY
    return {
        **_person(answered.respondents[given.respondent]),
        "question": answer.question + 1,
        "type": question.type_name,
        "text": question.text,
        "method": answer.method.value,
        "state": answer.state.value,
        "answer": _answer_words(question, answer),
        "number": _figure(answer.value),
        "distribution": " ".join(f"{share:.6g}" for share in answer.shares),
        "words": answer.text,
        "order_shown": " | ".join(_options(question, answer.order)),
        "problem": answer.problem,
        "model": answer.model,
        "similarity": survey.rater if is_similar else "",
        "anchors": survey.anchors if is_similar else "",
        "seed": survey.seed,
        "synthetic": True,
        "flags": flags.get((answer.question, answer.method), ""),
    }


def _answer_words(question: Question, answer: Answer) -> str:
    if answer.state is not AnswerState.ANSWERED:
        return ""
    if isinstance(question, Allocation):
        return " | ".join(
            f"{option}: {points:g}" for option, points in zip(question.options, answer.shares, strict=True)
        )
    if isinstance(question, OptionQuestion):
        return " | ".join(_options(question, answer.options))
    return _figure(answer.value) if answer.value is not None else answer.text


def _options(question: Question, places: Sequence[int]) -> list[str]:
    return [question.options[place] for place in places] if isinstance(question, OptionQuestion) else []


def _figure(value: float | None) -> str:
    return "" if value is None else f"{round(value, 6):.12g}"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the wide form with one person's cell. option: the option or point that it stands for; holds: what is in its cells."""

    name: str
    cell: object
    holds: str
    option: str = ""


def _asked(answered: AnsweredSurvey) -> list[tuple[int, RatingMethod]]:
    """Each question by its place, with each way in which it was asked."""
    places = range(len(answered.questionnaire.questions))
    return [(place, method) for place in places for method in answered.ways(place)]


def _wide(question: Question, place: int, method: RatingMethod, answer: Answer | None) -> Iterator[_Column]:
    """Columns of a question with their cells; empty cells where there is no answer."""
    name = f"q{place + 1}" if method is RatingMethod.DIRECT else f"q{place + 1}_{method}"
    is_there = answer is not None and answer.state is AnswerState.ANSWERED
    if isinstance(question, MultipleChoice | Ranking | Allocation):
        for option, words in enumerate(question.options):
            cell = _cell(question, answer, option) if answer and is_there else ""
            yield _Column(f"{name} {words}", cell, _held(question), words)
    elif isinstance(question, OptionQuestion):
        cell = "".join(_options(question, answer.options)) if answer and is_there else ""
        yield _Column(name, cell, "the chosen option")
    elif isinstance(question, Rated | NumberQuestion):
        yield _Column(name, _figure(answer.value) if answer and is_there else "", _held(question))
    if isinstance(question, Rated) and method is not RatingMethod.DIRECT:
        for at, point in enumerate(question.values):
            cell = _figure(answer.shares[at]) if answer and is_there else ""
            yield _Column(f"{name}_p{point}", cell, "the share of this point, 0 to 1", str(point))
    yield _Column(f"{name}_words", answer.text if answer else "", "the person's words")
    yield _Column(f"{name}_state", answer.state.value if answer else NOT_ASKED, f"{STATES}, {NOT_ASKED}")


def _held(question: Question) -> str:
    """Words on the contents of a question's own columns."""
    if isinstance(question, Rated):
        first, last = question.values[0], question.values[-1]
        return f"a point from {first} ({question.low}) to {last} ({question.high}), or the mean of a distribution over them"
    if isinstance(question, NumberQuestion):
        return f"a number{f' in {question.unit}' if question.unit else ''}"
    if isinstance(question, Allocation):
        return "points of 100"
    return "the rank, 1 is the first" if isinstance(question, Ranking) else "1 chosen, 0 not"


def _cell(question: Question, answer: Answer, option: int) -> str:
    if isinstance(question, Allocation):
        return _figure(answer.shares[option])
    if isinstance(question, Ranking):
        return str(answer.options.index(option) + 1)
    return "1" if option in answer.options else "0"


def _result_row(result: QuestionResult) -> dict[str, Any]:
    return {
        "question": result.place + 1,
        "text": result.question.text,
        "type": result.question.type_name,
        "method": result.method.value,
        "counts": {**asdict(result.counts), "missing": result.counts.missing},
        "bars": [{"label": bar.label, **_interval(bar.share), "people": bar.people} for bar in result.bars],
        "mean": _interval(result.mean),
        "spread": result.spread,
        "median": result.middle,
        "top_two": _interval(result.top_two),
        "net_promoter_score": _interval(result.score),
        "borda": [
            {"label": bar.label, **_interval(points)} for bar, points in zip(result.bars, result.borda, strict=False)
        ],
        "flags": [flag.value for flag in result.flags],
    }


def _interval(interval: Any) -> Any:
    return None if interval is None else {"figure": interval.figure, "low": interval.low, "high": interval.high}
