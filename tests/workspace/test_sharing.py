"""Links to reports: frozen when they are made, opened by their token alone, ended, expired, deleted with what they show."""

from dataclasses import replace
from datetime import timedelta

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.project import Event
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.shared_report import MOST_LINKS, LinkState
from semblance_core.domain.findings.theme import Theme, Verbatim
from semblance_core.domain.findings.theme_edits import Rewrite
from semblance_core.workspace import Workspace
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, found_themes, session

SAID = "The price is <b>too high</b>. I buy two cheap ones."


@pytest.fixture
def group(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> FocusGroup:
    model_server.script = lambda asked: Reply(SAID)
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "What do you think?")
    speaker = group.participants[0].name
    found_themes(semblance, group, [Theme("Price", "It is dear.", (Verbatim(2, speaker, "I buy two cheap ones."),))])
    return workspace.sessions.get(group.id)


def opened(semblance: Semblance, token: str, days: float = 0) -> str | None:
    return semblance.store.shared_reports.open(token, semblance.clock() + timedelta(days=days))


def test_a_link_opens_the_report_as_it_was(semblance: Semblance, workspace: Workspace, group: FocusGroup) -> None:
    link = workspace.sharing.share(group.id, 7)
    page = opened(semblance, link.token)
    assert page
    for part in ("Price", "I buy two cheap ones.", "synthetic", "Method card", "Shared by a link", "noindex"):
        assert part in page
    assert "<b>too high" not in page
    assert "<h2>Cost</h2>" not in page
    found = workspace.findings.get(group.id)
    assert found
    workspace.findings.edit(group.id, found.analysis_id, 0, Rewrite(0, "Money", "Dear."))
    asked_round(semblance, workspace, group.id, "Anything else?")
    assert opened(semblance, link.token) == page
    assert "Money" in (opened(semblance, workspace.sharing.share(group.id).token) or "")
    (_, first) = workspace.sharing.of_project(group.project_id)
    assert (first.opened, first.version, first.analysis_id) == (2, 0, found.analysis_id)
    assert first.opened_at


def test_nothing_but_its_token_opens_a_link(semblance: Semblance, workspace: Workspace, group: FocusGroup) -> None:
    link = workspace.sharing.share(group.id)
    for wrong in ("", link.report.id, link.token[:-1], f"{link.token}x", group.id):
        assert opened(semblance, wrong) is None
    stored = semblance.connection.database["shared_reports"].find_one({}) or {}
    assert link.token not in repr(stored)


def test_a_link_ends_when_it_expires_or_is_ended(semblance: Semblance, workspace: Workspace, group: FocusGroup) -> None:
    link, other = workspace.sharing.share(group.id, 7), workspace.sharing.share(group.id, 7)
    assert opened(semblance, link.token, 6.9)
    assert opened(semblance, link.token, 7.1) is None
    assert link.report.state(link.report.expires_at) is LinkState.EXPIRED
    workspace.sharing.revoke(link.report.id)
    workspace.sharing.revoke(link.report.id)
    assert opened(semblance, link.token) is None
    assert opened(semblance, other.token)
    newest, ended = workspace.sharing.of_project(group.project_id)
    assert [each.state(semblance.clock()) for each in (newest, ended)] == [LinkState.OPEN, LinkState.REVOKED]
    assert "page" not in (semblance.connection.database["shared_reports"].find_one({"_id": link.report.id}) or {})
    told = [event.what for event in workspace.projects.activity(group.project_id)]
    assert (told.count(Event.SHARED), told.count(Event.REVOKED)) == (2, 1)


def test_a_link_holds_for_a_year_at_most_and_a_session_has_few(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    for days in (0, -1, 366):
        with pytest.raises(InvalidInput, match="1 to 365 days"):
            workspace.sharing.share(group.id, days)
    with pytest.raises(NotFound):
        workspace.sharing.share(group.id, analysis_id="no-such")
    links = [workspace.sharing.share(group.id, 1) for _ in range(MOST_LINKS)]
    with pytest.raises(Conflict, match="end one first"):
        workspace.sharing.share(group.id)
    workspace.sharing.revoke(links[0].report.id)
    workspace.sharing.share(group.id)


def test_links_go_with_their_session_and_project_and_move_with_their_owner(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    link, other = workspace.sharing.share(group.id), session(workspace, 2)
    kept = workspace.sharing.share(other.id)
    workspace.sessions.delete(group.id)
    assert opened(semblance, link.token) is None
    assert opened(semblance, kept.token)
    with pytest.raises(NotFound):
        semblance.store.shared_reports.add(replace(link.report, id="late"), "late", "page")
    assert opened(semblance, "late") is None
    semblance.store.traces.rename("user", "account-1")
    (moved,) = semblance.store.shared_reports.of_project(other.project_id)
    assert (moved.owner_id, moved.created_by) == ("account-1", "account-1")
    semblance.store.projects.hand_over(other.project_id, "other")
    (moved,) = semblance.workspace("other").sharing.of_project(other.project_id)
    assert moved.owner_id == "other"
    semblance.workspace("other").projects.delete(other.project_id)
    assert opened(semblance, kept.token) is None
    assert semblance.connection.database["shared_reports"].count_documents({}) == 0
