"""Synthesis: the themes of several sessions of a project on one list of shared themes."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.finding_views import Verbatim
from api.problems import described
from api.session.interviews import RoundClaim
from api.values import AS_JSON, Form, Id, Title, View, When
from semblance_core.analysis.claims.told import told_of_theme
from semblance_core.analysis.synthesis.contradictions import Contradiction
from semblance_core.analysis.synthesis.together import METHOD, SharedTheme, Synthesised
from semblance_core.domain.findings.synthesis import (
    MOST_SOURCES,
    MergeShared,
    RenameShared,
    SeparateShared,
    Synthesis,
    SynthesisChange,
)
from semblance_core.reports.claims import claim_rows

router = APIRouter(tags=["Synthesis"])
Number = Annotated[int, Field(ge=1, le=1_000_000), AS_JSON]
Version = Annotated[int, Field(ge=0, le=1_000_000_000), AS_JSON]
Sources = Annotated[list[Id], Field(min_length=1, max_length=MOST_SOURCES)]


Source = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""An id as a key: with a pattern, JSON Schema would let keys of another form have any value."""


class NewSynthesis(Form):
    """sessions: ids of focus groups and interview rounds in which themes were found; null for all of the project's.

    analyses: ids of chosen analyses, by session or round; the newest of the others is read.
    """

    title: Title
    sessions: Sources | None = None
    analyses: Annotated[dict[Source, Id], Field(max_length=MOST_SOURCES, default_factory=dict)]


class MoreSessions(Form):
    sessions: Sources


class SharedMember(Form):
    """A session's theme: the session or round, and the theme's place in its analysis, from 0."""

    source_id: Id
    at: Annotated[int, Field(ge=0, le=10_000), AS_JSON]


class SynthesisEdit(Form):
    """One change by hand. action: `merge` takes shared themes for one, the first of them, `separate` takes members out of one into
    a new one, `rename` gives one a name, an empty one takes it back. version: of the synthesis as it was read.
    """

    version: Version
    action: Literal["merge", "separate", "rename"]
    shared: Annotated[list[Number], Field(min_length=1, max_length=500)]
    members: Annotated[list[SharedMember], Field(max_length=1_000, default_factory=list)]
    name: Annotated[str, Field(max_length=160)] = ""


class SynthesisLine(View):
    """A synthesis in a list. sources: ids of its sessions and rounds."""

    id: str
    project_id: str
    title: str
    created_at: When
    version: int
    sources: list[str]

    @classmethod
    def listed(cls, synthesis: Synthesis) -> "SynthesisLine":
        fields = {name: getattr(synthesis, name) for name in cls.model_fields if name != "sources"}
        return cls.of(fields | {"sources": list(synthesis.source_ids)})


class SourceView(View):
    """A session or round. analysis_id, version: of the themes that were read; outdated: whether there are newer ones."""

    id: str
    title: str
    is_round: bool
    analysis_id: str
    version: int
    outdated: bool


class SessionVerbatim(Verbatim):
    """An exact quote with the session whose message it stands in."""

    session_id: str


class MemberView(View):
    """A session's theme. at: its place in the session's analysis. claims: the sentences of its summary, each with its check.

    similarity: with the shared theme then, 0 where it began it. by_hand: a person put it there.
    """

    source_id: str
    at: int
    name: str
    summary: str
    claims: list[RoundClaim]
    similarity: float
    by_hand: bool
    verbatims: list[SessionVerbatim]


class SideView(View):
    """mostly: whether most of the session's quotes with a sentiment go this way."""

    source_id: str
    mostly: bool
    verbatims: list[SessionVerbatim]


class ContradictionView(View):
    """kind: `opposite` where sessions go opposite ways, `counter` where one has quotes against the way of others."""

    kind: str
    positive: list[SideView]
    negative: list[SideView]


class SharedThemeView(View):
    """sessions: ids of those in which it is quoted, in order, each interview of a round as one. first_seen: the first session or round.

    people: how many different persons are quoted.
    """

    number: int
    name: str
    named_by_hand: bool
    sessions: list[str]
    people: int
    first_seen: str
    members: list[MemberView]
    contradiction: ContradictionView | None


class SaturationView(View):
    """Model saturation: new and heard themes by session, the share of new ones in each run, and after how many it was reached."""

    new: list[int]
    heard: list[int]
    base: int
    new_share: list[float]
    reached: int | None
    why: str


class SynthesisView(View):
    """synthetic: always, because a model answered in the place of each persona. method: in words. lost: sessions that are gone since."""

    synthesis: SynthesisLine
    synthetic: Literal[True]
    simulated: bool
    method: str
    threshold: float | None
    sources: list[SourceView]
    sessions: list[str]
    people: int
    lost: int
    saturation: SaturationView
    themes: list[SharedThemeView]


