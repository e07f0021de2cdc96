"""A backup that somebody tampered with does no harm."""

import gzip
import json
import struct
import tarfile
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import bson
import pytest

from semblance_core.domain.errors import InvalidInput, SetupError
from semblance_core.store.backups.backup import restore
from tests.store.backups.archives import Member, packed, unpacked
from tests.store.backups.conftest import Data, held, is_untouched, left_in


def sealed(members: list[Member], **changes: Any) -> list[Member]:
    """With a manifest whose checksums and figures fit the members again."""
    manifest = json.loads(members[0][1]) | changes
    for part in manifest["parts"]:
        for name, content in members[1:]:
            if name == f"{manifest['database']}/{part['collection']}.bson":
                part |= {"sha256": sha256(content).hexdigest(), "size": len(content)}
            elif name == f"{manifest['database']}/{part['collection']}.metadata.json":
                part["metadata_sha256"] = sha256(content).hexdigest()
    return [(members[0][0], json.dumps(manifest).encode()), *members[1:]]


def lying(**fields: Any) -> tarfile.TarInfo:
    header = tarfile.TarInfo()
    for field, value in fields.items():
        setattr(header, field, value)
    return header


def with_content(members: list[Member], number: int, content: bytes) -> list[Member]:
    return sealed([*members[:number], (members[number][0], content), *members[number + 1 :]])


def with_header(members: list[Member], number: int, **fields: Any) -> list[Member]:
    name, content = members[number]
    header = lying(**{"name": name, "size": len(content)} | fields)
    return [*members[:number], (header, content), *members[number + 1 :]]


def with_parts(members: list[Member], change: Callable[[list[Any]], list[Any]]) -> list[Member]:
    return sealed(members, parts=change(json.loads(members[0][1])["parts"]))


