"""The file that a backup is: a gzipped tar of a manifest and of what mongodump writes.

`manifest.json` comes first and names every collection with its figures and checksums. Then come, for each of them,
`DATABASE/COLLECTION.metadata.json` and `DATABASE/COLLECTION.bson`, which mongorestore takes once they are unpacked.
"""

import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import IO, BinaryIO, Self, cast
from urllib.parse import quote

from bson import decode_file_iter
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pydantic import AwareDatetime, BaseModel, NonNegativeInt, ValidationError, model_validator

from semblance_core.domain.errors import InvalidInput

FORMAT = 1
"""Version of the file's layout. A file with a higher one is refused."""
LARGEST = 16 * 2**20 + 2**14
"""Bytes that are read at once at most: MongoDB's own bound for a document as it is stored."""
LONGEST_END = tarfile.RECORDSIZE + tarfile.BLOCKSIZE
"""Bytes behind the last file at most: two empty blocks, and then as many as fill the record that the second one stands in."""
LATEST = 2**32 - 1
"""The last second that gzip has a place for."""
STAGED = "restoring."
"""Prefix of collections that are not complete yet."""
MANIFEST = "manifest.json"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


class Part(BaseModel, frozen=True):
    """A collection in a backup. size: bytes of its documents."""

    collection: str
    documents: NonNegativeInt
    size: NonNegativeInt
    sha256: str
    metadata_sha256: str


