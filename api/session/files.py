"""Files of a session to hand over: deck, report, workbook, transcript."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field
from starlette.responses import Response

from api.actor import Actor
from api.problems import described
from api.values import Query
from semblance_core.reports.deliverables.content import Part
from semblance_core.reports.deliverables.kinds import FORMS, FileKind

router = APIRouter(prefix="/focus-groups", tags=["Focus groups"])
BYTES = {"schema": {"type": "string", "format": "binary"}}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {form.media_type: BYTES for form in FORMS.values()}}
}


class WantedFile(Query):
    """parts: sections of a deck, a report or a workbook, all without any. analysis_id: whose themes, empty for the newest.

    survey_id: a survey of the same project whose results stand beside the session.
    """

    parts: Annotated[list[Part], Field(max_length=len(Part), default_factory=list)]
    analysis_id: Annotated[str, Field(max_length=200)] = ""
    survey_id: Annotated[str, Field(max_length=200)] = ""


@router.get("/{group_id}/files/{kind}", responses={**described(401, 403, 404), **FILES}, response_class=Response)
def read_file(ws: Actor, group_id: str, kind: FileKind, wanted: Annotated[WantedFile, InQuery()]) -> Response:
    """A file of the session. Its name says where it was simulated or recorded; every slide, page and sheet that participants are synthetic."""
    made = ws.findings.file(
        group_id, kind, wanted.parts or tuple(Part), analysis_id=wanted.analysis_id, survey_id=wanted.survey_id
    )
    kept = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=kept)
