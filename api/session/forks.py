"""Forking a session at any message, and its branches side by side."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.actor import Actor
from api.problems import described
from api.session.views import FocusGroupView, Message
from api.values import AS_JSON, Form, Topic, View
from semblance_core.domain.discussion.moderation.fork import MOST_BRANCHES

router = APIRouter(prefix="/focus-groups/{group_id}", tags=["Forks"])
Seq = Annotated[int, Field(ge=1, le=10**9)]


class NewFork(Form):
    """seq: the message up to which the transcript is copied. text: other words in its place; a moderator's is answered anew.

    ask: the question to put next in each branch; empty, and the branches wait. branches: how many, each with a seed of its own.
    """

    seq: Annotated[Seq, AS_JSON]
    text: Topic = ""
    ask: Topic = ""
    branches: Annotated[int, Field(ge=1, le=MOST_BRANCHES), AS_JSON] = 1


class Column(View):
    """A session and its messages behind the common ones."""

    session: FocusGroupView
    messages: list[Message]


class SideBySide(View):
    """common: the last messages that all of them share. columns: the session itself first."""

    common: list[Message]
    columns: list[Column]


@router.post("/forks", status_code=201, responses=described(401, 403, 404, 409, 415, 429))
def fork_focus_group(ws: Actor, group_id: str, given: NewFork) -> list[FocusGroupView]:
    """Makes branches. What the copied messages cost stays with this session; those that were asked something answer already."""
    made = ws.forks.fork(group_id, given.seq, instead=given.text, ask=given.ask, branches=given.branches)
    return [FocusGroupView.of(each) for each in made]


@router.get("/forks", responses=described(401, 403, 404))
def list_forks(ws: Actor, group_id: str) -> list[FocusGroupView]:
    """All branches of the session, by the message that they begin at."""
    return [FocusGroupView.of(each) for each in ws.forks.branches(group_id)]


@router.get("/forks/{seq}", responses=described(401, 403, 404))
def read_branches(ws: Actor, group_id: str, seq: Seq) -> SideBySide:
    """The session and its branches at one message, side by side."""
    found = ws.forks.side_by_side(group_id, seq)
    pairs = zip(found.groups, found.after, strict=True)
    columns = [
        Column(session=FocusGroupView.of(each), messages=[Message.of(one) for one in said]) for each, said in pairs
    ]
    return SideBySide(common=[Message.of(one) for one in found.common], columns=columns)
