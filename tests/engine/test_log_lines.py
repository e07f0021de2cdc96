"""The log of a whole study: one line an event, with the ids that lead to it, and nothing that anybody said."""

import io
import json
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from semblance_core import logs
from semblance_core.bootstrap import Semblance
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.conftest import KEY
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, discussed, finished, session

SAID = "canaryinthecoalmine"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level, {name: logging.getLogger(name).level for name in logs.OURS}
    stream = io.StringIO()
    logs.configure("json", stream=stream)
    yield stream
    root.handlers, level, levels = before
    root.setLevel(level)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def answers(asked: Asked) -> Reply:
    if asked.number == 2:
        return Reply(f"{SAID} bad key {KEY}", status=500)
    return sensible(asked) if asked.schema else Reply(f"{chatter(asked.number, 20)} {SAID}.")


def test_each_event_of_a_study_is_one_line_with_its_ids_and_without_texts(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer, written: io.StringIO
) -> None:
    model_server.script = answers
    group = session(workspace, title=f"On {SAID}", topic=f"About {SAID}", turn_limit=8)
    asked_round(semblance, workspace, group.id, f"What of {SAID}?")
    group, messages = discussed(semblance, workspace, group.id)
    task = finished(semblance, workspace, workspace.personas.recruit(group.project_id, f"Who likes {SAID}", 2))
    assert task.state is TaskState.DONE
    semblance.workspace("admin").accounts.set_quota("user", semblance.store.users.get("user").quota)

    text = written.getvalue()
    for secret in (SAID, KEY, "Maya", "What made you choose it"):
        assert secret not in text
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    events = Counter(line["event"] for line in lines)
    calls = workspace.usage.mine.calls(limit=0)
    by_call = {line["call_id"]: line for line in lines if line["event"] == "model call"}
    assert len(by_call) == events["model call"] == len(calls) == len(model_server.asked)
    for call in calls:
        line = by_call[call.id]
        assert (line["status"], line["model"], line["user_id"]) == (call.status, call.model, "user")
        assert line.get("task_id") == call.task_id
        assert line.get("focus_group_id") == call.focus_group_id
        assert line["level"] == ("INFO" if call.status == "ok" else "WARNING")
    stored = [line["seq"] for line in lines if line["event"] == "message stored"]
    assert sorted(stored) == [message.seq for message in messages]
    assert {line["focus_group_id"] for line in lines if line["event"] == "message stored"} == {group.id}
    claimed = [(line["kind"], line["epoch"], line["lost"]) for line in lines if line["event"] == "work claimed"]
    assert ("task", 1, 0) in claimed
    assert ("focus_group", group.epoch, 0) in claimed
    (over,) = [line for line in lines if line["event"] in ("session ended", "session paused")]
    assert (over["focus_group_id"], over["reason"], over["epoch"]) == (group.id, group.reason, group.epoch)
    (done,) = [line for line in lines if line["event"] == "task done"]
    assert (done["task_id"], done["kind"], done["epoch"]) == (task.id, "recruit", 1)
    (audited,) = [line for line in lines if line["event"] == "administrator's action"]
    assert (audited["actor_id"], audited["action"], audited["owner_id"]) == ("admin", "set_quota", "user")
