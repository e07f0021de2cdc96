"""Operations on shared reports: a link that anybody can read a report by, the list of a project's links, ending one."""

import secrets

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict
from semblance_core.domain.findings.shared_report import DEFAULT_DAYS, MOST_LINKS, NewLink, SharedReport, expiry
from semblance_core.reports.html_report import report_html
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.subjects import focus_group, project, shared_report


class Sharing(Operations):
    @changes(focus_group, "Shared a report by a link", action="share_report", logs=("days",))
    def share(self, group: FocusGroup, days: int = DEFAULT_DAYS, *, analysis_id: str = "") -> NewLink:
        """Makes a link by which anybody reads the session's report as it is now. What is said or edited later does not change it.

        The page has the summary, themes, quotes, method card, guide and transcript, and no cost. The link opens nothing else.

        Args:
            group: the session; callers hand over its id.
            days: how long it holds, 1 to 365.
            analysis_id: whose themes; empty for the newest ones, as they were last edited.

        Returns:
            The link. Its token is shown this once and kept nowhere.

        Raises:
            InvalidInput: it cannot hold for so many days.
            NotFound: the session has no such analysis.
            Conflict: too many links of the session are open.
        """
        now, store = self._clock(), self._store
        expires_at = expiry(now, days)
        if store.shared_reports.number_open(group.id, now) >= MOST_LINKS:
            raise Conflict(f"This session has {MOST_LINKS} open links already; end one first.")
        themes = store.themes
        findings = themes.get(group.id, analysis_id) if analysis_id else themes.newest(group.id)
        shown, version = (findings.analysis_id, findings.version) if findings else ("", 0)
        report = SharedReport(
            new_id(),
            group.project_id,
            self._found.owner_id or "",
            group.id,
            group.title,
            now,
            expires_at,
            self._actor.id,
            shown,
            version,
        )
        link = NewLink(report, secrets.token_urlsafe(32))
        page = report_html(group, store.focus_groups.messages(group.id), findings, None, shared_at=now)
        store.shared_reports.add(report, link.token, page)
        return link

    @reads(project)
    def of_project(self, project: Project) -> list[SharedReport]:
        """The project's links, the newest first; those that are over among them for a while. None of them can be opened from here."""
        return self._store.shared_reports.of_project(project.id)

    @changes(shared_report, "Ended the link of a shared report", action="revoke_report")
    def revoke(self, report: SharedReport) -> None:
        """Ends a link at once and removes its page."""
        self._store.shared_reports.revoke(report.id, self._clock())
