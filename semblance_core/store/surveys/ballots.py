"""Ballots of sessions: `ballots`, one document a participant and wave."""

from datetime import datetime

from pymongo.database import Database

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import NotWanted
from semblance_core.domain.instruments.ballot import Cast, Wave
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_documents, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.sessions.awaited import NO_STOP_UNFINISHED

MOST_AT_ONCE = 100


class Ballots:
    def __init__(self, database: Database[Document]):
        self._ballots = database["ballots"]
        self._groups = database["focus_groups"]

    def casts(self, group_id: str) -> Readable[Cast]:
        """All ballots of a session, by wave and participant."""
        order = [("wave", 1), ("through", 1), ("persona_id", 1)]
        return from_documents(Cast, self._ballots.find({"focus_group_id": group_id}).sort(order))

    def keys(self, group_id: str) -> frozenset[tuple[Wave, str, int]]:
        """The keys of the session's ballots: wave, participant, last message heard."""
        found = self._ballots.find({"focus_group_id": group_id}, {"wave": 1, "persona_id": 1, "through": 1})
        return frozenset((Wave(each["wave"]), each["persona_id"], int(each["through"])) for each in found)

    @patiently
    def keep(self, group: FocusGroup, cast: Cast, at: datetime) -> None:
        """Stores a ballot; of two of the same wave the first one stays. Raises `NotWanted` where the session is gone."""
        ballot_id = f"{group.id}/{cast.wave}/{cast.through}/{cast.persona_id}"
        document = {**to_document(cast), "focus_group_id": group.id, "project_id": group.project_id, "at": at}
        self._ballots.update_one({"_id": ballot_id}, {"$setOnInsert": document}, upsert=True)
        if not self._groups.find_one({"_id": group.id}, {"_id": 1}):
            self._ballots.delete_one({"_id": ballot_id})
            raise NotWanted("The session was deleted meanwhile.")

    def due(self) -> Readable[FocusGroup]:
        """Sessions with a ballot that have ended, some of them, whose ballot after was not begun since the last message."""
        further = {"$lt": [{"$ifNull": ["$ballot_begun", 0]}, {"$subtract": ["$next_seq", 1]}]}
        ended = {"ballot": {"$gt": ""}, "state": FocusGroupState.ENDED.value, **NO_STOP_UNFINISHED}
        return from_documents(FocusGroup, self._groups.find({**ended, "$expr": further}).limit(MOST_AT_ONCE))

    def begun(self, group_id: str, through: int) -> None:
        """Notes that the ballot after was begun through this message."""
        self._groups.update_one({"_id": group_id}, {"$max": {"ballot_begun": through}})

    def delete_of(self, group_id: str) -> None:
        """Removes all ballots of a session."""
        self._ballots.delete_many({"focus_group_id": group_id})
