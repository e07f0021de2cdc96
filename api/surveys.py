"""Surveys: a questionnaire put to personas without discussion, and its results."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.actor import Actor
from api.problems import described
from api.studies import begun
from api.values import _TEXT, AS_JSON, MOST_WHOLE, Form, Id, ModelName, Query, View, When
from api.views import Estimate
from semblance_core.analysis.surveys.groups import FIELDS
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.markdown import TEXT_CHARS, to_markdown
from semblance_core.domain.instruments.survey import MOST_PRECISION, MOST_RESPONDENTS, Survey
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.files import columns_csv, long_csv, results_rows, wide_csv
from semblance_core.reports.surveys.prices import prices_row

router = APIRouter(tags=["Surveys"])
Questionnaire = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_CHARS, pattern=_TEXT)]


Ways = Literal["direct", "similarity", "verbalised"]


class QuestionnaireText(Form):
    questionnaire: Questionnaire


class Mistake(View):
    line: int
    words: str


class CheckedQuestionnaire(View):
    """questions: how many there are; markdown: the questionnaire as it is kept, null where there are mistakes."""

    questions: int
    markdown: str | None
    mistakes: list[Mistake]


class NewSurvey(Form):
    """A survey to begin. persona_ids: null for all of the project's. methods: how points on scales are asked for.

    model: any litellm name, empty for the platform's default. seed: draws the order of options. precision_points: stops once
    every share's interval is within so many percentage points on either side; 0 asks everybody.
    """

    project_id: Id
    questionnaire: Questionnaire
    persona_ids: Annotated[list[Id] | None, Field(max_length=MOST_RESPONDENTS)] = None
    methods: Annotated[list[Ways], Field(min_length=1, max_length=3, default_factory=lambda: ["direct"])]
    model: ModelName = ""
    seed: Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON] = 0
    precision_points: Annotated[int, Field(ge=0, le=MOST_PRECISION), AS_JSON] = 0


class BegunSurvey(View):
    """A survey under way. Its id is its task's: `status_url` tells how far it is, and cancels and resumes it."""

    survey_id: str
    status_url: str
    results_url: str
    estimate: Estimate | None


class SurveyView(View):
    """size: how many are asked; stopped_after: after how many it stopped early, 0 where it did not.

    rater, anchors: what free text is rated with, empty where none is.
    """

    id: str
    project_id: str
    title: str
    questionnaire: str
    model: str
    seed: int
    size: int
    precision_points: int
    stopped_after: int
    methods: list[RatingMethod]
    rater: str
    anchors: str
    sharpness: float
    prompts: str
    created_at: When


class Interval(View):
    """low, high: the middle 95% of resampled panels; of this panel, not of a population."""

    figure: float
    low: float
    high: float


class LabelledInterval(Interval):
    label: str


class ShareOfPeople(LabelledInterval):
    """people: how many they are; null where a person's answer is spread over several bars."""

    people: int | None


class Counts(View):
    """missing: not asked yet."""

    asked: int
    answered: int
    dont_know: int
    unrated: int
    unusable: int
    missing: int


class QuestionResult(View):
    """One question, asked in one way. bars: shares from 0 to 1, of a ranking those of first places; null: this question has none."""

    question: int
    text: str
    type: str
    method: RatingMethod
    counts: Counts
    bars: list[ShareOfPeople]
    mean: Interval | None
    spread: float | None
    median: float | None
    top_two: Interval | None
    net_promoter_score: Interval | None
    borda: list[LabelledInterval]
    flags: list[str]


class PriceCurve(View):
    """Shares of people at one price, from 0 to 1."""

    price: float
    too_cheap: float
    cheap: float
    expensive: float
    too_expensive: float


class Prices(View):
    """The price sensitivity meter: pmc and pme, the ends of the acceptable range, opp and ipp; null where curves do not cross.

    people: those whose four prices are in order; out_of_order: those whose are not, who are left out.
    """

    people: int
    out_of_order: int
    pmc: Interval | None
    pme: Interval | None
    opp: Interval | None
    ipp: Interval | None
    curves: list[PriceCurve]


class SurveyGroup(View):
    """Results of those respondents who have this value; empty for everyone. prices: null where no meter was asked."""

    value: str
    respondents: int
    results: list[QuestionResult]
    prices: Prices | None


class SurveyResults(View):
    """synthetic: always, because a model answered in the place of each persona."""

    survey: SurveyView
    synthetic: Literal[True]
    simulated: bool
    groups: list[SurveyGroup]


