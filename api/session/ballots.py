"""Ballots of a session: putting one, its results before → after beside the control, all answers as a file."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as InQuery
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.problems import described
from api.studies import Begun, begun
from api.surveys import CsvResponse, Interval
from api.values import Query, View
from api.views import Estimate
from semblance_core.reports.shift.files import ballots_csv, results

router = APIRouter(prefix="/focus-groups/{group_id}", tags=["Ballots"])


class WithControl(Query):
    """control: the same ballot twice without the discussion, too; without it as the set-up says."""

    control: bool | None = None


class PersonShift(View):
    """Answers in words. stance: what the person said, in points of the question's anchors; null where it cannot be rated."""

    persona_id: str
    name: str
    before: str
    after: str
    control_first: str
    control_again: str
    stance: float | None


class ShiftFigure(View):
    """figure: `moved`, `drift`, `convergence`, `conformity` or `changed`. difference: the discussion's less the control's.

    freed_of_noise: conformity without what regression to the mean adds. exceeds_control: null where that cannot be told.
    """

    figure: str
    people: int
    discussion: float | None
    control: float | None
    difference: Interval | None
    freed_of_noise: float | None
    exceeds_control: bool | None
    words: str


class Anchoring(View):
    """distance: mean distance of ballots after from the first speaker's stance. share: of other labels of “first” as near as that."""

    distance: float
    by_chance: float
    share: float
    control_distance: float | None
    words: str


class Dissent(View):
    """opposed: pairs far apart before; met: of these, those that answered each other; voiced: of those, those that disagreed."""

    opposed: int
    met: int
    voiced: int
    suppressed: float | None
    words: str


class QuestionShift(View):
    """counted: participants in the figures. stances_from: `said`, `ballots before`, or empty for a question without points."""

    question: int
    text: str
    type: str
    counted: int
    has_control: bool
    stances_from: str
    people: list[PersonShift]
    figures: list[ShiftFigure]
    anchoring: Anchoring | None
    dissent: Dissent | None
    flags: list[str]


class OpinionShift(View):
    """through: seq of the last message before the ballot after, 0 where it is not put yet. ballots: how many there are, by wave."""

    title: str
    through: int
    ballots: dict[str, int]
    has_control: bool
    simulated: bool
    first_speaker: str
    questions: list[QuestionShift]


@router.get("/ballots/estimate", responses=described(401, 403, 404))
def estimate_ballots(ws: Actor, group_id: str, given: Annotated[WithControl, InQuery()]) -> Estimate:
    """Forecasts the use of all ballots that are not there yet."""
    return Estimate.of(ws.ballots.estimate(group_id, control=given.control))


@router.post("/ballots", status_code=202, responses=described(401, 403, 404, 409, 429))
def put_ballot(
    ws: Actor, group_id: str, given: Annotated[WithControl, InQuery()], request: Request, response: Response
) -> Begun:
    """Puts the ballot after and the control, as far as they are not answered yet. A session does so by itself once it ends."""
    return begun(ws.ballots.put(group_id, control=given.control), request, response)


@router.get("/ballots", responses=described(401, 403, 404), response_class=CsvResponse)
def read_ballots(ws: Actor, group_id: str) -> CsvResponse:
    """All ballots as CSV, a row an answer; each row says how it came about."""
    return CsvResponse(ballots_csv(ws.ballots.shift(group_id)))


@router.get("/opinion-shift", responses=described(401, 403, 404))
def read_opinion_shift(ws: Actor, group_id: str) -> OpinionShift:
    """Each question of the ballot before → after, with its figures beside the control. Without a control nothing is claimed."""
    return OpinionShift.model_validate(results(ws.ballots.shift(group_id)))
