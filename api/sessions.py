"""Focus groups: setting one up, asking, letting it run, reading, finding themes."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.finding_views import AnalysesCompared, Findings
from api.problems import described
from api.session.views import FocusGroupView, GuideLine, Message
from api.studies import Begun, begun
from api.values import AS_JSON, MOST_WHOLE, BallotText, Form, GuideText, Id, ModelName, Query, Said, Title, Topic, View
from semblance_core.domain.discussion.focus_group import LANGUAGE_CHARS, MAX_PARTICIPANTS
from semblance_core.domain.discussion.guide import MAX_QUESTIONS, Guide, guide_reading, parse_guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.workspace import SessionConfig

router = APIRouter(prefix="/focus-groups", tags=["Focus groups"])
PersonaIds = Annotated[list[Id], Field(max_length=MAX_PARTICIPANTS)]


class NewFocusGroup(Form):
    """guide: Markdown with `## section` and `- question` lines, or as it was pasted; empty for none. persona_ids: who takes part.

    A line `show: NAME` below a question names a stimulus that is shown with it, `probe: …` is a planned follow-up, and `private:` has
    each answer it alone first; “(10 minutes)” or “(12 turns)” behind a section's title is its time. rotate_stimuli: those of a section change places
    from group to group of the project. group_number: as for which group they do; 0 counts the groups of the project. probing:
    how far the moderator of an autonomous discussion follows up: `none`, `light` (once a question) or `deep` (twice).
    private_first: each participant answers every question alone before the discussion of it. language: that
    participants and moderator speak, by its English name; empty for the guide's. ballot: a questionnaire as Markdown that each
    participant answers in private before the discussion and after it; empty for none. ballot_control: it is also put twice without it.
    """

    project_id: Id
    title: Title
    topic: Topic = ""
    guide: GuideText = ""
    persona_ids: PersonaIds = Field(default_factory=list)
    model: ModelName = ""
    turn_limit: Annotated[int, Field(ge=1, le=2_000), AS_JSON] = 40
    seed: Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON] = 0
    rotate_stimuli: bool = False
    probing: Annotated[Probing, Field(strict=False)] = Probing.LIGHT
    private_first: bool = False
    language: Annotated[str, Field(max_length=LANGUAGE_CHARS)] = ""
    ballot: BallotText = ""
    ballot_control: bool = True
    group_number: Annotated[int, Field(ge=0, le=10_000), AS_JSON] = 0


class NewMessage(Form):
    """to: ids of those who are asked; without it, those whom the text names with @, else everyone. quote: seq of a message to quote.

    question: index of the guide's question that this puts, in whatever words; without it, it is found by its words. in_turn: those
    asked answer one after the other, and hear the answers before theirs.
    """

    text: Said
    to: Annotated[PersonaIds, Field(min_length=1)] | None = None
    question: Annotated[int, Field(ge=0, lt=MAX_QUESTIONS), AS_JSON] | None = None
    quote: Annotated[int, Field(ge=1, le=10**9), AS_JSON] | None = None
    in_turn: bool = False


class Asked(View):
    """seq: the message's own. replies: those that are to come. messages_url: where they will stand, as Location says too."""

    seq: int
    replies: list[int]
    messages_url: str


