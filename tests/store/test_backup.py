"""Backups: one moment of everything, byte for byte there and back; whatever is no whole backup changes nothing."""

import gzip
import io
import json
import os
import resource
import struct
import subprocess
import tarfile
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import bson
import gridfs
import pytest
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.errors import InvalidInput, SetupError
from semblance_core.domain.focus_group import FocusGroupState
from semblance_core.domain.task import TaskState
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage import TokenCounts, UsageQuota
from semblance_core.settings import load_settings
from semblance_core.store.backup import back_up, restore
from semblance_core.store.connection import connect
from semblance_core.store.ids import new_id
from semblance_core.store.ledger import Hold
from semblance_core.store.store import store_over
from tests.conftest import OpenPlatform, settings_for
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import discussed, eventually, finished, panel, session

Data = Database[dict[str, Any]]


@pytest.fixture(scope="module")
def client(data_dir: Path) -> Iterator[Any]:
    connection = connect(load_settings(SEMBLANCE_DATA_DIR=data_dir, SEMBLANCE_DATABASE=f"test-{new_id()}"))
    yield connection.database.client
    connection.database.client.drop_database(connection.database.name)
    connection.close()


@pytest.fixture
def new_database(client: Any) -> Iterator[Callable[[], Data]]:
    """Makes empty databases."""
    made: list[Data] = []

    def make() -> Data:
        made.append(client[f"test-{new_id()}"])
        return made[-1]

    yield make
    for database in made:
        if not is_untouched(database):
            client.drop_database(database.name)


@pytest.fixture
def empty(new_database: Callable[[], Data]) -> Data:
    return new_database()


@pytest.fixture
def filled(empty: Data) -> Data:
    """A database of two collections, to be changed."""
    return fill(empty)


@pytest.fixture(scope="module")
def small(client: Any) -> Iterator[Data]:
    """A database of two collections that nobody changes."""
    database = fill(client[f"test-{new_id()}"])
    yield database
    client.drop_database(database.name)


def fill(database: Data) -> Data:
    database["projects"].insert_many([{"_id": number, "name": f"Project {number}"} for number in range(20)])
    database["projects"].create_index("name", unique=True)
    database["users"].insert_one({"_id": "user"})
    return database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup shall be: a folder with nothing else in it."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "backup.tar.gz"


@pytest.fixture
def backup(small: Data, file: Path) -> Path:
    """A backup of the two collections."""
    back_up(small, file, utc_now())
    return file


def held(database: Data) -> dict[str, tuple[list[bytes], list[Any]]]:
    """Every document's bytes and every index, by collection."""
    options = bson.CodecOptions(document_class=RawBSONDocument)
    return {
        name: (
            sorted(bytes(document.raw) for document in database.get_collection(name, codec_options=options).find()),
            sorted(str(dict(index)) for index in database[name].list_indexes()),
        )
        for name in sorted(database.list_collection_names())
    }


def is_untouched(database: Data) -> bool:
    return database.list_collection_names() == []


