"""Writing the next version of what several windows edit: one compare-and-set on the version that was read."""

from collections.abc import Collection
from typing import Any

from semblance_core.domain.editing import Versioned
from semblance_core.store.codec import to_document, to_values, under
from semblance_core.store.server.document import Document


def version_before(after: Versioned) -> Document:
    """A filter for the version that `after` follows; what was stored before there were versions has none, which is 0."""
    before = (after.version or 1) - 1
    return {"version": before if before else {"$in": [0, None]}}


def written(after: Versioned, changed: Collection[str]) -> Document:
    """The update that writes these fields of a value, its version and who edited them; what else is stored there stays."""
    document = to_document(after)
    fields: Document = {}
    for field in changed:
        value = document[field]
        fields |= under(field, value) if isinstance(value, dict) else {field: value}
    edits = {f"edits.{field}": document["edits"][field] for field in changed if field in document["edits"]}
    return {"$set": {**fields, "version": document["version"], **edits}}


def overwritten(by: str, name: str, *also: str, **changes: object) -> list[Document]:
    """The same for a change that nobody made in a window, and which therefore was made from no version.

    also: fields that are changed elsewhere, of which this only says who changed them.
    """
    values = {field: {"$literal": value} for field, value in to_values(changes).items()}
    made: Any = {"version": "$version", "by": {"$literal": by}, "name": {"$literal": name}, "at": "$$NOW"}
    return [
        {"$set": {**values, "version": {"$add": [{"$ifNull": ["$version", 0]}, 1]}}},
        {"$set": {f"edits.{field}": made for field in (*also, *changes)}},
    ]


def editor_renamed(user_id: str, to: str) -> tuple[Document, list[Document]]:
    """Returns the filter for documents that somebody edited, and the update that replaces their name."""
    edits: Document = {"$objectToArray": {"$ifNull": ["$edits", {}]}}
    is_theirs: Document = {"$eq": ["$$edit.v.by", {"$literal": user_id}]}
    renamed: Document = {"$mergeObjects": ["$$edit.v", {"by": {"$literal": to}, "name": {"$literal": to}}]}
    each: Document = {"k": "$$edit.k", "v": {"$cond": [is_theirs, renamed, "$$edit.v"]}}
    every: Document = {"$arrayToObject": {"$map": {"input": edits, "as": "edit", "in": each}}}
    any_of_theirs: Document = {"$anyElementTrue": [{"$map": {"input": edits, "as": "edit", "in": is_theirs}}]}
    return {"$expr": any_of_theirs}, [{"$set": {"edits": every}}]
