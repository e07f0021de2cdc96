"""Steering a session that goes on: discussions between questions, changes to the guide, follow-ups, whispers."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.problems import described
from api.session.views import FocusGroupView
from api.sessions import Again, PersonaIds
from api.studies import Begun, begun
from api.values import AS_JSON, Form, Said, View
from semblance_core.conversation.hybrid import MOST_TURNS
from semblance_core.domain.discussion.guide import MAX_QUESTIONS, QUESTION_CHARS
from semblance_core.domain.discussion.moderation.whisper import WHISPER_CHARS

router = APIRouter(prefix="/focus-groups/{group_id}", tags=["Moderating"])


class Discuss(Form):
    """turns: how many messages of participants; then it is the moderator's turn again."""

    turns: Annotated[int, Field(ge=1, le=MOST_TURNS), AS_JSON] = 6


class GuideQuestion(Form):
    """text: the question's words."""

    text: Annotated[Said, Field(max_length=QUESTION_CHARS)]


class GoBack(Form):
    """question: index of a question of the guide that was put before. to: ids of those who are asked; without it, everyone."""

    question: Annotated[int, Field(ge=0, lt=MAX_QUESTIONS), AS_JSON]
    to: Annotated[PersonaIds, Field(min_length=1)] | None = None
    in_turn: bool = False


class Whispered(Form):
    """text: what the moderator is to steer to."""

    text: Annotated[Said, Field(max_length=WHISPER_CHARS)]


class Suggestions(View):
    """questions: follow-ups to all that was said; empty before they were asked for, and once somebody has spoken since."""

    questions: list[str]


@router.post("/discuss", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def let_discuss(ws: Actor, group_id: str, given: Discuss) -> FocusGroupView:
    """Lets participants discuss the question at hand; while some answer, as soon as they have."""
    return FocusGroupView.of(ws.moderation.let_discuss(group_id, given.turns))


@router.post("/skipped-questions", responses=described(401, 403, 404, 409, 415))
def skip_question(ws: Actor, group_id: str, given: GuideQuestion) -> FocusGroupView:
    """Takes a question that is still to come out of the guide. The session keeps on record that it was skipped."""
    return FocusGroupView.of(ws.moderation.skip(group_id, given.text))


@router.post("/inserted-questions", responses=described(401, 403, 404, 409, 415))
def insert_question(ws: Actor, group_id: str, given: GuideQuestion) -> FocusGroupView:
    """Makes this the guide's next question. Nobody is asked yet."""
    return FocusGroupView.of(ws.moderation.insert(group_id, given.text))


@router.post("/go-back", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def go_back(ws: Actor, group_id: str, given: GoBack) -> FocusGroupView:
    """Puts a question of the guide again; while some answer, it waits."""
    return FocusGroupView.of(ws.moderation.go_back(group_id, given.question, given.to, in_turn=given.in_turn))


@router.post("/suggestions", status_code=202, responses=described(401, 403, 404, 409, 429))
def suggest_follow_ups(
    ws: Actor, group_id: str, given: Annotated[Again, InQuery()], request: Request, response: Response
) -> Begun:
    """Begins to think of three follow-ups: one model call. With `again=true` others, where there are some already."""
    return begun(ws.moderation.suggest(group_id, again=given.again), request, response)


@router.get("/suggestions", responses=described(401, 403, 404))
def read_suggestions(ws: Actor, group_id: str) -> Suggestions:
    return Suggestions(questions=list(ws.moderation.suggestions(group_id)))


@router.post("/whispers", status_code=202, responses=described(401, 403, 404, 409, 415))
def whisper(ws: Actor, group_id: str, given: Whispered) -> FocusGroupView:
    """Tells the moderator of a running discussion what to steer to. Participants never read it."""
    return FocusGroupView.of(ws.moderation.whisper(group_id, given.text))