def left_in(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


# There and back


def test_everything_comes_back_byte_for_byte(
    open_platform: OpenPlatform, client: Any, new_database: Callable[[], Data], file: Path
) -> None:
    semblance = open_platform(SEMBLANCE_MODEL="simulator/v1", SEMBLANCE_ENV="development")
    workspace = semblance.workspace("user")
    draft = session(workspace, turn_limit=9)
    leaflet = os.urandom(300_000).hex().encode()  # more than one chunk
    asset = workspace.attach_stimulus(draft.id, "leaflet.txt", leaflet)
    group, _ = discussed(semblance, workspace, draft.id)
    for persona in panel(2):
        workspace.add_persona(group.project_id, persona)
    assert finished(semblance, workspace, workspace.analyse(group.id)).state is TaskState.DONE
    source = semblance.connection.database
    gridfs.GridFS(source).put(os.urandom(600_000), filename="concept.png")
    source["of somebody else/50%"].insert_many([{"_id": {"b": 1, "a": float("nan")}}, {"x": bson.Int64(1)}, {"x": 1.0}])
    source.create_collection("notes", collation={"locale": "de"})
    source["notes"].create_index("text")
    source["notes"].create_index("title", collation={"locale": "simple"})
    source["cards"].create_index({"text": "text"}, weights={"text": 3})
    before = held(source)
    there = {
        "focus_group_messages",
        "focus_group_themes",
        "usage_events",
        "usage_daily",
        "personas",
        "fs.chunks",
        "assets",
    }
    assert all(before[name][0] for name in there)

    told: list[str] = []
    made = back_up(source, file, utc_now(), lambda part: told.append(part.collection))
    assert told == list(before)
    assert made.documents == sum(len(documents) for documents, _ in before.values())
    assert left_in(file.parent) == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600

    target = new_database()
    assert restore(target, file) == made
    assert held(target) == before == held(source)
    assert target["notes"].options()["collation"]["locale"] == "de"
    audit = store_over(target).books.check()
    assert (audit.differences, audit.events > 5) == ((), True)
    restored = store_over(target).assets
    assert (restored.of(group)[0].id, restored.original(asset.id)) == (asset.id, leaflet)
    image = gridfs.GridFS(target).find_one({"filename": "concept.png"})
    assert image is not None
    assert image.read() == gridfs.GridFS(source).find_one({"filename": "concept.png"}).read()  # type: ignore[union-attr]

    # A backup of what was restored holds the same.
    back_up(target, file.with_name("again.tar.gz"), utc_now())
    once, again = unpacked(file), unpacked(file.with_name("again.tar.gz"))
    assert [content for _, content in again[1:]] == [content for _, content in once[1:]]


def test_a_file_is_what_mongorestore_takes(small: Data, backup: Path) -> None:
    members = dict(unpacked(backup))
    assert list(members) == [
        "manifest.json",
        *(f"{small.name}/projects.metadata.json", f"{small.name}/projects.bson"),
        *(f"{small.name}/users.metadata.json", f"{small.name}/users.bson"),
    ]
    assert bson.decode_all(members[f"{small.name}/projects.bson"]) == list(small["projects"].find())
    metadata = json.loads(members[f"{small.name}/projects.metadata.json"])
    assert (metadata["collectionName"], metadata["type"], metadata["options"]) == ("projects", "collection", {})
    one = {"$numberInt": "1"}
    assert metadata["indexes"] == [
        {"v": {"$numberInt": "2"}, "key": {"_id": one}, "name": "_id_"},
        {"v": {"$numberInt": "2"}, "key": {"name": one}, "name": "name_1", "unique": True},
    ]


def test_a_backup_is_of_one_moment_and_what_ran_then_goes_on_after_it(
    open_platform: OpenPlatform, data_dir: Path, model_server: ScriptedServer, file: Path
) -> None:
    semblance = open_platform(SEMBLANCE_LEASE_S=1.2)
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: Reply(chatter(asked.number, 20), delay_s=0.1)
    groups = [session(workspace, size=4, turn_limit=40).id for _ in range(2)]
    call = Hold("cut off", "user", utc_now(), Decimal("0.01"), TokenCounts(50, 0, 50), "reply", "m/1")
    semblance.store.ledger.hold(call, UsageQuota(), 60)

    def next_seq() -> list[int]:
        return [workspace.focus_group(group).next_seq for group in groups]

    def go_on(part: Any) -> None:
        """More is said, and paid for, while a backup is being made."""
        if part.collection in ("focus_group_messages", "focus_groups", "usage_daily"):
            before = next_seq()
            eventually(lambda: all(now > than for now, than in zip(next_seq(), before, strict=True)))
            semblance.gateway.clerk.flush()

    for group in groups:
        workspace.start_autonomous(group)
    eventually(lambda: min(next_seq()) > 3, within_s=20)
    said = next_seq()
    back_up(semblance.connection.database, file, utc_now(), go_on)
    for group in groups:
        assert workspace.focus_group(group).is_busy
        workspace.end(group)

    model_server.script = lambda asked: Reply(chatter(asked.number, 20))
    settings = load_settings(**settings_for(data_dir, model_server), SEMBLANCE_SWEEP_S=0.1)
    with closing(connect(settings)) as connection:
        restore(connection.database, file)
    with open_semblance(settings) as again:
        database = again.connection.database
        for group, than in zip(groups, said, strict=True):
            found = database["focus_groups"].find_one({"_id": group}) or {}
            copied = {message["seq"] for message in database["focus_group_messages"].find({"focus_group_id": group})}
            assert copied | {message["seq"] for message in found["last"]} == set(range(1, found["next_seq"]))
            assert (found["state"], found["next_seq"] >= than) == ("autonomous", True)
        assert again.store.books.check().differences == ()

        again.engine.start()
        workspace = again.workspace("user")
        # The leases still stood at the moment of the backup; they run out.
        eventually(lambda: not any(workspace.focus_group(group).is_busy for group in groups), within_s=40)
        again.gateway.clerk.flush()
        for group in groups:
            after = workspace.focus_group(group)
            assert (after.state, after.reason) == (FocusGroupState.ENDED, "guide_covered")
            assert [message.seq for message in workspace.messages(group)] == list(range(1, after.next_seq))

        # The holds of calls that were in flight: the sweeper settles those in full once they have expired.
        for budget in database["budgets"].find():
            assert "cut off" in budget["holds"]
            past = {f"holds.{call_id}.expires_at": datetime(2000, 1, 1, tzinfo=UTC) for call_id in budget["holds"]}
            database["budgets"].update_one({"_id": budget["_id"]}, {"$set": past})
        eventually(lambda: not any(budget["holds"] for budget in database["budgets"].find()))
        assert again.store.usage.find("cut off")
        assert again.store.books.check().differences == ()
        database.client.drop_database(database.name)


def test_a_collection_that_is_made_meanwhile_is_no_obstacle(
    filled: Data, new_database: Callable[[], Data], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, made = Database.list_collections, []

    def list_after_another_was_made(self: Any, *given: Any, **named: Any) -> Any:
        if not made:
            made.append(self["assets"].insert_one({"_id": 1}))
        return listed(self, *given, **named)

    monkeypatch.setattr(Database, "list_collections", list_after_another_was_made)
    back_up(filled, file, utc_now())
    target = new_database()
    restore(target, file)
    assert held(target) == held(filled)
    assert target["assets"].count_documents({}) == 1


def test_what_a_killed_restore_left_is_in_no_ones_way(
    filled: Data, new_database: Callable[[], Data], file: Path
) -> None:
    target = new_database()
    for database in (filled, target):
        database["restoring.users"].insert_one({"_id": "half"})
    back_up(filled, file, utc_now())
    restore(target, file)
    filled.drop_collection("restoring.users")
    assert held(target) == held(filled)


def test_nothing_is_a_backup_too(new_database: Callable[[], Data], file: Path) -> None:
    assert back_up(new_database(), file, utc_now()).parts == ()
    target = new_database()
    assert restore(target, file).documents == 0
    assert is_untouched(target)


# What is refused


def test_a_database_that_holds_anything_is_refused(backup: Path, empty: Data) -> None:
    empty["personas"].create_index("project_id")
    empty["notes"].insert_one({"_id": 1})
    before = held(empty)
    with pytest.raises(InvalidInput, match=r"holds notes already.*empty one only.*SEMBLANCE_DATABASE"):
        restore(empty, backup)
    assert held(empty) == before


def test_what_somebody_writes_during_a_restore_is_kept(backup: Path, empty: Data) -> None:
    with pytest.raises(InvalidInput, match="holds users already"):
        restore(empty, backup, lambda part: empty["users"].replace_one({"_id": "new"}, {}, upsert=True))
    assert list(held(empty)) == ["users"]
    assert [user["_id"] for user in empty["users"].find()] == ["new"]


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda file: file.symlink_to("nowhere")])
def test_no_file_is_replaced(small: Data, file: Path, make: Callable[[Path], object]) -> None:
    make(file)
    before = file.lstat()
    with pytest.raises(InvalidInput, match=r"backup.tar.gz is there already"):
        back_up(small, file, utc_now())
    assert file.lstat() == before
    assert left_in(file.parent) == [file.name]


