"""Shared reports: `shared_reports`, each with its page as it was, compressed. A link is stored by its token's hash alone."""

import gzip
from collections.abc import Mapping
from datetime import datetime

from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.domain.findings.shared_report import SharedReport
from semblance_core.domain.readable import Readable
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.codec import from_documents, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere

KEPT_DAYS_AFTER = 90
"""A link that is over stays in the list for so long."""
WITHOUT_PAGE: Mapping[str, int] = {"page": 0, "token": 0}


class SharedReports:
    def __init__(self, database: Database[Document]):
        self._shared = database["shared_reports"]
        self._there = StillThere(database)

    def add(self, report: SharedReport, token: str, page: str) -> None:
        """Keeps a page under its link; raises `NotFound` where its session or project is gone."""
        kept = {"token": fingerprint(token), "page": gzip.compress(page.encode())}
        with self._there.adding(
            lambda: self._shared.delete_one({"_id": report.id}),
            project_id=report.project_id,
            group_id=report.focus_group_id,
        ):
            self._shared.insert_one({**to_document(report), **kept})

    def open(self, token: str, at: datetime) -> str | None:
        """The page behind a link, counted as opened; None where no link of this token opens at this time."""
        opens = {"token": fingerprint(token), "revoked_at": None, "expires_at": {"$gt": at}}
        counted = {"$inc": {"opened": 1}, "$max": {"opened_at": at}}
        found = self._shared.find_one_and_update(opens, counted, {"page": 1})
        return gzip.decompress(found["page"]).decode() if found else None

    def owned(self, report_id: str) -> Owned[SharedReport]:
        """The shared report and its project's owner."""
        return owned(self._shared, report_id, "shared report", SharedReport, "page")

    def of_project(self, project_id: str) -> Readable[SharedReport]:
        """A project's shared reports, the newest first."""
        found = self._shared.find({"project_id": project_id}, WITHOUT_PAGE)
        return from_documents(SharedReport, found.sort("created_at", -1))

    def number_open(self, group_id: str, at: datetime) -> int:
        """The number of links of a session that open."""
        opens = {"focus_group_id": group_id, "revoked_at": None, "expires_at": {"$gt": at}}
        return self._shared.count_documents(opens)

    def revoke(self, report_id: str, at: datetime) -> None:
        """Ends a link and removes its page; raises `NotFound` where there is none. One that is over stays as it is."""
        ended = {"$set": {"revoked_at": at}, "$unset": {"page": ""}}
        is_ended = self._shared.update_one({"_id": report_id, "revoked_at": None}, ended).matched_count
        if not is_ended and not self._shared.find_one({"_id": report_id}, {"_id": 1}):
            raise NotFound("There is no such shared report.")

    def delete_of_session(self, group_id: str) -> None:
        """Removes all links of a session with their pages."""
        self._shared.delete_many({"focus_group_id": group_id})

    def delete_of_project(self, project_id: str) -> None:
        """Removes all links of a project with their pages."""
        self._shared.delete_many({"project_id": project_id})
