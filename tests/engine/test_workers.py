"""Workers that die, freeze or race: no turn lost, doubled or reordered, and no cost forgotten."""

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.task import Task, TaskState
from semblance_core.store.ids import new_id
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter
from tests.studies import GUIDE, discussed, eventually, session, with_engine
from tests.zygote import Zygote, kill

LEASE_S = 1.2
StartWorker = Callable[[], int]


class NobodyHere:
    """Wakes nobody up: other processes find the work by sweeping."""

    def submit(self, kind: str, work_id: str) -> None:
        pass

    def wait(self, kind: str, work_id: str) -> None:
        raise AssertionError("nobody is here to do it")


@pytest.fixture
def elsewhere(platform_settings: dict[str, Any]) -> dict[str, Any]:
    return platform_settings | {"SEMBLANCE_LEASE_S": LEASE_S, "SEMBLANCE_SWEEP_S": 0.2}


@pytest.fixture
def start_worker(zygote: Zygote, elsewhere: dict[str, Any]) -> StartWorker:
    """Starts a process that works on whatever nobody works on, and returns its id."""
    return lambda: zygote.start(elsewhere)


@pytest.fixture
def watcher(open_platform: OpenPlatform) -> tuple[Semblance, Workspace]:
    """A process that looks on and gives orders but does no work."""
    semblance = open_platform(SEMBLANCE_LEASE_S=LEASE_S)
    return semblance, with_engine(semblance.workspace("user"), NobodyHere())


def assert_whole(group: FocusGroup, messages: list[Message]) -> None:
    """No turn lost, doubled or reordered."""
    assert [message.seq for message in messages] == list(range(1, group.next_seq))
    texts = [message.text for message in messages if message.role == "persona"]
    assert len(set(texts)) == len(texts)
    assert [message.question for message in messages if message.role == "moderator"] == [0, 1, 2]
    times = [message.at for message in messages]
    assert times == sorted(times)


def test_a_worker_that_freezes_and_wakes_late_writes_nothing(
    start_worker: StartWorker, watcher: tuple[Semblance, Workspace], model_server: ScriptedServer
) -> None:
    _, workspace = watcher
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.1)
    group = session(workspace, size=4, turn_limit=40)
    workspace.sessions.start(group.id)
    frozen = start_worker()
    eventually(lambda: workspace.sessions.get(group.id).next_seq > 3, within_s=20)
    epoch = workspace.sessions.get(group.id).epoch
    kill(frozen, signal.SIGSTOP)
    start_worker()
    eventually(lambda: workspace.sessions.get(group.id).epoch > epoch, within_s=20)
    kill(frozen, signal.SIGCONT)
    eventually(lambda: not workspace.sessions.get(group.id).is_busy, within_s=30)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert_whole(group, messages)
    assert {message.epoch for message in messages} > {epoch}
    changes = group.epoch - 1  # one, unless the machine is so busy that a living worker loses its lease too
    assert len(model_server.asked) <= sum(message.attempts for message in messages) + changes


def test_a_moderated_round_left_by_a_dead_worker_is_answered_by_another(
    start_worker: StartWorker, watcher: tuple[Semblance, Workspace], model_server: ScriptedServer
) -> None:
    _, workspace = watcher

    def slow_for_some(asked: Asked) -> Reply:
        return Reply(chatter(asked.number, 10), delay_s=3.0 if "Speak now as Ben" in asked.prompt else 0.0)

    model_server.script = slow_for_some
    group = session(workspace, size=3)
    workspace.sessions.post(group.id, "What do you drink?")
    worker = start_worker()
    eventually(
        lambda: sum(message.status == "said" for message in workspace.sessions.messages(group.id)) == 3, within_s=20
    )
    kill(worker)
    first = workspace.sessions.messages(group.id)
    model_server.script = lambda asked: Reply("Better late than never.")
    start_worker()
    eventually(lambda: not workspace.sessions.get(group.id).is_busy, within_s=20)
    after = workspace.sessions.messages(group.id)
    assert [message.status for message in after] == [MessageStatus.SAID] * 4
    assert [message.text for message in after if message.speaker == "Ben Cole"] == ["Better late than never."]
    unchanged = [message for message in first if message.status is MessageStatus.SAID]
    assert [message for message in after if message.speaker != "Ben Cole"] == unchanged
    assert len(model_server.asked) == 4