class Page(Query):
    after: Annotated[int, Field(ge=0, le=10**9)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class Again(Query):
    again: bool = False


class Between(Query):
    """first, second: ids of analyses; empty for the newest."""

    first: Annotated[str, Field(max_length=200)] = ""
    second: Annotated[str, Field(max_length=200)] = ""


class Messages(View):
    """Messages in order. last_seq: of the whole session. is_busy: whether somebody is still to speak."""

    items: list[Message]
    last_seq: int
    is_busy: bool


@router.post("", status_code=201, responses=described(401, 403, 404, 415))
def create_focus_group(ws: Actor, given: NewFocusGroup, request: Request, response: Response) -> FocusGroupView:
    """Sets a session up; nobody speaks yet. `guide_left_out` has the lines of the guide that were not taken in, `guide_read_as` those to look at."""
    personas = {persona.id: persona for persona in ws.personas.of_project(given.project_id)}
    if missing := [persona_id for persona_id in given.persona_ids if persona_id not in personas]:
        raise InvalidInput(f"This project has no persona with the id {missing[0]}.")
    guide = parse_guide(given.guide) if given.guide.strip() else Guide()
    people = tuple(personas[persona_id] for persona_id in given.persona_ids)
    limits = (given.model, given.turn_limit, given.seed)
    rotation = (given.rotate_stimuli, given.group_number)
    wanted = SessionConfig(
        given.title, given.topic, guide, people, *limits, *rotation, given.probing, given.private_first, given.language
    )
    wanted = replace(wanted, ballot=given.ballot, ballot_control=given.ballot_control)
    group = ws.sessions.create(given.project_id, wanted)
    response.headers["Location"] = _url(request, group.id)
    reading = guide_reading(given.guide)
    notes = {
        "guide_left_out": [GuideLine.of(line) for line in reading.left_out],
        "guide_read_as": [GuideLine(number=line.number, text=line.text, why=line.how) for line in reading.read_as],
    }
    return FocusGroupView.of(group).model_copy(update=notes)


@router.get("/{group_id}", responses=described(401, 403, 404))
def read_focus_group(ws: Actor, group_id: str) -> FocusGroupView:
    return FocusGroupView.of(ws.sessions.get(group_id))


@router.delete("/{group_id}", status_code=204, responses=described(401, 403, 404))
def delete_focus_group(ws: Actor, group_id: str) -> None:
    """Ends all work on a session and removes it with its messages, themes and stimuli. What it cost stays on record."""
    ws.sessions.delete(group_id)


@router.get("/{group_id}/messages", responses=described(401, 403, 404))
def read_messages(ws: Actor, group_id: str, page: Annotated[Page, InQuery()]) -> Messages:
    """Messages whose seq is above `after`. One that is pending is filled in place: read it again while `is_busy`."""
    group = ws.sessions.get(group_id)  # before its messages: what is said meanwhile comes with the next page
    found = ws.sessions.messages(group_id, first=page.after + 1, last=page.after + page.limit)
    return Messages.of({"items": found, "last_seq": group.next_seq - 1, "is_busy": group.is_busy})


@router.post("/{group_id}/messages", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def post_message(ws: Actor, group_id: str, given: NewMessage, request: Request, response: Response) -> Asked:
    """Puts a moderator's message; the replies come by themselves."""
    asks = partial(ws.sessions.post, group_id, given.text, given.to, question=given.question, quote=given.quote)
    after = asks(in_turn=given.in_turn)
    seq = after.next_seq - 1 - after.pending
    url = f"{_url(request, group_id)}/messages?after={seq}"
    response.headers["Location"] = url
    return Asked(seq=seq, replies=list(range(seq + 1, after.next_seq)), messages_url=url)


@router.post("/{group_id}/messages/{seq}/retry", status_code=202, responses=described(401, 403, 404, 409))
def retry_reply(
    ws: Actor,
    group_id: str,
    seq: Annotated[int, Field(ge=1, le=10**9)],
    request: Request,
    response: Response,
) -> FocusGroupView:
    """Asks again for a reply that failed."""
    ws.sessions.retry(group_id, seq)
    return _now(ws, group_id, request, response)


@router.post("/{group_id}/autonomous-start", status_code=202, responses=described(401, 403, 404, 409, 429))
def start_autonomous(ws: Actor, group_id: str, request: Request, response: Response) -> FocusGroupView:
    """Lets the discussion run by itself, along the guide, until it ends or is stopped."""
    ws.sessions.start(group_id)
    return _now(ws, group_id, request, response)


@router.post("/{group_id}/autonomous-stop", responses=described(401, 403, 404))
def stop_autonomous(ws: Actor, group_id: str) -> FocusGroupView:
    """Stops a running discussion, or replies under way. What comes late is discarded; its cost is kept."""
    ws.sessions.stop(group_id)
    return FocusGroupView.of(ws.sessions.get(group_id))


@router.post("/{group_id}/end", responses=described(401, 403, 404))
def end_focus_group(ws: Actor, group_id: str) -> FocusGroupView:
    """Ends a session: it takes no question until somebody reopens it in the browser."""
    ws.sessions.end(group_id)
    return FocusGroupView.of(ws.sessions.get(group_id))


@router.post("/{group_id}/analysis", status_code=202, responses=described(401, 403, 404, 409, 429))
def analyse(
    ws: Actor, group_id: str, given: Annotated[Again, InQuery()], request: Request, response: Response
) -> Begun:
    """Begins to find themes in what was said so far.

    Where that is under way, or done of all that was said by the same model, the task is that one's, and nothing is paid again;
    with `again=true` an analysis that is done is made once more.
    """
    return begun(ws.findings.analyse(group_id, again=given.again), request, response)


@router.get("/{group_id}/findings", responses=described(401, 403, 404, 409))
def read_findings(ws: Actor, group_id: str) -> Findings:
    """The newest themes and summary; 409 before the first analysis is done."""
    found = ws.findings.get(group_id)
    if found is None:
        raise Conflict("This session has no findings yet: begin an analysis, and wait for its task.")
    return Findings.among(found, len(ws.sessions.get(group_id).participants))


@router.get("/{group_id}/agreement", responses=described(401, 403, 404, 409))
def read_agreement(ws: Actor, group_id: str, between: Annotated[Between, InQuery()]) -> AnalysesCompared:
    """Compares two analyses of a session, by default the two newest; 409 before there are two."""
    ids = [each for each in (between.first, between.second) if each]
    newest = [each.analysis_id for each in ws.findings.analyses(group_id) if each.analysis_id not in ids]
    if len(ids) + len(newest) < 2:
        raise Conflict("This session has fewer than two analyses: begin another one, with again=true.")
    first = between.first or newest.pop(0)
    return AnalysesCompared.between(ws.findings.agreement(group_id, first, between.second or newest[0]))


def _now(ws: Actor, group_id: str, request: Request, response: Response) -> FocusGroupView:
    response.headers["Location"] = _url(request, group_id)
    return FocusGroupView.of(ws.sessions.get(group_id))


def _url(request: Request, group_id: str) -> str:
    return f"{request.scope['root_path']}/focus-groups/{group_id}"
