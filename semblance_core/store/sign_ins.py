"""Sign-ins: opaque, revocable, stored by the token's hash; and the tries that failed."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pymongo.database import Database

from semblance_core.store.connection import Document

LASTS = timedelta(days=14)
WINDOW = timedelta(minutes=15)
TRIES = 10


class SignIns:
    def __init__(self, database: Database[Document]):
        self._sign_ins = database["sign_ins"]
        self._attempts = database["login_attempts"]

    def open(self, user_id: str, at: datetime) -> str:
        """A new sign-in's token; only its hash is stored."""
        token = secrets.token_urlsafe(32)
        self._sign_ins.insert_one(
            {"_id": fingerprint(token), "user_id": user_id, "created_at": at, "expires_at": at + LASTS}
        )
        return token

    def user_of(self, token: str, at: datetime) -> str | None:
        return self.holder(fingerprint(token), at)

    def holder(self, sign_in: str, at: datetime) -> str | None:
        """Whose sign-in this is, by its fingerprint; None where there is none any more."""
        found = self._sign_ins.find_one({"_id": sign_in, "expires_at": {"$gt": at}}, {"user_id": 1})
        return str(found["user_id"]) if found else None

    def revoke(self, token: str) -> None:
        self._sign_ins.delete_one({"_id": fingerprint(token)})

    def revoke_all(self, user_id: str) -> int:
        return self._sign_ins.delete_many({"user_id": user_id}).deleted_count

    def try_counted(self, key: str, at: datetime) -> bool:
        """Counts a try and says whether it is still within 10 in 15 minutes for this key."""
        self._attempts.insert_one({"key": key, "at": at})
        return self._attempts.count_documents({"key": key, "at": {"$gt": at - WINDOW}}, limit=TRIES + 1) <= TRIES

    def forget_tries(self, key: str) -> None:
        self._attempts.delete_many({"key": key})


def fingerprint(token: str) -> str:
    """What a sign-in is stored by: it can be shown and passed on without opening anything."""
    return hashlib.sha256(token.encode()).hexdigest()