def test_two_runners_on_one_session_make_no_call_twice(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    one, other = open_platform(), open_platform()
    model_server.latency_s = 0.01
    workspace = one.workspace("user")
    group = session(workspace, size=4, turn_limit=20)
    workspace.sessions.start(group.id)
    for _ in range(10):
        other.engine.submit("focus_group", group.id)
        one.engine.submit("focus_group", group.id)
    one.engine.wait("focus_group", group.id)
    group, messages = workspace.sessions.get(group.id), workspace.sessions.messages(group.id)
    assert_whole(group, messages)
    assert len({message.epoch for message in messages}) == 1
    assert len(model_server.asked) == sum(message.attempts for message in messages)


def test_a_stop_during_a_hung_call_is_stored_at_once_and_the_late_reply_discarded_but_paid(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.warm_up()
    model_server.script = lambda asked: Reply("Too late.", delay_s=1.0)
    group = session(workspace)
    workspace.sessions.start(group.id)
    eventually(lambda: model_server.asked)
    began = time.monotonic()
    workspace.sessions.stop(group.id)
    assert time.monotonic() - began < 0.2
    stopped = workspace.sessions.get(group.id)
    assert (stopped.state, stopped.reason) == (FocusGroupState.MODERATED, "stopped")
    eventually(lambda: semblance.gateway.batcher.flush() or workspace.sessions.calls(group.id))
    eventually(semblance.engine.is_idle)
    assert [message.role for message in workspace.sessions.messages(group.id)] == ["moderator"]
    assert workspace.sessions.get(group.id) == stopped
    (event,) = workspace.sessions.calls(group.id)
    assert (event.status, event.estimated) == ("ok", False)
    assert event.cost_usd


def test_a_turn_that_was_committed_but_not_copied_is_there_after_a_stop(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    """The worker died between its two writes, and then somebody stopped the session before anybody claimed it."""
    model_server.latency_s = 0.2
    group = session(workspace, turn_limit=30)
    workspace.sessions.start(group.id)
    eventually(lambda: workspace.sessions.get(group.id).next_seq > 3)
    workspace.sessions.stop(group.id)
    eventually(semblance.engine.is_idle)
    database = semblance.connection.database
    whole = workspace.sessions.messages(group.id)
    database["focus_group_messages"].delete_one({"focus_group_id": group.id, "seq": whole[-1].seq})
    database["focus_groups"].update_one({"_id": group.id}, {"$set": {"state": "autonomous"}})
    workspace.sessions.stop(group.id)
    assert workspace.sessions.messages(group.id) == whole


def test_what_a_dead_process_left_of_a_stop_is_finished_by_the_sweeper(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    """The process that stopped the replies died before it had marked them as discarded."""
    semblance = open_platform(SEMBLANCE_SWEEP_S=0.1)
    workspace = with_engine(semblance.workspace("user"), NobodyHere())
    group = session(workspace)
    workspace.sessions.post(group.id, "What do you drink?")
    messages = semblance.connection.database["focus_group_messages"]
    pending = list(messages.find({"status": "pending"}))
    workspace.sessions.stop(group.id)
    for message in pending:
        messages.replace_one({"_id": message["_id"]}, message)
    semblance.connection.database["focus_groups"].update_one({"_id": group.id}, {"$set": {"stop_unfinished": True}})
    semblance.engine.start()
    eventually(
        lambda: (
            [message.status for message in workspace.sessions.messages(group.id, first=2)]
            == [MessageStatus.DISCARDED] * 3
        )
    )
    assert model_server.asked == []


def test_work_that_nobody_took_up_is_found_by_the_sweeper(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_SWEEP_S=0.1)
    workspace = with_engine(semblance.workspace("user"), NobodyHere())
    group = session(workspace, turn_limit=9)
    workspace.sessions.start(group.id)
    project = workspace.projects.create("Panel")
    task = workspace.personas.recruit(project.id, "Anybody", 2)
    semblance.engine.start()
    eventually(lambda: workspace.tasks.get(task.id).state.is_over and not workspace.sessions.get(group.id).is_busy, 20)
    assert workspace.tasks.get(task.id).state is TaskState.DONE
    assert workspace.sessions.get(group.id).reason == "guide_covered"


def test_closing_hands_back_what_is_claimed_after_the_turn_in_flight(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    one, other = open_platform(), open_platform()
    model_server.latency_s = 0.3
    group = session(one.workspace("user"), turn_limit=9)
    one.workspace("user").sessions.start(group.id)
    eventually(lambda: model_server.asked)
    one.engine.close()
    workspace = other.workspace("user")
    assert workspace.sessions.messages(group.id)[-1].status is MessageStatus.SAID
    assert list(other.store.focus_groups.claims.left()) == [group.id]
    model_server.latency_s = 0.0
    other.engine.wait("focus_group", group.id)
    assert_whole(workspace.sessions.get(group.id), workspace.sessions.messages(group.id))
    assert len(model_server.asked) == sum(message.attempts for message in workspace.sessions.messages(group.id))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "recruit",
            "A stored task is damaged, or of another version, and cannot be read; the log of the server says which.",
        ),
        (
            "analyse",
            "A stored task is damaged, or of another version, and cannot be read; the log of the server says which.",
        ),
        ("nonsense", "Something went wrong inside Semblance; its log says more."),
    ],
)
def test_a_task_that_breaks_inside_ends_as_failed_in_words(
    semblance: Semblance, workspace: Workspace, kind: str, words: str
) -> None:
    project = workspace.projects.create("Oat milk")
    task = Task(new_id(), kind, "user", project.id, {}, semblance.clock())
    semblance.store.tasks.add(task)
    semblance.engine.wait("task", task.id)
    failed = workspace.tasks.get(task.id)
    assert (failed.state, failed.error) == (TaskState.FAILED, words)


def test_the_same_seed_and_answers_give_the_same_session(semblance: Semblance, workspace: Workspace) -> None:
    runs = []
    for _ in range(2):
        _, messages = discussed(semblance, workspace, session(workspace, size=4, guide=GUIDE, seed=5).id)
        runs.append([(message.seq, message.speaker, message.question) for message in messages])
    assert runs[0] == runs[1]
