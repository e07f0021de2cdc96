"""Links to reports for people without an account."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from api.actor import Actor
from api.problems import described
from api.values import AS_JSON, Form, View, When
from semblance_core.domain.findings.shared_report import DEFAULT_DAYS, LONGEST_DAYS, LinkState
from semblance_core.domain.findings.shared_report import SharedReport as Shared

router = APIRouter(tags=["Shared reports"])


class NewLinkForm(Form):
    """days: how long the link holds. analysis_id: whose themes, empty for the newest."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS), AS_JSON] = DEFAULT_DAYS
    analysis_id: Annotated[str, Field(max_length=200)] = ""


class SharedReport(View):
    """A link. opened: how often, previews of chat programs among them. version: of the analysis that it shows."""

    id: str
    focus_group_id: str
    title: str
    analysis_id: str
    version: int
    created_at: When
    expires_at: When
    revoked_at: When | None
    opened: int
    opened_at: When | None


class LinkedReport(SharedReport):
    """path: the link below the server's address. It is told this once."""

    path: str


class ListedReport(SharedReport):
    state: LinkState


@router.post("/focus-groups/{group_id}/shared-reports", status_code=201, responses=described(401, 403, 404, 409, 415))
def share_report(ws: Actor, group_id: str, given: NewLinkForm) -> LinkedReport:
    """Makes a link by which anybody reads the session's report as it is now, without its cost."""
    link = ws.sharing.share(group_id, given.days, analysis_id=given.analysis_id)
    return LinkedReport(**_fields(link.report), path=f"/{link.path}")


@router.get("/projects/{project_id}/shared-reports", responses=described(401, 403, 404))
def list_shared_reports(ws: Actor, project_id: str) -> list[ListedReport]:
    """The project's links, the newest first; none of them can be opened from here."""
    now = ws.clock()
    return [ListedReport(**_fields(each), state=each.state(now)) for each in ws.sharing.of_project(project_id)]


@router.delete("/shared-reports/{report_id}", status_code=204, responses=described(401, 403, 404))
def revoke_shared_report(ws: Actor, report_id: str) -> None:
    """Ends a link at once; it stays in the list for 90 days after it would have expired."""
    ws.sharing.revoke(report_id)


def _fields(report: Shared) -> dict[str, Any]:
    return {name: getattr(report, name) for name in SharedReport.model_fields}