@router.get("/projects/{project_id}/syntheses", responses=described(401, 403, 404))
def list_syntheses(ws: Actor, project_id: str) -> list[SynthesisLine]:
    """The project's syntheses, newest first."""
    return [SynthesisLine.listed(each) for each in ws.syntheses.of_project(project_id)]


@router.post("/projects/{project_id}/syntheses", status_code=201, responses=described(401, 403, 404, 409, 415))
def begin_synthesis(
    ws: Actor, project_id: str, given: NewSynthesis, request: Request, response: Response
) -> SynthesisLine:
    """Brings themes of sessions onto one list. No model is asked, so it is done at once and costs nothing."""
    made = ws.syntheses.begin(project_id, given.title, given.sessions, given.analyses)
    response.headers["Location"] = f"{request.scope['root_path']}/syntheses/{made.id}"
    return SynthesisLine.listed(made)


@router.get("/syntheses/{synthesis_id}", responses=described(401, 403, 404))
def read_synthesis(ws: Actor, synthesis_id: str) -> SynthesisView:
    """Returns shared themes with their sessions, people and quotes, model saturation, and contradictions between sessions."""
    return _view(ws.syntheses.get(synthesis_id))


@router.post("/syntheses/{synthesis_id}/sessions", responses=described(401, 403, 404, 409, 415))
def add_to_synthesis(ws: Actor, synthesis_id: str, given: MoreSessions) -> SynthesisLine:
    """Adds sessions; only their themes are matched."""
    return SynthesisLine.listed(ws.syntheses.add(synthesis_id, given.sessions))


@router.post("/syntheses/{synthesis_id}/update", responses=described(401, 403, 404, 409))
def update_synthesis(ws: Actor, synthesis_id: str) -> SynthesisLine:
    """Reads the newest themes of each session; only what is new is matched."""
    return SynthesisLine.listed(ws.syntheses.update(synthesis_id))


@router.post("/syntheses/{synthesis_id}/edit", responses=described(401, 403, 404, 409, 415))
def edit_synthesis(ws: Actor, synthesis_id: str, given: SynthesisEdit) -> SynthesisLine:
    """Merges, separates or renames shared themes."""
    return SynthesisLine.listed(ws.syntheses.edit(synthesis_id, given.version, _change(given)))


@router.delete("/syntheses/{synthesis_id}", status_code=204, responses=described(401, 403, 404))
def delete_synthesis(ws: Actor, synthesis_id: str) -> None:
    """Removes a synthesis; its sessions and their themes stay."""
    ws.syntheses.delete(synthesis_id)


def _change(given: SynthesisEdit) -> SynthesisChange:
    if given.action == "merge":
        return MergeShared(tuple(given.shared), given.name)
    if given.action == "separate":
        return SeparateShared(given.shared[0], tuple((each.source_id, each.at) for each in given.members))
    return RenameShared(given.shared[0], given.name)


def _view(found: Synthesised) -> SynthesisView:
    placed = {each.source_id: each for each in found.synthesis.analyses}
    sources = [
        SourceView(
            id=each.id,
            title=each.title,
            is_round=each.is_round,
            analysis_id=placed[each.id].analysis_id,
            version=placed[each.id].version,
            outdated=each.id in found.outdated,
        )
        for each in found.sources
    ]
    return SynthesisView(
        synthesis=SynthesisLine.listed(found.synthesis),
        synthetic=True,
        simulated=found.simulated,
        method=METHOD,
        threshold=found.threshold,
        sources=sources,
        sessions=list(found.sessions),
        people=found.people,
        lost=found.lost,
        saturation=SaturationView.of(found.saturation),
        themes=[_theme(each, {source.id: source.heard for source in found.sources}) for each in found.themes],
    )


def _theme(theme: SharedTheme, heard: Mapping[str, int]) -> SharedThemeView:
    members = [
        MemberView(
            source_id=each.source_id,
            at=each.at,
            name=each.theme.name,
            summary=each.theme.summary,
            claims=[RoundClaim.of(row) for row in claim_rows(told_of_theme(each.theme, heard[each.source_id]))],
            similarity=each.placed.similarity,
            by_hand=each.placed.by_hand,
            verbatims=[SessionVerbatim.of(said) for said in each.theme.verbatims],
        )
        for each in theme.members
    ]
    return SharedThemeView(
        number=theme.number,
        name=theme.name,
        named_by_hand=theme.named_by_hand,
        sessions=list(theme.sessions),
        people=theme.people,
        first_seen=theme.first.source_id,
        members=members,
        contradiction=_contradiction(theme.contradiction) if theme.contradiction else None,
    )


def _contradiction(found: Contradiction) -> ContradictionView:
    sides = {name: [SideView.of(each) for each in getattr(found, name)] for name in ("positive", "negative")}
    return ContradictionView(kind=found.kind.value, **sides)