def test_a_file_that_appears_meanwhile_is_not_replaced(small: Data, file: Path) -> None:
    with pytest.raises(InvalidInput, match="is there already"):
        back_up(small, file, utc_now(), lambda part: file.write_text("somebody's"))
    assert file.read_text() == "somebody's"
    assert left_in(file.parent) == [file.name]


@pytest.mark.parametrize("where", ["nowhere", "a-file", "/proc"])
def test_a_folder_that_cannot_be_written_is_a_sentence(small: Data, tmp_path: Path, where: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(InvalidInput, match=r"No backup can be written to the folder .+: [A-Z].+\."):
        back_up(small, tmp_path / where / "backup.tar.gz", utc_now())


@contextmanager
def tiny_disk(folder: Path) -> Iterator[str]:
    """A disk of 64 kB in the folder's place, and what is said when it is full."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"No small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield "No space left on device"
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def tiny_files(folder: Path) -> Iterator[str]:
    """No file of this process can be larger than 64 kB, and what is said of those that would be."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, usual[1]))
    try:
        yield "File too large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize(
    ("limited", "size"),
    [(tiny_disk, 70_000), (tiny_disk, 50_000), (tiny_files, 70_000)],
    ids=["disk full as they are read", "disk full as they are packed", "file too large"],
)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    filled: Data, file: Path, limited: Callable[[Path], Any], size: int
) -> None:
    filled["noise"].insert_one({"_id": 1, "noise": os.urandom(size)})
    with limited(file.parent) as words:
        with pytest.raises(SetupError, match=rf"No backup was made: .+ could not be written \({words}\)\."):
            back_up(filled, file, utc_now())
        assert left_in(file.parent) == []


