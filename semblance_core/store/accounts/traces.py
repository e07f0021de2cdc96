"""Traces of an account in data that stay when it is deleted."""

import re

from pymongo import UpdateOne
from pymongo.database import Database

from semblance_core.store.edits import editor_renamed
from semblance_core.store.server.document import Document

MODERATOR = "Moderator"
"""Name in a transcript for a person who has no name any more."""


EDITED = ("focus_groups", "personas", "projects", "users", "assets", "model_pricing", "model_rules", "codes", "memos")
"""Collections of edited documents, which name the last editor of each field."""


class Traces:
    def __init__(self, database: Database[Document]):
        self._audit_log = database["audit_log"]
        self._attempts = database["login_attempts"]
        self._messages = database["focus_group_messages"]
        self._groups = database["focus_groups"]
        self._themes = database["focus_group_themes"]
        self._tasks = database["tasks"]
        self._assets = database["assets"]
        self._rounds, self._surveys = database["interview_rounds"], database["surveys"]
        self._shared = database["shared_reports"]
        self._syntheses = database["syntheses"]
        self._designs = database["designs"]
        self._edited = [database[name] for name in EDITED]
        self._model_rules = database["model_rules"]
        self._coded = [database[name] for name in ("codes", "codings", "memos")]
        self._coding_changes = database["coding_changes"]

    def take_words_out(self, user_id: str) -> None:
        """Takes the words out of the audit log's entries by and about the account: that something was done, and when, stays."""
        concerned = {"$or": [{"actor_id": user_id}, {"owner_id": user_id}]}
        self._audit_log.update_many(concerned, {"$set": {"about": "", "words": ""}})
        deleting = {"action": "delete_user"}  # says nothing but what became of the projects and of the name
        self._audit_log.update_many({**concerned, "$nor": [deleting]}, {"$set": {"details": []}})

    def rename(self, user_id: str, to: str) -> None:
        """Puts another name wherever the account's own stands, and no person's name beside it. May be done again."""
        for collection, field in (
            *((self._audit_log, "actor_id"), (self._audit_log, "owner_id")),
            *((self._tasks, "owner_id"), (self._tasks, "request.for"), (self._tasks, "request.by")),
            *((self._groups, "owner_id"), (self._assets, "owner_id")),
            *((self._shared, "owner_id"), (self._shared, "created_by"), (self._model_rules, "by")),
            *((self._rounds, "owner_id"), (self._surveys, "owner_id"), (self._syntheses, "owner_id")),
            (self._designs, "owner_id"),
        ):
            collection.update_many({field: user_id}, {"$set": {field: to}})
        self._messages.update_many({"author_id": user_id}, {"$set": {"author_id": to, "speaker": MODERATOR}})
        theirs = {"last.$[said].author_id": to, "last.$[said].speaker": MODERATOR}
        self._groups.update_many(
            {"last.author_id": user_id}, {"$set": theirs}, array_filters=[{"said.author_id": user_id}]
        )
        for edited in (self._themes, self._syntheses):
            edited.update_many({"edited_by": user_id}, {"$set": {"edited_by": to, "editor": to}})
        for collection in self._coded:
            for author in ("made", "confirmed"):
                theirs = {f"{author}.user_id": to, f"{author}.name": to}
                collection.update_many({f"{author}.user_id": user_id, f"{author}.model": ""}, {"$set": theirs})
                collection.update_many({f"{author}.user_id": user_id}, {"$set": {f"{author}.user_id": to}})
        self._coding_changes.delete_many({"$or": [{"by": user_id}, {"names": user_id}]})  # nobody undoes them any more
        for collection in self._edited:
            collection.update_many(*editor_renamed(user_id, to))
        tries = self._attempts.find({"key": {"$regex": f"^{re.escape(user_id)}\\|"}}, {"key": 1})
        writes = [
            UpdateOne({"_id": found["_id"]}, {"$set": {"key": f"{to}{found['key'][len(user_id) :]}"}})
            for found in tries
        ]
        if writes:
            self._attempts.bulk_write(writes, ordered=False)
