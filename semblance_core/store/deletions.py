"""Deletions in progress, written down before anything goes: so another process finishes them where one died.

It stays written down for a day afterwards and is done again then, because a worker that was frozen may bring something late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.store.codec import from_document, to_document
from semblance_core.store.server.document import Document

AT_WORK = timedelta(seconds=5)
"""Interval within which a deleting process reports; a silent one is taken for dead."""
AGAIN = (timedelta(seconds=30), timedelta(minutes=10), timedelta(days=1))
"""Times after the first deletion at which it is done again."""


class Deleted(StrEnum):
    SESSION = "focus_group"
    PROJECT = "project"
    ACCOUNT = "user"
    SURVEY = "survey"
    INTERVIEWS = "interview_round"
    DESIGN = "design"


@dataclass(frozen=True, slots=True)
class Deletion:
    """of: the id of what is deleted. at: since when. runs: how often it was done to its end. within: the project that a session
    is deleted with, empty where it goes alone.

    Of an account: hand_over_to, who gets its projects, empty where they are deleted too; pseudonym, the name that its usage
    stands under from now on, empty where it keeps its own.
    """

    id: str
    kind: Deleted
    of: str
    at: datetime
    next_at: datetime
    runs: int = 0
    hand_over_to: str = ""
    pseudonym: str = ""
    within: str = ""


class Deletions:
    def __init__(self, database: Database[Document]):
        self._deletions = database["deletions"]

    def begin(
        self, kind: Deleted, of: str, at: datetime, *, hand_over_to: str = "", pseudonym: str = "", within: str = ""
    ) -> Deletion:
        """Writes it down; one that was begun before goes on as it was begun."""
        name = f"{kind}/{of}"
        begun = Deletion(name, kind, of, at, at + AT_WORK, 0, hand_over_to, pseudonym, within)
        self._deletions.update_one({"_id": name}, {"$setOnInsert": to_document(begun)}, upsert=True)
        return self.get(kind, of)

    def unfinished_within(self, project_id: str) -> list[str]:
        """Ids of the sessions that were begun to be deleted with a project, and may be half gone."""
        begun = {"kind": Deleted.SESSION.value, "within": project_id, "runs": 0}
        return [str(found["of"]) for found in self._deletions.find(begun, {"of": 1})]

    def find(self, kind: Deleted, of: str) -> Deletion | None:
        found = self._deletions.find_one({"_id": f"{kind}/{of}"})
        return from_document(Deletion, found) if found else None

    def get(self, kind: Deleted, of: str) -> Deletion:
        if found := self.find(kind, of):
            return found
        raise NotFound("This is not being deleted.")

    def going_on(self, deletion: Deletion, at: datetime) -> None:
        """Says that somebody is at it."""
        self._deletions.update_one({"_id": deletion.id}, {"$max": {"next_at": at + AT_WORK}})

    def done(self, deletion: Deletion, at: datetime) -> None:
        """Says that nothing is left of it; it is looked after a few times more, and then forgotten."""
        if deletion.runs < len(AGAIN):
            later = {"$set": {"next_at": at + AGAIN[deletion.runs], "runs": deletion.runs + 1}}
            self._deletions.update_one({"_id": deletion.id, "runs": deletion.runs}, later)
        else:
            self._deletions.delete_one({"_id": deletion.id})

    def next_due(self, at: datetime) -> Deletion | None:
        """One that nobody is at, now the caller's for a moment; None where there is none."""
        taken = {"$set": {"next_at": at + AT_WORK}}
        found = self._deletions.find_one_and_update({"next_at": {"$lt": at}}, taken, sort=[("next_at", 1)])
        return from_document(Deletion, found) if found else None
