"""Use and cost of calls, for administrators."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as InQuery
from pydantic import Field

from api.actor import Actor
from api.problems import described
from api.values import Id, Label, Moment, Query, View
from api.views import Spent, UsageEvent
from semblance_core.domain.usage.events import UsageFilter

router = APIRouter(prefix="/admin", tags=["Usage"])


class Wanted(Query):
    """from ≤ at < to. after: `next` of the page before."""

    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    user: Id | None = None
    project: Id | None = None
    model: Label | None = None
    feature: Label | None = None
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100


class UsagePage(View):
    """Calls, newest first. total: of all pages; only the first one has it. next: what to ask for `after`; null at the end."""

    items: list[UsageEvent]
    total: Spent | None
    next: str | None


@router.get("/usage", responses=described(401, 403))
def read_usage(ws: Actor, wanted: Annotated[Wanted, InQuery()]) -> UsagePage:
    """Every model call that was made, whatever came of it. For administrators."""
    where = UsageFilter(wanted.since, wanted.until, wanted.user, wanted.project, wanted.model, wanted.feature)
    found = ws.usage.everybody.calls(where, limit=wanted.limit + 1, after=wanted.after or "")
    shown = found[: wanted.limit]
    following = shown[-1].id if len(found) > len(shown) else None
    total = None if wanted.after else ws.usage.everybody.spent(where)
    return UsagePage.of({"items": shown, "total": total, "next": following})
