"""Adding stimuli is a task: handed in at once, read one by one, nothing twice, and nothing left of what was handed in."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.asset import MOST_ASSETS, MOST_BYTES
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks.stimuli import not_added
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.faults.conftest import NobodyHere
from tests.flows.test_stimuli import LEAFLET, stored
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import asked_round, eventually, finished, session, with_engine

BLIND = "openai/gpt-3.5-turbo"
"""A model that does not see pictures; the platform's default one describes them."""
BROKEN = b"%PDF-1.7\n\0\0 not a pdf"


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace)


@pytest.fixture
def waiting(workspace: Workspace) -> Workspace:
    """Hands in, and nobody reads."""
    return with_engine(workspace, NobodyHere())


def drawn(colour: str) -> bytes:
    picture = BytesIO()
    Image.new("RGB", (12, 8), colour).save(picture, "PNG")
    return picture.getvalue()


def handed_in(workspace: Workspace, group: FocusGroup, files: Sequence[tuple[str, bytes]]) -> Task:
    handed = workspace.stimuli.add(group.id, files)
    assert handed.task
    assert handed.refused == ()
    return handed.task


def incoming(semblance: Semblance) -> dict[str, int]:
    database = semblance.connection.database
    names = ("incoming", "incoming.files", "incoming.chunks")
    return {name: found for name in names if (found := database[name].count_documents({}))}


def names(workspace: Workspace, group: FocusGroup) -> list[str]:
    return [asset.name for asset in workspace.stimuli.of_session(group.id)]


# Handed in


