"""Sessions that begin together, added with the document that names them by one transaction: all of them or none."""

from collections.abc import Sequence

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.store.codec import to_document
from semblance_core.store.server.document import Document
from semblance_core.store.server.lease import NO_LEASE
from semblance_core.store.sessions.still_there import StillThere


def add_together(
    named_by: Document,
    holder: Collection[Document],
    groups: Sequence[FocusGroup],
    sessions: Collection[Document],
    there: StillThere,
) -> None:
    """Adds them all, or nothing; raises `NotFound` where their project is gone."""
    documents = [{**to_document(group), "lease_until": NO_LEASE, "last": []} for group in groups]
    ids = [group.id for group in groups]

    def write(within: ClientSession) -> None:
        holder.insert_one(named_by, session=within)
        if documents:
            sessions.insert_many(documents, session=within)

    def undo() -> None:
        holder.delete_one({"_id": named_by["_id"]})
        sessions.delete_many({"_id": {"$in": ids}})

    with there.adding(undo, project_id=named_by["project_id"]), holder.database.client.start_session() as session:
        session.with_transaction(write)
