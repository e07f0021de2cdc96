"""The first migration, killed after any of its writes: the next start brings it to the same end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import bson
from pymongo.database import Database

from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.store.codec import to_document
from semblance_core.store.ids import new_id
from semblance_core.store.store import store_over
from semblance_core.store.version.migrate import join_version
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA
from tests.studies import eventually
from tests.zygote import Zygote, is_alive

WRITES = 24
AT = datetime(2026, 10, 31, 23, 59, 30, tzinfo=UTC)


def fill(database: Database[dict[str, Any]]) -> None:
    """What the first versions left: analyses without names, a hold without a date, calls without sums by hour."""
    themes = {"themes": [], "summary": "", "dropped_quotes": 0, "model": "m", "prompts_version": "1", "through_seq": 1}
    found = [{**themes, "focus_group_id": "group", "created_at": AT + timedelta(minutes=n)} for n in range(3)]
    database["focus_group_themes"].insert_many(found)
    task = {"kind": "analyse", "request": {"focus_group_id": "group"}, "state": "done"}
    # The second analysis was kept, but its worker died before it could say so.
    done = [{**task, "_id": f"task-{n}", "finished_at": AT + timedelta(minutes=n, seconds=1)} for n in (0, 2)]
    database["tasks"].insert_many(done)
    hold = {
        "nano_usd": 5,
        "tokens": to_document(TokenCounts(1)),
        "expires_at": AT + timedelta(minutes=2),
        "feature": "reply",
    }
    empty = {"spent_nano_usd": 14, "spent_tokens": 2, "unpriced_calls": 0, "reserved_nano_usd": 5, "reserved_tokens": 1}
    budget = {"_id": "user/2026-10", "user_id": "user", "month": "2026-10", "holds": {"open": {**hold, "model": "m"}}}
    database["budgets"].insert_one({**budget, **empty})
    for n in range(2):
        event = UsageEvent(str(n), "user", "reply", "m", TokenCounts(1), None, 0.5, "ok", False, AT - timedelta(days=n))
        database["usage_events"].insert_one({**to_document(event), "cost_nano_usd": 7})
        key = {"day": f"{event.at:%Y-%m-%d}", "user_id": "user", "project_id": None, "feature": "reply", "model": "m"}
        sums = {"calls": 1, "cost_nano_usd": 7, "prompt_tokens": 1}
        database["usage_daily"].insert_one({"_id": "/".join(map(str, key.values())), **key, **sums})


def test_the_next_start_comes_to_the_same_end(
    databases: Any, zygote: Zygote, platform_settings: dict[str, Any]
) -> None:
    names = [f"{platform_settings['SEMBLANCE_DATABASE']}-{new_id()}" for _ in range(WRITES + 1)]
    client = databases._client
    processes = []
    for writes, name in enumerate(names):
        fill(client[name])
        if writes:
            settings = {**platform_settings, "SEMBLANCE_DATABASE": name}
            processes.append(zygote.start(settings, work=("task", "none"), die_after=writes))
    eventually(lambda: not any(map(is_alive, processes)), within_s=120)
    client.admin.command(
        "killAllSessions", []
    )  # half a minute passes otherwise until the server ends their transactions
    reached = []
    for name in names:
        database = client.get_database(name, codec_options=bson.CodecOptions(tz_aware=True))
        reached.append((database[SCHEMA].find_one() or {}).get("version"))
        database[SCHEMA].update_one({"moving": {"$exists": True}}, {"$set": {"moving.until": AT}})  # its lease is past
        join_version(database).leave()
        assert {each["_id"]: each["created_at"] - AT for each in database["focus_group_themes"].find()} == {
            "task-0": timedelta(0),
            "task-2": timedelta(minutes=2),
            next(x["_id"] for x in database["focus_group_themes"].find() if len(x["_id"]) == 24): timedelta(minutes=1),
        }
        assert all(each["analysis_id"] == each["_id"] for each in database["focus_group_themes"].find())
        (budget,) = database["budgets"].find()
        assert budget["holds"]["open"]["at"] == datetime(2026, 10, 31, 23, 59, 59, 999_000, tzinfo=UTC)
        assert store_over(database).reconciliation.check().differences == ()
        assert database["usage_hourly"].count_documents({}) == 2
        client.drop_database(name)
    assert {0, len(MIGRATIONS)} <= set(reached)
