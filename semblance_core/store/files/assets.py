"""Assets of focus groups: a document each in `assets`, and in GridFS beside it the file, its text and the version that models are sent.

The file of a picture is not the one that was given, but the same upright and with nothing but its pixels; it is `sent` scaled down. One
that an earlier version kept as it was given is made so when it is first needed, or by the sweeper.

A session's own list of ids is the place of truth. An asset is announced first, then its files are written, then the
session lists it; it leaves in the reverse order. An asset cut off in between is not `kept`, and is swept.
"""

import logging
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from gridfs import GridFSBucket
from gridfs.errors import CorruptGridFile, FileExists, NoFile
from pymongo.client_session import ClientSession
from pymongo.database import Database

from semblance_core.documents import DocumentRefused, ReadPicture, read_document
from semblance_core.domain.discussion.asset import MOST_ASSETS, PICTURE, Asset, Picture
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import NotFound
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.edits import version_before, written
from semblance_core.store.files.asset_cache import AssetCache
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import one_by_one

ABSENT = "There is no such stimulus."
DAMAGED = "The file of a stimulus is damaged or gone from the database; add it again in a new session."
TAKES_MORE = [FocusGroupState.DRAFT.value, FocusGroupState.MODERATED.value]
PARTS = ("original", "text", "sent")
CHUNK_BYTES = 255 * 1024
"""Of a file that is exchanged; what GridFS takes by itself."""
log = logging.getLogger(__name__)


