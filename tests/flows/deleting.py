"""Words that deletions take with them, a look for what they left, and a deletion that is killed."""

import json
import threading
from collections.abc import Callable
from typing import Any

import bson
import pytest
from pymongo.collection import Collection

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, sensible
from tests.studies import asked_round, session

SECRET = "Quokka marmalade"
WRITES = ("insert_one", "insert_many", "update_one", "update_many", "replace_one", "bulk_write")
WRITES = (*WRITES, "delete_one", "delete_many", "find_one_and_update")
KEPT = {
    "usage_events",
    "usage_daily",
    "usage_hourly",
    "budgets",
    "audit_log",
    "deletions",
    "users",
    "model_pricing",
    "model_traits",
    "schema",
}
"""Collections in which what was deleted may still be named."""


def told(*, failing: str = "") -> Callable[[Asked], Reply]:
    """Answers that hold the secret. failing: the feature whose calls fail."""

    def answer(asked: Asked) -> Reply:
        if asked.feature == failing:
            return Reply(f"no {SECRET}", status=400)
        if asked.schema is None:
            return Reply(f"{SECRET} is what I buy, every week.")
        if asked.feature == "code_transcript":
            line = next(line for line in asked.prompt.splitlines() if f": {SECRET}" in line)
            seq, _, rest = line.removeprefix("[").partition("] ")
            quote = {"seq": int(seq), "speaker": rest.partition(":")[0], "quote": f"{SECRET} is what"}
            return Reply(json.dumps({"codes": [{"label": SECRET, "verbatims": [quote]}]}))
        if asked.feature == "build_themes":
            return Reply(json.dumps({"themes": [{"name": SECRET, "summary": SECRET, "code_ids": [0]}]}))
        made = sensible(asked)
        return made if asked.feature == "Sketches" else Reply(made.text)

    return answer


def holding(semblance: Semblance, *words: str) -> list[str]:
    """Collections in which any of these words stands, files included."""
    database = semblance.connection.database
    return sorted(
        name
        for name in database.list_collection_names()
        if not name.startswith("system.")
        and any(word.encode() in bson.encode(found) for found in database[name].find() for word in words)
    )


def counts(semblance: Semblance) -> dict[str, int]:
    """Documents by collection, where there are any, without those that stay on purpose."""
    database = semblance.connection.database
    found = {name: database[name].count_documents({}) for name in database.list_collection_names()}
    return {name: count for name, count in found.items() if count and name not in KEPT}


def talked(semblance: Semblance, workspace: Workspace) -> FocusGroup:
    group = session(workspace, size=2)
    asked_round(semblance, workspace, group.id, "What do you buy?")
    return workspace.sessions.get(group.id)


def before_the_next_write(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], number: int = 0) -> None:
    """Something happens once, right before this thread's next write, or the one after so many more."""
    here, left = threading.get_ident(), [number]

    def wrapped(real: Any) -> Any:
        def write(self: Any, *given: Any, **named: Any) -> Any:
            if threading.get_ident() == here:
                left[0] -= 1
                if left[0] == -1:
                    happens()
            return real(self, *given, **named)

        return write

    for name in WRITES:
        monkeypatch.setattr(Collection, name, wrapped(getattr(Collection, name)))


class Killed(BaseException):
    """As if the process ended here."""


def kill() -> None:
    raise Killed
