"""Branches: sessions that were forked from another one."""

from pymongo.database import Database

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_documents
from semblance_core.store.server.document import Document

MOST = 60


class Forks:
    def __init__(self, database: Database[Document]):
        self._groups = database["focus_groups"]

    def of(self, group: FocusGroup, seq: int = 0) -> Readable[FocusGroup]:
        """The session's branches in its project, at one message or, with 0, at all; by message and in the order of their making."""
        wanted: Document = {"project_id": group.project_id, "fork.session_id": group.id}
        if seq:
            wanted["fork.seq"] = seq
        order = [("fork.seq", 1), ("created_at", 1), ("fork.branch", 1)]
        return from_documents(FocusGroup, self._groups.find(wanted, {"last": 0}).sort(order).limit(MOST))
