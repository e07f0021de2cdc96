"""Results of a survey as the content of a deliverable. Pure."""

import csv
import io

from semblance_core.analysis.surveys.results import QuestionResult
from semblance_core.domain.instruments.answers import AnswerState
from semblance_core.domain.instruments.flags import FLAG_WORDS
from semblance_core.domain.instruments.questions import OpenText
from semblance_core.domain.plurals import number
from semblance_core.reports.deliverables.content import Chart, SurveyContent, Table
from semblance_core.reports.escape import original_cell
from semblance_core.reports.exports import BYTE_ORDER_MARK
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.files import long_csv
from semblance_core.reports.surveys.method import LIMITS, method_rows

MOST_ANSWERS = 60
"""Open answers to a question that a deck and a report show."""


def survey_content(answered: AnsweredSurvey) -> SurveyContent:
    """The results of everyone: charts of what can be counted, and open answers with who gave them."""
    results = answered.results()
    return SurveyContent(
        title=answered.survey.title,
        charts=tuple(_chart(result) for result in results if result.bars),
        open_answers=tuple(
            _said(answered, result.place) for result in results if isinstance(result.question, OpenText)
        ),
        answers=_answers(answered),
        method=tuple(method_rows(answered)),
        limits=LIMITS,
    )


def _chart(result: QuestionResult) -> Chart:
    way = "" if result.method == "direct" else f" ({result.method})"
    shares = tuple(bar.share.figure for bar in result.bars)
    return Chart(
        f"{result.place + 1}. {result.question.text}{way}",
        tuple(bar.label for bar in result.bars),
        (("Share of those who answered", shares),),
        _note(result),
        in_per_cent=True,
    )


def _note(result: QuestionResult) -> str:
    """Returns who answered, figures with their intervals, and what to know of them, in sentences."""
    counts = result.counts
    parts = [f"{counts.answered} of {number(counts.asked, 'synthetic respondent')} answered."]
    for name, figure in (("Mean", result.mean), ("Net promoter score", result.score)):
        if figure:
            parts.append(f"{name} {figure.figure:.2f} ({figure.low:.2f} to {figure.high:.2f}).")
    if result.top_two:
        top = result.top_two
        parts.append(f"Top two {top.figure:.0%} ({top.low:.0%} to {top.high:.0%}).")
    spans = (f"{bar.label} {bar.share.low:.0%}–{bar.share.high:.0%}" for bar in result.bars)
    parts.append(f"95% of resampled panels: {'; '.join(spans)}.")
    parts += [f"{flag}: {FLAG_WORDS[flag]}." for flag in result.flags]
    return " ".join(parts)


def _said(answered: AnsweredSurvey, place: int) -> Table:
    rows = tuple(
        (answered.name_of(given.respondent), given.answer.text)
        for given in answered.given
        if given.answer.question == place and given.answer.state is AnswerState.ANSWERED
    )
    question = answered.questionnaire.questions[place]
    left_out = f"{MOST_ANSWERS} of {len(rows):,} answers; the workbook has all." if len(rows) > MOST_ANSWERS else ""
    columns = ("Respondent", "Answer")
    return Table(f"{place + 1}. {question.text}", columns, rows[:MOST_ANSWERS], left_out, wide=(1, 4))


def _answers(answered: AnsweredSurvey) -> Table:
    """The rows of the survey's own file, one an answer."""
    header, *rows = csv.reader(io.StringIO(long_csv(answered).removeprefix(BYTE_ORDER_MARK)))
    return Table("Answers", tuple(header), tuple(tuple(map(original_cell, row)) for row in rows))
