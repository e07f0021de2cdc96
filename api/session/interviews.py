"""Interviews: one guide put to each of several personas alone, read side by side, with themes across all."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.actor import Actor
from api.finding_views import Claim, Findings, Theme, Verbatim
from api.problems import described
from api.sessions import Again
from api.studies import Begun, begun
from api.values import AS_JSON, MOST_WHOLE, Form, GuideText, Id, ModelName, Title, Topic, View, When
from api.views import Estimate, Spent
from semblance_core.domain.discussion.focus_group import LANGUAGE_CHARS
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import MOST_INTERVIEWS, InterviewRound, RoundConfig
from semblance_core.domain.discussion.probing import Probing
from semblance_core.reports.interview_files import answers_csv
from semblance_core.reports.interviews import HeldRound, PersonCell, QuestionRow, side_by_side

router = APIRouter(tags=["Interviews"])


class NewInterviews(Form):
    """A round of interviews. guide: Markdown with `## section` and `- question` lines. persona_ids: null for all of the project's.

    probing: how far the model follows up: `none`, `light` (once a question) or `deep` (twice). by_person: you ask, in each
    interview's session, which `POST /focus-groups/{id}/messages` does; else the model asks. seed: of every interview. language: as
    of a focus group. model: any litellm name, empty for the platform's default.
    """

    project_id: Id
    title: Title
    guide: GuideText
    topic: Topic = ""
    persona_ids: Annotated[list[Id] | None, Field(min_length=1, max_length=MOST_INTERVIEWS)] = None
    model: ModelName = ""
    seed: Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON] = 0
    probing: Annotated[Probing, Field(strict=False)] = Probing.LIGHT
    by_person: bool = False
    language: Annotated[str, Field(max_length=LANGUAGE_CHARS)] = ""


class InterviewPerson(View):
    """session_id: the interview's focus group, which can be read and moderated as any other."""

    session_id: str
    persona_id: str
    name: str


class RoundView(View):
    id: str
    project_id: str
    title: str
    topic: str
    questions: list[str]
    people: list[InterviewPerson]
    model: str
    seed: int
    probing: Probing
    by_person: bool
    language: str
    simulated: bool
    prompts: str
    created_at: When
    estimate: Estimate | None


class InterviewState(InterviewPerson):
    """state: as of a session's list, null where the interview was deleted. answered: of the guide's questions."""

    state: str | None
    reason: str
    answered: int


class SaidView(View):
    """seq: in the interview's session. role: `persona` for an answer, `moderator` for a follow-up."""

    seq: int
    role: str
    text: str
    status: str


class AnswerView(View):
    """One person's answers to one question, in order, with the follow-ups between them."""

    session_id: str
    said: list[SaidView]


class QuestionAnswers(View):
    """question: its index in the guide, null for what was asked outside of it. answers: one a person, in the round's order."""

    question: int | None
    text: str
    section: str
    answers: list[AnswerView]


class SideBySide(View):
    """synthetic: always, because a model answered in the place of each persona."""

    round: RoundView
    synthetic: Literal[True]
    is_busy: bool
    interviews: list[InterviewState]
    questions: list[QuestionAnswers]
    spent: Spent


class RoundVerbatim(Verbatim):
    """An exact quote with the session whose message it stands in."""

    session_id: str


class RoundClaim(Claim):
    """A sentence of a summary. session_ids: of each of its messages, in their order."""

    session_ids: list[str] = Field(default_factory=list)


class RoundTheme(Theme):
    claims: list[RoundClaim]  # type: ignore[assignment]
    verbatims: list[RoundVerbatim]  # type: ignore[assignment]


class RoundSession(View):
    session_id: str
    through_seq: int


class RoundFindings(Findings):
    """One analysis of all interviews. sessions: which were read, each through which message."""

    themes: list[RoundTheme]  # type: ignore[assignment]
    claims: list[RoundClaim]  # type: ignore[assignment]
    sessions: list[RoundSession]


class Changed(View):
    """number: how many interviews this was done to."""

    number: int


class InterviewsCsv(PlainTextResponse):
    media_type = "text/csv"


@router.post("/interviews/estimate", responses=described(401, 403, 404, 415))
def estimate_interviews(ws: Actor, given: NewInterviews) -> Estimate:
    """Forecasts the use of all interviews together; nothing is begun."""
    return Estimate.of(ws.interviews.estimate(given.project_id, _config(given), given.persona_ids))


