"""Backups: all that the database held at one moment, as one file, and back from it.

Views and MongoDB's own `system.` collections are left out.
"""

import tarfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from bson import json_util
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_fixed

from semblance_core.domain.errors import InvalidInput, SetupError
from semblance_core.store.backups.backup_file import (
    FORMAT,
    RAW,
    STAGED,
    Manifest,
    Part,
    appearing,
    is_kept,
    pack,
    read,
    settled,
)
from semblance_core.store.server.document import Document
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA, Stored, stored_in

BATCH = 8 * 2**20
"""Bytes of documents that are written at once."""
SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE = 239, 246
Tell = Callable[[Part], object]


def back_up(database: Database[Document], file: Path, at: datetime, tell: Tell = lambda _: None) -> Manifest:
    """Writes all that the database holds at one moment to a new file, which only its owner can read.

    tell: called with each collection once it is read. The file appears when it is complete and on the disk; after any
    failure nothing is left of it. Before that it is read back whole, as a restore would. Its folder needs room for the
    documents, packed and, until then, as they are. Raises `InvalidInput` where the file is there already or none can be made
    there, `SetupError` where disk or database fail.
    """
    try:
        # Read first and packed later: the server keeps a moment for five minutes (minSnapshotHistoryWindowInSeconds).
        with appearing(file) as whole, TemporaryFile(dir=file.parent) as spool:
            found = _spooled(database, spool, tell)
            parts = tuple(part for part, _ in found)
            stored = stored_in(database)
            manifest = Manifest(
                semblance_backup=FORMAT,
                made_at=at,
                database=database.name,
                parts=parts,
                data_version=stored.version or 0,
                data_release=stored.release,
            )
            spool.seek(0)
            pack(whole, manifest, [metadata for _, metadata in found], spool)
            _read_back(file, settled(whole), manifest)
    except OSError as failed:
        raise SetupError(f"No backup was made: {file.parent} could not be written ({failed.strerror}).") from None
    except PyMongoError as failed:
        raise SetupError(f"No backup was made: {database.name} could not be read ({_words(failed)}).") from None
    return manifest


def restore(database: Database[Document], file: Path, tell: Tell = lambda _: None) -> Manifest:
    """Writes a backup's documents, as they were, and its indexes into a database that holds no document.

    tell: hears of each collection once it is written. The whole file is checked before the first write, and collections
    get their names when all of them are complete. Raises `InvalidInput` where the file is no whole backup or of a newer
    format, or where the database holds anything; `SetupError` where the database fails.
    """

    def stage(part: Part, metadata: bytes, documents: Iterable[RawBSONDocument]) -> None:
        _write(database, part, metadata, documents)
        tell(part)

    try:
        raw = file.open("rb")
    except OSError as refused:
        raise InvalidInput(f"{file} cannot be read: {refused.strerror}.") from None
    try:
        with raw:
            _refuse_if_used(database)
            _refuse_if_newer(file, read(file, raw, _check))
            raw.seek(0)
            _drop_staged(database)  # a restore that was killed left them
            try:
                manifest = read(file, raw, stage)
                _refuse_if_used(database)  # by whom did not know of this
                database.drop_collection(
                    SCHEMA
                )  # what an empty database said of itself; data that say nothing are of version 0
                for part in sorted(manifest.parts, key=lambda part: part.collection != SCHEMA):
                    database[STAGED + part.collection].rename(part.collection, dropTarget=True)
            finally:
                with suppress(PyMongoError):  # the next restore drops them too
                    _drop_staged(database)
    except OSError as failed:
        raise SetupError(f"{file} could not be read to its end ({failed.strerror}).") from None
    except PyMongoError as failed:
        raise SetupError(f"The backup could not be restored into {database.name} ({_words(failed)}).") from None
    return manifest


def _check(_part: Part, metadata: bytes, documents: Iterable[RawBSONDocument]) -> None:
    _described(metadata)
    deque(documents, maxlen=0)


def _read_back(file: Path, raw: BinaryIO, wanted: Manifest) -> None:
    try:
        found = read(file, raw, _check)
    except InvalidInput:
        found = None
    if found != wanted:
        raise SetupError(
            f"No backup was made: what was written to {file.parent} could not be read back as it was written. Its disk may be "
            "damaged; try another one."
        )


def _words(failed: PyMongoError) -> str:
    """Returns the server's message without the documents that the driver quotes."""
    if isinstance(failed, OperationFailure) and failed.code == SNAPSHOT_TOO_OLD:
        return "reading took longer than its server keeps a moment, see its parameter minSnapshotHistoryWindowInSeconds"
    details = (failed.details or {}) if isinstance(failed, OperationFailure) else {}
    said = [str(refused["errmsg"]) for refused in (*details.get("writeErrors", ()), details) if "errmsg" in refused]
    return (said or [str(failed)])[0].rstrip(".")


