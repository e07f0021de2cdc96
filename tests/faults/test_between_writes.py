"""A worker is killed after its first write, another after its second, and so on: whatever it did, others bring it to its end."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.focus_group import MessageStatus
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.faults.conftest import NobodyHere, Tell, assert_whole, calls_on_record
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, eventually, session
from tests.zygote import Zygote, is_alive

GUIDE = "- What do you drink?"
MOST_WRITES = 16
Work = tuple[str, str]


def answered(asked: Asked) -> Reply:
    if asked.feature == "code_transcript":
        said = next(line for line in asked.prompt.splitlines() if line.startswith("[2] "))
        speaker, _, text = said.removeprefix("[2] ").partition(": ")
        quote = {"seq": 2, "speaker": speaker, "quote": " ".join(text.split()[:5])}
        return Reply(json.dumps({"codes": [{"label": "a code", "verbatims": [quote]}]}))
    if asked.feature == "build_themes":
        return Reply(json.dumps({"themes": [{"name": "A theme", "summary": "Held.", "code_ids": [0]}]}))
    return sensible(asked) if asked.schema else Reply(chatter(asked.number, 20))


def discussion(workspace: Workspace, seed: int) -> Work:
    group = session(workspace, size=2, guide=GUIDE, turn_limit=3, seed=seed)
    workspace.start_autonomous(group.id)
    return "focus_group", group.id


def round_of_two(workspace: Workspace, seed: int) -> Work:
    group = session(workspace, size=2, guide=GUIDE, seed=seed)
    workspace.post_message(group.id, "What do you drink?")
    return "focus_group", group.id


def panel(workspace: Workspace, seed: int) -> Work:
    project = workspace.create_project("Panel")
    return "task", workspace.recruit(project.id, "Anybody", 2, seed=seed).id


@pytest.fixture
def analysis(semblance: Semblance) -> Callable[[Workspace, int], Work]:
    """Themes of one session that was held before, found again and again."""
    workspace = semblance.workspace("user")
    group = session(workspace, size=2, guide=GUIDE)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    return lambda orders, _: ("task", orders.analyse(group.id).id)


@pytest.fixture(scope="module")
def done_for() -> list[str]:
    """What was shown for each kind so far."""
    return []


@pytest.mark.parametrize("kind", ["discussion", "round", "panel", "analysis"])
def test_work_that_is_killed_after_any_of_its_writes_comes_to_its_end(
    kind: str,
    zygote: Zygote,
    elsewhere: dict[str, Any],
    semblance: Semblance,
    analysis: Callable[[Workspace, int], Work],
    model_server: ScriptedServer,
    tell: Tell,
    done_for: list[str],
) -> None:
    model_server.script = answered
    workspace = replace(semblance.workspace("user"), engine=NobodyHere())
    begin = {"discussion": discussion, "round": round_of_two, "panel": panel, "analysis": analysis}[kind]
    before = len(model_server.asked), len(calls_on_record(semblance))
    every = [begin(workspace, number) for number in range(MOST_WRITES)]
    processes = [zygote.start(elsewhere, work=work, die_after=writes) for writes, work in enumerate(every, start=1)]
    eventually(lambda: not any(is_alive(process) for process in processes), within_s=60)
    left = [work for work in every if semblance.engine.worker.is_open(*work)]  # type: ignore[arg-type]
    assert len(left) >= 4, "most were killed half-way"
    zygote.start(elsewhere)
    eventually(lambda: not any(semblance.engine.worker.is_open(*work) for work in every), within_s=60)  # type: ignore[arg-type]

    for work in every:
        if work[0] == "focus_group":
            group, messages = workspace.focus_group(work[1]), workspace.messages(work[1])
            assert_whole(group, messages)
            assert len(messages) == 3
            assert all(message.status is MessageStatus.SAID for message in messages)
        else:
            task = workspace.task(work[1])
            assert (task.state, task.error) == (TaskState.DONE, "")
    if kind == "panel":
        assert all(len(workspace.personas(workspace.task(work[1]).project_id)) == 2 for work in every)
    if kind == "analysis":
        themes = semblance.connection.database["focus_group_themes"]
        assert themes.count_documents({}) == MOST_WRITES, "one analysis a task"
    made, recorded = len(model_server.asked) - before[0], len(calls_on_record(semblance)) - before[1]
    assert made <= recorded
    eventually(lambda: semblance.store.books.check().differences == (), within_s=20)
    needed = {"discussion": 2, "round": 2, "panel": 3, "analysis": 3}[kind] * MOST_WRITES
    assert made <= needed + 3 * len(left)
    done_for.append(f"{kind}: {len(left)} of {len(every)}")
    tell(
        "worker killed between two writes",
        f"killed after the 1st to the {MOST_WRITES}th write ({', '.join(done_for)} were left half-way): all came to their end",
    )