class Assets:
    """cache: parts of them in memory."""

    def __init__(self, database: Database[Document]):
        self.cache = AssetCache()
        self._database = database
        self._preparing = threading.Lock()
        """One picture at a time: reading one may take a gigabyte, and many ask for the same."""
        self._unreadable: set[str] = set()
        self._assets = database["assets"]
        self._groups = database["focus_groups"]
        self._files = GridFSBucket(database, bucket_name="assets")
        self._chunks = database["assets.chunks"]
        self._entries = database["assets.files"]

    def add(self, asset: Asset, original: bytes, text: str, sent: bytes = b"") -> bool:
        """Keeps a new asset and lists it last in its session; False where the session does not take it, and nothing stays.

        It takes ten at most, before it has begun or while it is moderated. May be done again, with the same content, where
        it was cut off or may have been: the asset is listed once.
        """
        if not self._lists(asset):
            self.put(asset, original, text, sent)
            takes: Document = {
                "_id": asset.focus_group_id,
                "state": {"$in": TAKES_MORE},
                "stimuli": {"$ne": asset.id},
                f"stimuli.{MOST_ASSETS - 1}": {"$exists": False},
            }
            pushed = self._groups.update_one(takes, {"$push": {"stimuli": asset.id}}).matched_count
            if not pushed and not self._lists(asset):
                self._remove(asset.id)
                return False
        self.keep(asset.id)
        return True

    def put(self, asset: Asset, original: bytes, text: str, sent: bytes = b"") -> None:
        """Writes the asset and its files for a session that is written with it listed; what is not listed later goes by itself."""
        unkept = {**to_document(asset), "kept": False, "touched_at": asset.created_at}
        self._assets.update_one({"_id": asset.id}, {"$set": unkept}, upsert=True)
        for part, content in zip(PARTS, (original, text.encode(errors="replace"), sent), strict=True):
            if part != "sent" or asset.sent_type:
                self._put(f"{asset.id}/{part}", asset.name, content)

    def get(self, asset_id: str) -> Asset:
        if found := self._assets.find_one({"_id": asset_id}):
            return from_document(Asset, found)
        raise NotFound(ABSENT)

    def of(self, group: FocusGroup) -> list[Asset]:
        """The session's assets, in the order in which it lists them."""
        if not group.stimuli:
            return []
        found = {document["_id"]: document for document in self._assets.find({"_id": {"$in": list(group.stimuli)}})}
        return [from_document(Asset, found[asset_id]) for asset_id in group.stimuli if asset_id in found]

    def listed(self, group: FocusGroup) -> Readable[Asset]:
        """The same for a list: one that cannot be read takes no other with it."""
        found = {document["_id"]: document for document in self._assets.find({"_id": {"$in": list(group.stimuli)}})}
        return from_documents(Asset, [found[asset_id] for asset_id in group.stimuli if asset_id in found])

    def original(self, asset_id: str) -> bytes:
        """The file: of a picture upright and with nothing but its pixels."""
        self.prepared(self.get(asset_id))
        return self._content(asset_id, "original")

    def picture(self, asset_id: str) -> Picture:
        """The asset as models are sent it, from memory where it is there: those that see are shown it at every turn."""

        def read() -> Picture:
            asset = self.prepared(self.get(asset_id))
            return Picture(self._content(asset_id, "sent"), asset.sent_type)

        return self.cache.picture(asset_id, read)

    def prepared(self, asset: Asset) -> Asset:
        """The asset, whose file is made upright, bare and small where it is a picture that was kept as it was given.

        Raises `DocumentRefused` in words where that file cannot be read any more.
        """
        if not asset.is_picture or asset.sent_type:
            return asset
        with self._preparing:
            asset = self.get(asset.id)
            if asset.sent_type:
                return asset  # by another thread, or another process
            found = read_document(self._content(asset.id, "original"), asset.name)
            if found.picture is None:
                raise NotFound(DAMAGED)
            return self._exchanged(asset, found.media_type, found.picture)

    def prepare_one(self) -> bool:
        """Does so with one picture that nobody needed yet; False where there is none."""
        unlike: Document = {"kind": PICTURE, "kept": True, "sent_type": {"$in": [None, ""]}}
        found = self._assets.find_one(unlike | {"_id": {"$nin": list(self._unreadable)}}, {"_id": 1})
        if found is None:
            return False
        try:
            self.prepared(self.get(found["_id"]))
        except (DocumentRefused, NotFound) as failed:
            self._unreadable.add(found["_id"])
            facts = {"asset_id": found["_id"], "why": type(failed).__name__}
            log.warning("a picture of an earlier version stays as it was given", extra=facts)
        return True

    def _exchanged(self, asset: Asset, media_type: str, picture: ReadPicture) -> Asset:
        """Writes the files and says so in one transaction, so that no reader and no crash finds half of it."""
        changed: Document = {"media_type": media_type, "sent_type": picture.scaled_type}

        def write(within: ClientSession) -> None:
            still: Document = {"_id": asset.id, "sent_type": {"$in": [None, ""]}}
            if not self._assets.update_one(still, {"$set": changed}, session=within).matched_count:
                return
            for part, content in (("original", picture.kept), ("sent", picture.scaled)):
                # As GridFS keeps files; its driver takes part in no transaction.
                file_id, entry = f"{asset.id}/{part}", {"filename": asset.name, "uploadDate": asset.created_at}
                parts = [content[start : start + CHUNK_BYTES] for start in range(0, len(content), CHUNK_BYTES)]
                chunks: list[Document] = [{"files_id": file_id, "n": n, "data": data} for n, data in enumerate(parts)]
                self._chunks.delete_many({"files_id": file_id}, session=within)
                self._entries.delete_one({"_id": file_id}, session=within)
                self._chunks.insert_many(chunks, session=within)
                self._entries.insert_one(
                    {"_id": file_id, "length": len(content), "chunkSize": CHUNK_BYTES, **entry}, session=within
                )

        with self._database.client.start_session() as session:
            session.with_transaction(write)
        return self.get(asset.id)

    def text(self, asset_id: str) -> str:
        return self._content(asset_id, "text").decode()

    def replace(self, asset: Asset, changed: Collection[str]) -> bool:
        """Writes these fields as the asset's next version; False where it is another version by now, or gone."""
        here = {"_id": asset.id, **version_before(asset)}
        return self._assets.update_one(here, written(asset, changed)).matched_count == 1

    def keep(self, asset_id: str) -> Asset:
        """Marks an asset as whole that its session lists."""
        self._assets.update_one({"_id": asset_id}, {"$set": {"kept": True}})
        return self.get(asset_id)

    def remove(self, asset: Asset, at: datetime) -> bool:
        """Takes an asset away that was not shown yet; False where it was."""
        self._assets.update_one({"_id": asset.id}, {"$set": {"kept": False, "touched_at": at}})
        place: Document = {"$indexOfArray": ["$stimuli", asset.id]}
        unshown: Document = {
            "_id": asset.focus_group_id,
            "state": {"$in": TAKES_MORE},
            "stimuli": asset.id,
            "$expr": {"$gte": [place, {"$ifNull": ["$course.stimuli_shown", 0]}]},
        }
        if not self._groups.update_one(unshown, {"$pull": {"stimuli": asset.id}}).matched_count:
            self._assets.update_one({"_id": asset.id}, {"$set": {"kept": True}})
            return False
        self._remove(asset.id)
        return True

    def leaving(self, group_id: str, at: datetime) -> list[str]:
        """Marks all assets of a session that is about to be deleted, and returns their ids for `remove_all`."""
        ids = [str(found["_id"]) for found in self._assets.find({"focus_group_id": group_id}, {"_id": 1})]
        if ids:
            self._assets.update_many({"_id": {"$in": ids}}, {"$set": {"kept": False, "touched_at": at}})
        return ids

    def remove_all(self, asset_ids: list[str]) -> None:
        for asset_id in asset_ids:
            self._remove(asset_id)

    def sweep(self, before: datetime) -> int:
        """Removes what a process left half done that was cut off before that moment; returns how many."""
        swept: list[str] = []
        if cached := self.cache.assets():  # another process may have removed them
            there = {str(found["_id"]) for found in self._assets.find({"_id": {"$in": list(cached)}}, {"_id": 1})}
            self.cache.forget(cached - there)

        def look_at(found: Document) -> None:
            if self._groups.find_one({"_id": found["focus_group_id"], "stimuli": found["_id"]}, {"_id": 1}):
                self._assets.update_one({"_id": found["_id"]}, {"$set": {"kept": True}})
            else:
                self._remove(found["_id"])
                swept.append(found["_id"])

        half_done = self._assets.find({"kept": False, "touched_at": {"$lt": before}}, {"focus_group_id": 1})
        one_by_one(half_done, look_at, "Removing a stimulus")
        return len(swept)

    def _lists(self, asset: Asset) -> bool:
        """Returns whether the asset's session lists it."""
        listed = {"_id": asset.focus_group_id, "stimuli": asset.id}
        return self._groups.find_one(listed, {"_id": 1}) is not None

    def _put(self, file_id: str, name: str, content: bytes) -> None:
        """Writes a file that is not there yet; another worker may be writing the same one."""
        if self._entries.find_one({"_id": file_id}, {"_id": 1}):
            return
        self._chunks.delete_many({"files_id": file_id})  # of an upload that was cut off
        with suppress(FileExists):
            self._files.upload_from_stream_with_id(file_id, name, content)

    def _remove(self, asset_id: str) -> None:
        files: dict[str, Any] = {"$in": [f"{asset_id}/{part}" for part in PARTS]}
        self._entries.delete_many({"_id": files})
        self._chunks.delete_many({"files_id": files})  # also those of an upload that was cut off before its entry
        self._assets.delete_one({"_id": asset_id})
        self.cache.forget({asset_id})

    def _content(self, asset_id: str, part: str) -> bytes:
        try:
            return _twice(lambda: self._files.open_download_stream(f"{asset_id}/{part}").read())
        except (NoFile, CorruptGridFile):  # gone, or a part of it is: no failure of the database that would pass
            raise NotFound(DAMAGED) from None


def _twice(read: Callable[[], bytes]) -> bytes:
    """A file that was exchanged between its entry and its parts is whole when it is read again."""
    try:
        return read()
    except (NoFile, CorruptGridFile):
        return read()
