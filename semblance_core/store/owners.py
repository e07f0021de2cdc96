"""Whose something is: what is made in a project belongs to the project's owner, whoever made it."""

from pymongo.collection import Collection

from semblance_core.domain.errors import NotFound
from semblance_core.store.document import Document


def owner_in_project(collection: Collection[Document], document_id: str, what: str) -> str:
    """The owner of the document's project, read together with it; its own `owner_id` only where that project is not there any more.

    Empty for what belongs to no project; raises `NotFound` where there is no such document.
    """
    project = {"from": "projects", "localField": "project_id", "foreignField": "_id", "as": "project"}
    owners = {"project_id": 1, "owner_id": 1, "of_project": {"$first": "$project.owner_id"}}
    for found in collection.aggregate([{"$match": {"_id": document_id}}, {"$lookup": project}, {"$project": owners}]):
        return str(found.get("of_project") or found["owner_id"]) if found["project_id"] else ""
    raise NotFound(f"There is no such {what}.")