class Split(Query):
    """by: a field of personas."""

    by: Literal[("", *FIELDS)] = ""  # type: ignore[valid-type]


class AnswersForm(Query):
    """form: a row an answer, a row a respondent, or a row a column of the wide form, with its question's text."""

    form: Literal["long", "wide", "columns"] = "long"


class CsvResponse(PlainTextResponse):
    media_type = "text/csv"


@router.post("/questionnaires/check", responses=described(401, 403, 415))
def check_questionnaire(ws: Actor, given: QuestionnaireText) -> CheckedQuestionnaire:
    """Returns a questionnaire as it would be read, or its mistakes with their lines."""
    reading = ws.surveys.check(given.questionnaire)
    read = reading.questionnaire
    return CheckedQuestionnaire(
        questions=len(read.questions) if read else 0,
        markdown=to_markdown(read) if read else None,
        mistakes=[Mistake.of(mistake) for mistake in reading.mistakes],
    )


@router.post("/surveys/estimate", responses=described(401, 403, 404, 415))
def estimate_survey(ws: Actor, given: NewSurvey) -> Estimate:
    """Forecasts the use of such a survey; nothing is begun."""
    methods = [RatingMethod(method) for method in given.methods]
    asked = given.project_id, given.questionnaire, given.persona_ids
    return Estimate.of(ws.surveys.estimate(*asked, methods=methods, model=given.model))


@router.post("/surveys", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def begin_survey(ws: Actor, given: NewSurvey, request: Request, response: Response) -> BegunSurvey:
    """Begins to ask each of the personas every question, by itself. The very same survey under way is not begun again."""
    methods = [RatingMethod(method) for method in given.methods]
    asked = given.project_id, given.questionnaire, given.persona_ids
    points = given.precision_points
    survey = ws.surveys.begin(*asked, methods=methods, model=given.model, seed=given.seed, precision_points=points)
    task = begun(ws.tasks.get(survey.id), request, response)
    url = f"{request.scope['root_path']}/surveys/{survey.id}/results"
    return BegunSurvey(survey_id=survey.id, status_url=task.status_url, results_url=url, estimate=task.estimate)


@router.get("/projects/{project_id}/surveys", responses=described(401, 403, 404))
def list_surveys(ws: Actor, project_id: str) -> list[SurveyView]:
    """The project's surveys, newest first."""
    return [SurveyView.of(survey) for survey in ws.surveys.of_project(project_id)]


@router.get("/surveys/{survey_id}", responses=described(401, 403, 404))
def read_survey(ws: Actor, survey_id: str) -> SurveyView:
    return SurveyView.of(ws.surveys.get(survey_id))


@router.get("/surveys/{survey_id}/results", responses=described(401, 403, 404))
def read_survey_results(ws: Actor, survey_id: str, wanted: Annotated[Split, InQuery()]) -> SurveyResults:
    """Results of the answers so far, for everyone or by a field of the personas."""
    answered = ws.surveys.answered(survey_id)
    people = {"": answered.numbers}
    groups = answered.groups(wanted.by) if wanted.by else people
    found = [_group(answered, value, numbers) for value, numbers in groups.items()]
    return SurveyResults(survey=_view(answered.survey), synthetic=True, simulated=answered.simulated, groups=found)


@router.get("/surveys/{survey_id}/answers", responses=described(401, 403, 404), response_class=CsvResponse)
def read_survey_answers(ws: Actor, survey_id: str, wanted: Annotated[AnswersForm, InQuery()]) -> CsvResponse:
    """The answers so far as CSV; each row says how it came about."""
    answered = ws.surveys.answered(survey_id)
    write = {"long": long_csv, "wide": wide_csv, "columns": columns_csv}[wanted.form]
    return CsvResponse(write(answered))


@router.delete("/surveys/{survey_id}", status_code=204, responses=described(401, 403, 404))
def delete_survey(ws: Actor, survey_id: str) -> None:
    """Ends a survey and removes it with its answers. What it cost stays on record."""
    ws.surveys.delete(survey_id)


def _group(answered: AnsweredSurvey, value: str, people: tuple[int, ...]) -> SurveyGroup:
    rows = results_rows(answered.results(people))
    results = [QuestionResult.model_validate(row) for row in rows]
    row = prices_row(answered.prices(people))
    prices = Prices.model_validate(row) if row else None
    return SurveyGroup(value=value, respondents=len(people), results=results, prices=prices)


def _view(survey: Survey) -> SurveyView:
    return SurveyView.of(survey)