TRICKS: dict[str, Callable[[list[Member]], list[Member]]] = {
    "a path that leads out": lambda members: with_header(members, 2, name="../../escaped.bson"),
    "an absolute path": lambda members: with_header(members, 2, name="/tmp/escaped.bson"),
    "a link": lambda members: with_header(members, 2, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a hard link": lambda members: with_header(members, 2, type=tarfile.LNKTYPE, linkname="/etc/passwd"),
    "a device": lambda members: with_header(members, 2, type=tarfile.CHRTYPE),
    "a file longer than there is": lambda members: with_header(members, 2, size=2**50),
    "a size below zero": lambda members: with_header(members, 1, size=-(2**30)),
    "metadata of gigabytes": lambda members: with_header(members, 1, size=2**33),
    "a name of gigabytes": lambda members: [
        members[0],
        (lying(name="././@LongLink", type=b"L", size=2**33), b"x" * 512),
        *members[1:],
    ],
    "an extended header": lambda members: [
        members[0],
        (lying(name="pax", type=tarfile.XHDTYPE, size=20), b"20 path=../escaped\n\n"),
        *members[1:],
    ],
    "a document of gigabytes": lambda members: with_content(members, 2, struct.pack("<i", 2**31 - 1) + bytes(9_000)),
    "a document of no length": lambda members: with_content(members, 2, struct.pack("<i", -5) + bytes(40)),
    "documents that were changed": lambda members: [
        *members[:2],
        (members[2][0], members[2][1].replace(b"Project 7", b"Project X")),
        *members[3:],
    ],
    "metadata that were changed": lambda members: [
        members[0],
        (members[1][0], members[1][1].replace(b"name_1", b"name_2")),
        *members[2:],
    ],
    "a document too many": lambda members: with_content(members, 2, members[2][1] + bson.encode({"_id": "more"})),
    "a collection too few": lambda members: with_parts(members, lambda parts: parts[:1]),
    "a collection too many": lambda members: with_parts(
        members, lambda parts: [*parts, {**parts[0], "collection": "x"}]
    ),
    "other files after it": lambda members: [*members, ("../../escaped", b"more")],
    "metadata that are a list": lambda members: with_content(members, 1, b"[]"),
    "metadata without end": lambda members: with_content(members, 1, b'{"a":' * 100_000),
    "metadata of nonsense": lambda members: with_content(
        members, 1, b'{"options": {"x": {"$numberInt": []}}, "indexes": []}'
    ),
}
NAMES: dict[str, Callable[[list[Any]], list[Any]]] = {
    "one collection twice": lambda parts: [parts[0], parts[0]],
    "MongoDB's own collection": lambda parts: [{**parts[0], "collection": "system.users"}],
    "half restored": lambda parts: [{**parts[0], "collection": "restoring.users"}],
    "less than nothing": lambda parts: [{**parts[0], "documents": -1}],
}


@pytest.mark.parametrize("name", TRICKS)
def test_a_file_that_somebody_tampered_with_does_no_harm(
    backup: Path, empty: Data, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(backup, TRICKS[name](list(unpacked(backup))))
    monkeypatch.chdir(backup.parent)
    told: list[Any] = []
    with pytest.raises(InvalidInput, match=r"is cut off or damaged"):
        restore(empty, backup, told.append)
    assert (told, is_untouched(empty)) == ([], True)  # the whole file is read before anything is written
    assert (left_in(backup.parent), left_in(tmp_path)) == ([backup.name], ["backups"])


@pytest.mark.parametrize("name", NAMES)
def test_a_manifest_that_names_what_no_backup_holds_is_refused(backup: Path, empty: Data, name: str) -> None:
    packed(backup, with_parts(list(unpacked(backup)), NAMES[name]))
    with pytest.raises(InvalidInput, match=r"is no backup of Semblance"):
        restore(empty, backup)
    assert is_untouched(empty)


BOMBS: dict[str, Callable[[list[Member]], list[Member]]] = {
    "metadata": lambda members: with_header(members[:2], 1, size=2**30),
    "a document": lambda members: [
        *members[:2],
        (lying(name=members[2][0], size=2**30), struct.pack("<i", 2**30) + bytes(508)),
    ],
    "the rest": lambda members: members,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_to_gigabytes_is_refused_within_little_memory(backup: Path, empty: Data, name: str) -> None:
    packed(backup, BOMBS[name](list(unpacked(backup))))
    backup.write_bytes(backup.read_bytes() + gzip.compress(bytes(10_000_000)) * 110)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match="is cut off or damaged"):
            restore(empty, backup)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
    assert is_untouched(empty)


def test_options_do_not_lead_out_of_what_is_restored(backup: Path, empty: Data) -> None:
    packed(
        backup,
        with_content(list(unpacked(backup)), 3, b'{"options": {"create": "elsewhere", "$db": "admin"}, "indexes": []}'),
    )
    restore(empty, backup)
    assert list(held(empty)) == ["projects", "users"]


def test_a_newer_format_is_refused_by_its_number(backup: Path, empty: Data) -> None:
    members = list(unpacked(backup))
    packed(backup, [("manifest.json", b'{"semblance_backup": 2, "all": "else is new"}'), *members[1:]])
    with pytest.raises(InvalidInput, match=r"made by a newer version of Semblance.*its format is 2.*reads 1"):
        restore(empty, backup)
    assert is_untouched(empty)


SERVER_REFUSES: dict[str, Callable[[list[Member]], list[Member]]] = {
    "an id twice": lambda members: with_content(members, 4, bson.encode({"_id": "user"}) * 2),
    "an index that cannot be": lambda members: with_content(
        members, 3, b'{"options": {}, "indexes": [{"name": "x", "key": {"x": "nonsense"}}]}'
    ),
    "a collection that forgets": lambda members: with_content(
        members, 1, b'{"options": {"capped": true, "size": 4096, "max": 5}, "indexes": []}'
    ),
    "an option that is none": lambda members: with_content(members, 3, b'{"options": {"nonsense": 1}, "indexes": []}'),
}


@pytest.mark.parametrize("name", SERVER_REFUSES)
def test_what_the_server_does_not_take_is_a_sentence_and_nothing_of_it_stays(
    backup: Path, empty: Data, name: str
) -> None:
    members = SERVER_REFUSES[name](list(unpacked(backup)))
    if name == "an id twice":
        members = with_parts(members, lambda parts: [parts[0], {**parts[1], "documents": 2}])
    packed(backup, members)
    with pytest.raises(
        SetupError, match=rf"could not be restored into {empty.name} \(.+\)\.|documents of projects, 5 arrived"
    ) as refused:
        restore(empty, backup)
    assert "RawBSON" not in str(refused.value)
    assert is_untouched(empty)
