"""Workers are killed at random moments while they work on sessions, rounds and tasks.

`--kills 200` for the long run.
"""

import random
import time
from contextlib import suppress
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.work import LOST_SESSION, LOST_TASK
from semblance_core.workspace import Workspace
from tests.faults.conftest import Crew, Tell, assert_whole, calls_on_record
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import eventually, session
from tests.zygote import Zygote, kill

WORKERS = 4
SESSIONS = 6
QUESTIONS = "\n".join(f"- What about matter number {number}?" for number in range(5))


def answered(asked: Asked) -> Reply:
    if asked.schema is None:
        return Reply(chatter(asked.number, 25), delay_s=0.1)
    return Reply(sensible(asked).text, delay_s=0.2)


def begin(workspace: Workspace, round_: int) -> tuple[list[str], list[Task]]:
    """Sessions that run by themselves, one of them with a moderated round first, and two panels."""
    groups = []
    for number in range(SESSIONS):
        topic = f"Matters of group {number} in round {round_}"
        group = session(workspace, size=4, guide=QUESTIONS, turn_limit=40, seed=100 * round_ + number, topic=topic)
        if number == 0:
            workspace.sessions.post(group.id, "What do you drink in the morning?")
        else:
            workspace.sessions.start(group.id)
        groups.append(group.id)
    project = workspace.projects.create("Panels")
    return groups, [
        workspace.personas.recruit(project.id, f"Anybody {number} of {round_}", 4, seed=number) for number in range(2)
    ]


def test_each_kill_costs_a_session_one_call_at_the_most(
    zygote: Zygote,
    elsewhere: dict[str, Any],
    onlooker: tuple[Semblance, Workspace],
    model_server: ScriptedServer,
    request: pytest.FixtureRequest,
) -> None:
    kills = request.config.getoption("--kills") // 4
    semblance, workspace = onlooker
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.05)
    group = session(workspace, size=4, guide=QUESTIONS, turn_limit=5 * kills + 20)
    workspace.sessions.start(group.id)
    for seed in range(kills):
        before = workspace.sessions.get(group.id).next_seq
        worker = zygote.start(elsewhere)
        eventually(lambda before=before: workspace.sessions.get(group.id).next_seq > before + 1, within_s=20)
        time.sleep(random.Random(seed).random() * 0.15)
        kill(worker)
    zygote.start(elsewhere)
    eventually(lambda: not workspace.sessions.get(group.id).is_busy, within_s=60)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert_whole(group, messages)
    assert group.reason == "guide_covered"
    paid = sum(message.attempts for message in messages)
    assert len(model_server.asked) <= paid + kills
    assert len(model_server.asked) <= len(calls_on_record(semblance)) <= len(model_server.asked) + kills


def over(workspace: Workspace, groups: list[str], tasks: list[Task]) -> bool:
    """Whether all of it is over; what three workers in a row were killed at is let go on, as a person would."""
    for task in map(workspace.tasks.get, (task.id for task in tasks)):
        if task.state is TaskState.FAILED and task.error == LOST_TASK:
            workspace.tasks.rerun(task.id)
    is_open = any(not workspace.tasks.get(task.id).state.is_over for task in tasks)
    for group in map(workspace.sessions.get, groups):
        if group.reason == "failed" and group.reason_detail == LOST_SESSION and not group.is_busy:
            messages = workspace.sessions.messages(group.id)
            failed = [message.seq for message in messages if message.status is MessageStatus.FAILED]
            is_round = any(message.feature == "moderated" for message in messages)
            with suppress(Conflict):  # a worker is still finishing it: a person would click again
                if failed:
                    workspace.sessions.retry(group.id, failed[0])
                elif not is_round:
                    workspace.sessions.start(group.id)
            is_open = is_open or any(message.status is MessageStatus.PENDING for message in messages)
    return not is_open and not any(workspace.sessions.get(group_id).is_busy for group_id in groups)


def test_workers_that_are_killed_at_random_lose_and_double_nothing(
    crew: Crew,
    onlooker: tuple[Semblance, Workspace],
    model_server: ScriptedServer,
    tell: Tell,
    request: pytest.FixtureRequest,
) -> None:
    wanted = request.config.getoption("--kills") - request.config.getoption("--kills") // 4
    semblance, workspace = onlooker
    model_server.script = answered
    draw = random.Random(wanted)
    workers = [crew.start() for _ in range(WORKERS)]
    groups, tasks = begin(workspace, 0)
    every, all_tasks, kills, rounds = [*groups], [*tasks], 0, 1
    while kills < wanted:
        time.sleep(draw.uniform(0.2, 0.7))
        if not any(workspace.sessions.get(group_id).is_busy for group_id in every):
            groups, tasks = begin(workspace, rounds)
            every += groups
            all_tasks += tasks
            rounds += 1
        place = draw.randrange(WORKERS)
        crew.harm(workers[place])
        workers[place] = crew.start()
        kills += 1
    last_kill = time.monotonic()
    eventually(lambda: over(workspace, every, all_tasks), within_s=180)
    longest_s = time.monotonic() - last_kill

    turns = 0
    for group_id in every:
        group, messages = workspace.sessions.get(group_id), workspace.sessions.messages(group_id)
        assert_whole(group, messages)
        assert (group.reason == "guide_covered") == (messages[0].feature != "moderated"), group.reason_in_words
        turns += len(messages)
    for task in all_tasks:
        done = workspace.tasks.get(task.id)
        assert (done.state, done.error) == (TaskState.DONE, "")
        assert len(workspace.personas.of_project(done.project_id)) == 8
    recorded = calls_on_record(semblance)
    extra = crew.assert_only_lost_made_again()
    assert len(model_server.asked) <= len(recorded), "no call is missing in the books"
    eventually(lambda: semblance.store.reconciliation.check().differences == (), within_s=10)
    tell(
        "worker killed",
        f"{kills} random kills of {WORKERS} processes during {len(every)} sessions ({turns} messages) and {len(all_tasks)} panels: "
        f"none lost, doubled or reordered; {extra} calls made again, each of a process that lost its lease; "
        f"{len(recorded)} calls on record for {len(model_server.asked)} made; "
        f"all over {longest_s:.0f} s after the last kill",
    )
