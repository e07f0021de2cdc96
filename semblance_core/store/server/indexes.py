"""The indexes that the program wants, and how it comes by them: what stands in their way is mended, or said in words.

Indexes of other names, which an operator may have added, are left alone.
"""

import logging
from collections.abc import Iterator
from typing import Any

from pymongo import ASCENDING, DESCENDING, TEXT, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from semblance_core.store.server.document import Document

INDEX_NOT_FOUND, OTHER_OPTIONS, OTHER_KEYS, DUPLICATES = 27, 85, 86, 11000
SHOWN = 3
log = logging.getLogger(__name__)


def index(*keys: tuple[str, int], **options: Any) -> IndexModel:
    return IndexModel(list(keys), **options)


WANTED: dict[str, list[IndexModel]] = {
    "users": [
        index(
            ("microsoft_id", ASCENDING),
            name="microsoft",
            unique=True,
            partialFilterExpression={"microsoft_id": {"$gt": ""}},
        )
    ],
    "projects": [index(("owner_id", ASCENDING))],
    "personas": [index(("project_id", ASCENDING), ("created_at", ASCENDING))],
    "focus_groups": [
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("project_id", ASCENDING), ("updated_at", DESCENDING), ("_id", ASCENDING)),
        index(("owner_id", ASCENDING), ("updated_at", DESCENDING), ("_id", ASCENDING)),
        index(("state", ASCENDING), ("lease_until", ASCENDING)),
        index(("pending", ASCENDING), ("lease_until", ASCENDING)),
        index(("queued.refused", ASCENDING), name="queued", sparse=True),
        index(("stop_unfinished", ASCENDING), sparse=True),
        index(("themes_with", ASCENDING), name="themes_due", partialFilterExpression={"themes_with": {"$gt": ""}}),
        index(
            ("fork.session_id", ASCENDING), name="branches", partialFilterExpression={"fork.session_id": {"$gt": ""}}
        ),
        index(("ballot", ASCENDING), name="ballots_due", partialFilterExpression={"ballot": {"$gt": ""}}),
        index(("reason", ASCENDING), name="waiting", partialFilterExpression={"state": "moderated"}),
        index(("round_id", ASCENDING), name="interviews", partialFilterExpression={"round_id": {"$gt": ""}}),
    ],
    "focus_group_messages": [
        # One session's words a query: nobody's search reads the texts of others. No language: no stop words, no stems, any script.
        IndexModel(
            [("focus_group_id", ASCENDING), ("text", TEXT)],
            name="words",
            default_language="none",
            language_override="no_language_is_stored",
        ),
        index(("focus_group_id", ASCENDING), ("seq", ASCENDING), unique=True),
        index(
            ("focus_group_id", ASCENDING),
            ("seq", ASCENDING),
            name="pending",
            partialFilterExpression={"status": "pending"},
        ),
    ],
    "focus_group_themes": [index(("focus_group_id", ASCENDING), ("created_at", DESCENDING))],
    "assets": [
        index(("focus_group_id", ASCENDING)),
        index(("touched_at", ASCENDING), name="unkept", partialFilterExpression={"kept": False}),
    ],
    "tasks": [
        index(("state", ASCENDING), ("lease_until", ASCENDING)),
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("owner_id", ASCENDING), ("created_at", DESCENDING)),
        index(("request.focus_group_id", ASCENDING), ("created_at", DESCENDING)),
        index(("kind", ASCENDING), ("created_at", DESCENDING)),
        index(("request.round_id", ASCENDING), name="of_round", sparse=True),
        index(
            ("exclusive", ASCENDING),
            name="exclusive",
            unique=True,
            partialFilterExpression={"exclusive": {"$gt": ""}, "finished_at": None},
        ),
    ],
    "interview_rounds": [
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("project_id", ASCENDING), ("request", ASCENDING)),
    ],
    "shared_reports": [
        index(("token", ASCENDING), name="token", unique=True),
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("focus_group_id", ASCENDING)),
        index(("expires_at", ASCENDING), expireAfterSeconds=90 * 86_400),
    ],
    "syntheses": [
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("analyses.source_id", ASCENDING)),
    ],
    "codes": [index(("project_id", ASCENDING))],
    "codings": [
        index(("focus_group_id", ASCENDING), ("seq", ASCENDING)),
        index(("code_id", ASCENDING)),
        index(("project_id", ASCENDING), ("code_id", ASCENDING)),
    ],
    "memos": [index(("project_id", ASCENDING), ("focus_group_id", ASCENDING)), index(("focus_group_id", ASCENDING))],
    "coding_changes": [
        index(("project_id", ASCENDING), ("by", ASCENDING), ("at", DESCENDING)),
        index(("writes.focus_group_id", ASCENDING), name="of_session"),
        index(("names", ASCENDING), name="names"),
    ],
    "designs": [
        index(("project_id", ASCENDING), ("created_at", DESCENDING)),
        index(("is_open", ASCENDING), name="open", partialFilterExpression={"is_open": True}),
    ],
    "surveys": [index(("project_id", ASCENDING), ("created_at", DESCENDING))],
    "survey_respondents": [
        index(("survey_id", ASCENDING), ("number", ASCENDING)),
        index(("project_id", ASCENDING)),
    ],
    "survey_answers": [
        index(("survey_id", ASCENDING), ("respondent", ASCENDING), ("question", ASCENDING), ("method", ASCENDING)),
        index(("project_id", ASCENDING)),
    ],
    "ballots": [index(("focus_group_id", ASCENDING), ("wave", ASCENDING))],
    "usage_events": [
        index(("user_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)),
        index(("focus_group_id", ASCENDING), ("seq", ASCENDING)),
        index(("task_id", ASCENDING)),
        index(("model", ASCENDING), ("feature", ASCENDING), ("at", DESCENDING)),
        index(("project_id", ASCENDING)),
        index(("at", DESCENDING), ("_id", DESCENDING)),
    ],
    "usage_daily": [
        index(("day", ASCENDING), ("user_id", ASCENDING)),
        index(("user_id", ASCENDING)),
        index(("project_id", ASCENDING)),
    ],
    "usage_hourly": [index(("hour", ASCENDING), ("user_id", ASCENDING))],
    "model_pricing": [index(("names", ASCENDING), ("valid_from", DESCENDING))],
    "budgets": [index(("month", ASCENDING), name="with_holds", partialFilterExpression={"holds": {"$gt": {}}})],
    "sign_ins": [index(("user_id", ASCENDING)), index(("expires_at", ASCENDING), expireAfterSeconds=0)],
    "audit_log": [
        index(("at", DESCENDING), ("_id", DESCENDING)),
        index(("actor_id", ASCENDING), ("at", DESCENDING)),
        index(("owner_id", ASCENDING), ("at", DESCENDING)),
    ],
    "login_attempts": [
        index(("at", ASCENDING), expireAfterSeconds=3600),
        index(("key", ASCENDING), ("at", ASCENDING)),
    ],
    "tried_names": [
        index(("at", ASCENDING), expireAfterSeconds=3600),
        index(("source", ASCENDING), ("at", ASCENDING)),
        index(("name", ASCENDING), ("at", ASCENDING)),
    ],
    "known_devices": [
        index(("at", ASCENDING), expireAfterSeconds=90 * 86_400),
        index(("user_id", ASCENDING), ("source", ASCENDING)),
    ],
}


def ensure_indexes(database: Database[Document]) -> tuple[str, ...]:
    """Makes missing indexes and replaces changed ones; returns in words those that could not be made, and why.

    Usually nothing is to be done, at one command a collection.
    """
    said: list[str] = []
    for collection, wanted in WANTED.items():
        try:
            database[collection].create_indexes(wanted)
        except OperationFailure as refused:
            if refused.code not in (OTHER_OPTIONS, OTHER_KEYS, DUPLICATES):
                raise
            ours = {each.document["name"] for each in wanted}
            said += [words for each in wanted if (words := _made(database[collection], each, ours))]
    for words in said:
        log.warning("%s", words)
    return tuple(said)


def _made(collection: Collection[Document], wanted: IndexModel, ours: set[str]) -> str:
    """Makes one index in place of conflicting ones of ours; returns why it could not be made, or an empty text.

    ours: names of all indexes that are wanted there.
    """
    name = wanted.document["name"]
    for old in (*_in_the_way(collection, wanted, ours), None):
        try:
            collection.create_indexes([wanted])
            return ""
        except OperationFailure as refused:
            if refused.code == DUPLICATES:
                return (
                    _duplicates(collection, wanted) or f"The index {name} of {collection.name} was not made: {refused}."
                )
            if refused.code not in (OTHER_OPTIONS, OTHER_KEYS):
                raise
            if old is None or not _is_ours(old, wanted):
                return "" if old and _options(old) == _options(wanted.document) else _obstacle(collection, wanted, old)
        if words := _duplicates(collection, wanted):
            return words  # so the old one stays: it is better than none
        log.warning(
            "The index %s of %s is made anew, because it is another one than wanted.", old["name"], collection.name
        )
        _drop(collection, old["name"])
    return ""


def _in_the_way(collection: Collection[Document], wanted: IndexModel, ours: set[str]) -> list[Document]:
    """Indexes of the same name, and of the same keys."""
    keys = list(wanted.document["key"].items())
    found = [dict(each) for each in collection.list_indexes()]
    same_name = [each for each in found if each["name"] == wanted.document["name"]]
    same_keys = [each for each in found if each["name"] not in ours and list(each["key"].items()) == keys]
    return same_name + same_keys


def _is_ours(old: Document, wanted: IndexModel) -> bool:
    """Returns whether it has the name that we give, or the one that MongoDB gives by the keys, which we had before."""
    by_keys = "_".join(f"{field}_{direction}" for field, direction in old["key"].items())
    return bool(old["name"] in (wanted.document["name"], by_keys))


def _options(of: Document) -> Document:
    return {name: value for name, value in of.items() if name not in ("name", "key", "v", "ns", "background")}


def _drop(collection: Collection[Document], name: str) -> None:
    try:
        collection.drop_index(name)
    except OperationFailure as refused:
        if refused.code != INDEX_NOT_FOUND:  # another process was quicker
            raise


def _obstacle(collection: Collection[Document], wanted: IndexModel, old: Document | None) -> str:
    name = old["name"] if old else "another one"
    return (
        f"The index {wanted.document['name']} of {collection.name} could not be made, because the index {name}, which is none of "
        "Semblance's, stands in its way. Semblance works without it, slower. Drop that one, and the next start makes it."
    )


def _duplicates(collection: Collection[Document], wanted: IndexModel) -> str:
    """Names the documents that violate a unique index; empty where there are none."""
    if not wanted.document.get("unique"):
        return ""
    found = list(collection.aggregate(list(_doubled(wanted)), allowDiskUse=True))
    if not found:
        return ""
    named = "; ".join(
        f"{', '.join(f'{field} {value!r}' for field, value in row['_id'].items())} ({row['count']:,} documents)"
        for row in found
    )
    return (
        f"The unique index {wanted.document['name']} of {collection.name} could not be made, because documents share what only one "
        f"may have: {named}. Change or remove all but one of each, and the next start makes it."
    )


def _doubled(wanted: IndexModel) -> Iterator[Document]:
    if only := wanted.document.get("partialFilterExpression"):
        yield {"$match": only}
    yield {"$group": {"_id": {field: f"${field}" for field in wanted.document["key"]}, "count": {"$sum": 1}}}
    yield {"$match": {"count": {"$gt": 1}}}
    yield {"$limit": SHOWN}
