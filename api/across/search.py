"""Search: words in transcripts, quotes of themes and notes."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field

from api.actor import Actor
from api.problems import described
from api.values import _TEXT, Id, Query, View, When
from semblance_core.domain.findings.search import LONGEST, HitKind, SearchResult

router = APIRouter(tags=["Search"])


class Looked(Query):
    """q: words that all have to be there, and phrases in quotation marks. speaker: a part of the name. kind: where to look.

    project_id: one project; without it all of your own.
    """

    q: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=_TEXT)]
    speaker: Annotated[str, Field(max_length=120, pattern=_TEXT)] = ""
    kind: Annotated[list[HitKind], Field(max_length=3, default_factory=lambda: list(HitKind))]
    project_id: Id | None = None


class Span(View):
    start: int
    end: int


class HitView(View):
    """A text that holds what was looked for. session_id, seq: of the message, also of a quote's; empty and 0 for a note.

    spans: the places in the text, in code points. at: when the message was said; null for quotes and notes.
    """

    kind: HitKind
    project_id: str
    project: str
    session_id: str
    title: str
    seq: int
    speaker: str
    theme: str
    text: str
    at: When | None
    spans: list[Span]


class Hits(View):
    """more: there are further hits. sessions: how many were searched; left_out: how many that were worked on longer ago were not."""

    hits: list[HitView]
    more: bool
    sessions: int
    left_out: int


@router.get("/search", responses=described(401, 403, 404))
def search(ws: Actor, looked: Annotated[Looked, InQuery()]) -> Hits:
    """Finds words in your own transcripts, quotes of themes and notes, or in those of one project."""
    if looked.project_id:
        return _view(ws.search.in_project(looked.project_id, looked.q, speaker=looked.speaker, kinds=looked.kind))
    return _view(ws.search.mine(looked.q, speaker=looked.speaker, kinds=looked.kind))


def _view(found: SearchResult) -> Hits:
    hits = [
        HitView.of(
            {name: getattr(hit, name) for name in HitView.model_fields}
            | {"spans": [{"start": start, "end": end} for start, end in hit.spans]}
        )
        for hit in found.hits
    ]
    return Hits(hits=hits, more=found.more, sessions=found.sessions, left_out=found.left_out)