def test_a_database_that_fails_is_a_sentence_and_leaves_nothing(
    open_platform: OpenPlatform, platform_settings: dict[str, Any], file: Path
) -> None:
    connection = connect(load_settings(**platform_settings))
    with pytest.raises(SetupError, match=r"No backup was made: test-\w+ could not be read \(.+\)\."):
        back_up(connection.database, file, utc_now(), lambda part: connection.close())
    assert left_in(file.parent) == []


def test_a_moment_that_the_server_does_not_keep_for_long_enough_is_a_sentence(filled: Data, file: Path) -> None:
    window = {"minSnapshotHistoryWindowInSeconds": 0}
    usual = filled.client.admin.command("getParameter", 1, **dict.fromkeys(window, 1))

    def write(part: Any) -> None:
        for _ in range(3):
            filled["others"].insert_one({})
            time.sleep(0.1)

    filled.client.admin.command("setParameter", 1, **window)
    try:
        with pytest.raises(
            SetupError, match=r"could not be read \(reading took longer.*minSnapshotHistoryWindow\w+\)\."
        ):
            back_up(filled, file, utc_now(), write)
    finally:
        filled.client.admin.command("setParameter", 1, **{name: usual[name] for name in window})
    assert left_in(file.parent) == []


# Files that are no whole backup


def test_a_file_that_is_cut_anywhere_is_refused(backup: Path, empty: Data) -> None:
    whole = backup.read_bytes()
    for length in {*range(0, len(whole), 13), len(whole) - 1}:
        backup.write_bytes(whole[:length])
        with pytest.raises(InvalidInput, match=r"is cut off or damaged|is no backup"):
            restore(empty, backup)
    assert is_untouched(empty)


def test_a_byte_that_is_changed_anywhere_is_noticed(backup: Path, empty: Data) -> None:
    whole = backup.read_bytes()
    noticed = 0
    for at in range(10, len(whole), 7):  # gzip's header before says nothing of the content
        changed = whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
        if still_says(changed, gzip.decompress(whole)):
            continue  # such as a run of zeros that is copied from another place in the run
        backup.write_bytes(changed)
        with pytest.raises(InvalidInput, match=r"is cut off or damaged|is no backup|was made by a newer version"):
            restore(empty, backup)
        noticed += 1
    assert noticed > 50
    assert is_untouched(empty)


def still_says(changed: bytes, plain: bytes) -> bool:
    with suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(changed) == plain
    return False


OTHER_FILES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda file: file.touch(),
    "a text": lambda file: file.write_text("No backup"),
    "a packed text": lambda file: file.write_bytes(gzip.compress(b"No backup" * 200)),
    "another tar": lambda file: packed(file, [("notes.txt", b"No backup")]),
    "another manifest": lambda file: packed(file, [("manifest.json", b'{"name": "app"}')]),
    "a manifest that is no JSON": lambda file: packed(file, [("manifest.json", b"[" * 200_000)]),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_another_file_is_no_backup(file: Path, empty: Data, name: str) -> None:
    OTHER_FILES[name](file)
    with pytest.raises(InvalidInput, match=r"backup.tar.gz is no backup of Semblance\."):
        restore(empty, file)
    assert is_untouched(empty)


def test_a_file_that_is_not_there_is_a_sentence(file: Path, empty: Data) -> None:
    with pytest.raises(InvalidInput, match=r"cannot be read: No such file"):
        restore(empty, file)
    with pytest.raises(InvalidInput, match=r"cannot be read: Is a directory"):
        restore(empty, file.parent)


Member = tuple[str | tarfile.TarInfo, bytes]


def unpacked(file: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(file) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def packed(file: Path, members: list[Any]) -> None:
    """A tar of these members; one that is a `TarInfo` is written as it says, even if it lies."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in members:
            header = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if header is not name:
                header.size = len(content)
            tar.fileobj.write(header.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512))  # type: ignore[union-attr]
    file.write_bytes(gzip.compress(plain.getvalue()))


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