def test_one_that_cannot_be_read_does_not_take_the_others_with_it(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    files = [("a.txt", LEAFLET), ("../broken.pdf", BROKEN), ("a.txt", b"Another.")]
    task = finished(semblance, workspace, handed_in(workspace, group, files))
    assert (task.state, task.done, task.total) == (TaskState.DONE, 3, 3)
    assert names(workspace, group) == ["a.txt", "a (2).txt"]
    (refused,) = not_added(task)
    assert refused.name == "broken.pdf"
    assert refused.why.endswith(".")
    assert incoming(semblance) == {}


def test_what_can_be_seen_without_reading_is_refused_at_once_file_by_file(
    semblance: Semblance, waiting: Workspace, group: FocusGroup
) -> None:
    files = [("a.txt", LEAFLET), ("empty.txt", b""), ("large.pdf", bytes(MOST_BYTES + 1)), ("same.txt", LEAFLET)]
    handed = waiting.stimuli.add(group.id, files)
    assert {refused.name: refused.why.partition(";")[0] for refused in handed.refused} == {
        "empty.txt": "This file is empty.",
        "large.pdf": "A stimulus has at most 25 MB",
        "same.txt": "This file has already been added as “a.txt”.",
    }
    assert handed.task
    assert handed.task.total == 1
    again = waiting.stimuli.add(group.id, [("b.txt", LEAFLET)])
    assert again.task is None
    assert "already been added as “a.txt”" in again.refused[0].why
    many = waiting.stimuli.add(group.id, [(f"{number}.txt", b"No. %d" % number) for number in range(MOST_ASSETS)])
    assert [refused.name for refused in many.refused] == ["9.txt"]
    assert "at most 10" in many.refused[0].why
    assert incoming(semblance) == {"incoming": 2, "incoming.files": 10, "incoming.chunks": 10}


def test_nothing_is_handed_in_where_the_session_takes_nothing(
    semblance: Semblance, waiting: Workspace, group: FocusGroup
) -> None:
    waiting.sessions.end(group.id)
    with pytest.raises(InvalidInput, match="has ended"):
        waiting.stimuli.add(group.id, [("a.txt", LEAFLET)])
    assert incoming(semblance) == {}


def test_no_question_is_put_before_what_was_handed_in_is_there_and_it_is_said_why(
    semblance: Semblance, workspace: Workspace, waiting: Workspace, group: FocusGroup
) -> None:
    task = handed_in(waiting, group, [("a.txt", LEAFLET), ("b.txt", b"More.")])
    with pytest.raises(Conflict, match="2 files are still being read"):
        waiting.sessions.post(group.id, "What do you see?")
    with pytest.raises(Conflict, match="2 files are still being read"):
        waiting.sessions.start(group.id)
    finished(semblance, workspace, task)
    assert asked_round(semblance, workspace, group.id, "What do you see?")[0].stimuli == ("a.txt", "b.txt")


def test_what_an_administrator_adds_counts_on_the_sessions_owner(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace, model=BLIND)
    admin = semblance.workspace("admin")
    finished(semblance, admin, handed_in(admin, group, [("Pack.png", drawn("blue"))]))
    assert [event.user_id for event in workspace.sessions.calls(group.id)] == ["user"]


# Ended in any way: nothing of what was handed in stays


def test_a_cancel_leaves_nothing_and_frees_the_session(
    semblance: Semblance, workspace: Workspace, waiting: Workspace, group: FocusGroup
) -> None:
    task = handed_in(waiting, group, [("a.txt", LEAFLET)])
    waiting.tasks.cancel(task.id)
    assert incoming(semblance) == {}
    semblance.engine.wait("task", task.id)
    assert names(workspace, group) == []
    with pytest.raises(Conflict, match="add them again"):
        workspace.tasks.rerun(task.id)
    assert len(asked_round(semblance, workspace, group.id, "Hello?")) == 4


def test_a_cancel_while_a_file_is_read_adds_it_no_more(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, model=BLIND)
    model_server.script = lambda _: Reply("A blue square.", delay_s=1.0)
    task = handed_in(workspace, group, [("Pack.png", drawn("blue")), ("a.txt", LEAFLET)])
    eventually(lambda: workspace.tasks.get(task.id).now == "Describing Pack.png")
    workspace.tasks.cancel(task.id)
    eventually(semblance.engine.is_idle)  # type: ignore[attr-defined]
    assert names(workspace, group) == []
    assert set(stored(semblance).values()) == {0}
    assert incoming(semblance) == {}


def test_a_deleted_session_takes_what_was_handed_in_with_it(
    semblance: Semblance, workspace: Workspace, waiting: Workspace, group: FocusGroup
) -> None:
    task = handed_in(waiting, group, [("a.txt", LEAFLET)])
    waiting.sessions.delete(group.id)
    assert incoming(semblance) == {}
    assert workspace.tasks.get(task.id).state is TaskState.CANCELLED


def test_a_task_that_failed_keeps_its_files_for_a_day_and_can_be_run_again(
    semblance: Semblance, workspace: Workspace, waiting: Workspace, group: FocusGroup
) -> None:
    task = handed_in(waiting, group, [("a.txt", LEAFLET)])
    claimed = semblance.store.tasks.claim(task.id, 9.0)
    assert claimed
    semblance.store.tasks.finish(claimed, TaskState.FAILED, semblance.clock(), error="The disk was full.")
    now, day = semblance.clock(), timedelta(days=1)
    assert semblance.store.uploads.sweep(now, now - day) == 0
    workspace.tasks.rerun(task.id)
    assert finished(semblance, workspace, task).state is TaskState.DONE
    assert names(workspace, group) == ["a.txt"]

    other = handed_in(waiting, group, [("b.txt", b"More.")])
    claimed = semblance.store.tasks.claim(other.id, 9.0)
    assert claimed
    semblance.store.tasks.finish(claimed, TaskState.FAILED, semblance.clock(), error="The disk was full.")
    assert semblance.store.uploads.sweep(now, semblance.clock() + day) == 1
    assert incoming(semblance) == {}
    workspace.tasks.rerun(other.id)
    (refused,) = not_added(finished(semblance, workspace, other))
    assert refused.why == "This file is not kept any more; add it again."


def test_what_a_killed_process_had_begun_to_hand_in_is_swept(semblance: Semblance, group: FocusGroup) -> None:
    kept, now = semblance.store.uploads, semblance.clock()
    kept.put("no-task", group.id, [LEAFLET, b"More."], now)
    semblance.connection.database["incoming.files"].delete_one({"_id": "no-task/1"})  # cut off before its entry
    assert kept.sweep(now - timedelta(minutes=10), now) == 0
    assert kept.sweep(now + timedelta(minutes=10), now) == 1
    assert incoming(semblance) == {}


# Done again


def test_who_goes_on_describes_no_picture_again_and_adds_no_file_twice(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    first, second = open_platform(), open_platform()
    workspace = first.workspace("user")
    group = session(workspace, model=BLIND)
    waits = {"for": 30.0}

    def describe(asked: Asked) -> Reply:
        return Reply(f"Picture {asked.number}.", delay_s=0.0 if asked.number == 0 else waits["for"])

    model_server.script = describe
    files = [("a.txt", LEAFLET), ("blue.png", drawn("blue")), ("red.png", drawn("red"))]
    task = handed_in(workspace, group, files)
    eventually(lambda: len(model_server.asked) == 2)
    waits["for"] = 0.0
    first.engine.close(0.0)  # type: ignore[call-arg]
    assert second.store.tasks.get(task.id).state is TaskState.RUNNING
    workspace = second.workspace("user")
    task = finished(second, workspace, task)
    assert (task.state, not_added(task)) == (TaskState.DONE, [])
    found = [(asset.name, asset.description) for asset in workspace.stimuli.of_session(group.id)]
    assert found == [("a.txt", ""), ("blue.png", "Picture 0."), ("red.png", "Picture 2.")]
    assert len(model_server.asked) == 3
    assert incoming(second) == {}


def test_a_description_that_was_kept_is_not_asked_for_again(
    semblance: Semblance, workspace: Workspace, waiting: Workspace, model_server: ScriptedServer
) -> None:
    group = session(workspace, model=BLIND)
    task = handed_in(waiting, group, [("Pack.png", drawn("blue"))])
    claimed = semblance.store.tasks.claim(task.id, 9.0)
    assert claimed
    paid = {"description": "A blue square.", "described_by": "openai/gpt-4o-mini"}
    semblance.store.tasks.keep(claimed, {"files": {"0": paid}})
    semblance.store.tasks.claims.release(task.id, claimed.epoch)
    finished(semblance, workspace, task)
    (asset,) = workspace.stimuli.of_session(group.id)
    assert (asset.description, asset.described_by) == ("A blue square.", "openai/gpt-4o-mini")
    assert model_server.asked == []


def test_an_asset_that_is_added_again_is_listed_once_and_whole(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    asset = workspace.stimuli.attach(group.id, "a.txt", LEAFLET)
    database = semblance.connection.database
    assert semblance.store.assets.add(asset, LEAFLET, LEAFLET.decode())
    assert workspace.sessions.get(group.id).stimuli == (asset.id,)
    database["focus_groups"].update_one({"_id": group.id}, {"$set": {"stimuli": []}})
    database["assets.files"].delete_one({"_id": f"{asset.id}/original"})  # cut off before its entry
    assert semblance.store.assets.add(asset, LEAFLET, LEAFLET.decode())
    assert workspace.sessions.get(group.id).stimuli == (asset.id,)
    assert workspace.stimuli.original(asset.id) == LEAFLET
    assert stored(semblance) == {"assets": 1, "assets.files": 2, "assets.chunks": 2}
