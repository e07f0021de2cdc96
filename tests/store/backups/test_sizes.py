"""Whatever a backup's sizes are, what was packed is read back: tar pads its end by up to a record beyond its two last blocks."""

import io
import random
import tarfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import bson
import pytest
from bson.raw_bson import RawBSONDocument

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import utc_now
from semblance_core.store.backups.backup_file import Manifest, Part, pack, read

METADATA = b'{"options":{},"indexes":[],"collectionName":"x","type":"collection"}'
SMALLEST = len(bson.encode({"x": b""}))
BACKUPS = 2_000
BLOCKS = 2 * tarfile.RECORDSIZE // tarfile.BLOCKSIZE + 2
Collection = tuple[bytes, ...]


def document(size: int, noise: random.Random) -> bytes:
    """One of exactly so many bytes."""
    return bson.encode({"x": noise.randbytes(size - SMALLEST)})


def drawn(noise: random.Random) -> Iterator[Collection]:
    """Up to five collections, some of them empty, of up to twelve documents."""
    for _ in range(noise.randrange(6)):
        count = noise.choice((0, 1, 2, 12))
        yield tuple(document(SMALLEST + noise.randrange(1_500), noise) for _ in range(count))


def packed(collections: Sequence[Collection]) -> tuple[Manifest, bytes]:
    parts = tuple(
        Part(
            collection=f"c{number}",
            documents=len(documents),
            size=sum(map(len, documents)),
            sha256=sha256(b"".join(documents)).hexdigest(),
            metadata_sha256=sha256(METADATA).hexdigest(),
        )
        for number, documents in enumerate(collections)
    )
    manifest = Manifest(semblance_backup=1, made_at=utc_now(), database="semblance", parts=parts)
    whole, spool = io.BytesIO(), io.BytesIO(b"".join(b"".join(documents) for documents in collections))
    pack(whole, manifest, [METADATA] * len(parts), spool)
    return manifest, whole.getvalue()


def taken(content: bytes) -> tuple[Manifest, list[Collection]]:
    found: list[Collection] = []

    def take(_part: Part, _metadata: bytes, documents: Iterator[RawBSONDocument]) -> None:
        found.append(tuple(bytes(each.raw) for each in documents))

    return read(Path("backup.tar.gz"), io.BytesIO(content), take), found


def test_two_thousand_backups_of_any_size_are_read_back() -> None:
    noise = random.Random(7)
    for number in range(BACKUPS):
        collections = [*drawn(noise)]
        manifest, content = packed(collections)
        assert taken(content) == (manifest, collections), f"backup {number}"


@pytest.mark.parametrize("extra", [0, 1, 511])
def test_a_backup_is_read_back_wherever_it_ends_in_tars_record(extra: int) -> None:
    noise = random.Random(extra)
    for blocks in range(1, BLOCKS + 1):
        collections = [(document(tarfile.BLOCKSIZE * blocks + extra, noise),)]
        manifest, content = packed(collections)
        assert taken(content) == (manifest, collections), f"{blocks} blocks"


def test_the_end_is_checked_whatever_its_length() -> None:
    """Where tar's end is at its longest too, what stands behind it, or is missing of it, is noticed."""
    noise = random.Random(1)
    for blocks in range(1, BLOCKS + 1):
        _, content = packed([(document(tarfile.BLOCKSIZE * blocks, noise),)])
        wrong = (content[:-8] + bytes(4) + content[-4:], content[:-4], content + b"more")
        for changed in wrong:
            with pytest.raises(InvalidInput, match="is cut off or damaged"):
                taken(changed)


@pytest.mark.parametrize("year", [1965, 2150])
def test_a_machine_whose_clock_is_decades_off_makes_backups_too(year: int) -> None:
    manifest = Manifest(semblance_backup=1, made_at=utc_now().replace(year=year, day=1), database="semblance", parts=())
    whole = io.BytesIO()
    pack(whole, manifest, [], io.BytesIO())
    assert taken(whole.getvalue()) == (manifest, [])
