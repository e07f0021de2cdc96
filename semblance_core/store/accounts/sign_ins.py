"""Sign-ins: opaque, revocable, stored by the token's hash; and the tries that failed."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.accounts.account import SignIn, Visitor
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_documents, to_document
from semblance_core.store.server.document import Document

LASTS = timedelta(days=14)
WINDOW = timedelta(minutes=15)
TRIES = 10
TRIES_WHERE_KNOWN = 50
"""From an address that the account signed in from lately: a colleague's mistakes behind the same address lock nobody out."""
NAMES = 20
"""Accounts that may be tried in vain from one address within the window."""
TRIES_FROM_ANYWHERE = 100
"""Tries at one account from all addresses together within the window."""
SEEN = timedelta(minutes=5)
"""Interval at which the use of a sign-in is noted."""
NOWHERE = Visitor("")


class SignIns:
    def __init__(self, database: Database[Document]):
        self._sign_ins = database["sign_ins"]
        self._attempts = database["login_attempts"]
        self._names = database["tried_names"]
        self._devices = database["known_devices"]

    def open(self, user_id: str, at: datetime, visitor: Visitor = NOWHERE, way: str = "") -> str:
        """A new sign-in's token; only its hash is stored."""
        token = secrets.token_urlsafe(32)
        opened = SignIn(fingerprint(token), user_id, at, at + LASTS, at, visitor.source[:64], visitor.agent[:64], way)
        self._sign_ins.insert_one(to_document(opened))
        if visitor.source:
            device = {"_id": opened.id, "user_id": user_id, "source": opened.source, "at": at}
            self._devices.insert_one(device)
        return token

    def is_known(self, user_id: str, visitor: Visitor) -> bool:
        """Returns whether the account signed in from this address within 90 days."""
        return self._devices.find_one({"user_id": user_id, "source": visitor.source[:64]}, {"_id": 1}) is not None

    def is_own_device(self, user_id: str, visitor: Visitor) -> bool:
        """Returns whether the account signed in by this very browser within 90 days."""
        wanted = {"_id": visitor.device, "user_id": user_id}
        return bool(visitor.device) and self._devices.find_one(wanted, {"_id": 1}) is not None

    def user_of(self, token: str, at: datetime) -> str | None:
        """Returns the user of this sign-in, None where it is over; notes every five minutes that it is in use."""
        sign_in = fingerprint(token)
        found = self._sign_ins.find_one({"_id": sign_in, "expires_at": {"$gt": at}}, {"user_id": 1, "seen_at": 1})
        if found is None:
            return None
        if at - found.get("seen_at", at - SEEN) >= SEEN:
            self._sign_ins.update_one({"_id": sign_in}, {"$max": {"seen_at": at}})
        return str(found["user_id"])

    def of_user(self, user_id: str, at: datetime) -> Readable[SignIn]:
        """The user's sign-ins that are open, the one used last first."""
        found = self._sign_ins.find({"user_id": user_id, "expires_at": {"$gt": at}}).sort("seen_at", DESCENDING)
        return from_documents(SignIn, ({"seen_at": document.get("created_at"), **document} for document in found))

    def holder(self, sign_in: str, at: datetime) -> str | None:
        """Returns the user of this sign-in by its fingerprint; None where it is over."""
        found = self._sign_ins.find_one({"_id": sign_in, "expires_at": {"$gt": at}}, {"user_id": 1})
        return str(found["user_id"]) if found else None

    def forget_devices(self, user_id: str) -> None:
        """No browser and no address is known as this account's any more."""
        self._devices.delete_many({"user_id": user_id})

    def revoke(self, token: str) -> None:
        self._sign_ins.delete_one({"_id": fingerprint(token)})

    def revoke_one(self, user_id: str, sign_in: str) -> None:
        """Ends a sign-in by its fingerprint, if it is this user's."""
        self._sign_ins.delete_one({"_id": sign_in, "user_id": user_id})

    def revoke_all(self, user_id: str, keep: str = "") -> int:
        """Ends all sign-ins of the user but the one with this fingerprint, and says how many these were."""
        return self._sign_ins.delete_many({"user_id": user_id, "_id": {"$ne": keep}}).deleted_count

    def used_up(self, key: str, at: datetime) -> bool:
        """Returns whether what may open one sign-in, known by this key, has opened one before; from now on it has."""
        try:
            self._attempts.insert_one({"_id": fingerprint(key), "key": "once", "at": at})
        except DuplicateKeyError:
            return True
        return False

    def try_counted(self, key: str, at: datetime, most: int = TRIES) -> bool:
        """Counts a try and says whether it is still within so many in 15 minutes for this key."""
        self._attempts.insert_one({"key": key, "at": at})
        return self._attempts.count_documents({"key": key, "at": {"$gt": at - WINDOW}}, limit=most + 1) <= most

    def spread_counted(self, name: str, source: str, at: datetime) -> bool:
        """Counts a try, and says whether this address tried few enough accounts, and the account was tried seldom enough by all."""
        tried = fingerprint(name)
        self._names.insert_one({"source": source[:64], "name": tried, "at": at})
        lately = {"at": {"$gt": at - WINDOW}}
        names = self._names.distinct("name", {"source": source[:64], **lately})
        tries = self._names.count_documents({"name": tried, **lately}, limit=TRIES_FROM_ANYWHERE + 1)
        return len(names) <= NAMES and tries <= TRIES_FROM_ANYWHERE

    def forget_tries(self, key: str, name: str = "", source: str = "") -> None:
        self._attempts.delete_many({"key": key})
        if name:
            self._names.delete_many({"name": fingerprint(name), "source": source[:64]})


def fingerprint(token: str) -> str:
    """Returns the key that a sign-in is stored under: it can be shown and passed on without opening anything."""
    return hashlib.sha256(token.encode()).hexdigest()
