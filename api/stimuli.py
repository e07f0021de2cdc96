"""Stimuli of a focus group: files handed in as they are, and their texts, with notes on parts left out."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.problems import described
from api.studies import Begun, begun
from api.values import Label, Query, View
from semblance_core.domain.errors import InvalidInput

router = APIRouter(prefix="/focus-groups", tags=["Stimuli"])
FILE = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class LeftOut(View):
    """So many of a kind that a document holds and participants are not shown. pages: where; empty where there are no pages."""

    kind: str
    count: int
    pages: list[int]


class Stimulus(View):
    """A document or picture. notes: sentences on what was left out or is in doubt. encoding: of a text, where somebody named it."""

    id: str
    name: str
    kind: str
    extent: str
    characters: int
    notes: list[str]
    left_out: list[LeftOut]
    encoding: str
    description: str


class HandedIn(Query):
    """name: the file's, with its ending. encoding: what a text is in, such as cp1250; without it, it is found out."""

    name: Label
    encoding: Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9._-]*$")] = ""


@router.get("/{group_id}/stimuli", responses=described(401, 403, 404))
def list_stimuli(ws: Actor, group_id: str) -> list[Stimulus]:
    """Returns the stimuli in their order. `notes` say what was left out of each, `left_out` the same by kind and number."""
    return [Stimulus.of(asset) for asset in ws.stimuli.of_session(group_id)]


@router.post(
    "/{group_id}/stimuli",
    status_code=202,
    openapi_extra={"requestBody": FILE},
    responses=described(401, 403, 404, 409, 429),
)
async def add_stimulus(
    ws: Actor, group_id: str, given: Annotated[HandedIn, InQuery()], request: Request, response: Response
) -> Begun:
    """Hands in a document or picture: the body is the file itself, of at most 25 MB.

    A task reads and adds it. Its result has, for the file "0", the `asset_id`, or `why` it was not added.
    """
    await run_sync(ws.sessions.get, group_id)  # before the file is taken: it may be somebody else's session
    async with request.app.state.uploads:
        content = await request.body()
        handed = await run_sync(ws.stimuli.add, group_id, [(given.name, content)], given.encoding)
    if handed.task is None:
        raise InvalidInput(handed.refused[0].why)
    return begun(handed.task, request, response)
