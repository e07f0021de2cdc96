"""Interview rounds: `interview_rounds`. Each interview is a session of its own, with the round's id in `round_id`."""

from collections.abc import Sequence
from datetime import datetime

from pymongo.database import Database

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.interviews import InterviewRound, RoundProgress
from semblance_core.domain.discussion.reasons import BY_PERSON
from semblance_core.domain.errors import NotFound
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.interviews.together import add_together
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.focus_groups import BUSY
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.queue import ASKS_NEXT
from semblance_core.store.sessions.still_there import StillThere


class InterviewRounds:
    def __init__(self, database: Database[Document]):
        self._rounds = database["interview_rounds"]
        self._groups = database["focus_groups"]
        self._there = StillThere(database)

    def add(self, held: InterviewRound, groups: Sequence[FocusGroup]) -> None:
        """Adds a round with all its sessions, or nothing; raises `NotFound` where its project is gone."""
        add_together(to_document(held), self._rounds, groups, self._groups, self._there)

    def get(self, round_id: str) -> InterviewRound:
        if found := self._rounds.find_one({"_id": round_id}):
            return from_document(InterviewRound, found)
        raise NotFound("There is no such interview round.")

    def owned(self, round_id: str) -> Owned[InterviewRound]:
        """The round and its project's owner."""
        return owned(self._rounds, round_id, "interview round", InterviewRound)

    def title(self, round_id: str) -> str:
        """A round's title; empty where it is gone."""
        found = self._rounds.find_one({"_id": round_id}, {"title": 1})
        return str(found["title"]) if found else ""

    def of_project(self, project_id: str) -> Readable[InterviewRound]:
        """A project's rounds, newest first."""
        return from_documents(InterviewRound, self._rounds.find({"project_id": project_id}).sort("created_at", -1))

    def asked(self, project_id: str, request: str) -> InterviewRound | None:
        """The newest round of a project that was begun for the very same request, or None."""
        found = self._rounds.find_one({"project_id": project_id, "request": request}, sort=[("created_at", -1)])
        return from_document(InterviewRound, found) if found else None

    def sessions(self, held: InterviewRound) -> Readable[FocusGroup]:
        """The interviews that are still there, in the order of the round's people."""
        found = from_documents(FocusGroup, self._groups.find({"round_id": held.id}, {"last": 0}))
        place = {session_id: number for number, session_id in enumerate(held.session_ids)}
        return found.instead(sorted(found, key=lambda group: place.get(group.id, len(place))))

    def session_ids(self, round_id: str) -> list[str]:
        """Ids of the interviews that are still there, also of damaged ones."""
        return [str(found["_id"]) for found in self._groups.find({"round_id": round_id}, {"_id": 1})]

    def progress(self, project_id: str) -> dict[str, RoundProgress]:
        """The state of each round of a project, by its id."""
        which: Document = {"project_id": project_id, "round_id": {"$gt": ""}}
        works = {"$or": [{"$eq": ["$state", FocusGroupState.AUTONOMOUS.value]}, {"$gt": ["$pending", 0]}, ASKS_NEXT]}
        sums: Document = {
            "there": {"$sum": 1},
            "over": {"$sum": {"$cond": [{"$eq": ["$state", FocusGroupState.ENDED.value]}, 1, 0]}},
            "busy": {"$sum": {"$cond": [works, 1, 0]}},
            "messages": {"$sum": {"$subtract": ["$next_seq", 1]}},
        }
        found = self._groups.aggregate([{"$match": which}, {"$group": {"_id": "$round_id", **sums}}])
        return {row["_id"]: RoundProgress(row["there"], row["over"], row["busy"], row["messages"]) for row in found}

    def is_busy(self, round_id: str) -> bool:
        """Returns whether a worker has something to do for any interview."""
        return self._groups.find_one({"round_id": round_id, **BUSY}, {"_id": 1}) is not None

    def over(self, owner_id: str, since: datetime) -> list[str]:
        """Ids of rounds of which an interview ended or paused by itself since then and none goes on."""
        ended = {"owner_id": owner_id, "updated_at": {"$gte": since}, "paused_at": {"$gte": since}}
        ended |= {"reason": {"$nin": ["", *BY_PERSON]}, "round_id": {"$gt": ""}}
        return [str(each) for each in self._groups.distinct("round_id", ended) if not self.is_busy(str(each))]

    def messages(self, round_id: str) -> int:
        """The number of messages in all its interviews."""
        return sum(int(found["next_seq"]) - 1 for found in self._groups.find({"round_id": round_id}, {"next_seq": 1}))

    def delete(self, round_id: str) -> None:
        """Removes a round's own document; its sessions and themes go by themselves (flows/delete.py)."""
        self._rounds.delete_one({"_id": round_id})

    def ids_of_project(self, project_id: str) -> list[str]:
        return [str(found["_id"]) for found in self._rounds.find({"project_id": project_id}, {"_id": 1})]