@router.post("/interviews", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def begin_interviews(ws: Actor, given: NewInterviews, request: Request, response: Response) -> RoundView:
    """Interviews each of the personas alone, all at once. The very same round, begun within a minute or still running, is not begun again."""
    held = ws.interviews.start(given.project_id, _config(given), given.persona_ids)
    response.headers["Location"] = f"{request.scope['root_path']}/interviews/{held.id}"
    return _view(held)


@router.get("/projects/{project_id}/interviews", responses=described(401, 403, 404))
def list_interviews(ws: Actor, project_id: str) -> list[RoundView]:
    """The project's rounds of interviews, newest first."""
    return [_view(held) for held in ws.interviews.of_project(project_id)]


@router.get("/interviews/{round_id}", responses=described(401, 403, 404))
def read_interviews(ws: Actor, round_id: str) -> SideBySide:
    """Returns each interview's state, and the answers so far side by side."""
    held = ws.interviews.held(round_id)
    states = [
        InterviewState(
            session_id=each.person.session_id,
            persona_id=each.person.persona_id,
            name=each.person.name,
            state=each.status.value.lower() if each.status else None,
            reason=each.group.reason_in_words if each.group else "",
            answered=each.answered,
        )
        for each in held.interviews
    ]
    return SideBySide(
        round=_view(held.round),
        synthetic=True,
        is_busy=held.is_busy,
        interviews=states,
        questions=[_question(held, row) for row in side_by_side(held)],
        spent=Spent.of(ws.interviews.spent(round_id)),
    )


@router.get("/interviews/{round_id}/answers", responses=described(401, 403, 404), response_class=InterviewsCsv)
def read_interview_answers(ws: Actor, round_id: str) -> InterviewsCsv:
    """The answers so far as CSV, a row a person and question."""
    return InterviewsCsv(answers_csv(ws.interviews.held(round_id)))


@router.post("/interviews/{round_id}/stop", responses=described(401, 403, 404))
def stop_interviews(ws: Actor, round_id: str) -> Changed:
    """Stops all interviews that run."""
    return Changed(number=ws.interviews.stop_all(round_id))


@router.post("/interviews/{round_id}/continue", responses=described(401, 403, 404, 409, 429))
def continue_interviews(ws: Actor, round_id: str) -> Changed:
    """Lets the model go on with all interviews that are not over."""
    return Changed(number=ws.interviews.continue_all(round_id))


@router.post("/interviews/{round_id}/analyse", status_code=202, responses=described(401, 403, 404, 409, 429))
def analyse_interviews(
    ws: Actor, round_id: str, wanted: Annotated[Again, InQuery()], request: Request, response: Response
) -> Begun:
    """Begins to find themes across all interviews. With `again=true` another analysis is made where there is one already."""
    return begun(ws.interviews.find_themes(round_id, again=wanted.again), request, response)


@router.get("/interviews/{round_id}/themes", responses=described(401, 403, 404))
def read_interview_themes(ws: Actor, round_id: str) -> RoundFindings | None:
    """Returns the newest themes across all interviews; null before the first analysis."""
    found = ws.interviews.themes(round_id)
    return RoundFindings.among(found, len(found.sessions)) if found else None


@router.delete("/interviews/{round_id}", status_code=204, responses=described(401, 403, 404))
def delete_interviews(ws: Actor, round_id: str) -> None:
    """Ends all interviews of a round and removes it with them. What it cost stays on record."""
    ws.interviews.delete(round_id)


def _config(given: NewInterviews) -> RoundConfig:
    guide = parse_guide(given.guide)
    how = (given.model, given.seed, given.probing, given.by_person, given.language)
    return RoundConfig(given.title, guide, given.topic, *how)


def _view(held: InterviewRound) -> RoundView:
    fields = {name: getattr(held, name) for name in RoundView.model_fields if name != "questions"}
    return RoundView.of(fields | {"questions": list(held.guide.questions)})


def _question(held: HeldRound, row: QuestionRow) -> QuestionAnswers:
    answers = [
        AnswerView(session_id=each.person.session_id, said=_said(cell))
        for each, cell in zip(held.interviews, row.cells, strict=True)
    ]
    return QuestionAnswers(question=row.question, text=row.text, section=row.section, answers=answers)


def _said(cell: PersonCell) -> list[SaidView]:
    return [SaidView(seq=m.seq, role=m.role, text=m.text, status=m.status.value) for m in cell.shown]
