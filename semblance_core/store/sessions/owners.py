"""Owners: everything in a project belongs to the project's owner, whoever made it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pymongo.collection import Collection

from semblance_core.domain.errors import NotFound
from semblance_core.store.codec import from_document
from semblance_core.store.server.document import Document

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Owned(Generic[Thing]):
    """A stored thing with its owner, read together. read: returns the thing; raises `Unreadable` where it is damaged."""

    owner_id: str
    project_id: str
    read: Callable[[], Thing]


def owner_in_project(collection: Collection[Document], document_id: str, what: str) -> str:
    """The owner of the document's project, read together with it; its own `owner_id` only where that project is not there any more.

    Empty for what belongs to no project; raises `NotFound` where there is no such document.
    """
    fields = {"$project": {"project_id": 1, "owner_id": 1, "of_project": 1}}
    return _owner(_with_owner(collection, document_id, what, fields))


def owned(
    collection: Collection[Document], document_id: str, what: str, kind: type[Thing], hidden: str = "", **absent: Any
) -> Owned[Thing]:
    """The document and the owner of its project, in one read; raises `NotFound` where there is no such document.

    Args:
        collection: where the document is.
        document_id: its id.
        what: what the error calls it.
        kind: the type that it is read as.
        hidden: a field that is left out.
        absent: values of fields that the document does not have.
    """
    found = _with_owner(collection, document_id, what, *([{"$unset": hidden}] if hidden else []))
    owner_id = _owner(found)
    found.pop("of_project", None)
    return Owned(owner_id, str(found["project_id"]), lambda: from_document(kind, {**absent, **found}))


def _with_owner(collection: Collection[Document], document_id: str, what: str, *then: dict[str, Any]) -> Document:
    project = {"from": "projects", "localField": "project_id", "foreignField": "_id", "as": "of_project"}
    owner: Document = {"$set": {"of_project": {"$first": "$of_project.owner_id"}}}
    for found in collection.aggregate([{"$match": {"_id": document_id}}, {"$lookup": project}, owner, *then]):
        return found
    raise NotFound(f"There is no such {what}.")


def _owner(found: Document) -> str:
    return str(found.get("of_project") or found.get("owner_id", "")) if found["project_id"] else ""
