"""Workers freeze for longer than their lease and wake up late, four of them on the same sessions, rounds and panels."""

import random
import signal
import time
from contextlib import suppress

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from tests.faults.conftest import LEASE_S, Crew, Tell, assert_whole, calls_on_record, made_alike
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import eventually, session
from tests.zygote import kill

WORKERS = 4
SESSIONS = 4
SIZE = 4
FREEZES = 8


def slowly(asked: Asked) -> Reply:
    """Rounds and panels take so long that somebody freezes in the middle of them."""
    if asked.schema is not None:
        return Reply(sensible(asked).text, delay_s=0.8)
    return Reply(chatter(asked.number, 30), delay_s=0.9 if "of the round" in asked.prompt else 0.15)


def made_again(server: ScriptedServer, about: str) -> int:
    """How many calls about this were made again."""
    asked = made_alike(server, about)
    assert asked
    return sum(len(same) - 1 for same in asked)


@pytest.mark.alone  # a lease lasts 1.5 s here: beside others on a loaded machine, workers that are not frozen lose theirs too
def test_four_processes_that_freeze_past_their_lease_write_under_their_own_epoch_only(
    crew: Crew, onlooker: tuple[Semblance, Workspace], model_server: ScriptedServer, tell: Tell
) -> None:
    semblance, workspace = onlooker
    model_server.script = slowly
    workers = [crew.start() for _ in range(WORKERS)]
    groups = {
        session(workspace, size=SIZE, turn_limit=60, seed=number, topic=f"Matters of group {number}.").id: number
        for number in range(SESSIONS)
    }
    asked = session(workspace, size=SIZE, topic="Matters of the round.")
    panels = workspace.projects.create("Panels")
    tasks = []
    for group_id in groups:
        workspace.sessions.start(group_id)
    eventually(lambda: all(workspace.sessions.get(group_id).next_seq > 3 for group_id in groups), within_s=60)
    draw = random.Random(5)
    freezes = questions = 0
    while any(workspace.sessions.get(group_id).is_busy for group_id in groups) and freezes < FREEZES:
        if not workspace.sessions.get(asked.id).is_busy:
            with suppress(Conflict):  # a worker is still finishing the round before: a person would send it again
                workspace.sessions.post(asked.id, f"What about matter {questions}?")
                questions += 1
        if not tasks or workspace.tasks.get(tasks[-1].id).state.is_over:
            tasks.append(workspace.personas.recruit(panels.id, f"Anybody of brief {len(tasks)}.", SIZE))
        frozen = draw.choice(workers)
        before = {group_id: workspace.sessions.get(group_id).epoch for group_id in groups}
        crew.harm(frozen, signal.SIGSTOP)
        time.sleep(LEASE_S + draw.uniform(0.3, 1.0))
        kill(frozen, signal.SIGCONT)
        freezes += any(workspace.sessions.get(group_id).epoch > epoch for group_id, epoch in before.items())
    every = [*groups, asked.id]
    eventually(lambda: not any(workspace.sessions.get(group_id).is_busy for group_id in every), within_s=90)
    eventually(lambda: all(workspace.tasks.get(task.id).state.is_over for task in tasks), within_s=90)

    changes = again = 0
    for group_id, number in groups.items():
        group, messages = workspace.sessions.get(group_id), workspace.sessions.messages(group_id)
        assert_whole(group, messages)
        assert group.reason == "guide_covered"
        changes += group.epoch - 1
        repeated = made_again(model_server, f"Matters of group {number}.")
        assert repeated <= group.epoch - 1, "a call is made again only where the session changed hands"
        again += repeated
    assert changes >= SESSIONS, "frozen workers lost their sessions to others"

    round_, messages = workspace.sessions.get(asked.id), workspace.sessions.messages(asked.id)
    assert [message.seq for message in messages] == list(range(1, (SIZE + 1) * questions + 1))
    assert [(message.seq, message.error) for message in messages if message.status is not MessageStatus.SAID] == []
    replies = [(message.speaker, message.reply_to) for message in messages if message.role == "persona"]
    assert len(set(replies)) == SIZE * questions
    repeated = made_again(model_server, "Matters of the round.")
    assert repeated <= SIZE * max(0, round_.epoch - questions), "only replies of a round that changed hands"

    for number, task in enumerate(tasks):
        done = workspace.tasks.get(task.id)
        assert (done.state, done.error) == (TaskState.DONE, "")
        assert len(done.result["persona_ids"]) == SIZE
        repeated += made_again(model_server, f"Anybody of brief {number}.")
        assert made_again(model_server, f"Anybody of brief {number}.") <= SIZE * (done.epoch - 1)
    assert len(workspace.personas.of_project(panels.id)) == SIZE * len(tasks)

    assert len(model_server.asked) <= len(calls_on_record(semblance))
    eventually(lambda: semblance.store.reconciliation.check().differences == ())
    tell(
        "runner frozen, waking late",
        f"{freezes} freezes past the lease among {WORKERS} processes, with sessions ({changes} taken over), {questions} moderated rounds "
        f"and {len(tasks)} panels under way: every message under the epoch of its time, {again + repeated} calls made again",
    )
