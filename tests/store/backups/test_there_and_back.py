"""Backups: one moment of everything, byte for byte there and back."""

import json
import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import bson
import gridfs
import pytest
from pymongo.database import Database

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.task import TaskState
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage.events import TokenCounts, UsageQuota
from semblance_core.settings import load_settings
from semblance_core.store.backups.backup import back_up, restore
from semblance_core.store.opening import connect
from semblance_core.store.store import store_over
from semblance_core.store.usage.ledger import Hold
from semblance_core.store.version.schema import SCHEMA
from tests.conftest import OpenPlatform, settings_for
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.store.backups.archives import unpacked
from tests.store.backups.conftest import Data, held, is_untouched, left_in
from tests.studies import discussed, eventually, finished, panel, session

# There and back


def test_everything_comes_back_byte_for_byte(
    open_platform: OpenPlatform, client: Any, new_database: Callable[[], Data], file: Path
) -> None:
    semblance = open_platform(SEMBLANCE_MODEL="simulator/v1", SEMBLANCE_ENV="development")
    workspace = semblance.workspace("user")
    draft = session(workspace, turn_limit=9)
    leaflet = b"Oat milk for everybody, in every shop. " * 15_000  # more than one chunk
    asset = workspace.stimuli.attach(draft.id, "leaflet.txt", leaflet)
    group, _ = discussed(semblance, workspace, draft.id)
    for persona in panel(2):
        workspace.personas.add(group.project_id, persona)
    assert finished(semblance, workspace, workspace.findings.analyse(group.id)).state is TaskState.DONE
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
    assert told == sorted([*before, SCHEMA])
    assert made.documents == sum(len(documents) for documents, _ in before.values()) + 1
    assert left_in(file.parent) == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600

    target = new_database()
    assert restore(target, file) == made
    assert held(target) == before == held(source)
    assert target["notes"].options()["collation"]["locale"] == "de"
    audit = store_over(target).reconciliation.check()
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
        return [workspace.sessions.get(group).next_seq for group in groups]

    def go_on(part: Any) -> None:
        """More is said, and paid for, while a backup is being made."""
        if part.collection in ("focus_group_messages", "focus_groups", "usage_daily"):
            before = next_seq()
            eventually(lambda: all(now > than for now, than in zip(next_seq(), before, strict=True)))
            semblance.gateway.batcher.flush()

    for group in groups:
        workspace.sessions.start(group)
    eventually(lambda: min(next_seq()) > 3, within_s=20)
    said = next_seq()
    back_up(semblance.connection.database, file, utc_now(), go_on)
    for group in groups:
        assert workspace.sessions.get(group).is_busy
        workspace.sessions.end(group)

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
        assert again.store.reconciliation.check().differences == ()

        again.engine.start()
        workspace = again.workspace("user")
        # The leases still stood at the moment of the backup; they run out.
        eventually(lambda: not any(workspace.sessions.get(group).is_busy for group in groups), within_s=40)
        again.gateway.batcher.flush()
        for group in groups:
            after = workspace.sessions.get(group)
            assert (after.state, after.reason) == (FocusGroupState.ENDED, "guide_covered")
            assert [message.seq for message in workspace.sessions.messages(group)] == list(range(1, after.next_seq))

        # The holds of calls that were in flight: the sweeper settles those in full once they have expired.
        for budget in database["budgets"].find():
            assert "cut off" in budget["holds"]
            past = {f"holds.{call_id}.expires_at": datetime(2000, 1, 1, tzinfo=UTC) for call_id in budget["holds"]}
            database["budgets"].update_one({"_id": budget["_id"]}, {"$set": past})
        eventually(lambda: not any(budget["holds"] for budget in database["budgets"].find()))
        assert again.store.usage.find("cut off")
        assert again.store.reconciliation.check().differences == ()
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
