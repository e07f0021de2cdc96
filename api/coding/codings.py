"""Codings of a session: spans of its messages with their codes."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.actor import Actor
from api.coding.views import CodingView
from api.problems import described
from api.values import AS_JSON, MOST_WHOLE, Form, Id, Topic
from semblance_core.domain.coding.codings import Coding

router = APIRouter(prefix="/focus-groups", tags=["Coding"])
Whole = Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON]
MOST_AT_ONCE = 1_000


class NewCodings(Form):
    """A span of a message, by `start` and `end` in characters or by its `words`; without either, the whole message."""

    seq: Annotated[int, Field(ge=1, le=MOST_WHOLE), AS_JSON]
    code_ids: Annotated[list[Id], Field(min_length=1, max_length=50)]
    start: Whole | None = None
    end: Whole | None = None
    words: Topic = ""


class ChosenCodings(Form):
    coding_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]


@router.get("/{group_id}/codings", responses=described(401, 403, 404))
def list_codings(ws: Actor, group_id: str) -> list[CodingView]:
    """The session's codings by anybody and any model, by message and place."""
    return _views(ws, group_id, ws.coding.of_session(group_id))


@router.post("/{group_id}/codings", status_code=201, responses=described(401, 403, 404, 409, 415))
def code_message(ws: Actor, group_id: str, given: NewCodings) -> list[CodingView]:
    """Gives a span of a message codes of the project's codebook; those that you gave it before are left out."""
    place = {"start": given.start, "end": given.end}
    return _views(ws, group_id, ws.coding.give(group_id, given.seq, given.code_ids, **place, words=given.words))


@router.post("/{group_id}/codings/confirm", responses=described(401, 403, 404, 409, 415))
def confirm_codings(ws: Actor, group_id: str, given: ChosenCodings) -> list[CodingView]:
    """Confirms codings that a model made; the answer has those that were not confirmed before."""
    return _views(ws, group_id, ws.coding.confirm(group_id, given.coding_ids))


@router.post("/{group_id}/codings/remove", status_code=204, responses=described(401, 403, 404, 409, 415))
def remove_codings(ws: Actor, group_id: str, given: ChosenCodings) -> None:
    """Takes these codings away."""
    ws.coding.remove(group_id, given.coding_ids)


def _views(ws: Actor, group_id: str, codings: list[Coding]) -> list[CodingView]:
    texts = {message.seq: message.text for message in ws.sessions.messages(group_id)} if codings else {}
    fields = [name for name in CodingView.model_fields if name != "words"]
    return [
        CodingView.of(
            {name: getattr(each, name) for name in fields} | {"words": texts.get(each.seq, "")[each.start : each.end]}
        )
        for each in codings
    ]
