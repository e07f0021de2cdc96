"""Syntheses of a project's sessions: `syntheses`. They name analyses and hold none of their words."""

from pymongo.database import Database

from semblance_core.domain.errors import NotFound
from semblance_core.domain.findings.synthesis import Synthesis
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere


class Syntheses:
    def __init__(self, database: Database[Document]):
        self._syntheses = database["syntheses"]
        self._there = StillThere(database)

    def add(self, synthesis: Synthesis) -> None:
        """Adds a synthesis; raises `NotFound` where its project is gone."""
        with self._there.adding(lambda: self.delete(synthesis.id), project_id=synthesis.project_id):
            self._syntheses.insert_one(to_document(synthesis))

    def get(self, synthesis_id: str) -> Synthesis:
        if found := self._syntheses.find_one({"_id": synthesis_id}):
            return from_document(Synthesis, found)
        raise NotFound("There is no such synthesis.")

    def owned(self, synthesis_id: str) -> Owned[Synthesis]:
        """The synthesis and its project's owner."""
        return owned(self._syntheses, synthesis_id, "synthesis", Synthesis)

    def of_project(self, project_id: str) -> Readable[Synthesis]:
        """A project's syntheses, newest first."""
        return from_documents(Synthesis, self._syntheses.find({"project_id": project_id}).sort("created_at", -1))

    def replace(self, synthesis: Synthesis) -> bool:
        """Writes the next version of a synthesis; False where somebody else has written that one, or it is gone."""
        document = to_document(synthesis)
        for kept in ("_id", "project_id", "owner_id", "created_at"):  # its owner may be another one by now
            document.pop(kept)
        here = {"_id": synthesis.id, "version": synthesis.version - 1}
        return self._syntheses.update_one(here, {"$set": document}).matched_count == 1

    def delete(self, synthesis_id: str) -> None:
        self._syntheses.delete_one({"_id": synthesis_id})

    def delete_of_project(self, project_id: str) -> None:
        self._syntheses.delete_many({"project_id": project_id})

    def take_out(self, source_id: str) -> None:
        """Takes a session or interview round that is deleted out of all syntheses."""
        held = {"analyses.source_id": source_id}
        gone: Document = {"$pull": {"analyses": {"source_id": source_id}}, "$inc": {"version": 1}}
        self._syntheses.update_many(held, gone)