class Manifest(BaseModel, frozen=True):
    """Contents of a backup. semblance_backup: version of the layout; made_at: by the clock of the machine that made it.

    data_version, data_release: of the data themselves (schema.py); those of backups from before there were versions have 0.
    """

    semblance_backup: int
    made_at: AwareDatetime
    database: str
    parts: tuple[Part, ...]
    data_version: NonNegativeInt = 0
    data_release: str = ""

    @property
    def documents(self) -> int:
        return sum(part.documents for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(part.size for part in self.parts)

    @model_validator(mode="after")
    def _names_are_plain(self) -> Self:
        names = [part.collection for part in self.parts]
        if len(set(names)) < len(names) or not all(map(is_kept, names)):
            raise ValueError("no backup has collections of these names")
        return self


Take = Callable[[Part, bytes, Iterator[RawBSONDocument]], object]
"""Is given a collection, its metadata and its documents, all of which it has to read."""


def is_kept(collection: str) -> bool:
    """Returns whether a collection belongs into a backup: it is neither MongoDB's own nor half restored."""
    return not collection.startswith(("system.", STAGED))


@contextmanager
def appearing(file: Path) -> Iterator[IO[bytes]]:
    """A new file, its owner's only, that gets its name when it is complete and on the disk, and is gone where that fails.

    Raises `InvalidInput` where the file is there already or none can be made in its folder.
    """
    _refuse_if_there(file)
    try:
        number, unnamed = mkstemp(dir=file.parent, prefix=".backup-", suffix=".part")
    except OSError as refused:
        raise InvalidInput(f"No backup can be written to the folder {file.parent}: {refused.strerror}.") from None
    try:
        with open(number, "w+b") as whole:
            yield whole
            whole.flush()
            os.fsync(whole.fileno())
        _refuse_if_there(file)
        Path(unnamed).replace(file)
    except BaseException:
        Path(unnamed).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the file is whole; not every system or share lets its folder be written through
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def pack(whole: IO[bytes], manifest: Manifest, metadata: Sequence[bytes], spool: BinaryIO) -> None:
    """Writes the backup. metadata: of each collection; spool: all their documents, one collection after another."""
    seconds = min(max(int(manifest.made_at.timestamp()), 0), LATEST)
    # Level 3 packs nearly as small as the usual 6, in a third of the time.
    with (
        GzipFile("", "wb", 3, cast("BinaryIO", whole), mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8") as tar,
    ):

        def add(path: str, size: int, content: IO[bytes]) -> None:
            header = tarfile.TarInfo(path)
            header.size, header.mtime, header.mode = size, seconds, 0o600
            tar.addfile(header, content)

        text = manifest.model_dump_json(indent=1).encode()
        add(MANIFEST, len(text), io.BytesIO(text))
        for part, described in zip(manifest.parts, metadata, strict=True):
            add(_path(manifest, part, "metadata.json"), len(described), io.BytesIO(described))
            add(_path(manifest, part, "bson"), part.size, spool)


def settled(whole: IO[bytes]) -> BinaryIO:
    """The same file from its beginning, as the disk has it: what the system still remembers of it is not believed."""
    whole.flush()
    os.fsync(whole.fileno())
    if forget := getattr(os, "posix_fadvise", None):
        with suppress(OSError):  # not every file system can; what is read then may be the system's memory of it
            forget(whole.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    whole.seek(0)
    return cast("BinaryIO", whole)


def read(file: Path, raw: BinaryIO, take: Take) -> Manifest:
    """Gives each collection to `take`. raw: the file, open; a damaged one raises `InvalidInput`.

    Nothing is unpacked: the tar's files are read one after another, and only those that belong at their place.
    """
    with GzipFile(fileobj=raw) as opened:
        packed = cast("BinaryIO", opened)
        with _or_say(f"{file} is no backup of Semblance."):
            text = _Member.next_in(packed, MANIFEST).read_all()
            edition = _Edition.model_validate_json(text).semblance_backup
            if edition > FORMAT:
                raise InvalidInput(
                    f"{file} was made by a newer version of Semblance, which has to restore it too: its format is {edition}, "
                    f"and this version reads {FORMAT}."
                )
            manifest = Manifest.model_validate_json(text)
        with _or_say(f"{file} is cut off or damaged, so it cannot be restored."):
            for part in manifest.parts:
                metadata = _Member.next_in(packed, _path(manifest, part, "metadata.json")).read_all()
                if sha256(metadata).hexdigest() != part.metadata_sha256:
                    raise tarfile.ReadError("its metadata are not those that were written")
                content = _Member.next_in(packed, _path(manifest, part, "bson"))
                take(part, metadata, _documents(content, part))
            rest = packed.read(LONGEST_END + 1)  # to the end, where gzip's own checksum is
            if len(rest) > LONGEST_END or rest.strip(b"\0"):
                raise tarfile.ReadError("there is more than the manifest says")
    return manifest


class _Edition(BaseModel):
    """The fields that manifests of all versions share."""

    semblance_backup: int


class _Member:
    """One file in the tar, read once from its beginning. left: bytes that were not read yet."""

    def __init__(self, packed: BinaryIO, size: int):
        self._packed = packed
        self._digest = sha256()
        self._padding = -size % tarfile.BLOCKSIZE
        self.left = size

    @classmethod
    def next_in(cls, packed: BinaryIO, path: str) -> Self:
        """The tar's next file, which has to be a plain one of this name: no link, no other path, no extended header."""
        header = tarfile.TarInfo.frombuf(packed.read(tarfile.BLOCKSIZE), "utf-8", "surrogateescape")
        if (header.name, header.type) != (path, tarfile.REGTYPE) or header.size < 0:
            raise tarfile.ReadError("another file was expected here")
        return cls(packed, header.size)

    def read(self, size: int) -> bytes:
        if size > LARGEST:
            raise tarfile.ReadError("larger than any document")
        data = self._packed.read(min(size, self.left))
        self.left -= len(data)
        self._digest.update(data)
        return data

    def read_all(self) -> bytes:
        data = self.read(self.left)
        self.finish()
        return data

    def finish(self) -> str:
        """The checksum of what was read; after all of it the tar is at its next file."""
        self._packed.read(self._padding)
        return self._digest.hexdigest()


def _documents(content: _Member, part: Part) -> Iterator[RawBSONDocument]:
    count, announced = 0, content.left
    for document in decode_file_iter(cast("IO[bytes]", content), RAW):
        count += 1
        yield document
    if (count, announced, content.finish()) != (part.documents, part.size, part.sha256):
        raise tarfile.ReadError("its documents are not those that were written")


def _path(manifest: Manifest, part: Part, ending: str) -> str:
    path = f"{manifest.database}/{quote(part.collection, safe='$&+=@')}.{ending}"  # as mongodump names its files
    if len(path.encode()) > tarfile.LENGTH_NAME:
        raise InvalidInput(f"The name of the collection {part.collection} is too long for a backup.")
    return path


def _refuse_if_there(file: Path) -> None:
    if os.path.lexists(file):
        raise InvalidInput(f"{file} is there already, and a backup replaces no file. Give another name.")


@contextmanager
def _or_say(words: str) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, BadGzipFile, zlib.error, EOFError, BSONError, ValidationError):
        raise InvalidInput(words) from None