def _is_of_a_new_collection(failed: BaseException) -> bool:
    """Returns whether a collection was made after the moment that is read; a server before version 7 fails on it."""
    return isinstance(failed, OperationFailure) and failed.code == SNAPSHOT_UNAVAILABLE


@retry(
    retry=retry_if_exception(_is_of_a_new_collection), stop=stop_after_attempt(5), wait=wait_fixed(0.2), reraise=True
)
def _spooled(database: Database[Document], spool: BinaryIO, tell: Tell) -> list[tuple[Part, bytes]]:
    """Copies the documents of all collections at one moment, one after another; returns these and their metadata."""
    spool.seek(0)
    spool.truncate()
    found: list[tuple[Part, bytes]] = []
    with database.client.start_session(snapshot=True) as session:
        for name in database.list_collection_names()[:1]:
            database[name].find_one({}, {"_id": 1}, session=session)  # the first read decides which moment it is
        # Listed after that moment, so that none is missed.
        for info in sorted(database.list_collections(filter={"type": "collection"}), key=lambda info: info["name"]):
            if is_kept(info["name"]):
                metadata = _metadata(database, info)
                part = _copied(database, info["name"], metadata, spool, session)
                found.append((part, metadata))
                tell(part)
    return found


def _copied(database: Database[Document], name: str, metadata: bytes, spool: BinaryIO, session: ClientSession) -> Part:
    documents, size, digest = 0, 0, sha256()
    for document in database[name].with_options(codec_options=RAW).find(session=session):
        spool.write(document.raw)
        digest.update(document.raw)
        documents += 1
        size += len(document.raw)
    return Part(
        collection=name,
        documents=documents,
        size=size,
        sha256=digest.hexdigest(),
        metadata_sha256=sha256(metadata).hexdigest(),
    )


def _metadata(database: Database[Document], info: MutableMapping[str, Any]) -> bytes:
    indexes = list(database[info["name"]].list_indexes())
    fields = {"options": info["options"], "indexes": indexes, "collectionName": info["name"], "type": "collection"}
    return json_util.dumps(fields, json_options=json_util.CANONICAL_JSON_OPTIONS).encode()


def _described(metadata: bytes) -> tuple[Document, list[IndexModel]]:
    """A collection's options and its indexes besides the one on _id."""
    try:
        fields = json_util.loads(metadata, json_options=json_util.CANONICAL_JSON_OPTIONS)
        wanted = [dict(index) for index in fields["indexes"] if index["name"] != "_id_"]
        # Said of no index, but in a collection with another collation it would otherwise take over that one.
        simple = {"collation": {"locale": "simple"}}
        indexes = [IndexModel(list(index.pop("key").items()), **(simple | index)) for index in wanted]
        return dict(fields["options"]), indexes
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, BSONError):
        raise tarfile.ReadError("these are no collection's metadata") from None


def _refuse_if_used(database: Database[Document]) -> None:
    for name in database.list_collection_names():
        if is_kept(name) and name != SCHEMA and database[name].find_one({}, {"_id": 1}):
            raise InvalidInput(
                f"The database {database.name} holds {name} already, and a backup is restored into an empty one only. "
                "Choose another with SEMBLANCE_DATABASE or SEMBLANCE_DATA_DIR."
            )


def _refuse_if_newer(file: Path, manifest: Manifest) -> None:
    stored = Stored(manifest.data_version, manifest.data_release)
    if stored.is_newer_than(len(MIGRATIONS)):
        raise InvalidInput(stored.refusal(str(file), len(MIGRATIONS)))


def _drop_staged(database: Database[Document]) -> None:
    for name in database.list_collection_names():
        if name.startswith(STAGED):
            database.drop_collection(name)


def _write(database: Database[Document], part: Part, metadata: bytes, documents: Iterable[RawBSONDocument]) -> None:
    options, indexes = _described(metadata)
    name = STAGED + part.collection
    database.command({"create": name} | options | {"create": name})
    staged = database[name].with_options(codec_options=RAW)
    for batch in _batches(documents):
        staged.insert_many(batch, bypass_document_validation=True)
    # Counted before there are indexes: one that lets documents expire would remove some already.
    if (there := staged.count_documents({})) != part.documents:
        raise SetupError(f"Of {part.documents:,} documents of {part.collection}, {there:,} arrived in {database.name}.")
    if indexes:
        staged.create_indexes(indexes)


def _batches(documents: Iterable[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.raw)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
