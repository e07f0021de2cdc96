"""A worker is killed after its first write, another after its second, and so on: whatever it did, others bring it to its end."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.task import Task, TaskState
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.faults.conftest import NobodyHere, Tell, assert_whole, calls_on_record
from tests.flows.test_stimuli import LEAFLET, PNG
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import asked_round, eventually, session, with_engine
from tests.zygote import Zygote, is_alive

GUIDE = "- What do you drink?"
MOST_WRITES = 16
MOST = {"stimuli": 30, "queued": 30}
"""Of work that makes more of them."""
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
    workspace.sessions.start(group.id)
    return "focus_group", group.id


def round_of_two(workspace: Workspace, seed: int) -> Work:
    group = session(workspace, size=2, guide=GUIDE, seed=seed)
    workspace.sessions.post(group.id, "What do you drink?")
    return "focus_group", group.id


def round_with_question_queued(workspace: Workspace, seed: int) -> Work:
    """A round, and a question that is asked after it."""
    group = session(workspace, size=2, guide=f"{GUIDE}\n- And why?", seed=seed)
    workspace.sessions.post(group.id, "What do you drink?")
    workspace.sessions.post(group.id, "And why?", queues=True)
    return "focus_group", group.id


def panel(workspace: Workspace, seed: int) -> Work:
    project = workspace.projects.create("Panel", numbered=True)
    return "task", workspace.personas.recruit(project.id, "Anybody", 2, seed=seed).id


def stimuli(workspace: Workspace, seed: int) -> Work:
    """A document, and a picture that has to be described."""
    group = session(workspace, size=2, guide=GUIDE, seed=seed, model="openai/gpt-3.5-turbo")
    handed = workspace.stimuli.add(group.id, [("Leaflet.txt", LEAFLET), ("Pack.png", PNG)])
    assert handed.task
    return "task", handed.task.id


@pytest.fixture
def analysis(semblance: Semblance) -> Callable[[Workspace, int], Work]:
    """Themes of one session that was held before, and of copies of it: one has one analysis under way at a time."""
    workspace = semblance.workspace("user")
    group = session(workspace, size=2, guide=GUIDE)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    groups, messages = (semblance.connection.database[name] for name in ("focus_groups", "focus_group_messages"))
    held, said = groups.find_one({"_id": group.id}) or {}, list(messages.find({"focus_group_id": group.id}))

    def begin(orders: Workspace, number: int) -> Work:
        name = f"{group.id}-{number}"
        groups.insert_one({**held, "_id": name})
        messages.insert_many({**each, "_id": f"{name}/{each['seq']}", "focus_group_id": name} for each in said)
        return "task", orders.findings.analyse(name).id

    return begin


@pytest.fixture(scope="module")
def done_for() -> list[str]:
    """What was shown for each kind so far."""
    return []


@pytest.fixture
def semblance(open_platform: OpenPlatform) -> Semblance:
    """With as much under way at once as there are writes to die after."""
    return open_platform(SEMBLANCE_OPEN_PANELS=0, SEMBLANCE_OPEN_TASKS=0)


@pytest.mark.parametrize("kind", ["discussion", "round", "queued", "panel", "analysis", "stimuli"])
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
    workspace = with_engine(semblance.workspace("user"), NobodyHere())
    kinds = {"discussion": discussion, "round": round_of_two, "queued": round_with_question_queued}
    kinds |= {"panel": panel, "analysis": analysis, "stimuli": stimuli}
    begin, most = kinds[kind], MOST.get(kind, MOST_WRITES)
    before = len(model_server.asked), len(calls_on_record(semblance))
    every = [begin(workspace, number) for number in range(most)]
    processes = [zygote.start(elsewhere, work=work, die_after=writes) for writes, work in enumerate(every, start=1)]
    eventually(lambda: not any(is_alive(process) for process in processes), within_s=120)
    left = [work for work in every if semblance.engine.worker.is_open(*work)]  # type: ignore[arg-type]
    assert len(left) >= 4, "most were killed half-way"
    zygote.start(elsewhere)
    eventually(lambda: not any(semblance.engine.worker.is_open(*work) for work in every), within_s=120)  # type: ignore[arg-type]

    for work in every:
        if work[0] == "focus_group":
            group, messages = workspace.sessions.get(work[1]), workspace.sessions.messages(work[1])
            assert_whole(group, messages)
            assert len(messages) == (6 if kind == "queued" else 3)
            assert group.queued == ()
            assert all(message.status is MessageStatus.SAID for message in messages)
        else:
            task = workspace.tasks.get(work[1])
            assert (task.state, task.error) == (TaskState.DONE, "")
    if kind == "panel":
        assert all(len(workspace.personas.of_project(workspace.tasks.get(work[1]).project_id)) == 2 for work in every)
    if kind == "analysis":
        themes = semblance.connection.database["focus_group_themes"]
        assert themes.count_documents({}) == most, "one analysis a task"
    if kind == "stimuli":
        assert_each_file_once(semblance, workspace, [workspace.tasks.get(work[1]) for work in every])
    made, recorded = len(model_server.asked) - before[0], len(calls_on_record(semblance)) - before[1]
    assert made <= recorded
    eventually(lambda: semblance.store.reconciliation.check().differences == (), within_s=20)
    needed = {"discussion": 2, "round": 2, "queued": 4, "panel": 3, "analysis": 3, "stimuli": 1}[kind] * most
    assert made <= needed + 3 * len(left)
    done_for.append(f"{kind}: {len(left)} of {len(every)}")
    tell(
        "worker killed between two writes",
        f"killed after the 1st to the {MOST_WRITES}th write, of stimuli and of questions that wait to the {MOST['stimuli']}th "
        f"({', '.join(done_for)} were left half-way): all came to their end",
    )


def assert_each_file_once(semblance: Semblance, workspace: Workspace, tasks: list[Task]) -> None:
    """Both files of each task are there, whole and once; nothing is left of what was handed in, nor of what was cut off."""
    database = semblance.connection.database
    for task in tasks:
        there = workspace.stimuli.of_session(task.request["focus_group_id"])
        assert [asset.name for asset in there] == ["Leaflet.txt", "Pack.png"]
        assert [workspace.stimuli.original(asset.id) for asset in there] == [LEAFLET, PNG]
        assert there[1].described_by == "openai/gpt-4o-mini"
    for name in ("incoming", "incoming.files", "incoming.chunks"):
        assert database[name].count_documents({}) == 0, name
    assert (
        database["assets"].count_documents({"kept": True}) == database["assets"].count_documents({}) == 2 * len(tasks)
    )
    kept = 2 + 3  # of a document its original and its text, of a picture what models are shown besides
    assert database["assets.files"].count_documents({}) == kept * len(tasks)
    assert database["assets.chunks"].count_documents({}) == (kept - 1) * len(tasks), "a picture's text is empty"
