"""Workers freeze for longer than their lease and wake up late, four of them on the same sessions."""

import random
import signal
import time
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.workspace import Workspace
from tests.faults.conftest import LEASE_S, Tell, assert_whole, calls_on_record, summaries
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import eventually, session
from tests.zygote import Zygote, kill

WORKERS = 4
SESSIONS = 5


def test_four_processes_that_freeze_past_their_lease_write_under_their_own_epoch_only(
    zygote: Zygote,
    elsewhere: dict[str, Any],
    onlooker: tuple[Semblance, Workspace],
    model_server: ScriptedServer,
    tell: Tell,
) -> None:
    semblance, workspace = onlooker
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.15)
    workers = [zygote.start(elsewhere) for _ in range(WORKERS)]
    groups = [session(workspace, size=4, turn_limit=60, seed=number).id for number in range(SESSIONS)]
    for group_id in groups:
        workspace.start_autonomous(group_id)
    eventually(lambda: all(workspace.focus_group(group_id).next_seq > 3 for group_id in groups), within_s=30)
    draw = random.Random(5)
    freezes = 0
    while any(workspace.focus_group(group_id).is_busy for group_id in groups) and freezes < 8:
        frozen = draw.choice(workers)
        before = {group_id: workspace.focus_group(group_id).epoch for group_id in groups}
        kill(frozen, signal.SIGSTOP)
        time.sleep(LEASE_S + draw.uniform(0.3, 1.0))
        kill(frozen, signal.SIGCONT)
        freezes += any(workspace.focus_group(group_id).epoch > epoch for group_id, epoch in before.items())
    eventually(lambda: not any(workspace.focus_group(group_id).is_busy for group_id in groups), within_s=60)
    changes = 0
    for group_id in groups:
        group, messages = workspace.focus_group(group_id), workspace.messages(group_id)
        assert_whole(group, messages)
        assert group.reason == "guide_covered"
        changes += len({message.epoch for message in messages}) - 1
    assert changes >= 4, "frozen workers lost their sessions to others"
    paid = sum(message.attempts for group_id in groups for message in workspace.messages(group_id))
    recorded = calls_on_record(semblance)
    assert len(model_server.asked) <= paid + freezes * SESSIONS + summaries(model_server)
    assert len(model_server.asked) <= len(recorded)
    eventually(lambda: semblance.store.books.check().differences == ())
    tell(
        "runner frozen, waking late",
        f"{freezes} freezes past the lease among {WORKERS} processes, {changes} sessions taken over: every message under the epoch "
        f"of its time; {len(model_server.asked) - paid - summaries(model_server)} calls made again",
    )
