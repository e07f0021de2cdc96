"""The turn protocol's writes: only the worker that holds the newest epoch writes, and nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import NotFound
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.sessions.focus_groups import FocusGroups
from tests.studies import panel, session


@pytest.fixture
def groups(semblance: Semblance) -> FocusGroups:
    return semblance.store.focus_groups


@pytest.fixture
def running(semblance: Semblance) -> FocusGroup:
    return started(semblance)


def started(semblance: Semblance) -> FocusGroup:
    """A session that runs by itself and that nobody works on."""
    groups, group = semblance.store.focus_groups, session(semblance.workspace("user"))
    assert groups.start(group, semblance.clock())
    return groups.get(group.id)


def turn(group: FocusGroup, text: str = "Hm.", **fields: object) -> Message:
    message = Message(
        group.id, group.next_seq, "persona", "Maya Rao", text, MessageStatus.SAID, "reply", group.created_at
    )
    return replace(message, persona_id="persona-0", epoch=group.epoch, **fields)  # type: ignore[arg-type]


def claimed(groups: FocusGroups, group: FocusGroup, lease_s: float = 60) -> FocusGroup:
    found = groups.claim(group.id, lease_s)
    assert found is not None
    return found


def texts(groups: FocusGroups, group: FocusGroup) -> list[str]:
    return [message.text for message in groups.messages(group.id)]


def test_a_session_is_claimed_by_one_worker_at_a_time(groups: FocusGroups, running: FocusGroup) -> None:
    with ThreadPoolExecutor(8) as threads:
        won = [group for group in threads.map(lambda _: groups.claim(running.id, 60), range(8)) if group]
    assert [group.epoch for group in won] == [1]
    assert groups.claims.left() == {}
    groups.claims.release(won[0].id, won[0].epoch)
    assert list(groups.claims.left()) == [running.id]


def test_a_lease_that_is_renewed_is_kept_and_one_that_runs_out_is_lost(
    groups: FocusGroups, running: FocusGroup
) -> None:
    mine = claimed(groups, running, lease_s=-1)
    assert groups.claims.renew(mine.id, mine.epoch, 60)
    assert groups.claim(running.id, 60) is None
    assert groups.claims.renew(mine.id, mine.epoch, -1)
    assert claimed(groups, running).epoch == mine.epoch + 1
    assert not groups.claims.renew(mine.id, mine.epoch, 60)


def test_a_worker_of_an_older_epoch_writes_nothing(groups: FocusGroups, running: FocusGroup) -> None:
    old = claimed(groups, running, lease_s=-1)
    new = claimed(groups, running)
    at = running.created_at
    assert groups.commit(old, turn(old, "Too late."), old.course) is None
    assert not groups.finish_round(old, old.course, at)
    assert not groups.conclude(old, at, state=FocusGroupState.ENDED, reason="guide_covered")
    groups.claims.release(old.id, old.epoch)
    assert groups.claims.left() == {}
    assert texts(groups, running) == []
    assert groups.commit(new, turn(new, "In time."), new.course)
    assert texts(groups, running) == ["In time."]


def test_the_same_turn_cannot_be_committed_twice(groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running)
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda n: groups.commit(mine, turn(mine, f"Version {n}."), mine.course), range(6)))
    assert sum(after is not None for after in done) == 1
    assert len(texts(groups, running)) == 1
    assert groups.get(running.id).next_seq == 2


def test_a_commit_moves_the_session_on(groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running)
    course = replace(mine.course, question=1, summary="They like it.", window_from=1)
    after = groups.commit(mine, turn(mine), course)
    assert after is not None
    assert after == replace(groups.get(running.id), participants=panel(3))
    assert (after.next_seq, after.course) == (2, course)


def test_a_turn_committed_but_not_copied_is_copied_by_the_next_worker(
    semblance: Semblance, groups: FocusGroups, running: FocusGroup
) -> None:
    mine = claimed(groups, running, lease_s=-1)
    groups.commit(mine, turn(mine, "Nearly lost."), mine.course)
    assert texts(groups, running)
    semblance.connection.database["focus_group_messages"].delete_many({})
    next_worker = claimed(groups, running, lease_s=-1)
    assert texts(groups, running) == ["Nearly lost."]
    assert next_worker.next_seq == 2
    claimed(groups, running)
    assert texts(groups, running) == ["Nearly lost."]


def test_a_copy_never_overwrites_what_is_there(semblance: Semblance, groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running, lease_s=-1)
    groups.commit(mine, turn(mine, "First."), mine.course)
    assert texts(groups, running) == ["First."]
    semblance.connection.database["focus_group_messages"].update_one({}, {"$set": {"text": "Filled since."}})
    claimed(groups, running)
    assert texts(groups, running) == ["Filled since."]


def test_a_copy_that_failed_is_made_before_the_next_turn_takes_its_place(
    semblance: Semblance, groups: FocusGroups, running: FocusGroup
) -> None:
    mine = claimed(groups, running)
    refuse = partial(semblance.connection.database.command, "collMod", "focus_group_messages")
    refuse(validator={"never": {"$exists": True}})
    after = groups.commit(mine, turn(mine, "First."), mine.course)
    assert after
    with pytest.raises(DatabaseFailed):
        groups.commit(after, turn(after, "Second."), after.course)
    with pytest.raises(DatabaseFailed):
        groups.conclude(after, running.created_at, state=FocusGroupState.ENDED, reason="covered")
    assert groups.get(running.id).next_seq == 2
    refuse(validator={})
    assert groups.commit(after, turn(after, "Second."), after.course)
    assert texts(groups, running) == ["First.", "Second."]


def test_copies_of_many_sessions_all_arrive_in_order(semblance: Semblance, groups: FocusGroups) -> None:
    sessions = [claimed(groups, started(semblance)) for _ in range(8)]

    def discuss(group: FocusGroup) -> list[str]:
        for number in range(12):
            group = groups.commit(group, turn(group, f"{number}"), group.course) or group
        return texts(groups, group)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(discuss, sessions))
    assert found == [[f"{number}" for number in range(12)]] * 8


def test_after_a_stop_no_worker_writes_any_more(groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running)
    assert groups.stop(running.id, running.created_at, reason="stopped")
    assert groups.commit(mine, turn(mine, "Too late."), mine.course) is None
    assert groups.claim(running.id, 60) is None
    stopped = groups.get(running.id)
    assert (stopped.state, stopped.reason, stopped.epoch) == (FocusGroupState.MODERATED, "stopped", mine.epoch + 1)
    assert not groups.stop(running.id, running.created_at, reason="stopped")


def test_a_worker_can_only_stop_what_is_still_its_own(groups: FocusGroups, running: FocusGroup) -> None:
    old = claimed(groups, running, lease_s=-1)
    claimed(groups, running)
    assert not groups.stop(running.id, running.created_at, reason="failed", epoch=old.epoch)
    assert groups.get(running.id).state is FocusGroupState.AUTONOMOUS


def test_an_ended_session_stays_ended(groups: FocusGroups, running: FocusGroup) -> None:
    assert groups.stop(running.id, running.created_at, reason="ended_by_user", ended=True)
    ended = groups.get(running.id)
    assert (ended.state, ended.ended_at) == (FocusGroupState.ENDED, ended.updated_at)
    assert not groups.start(replace(ended, state=FocusGroupState.MODERATED), running.created_at)
    assert not groups.stop(running.id, running.created_at, reason="stopped")
    assert not groups.stop(running.id, running.created_at, reason="stopped", ended=True)
    assert groups.get(running.id).reason == "ended_by_user"


def test_of_two_messages_at_the_same_moment_one_is_refused(semblance: Semblance, groups: FocusGroups) -> None:
    group = session(semblance.workspace("user"))
    said = replace(turn(group), role="moderator", persona_id=None)

    def post(_: int) -> FocusGroup | None:
        return groups.append(group, [said], group.created_at, state=FocusGroupState.MODERATED)

    with ThreadPoolExecutor(6) as threads:
        assert sum(after is not None for after in threads.map(post, range(6))) == 1
    assert groups.get(group.id).next_seq == 2


def test_a_reply_is_filled_once_and_only_by_its_own_worker(semblance: Semblance, groups: FocusGroups) -> None:
    group = session(semblance.workspace("user"))
    pending = replace(turn(group, ""), status=MessageStatus.PENDING)
    groups.append(group, [pending], group.created_at, state=FocusGroupState.MODERATED, pending=1)
    old, new = claimed(groups, group, lease_s=-1), claimed(groups, group)
    answered = replace(pending, status=MessageStatus.SAID, text="Yes.")
    assert not groups.fill(replace(answered, epoch=old.epoch, text="Too late."))
    assert groups.fill(replace(answered, epoch=new.epoch))
    assert not groups.fill(replace(answered, epoch=new.epoch, text="Again."))
    assert texts(groups, group) == ["Yes."]


def test_a_set_up_changes_only_while_it_is_a_draft(semblance: Semblance, groups: FocusGroups) -> None:
    group = session(semblance.workspace("user"))
    assert groups.set_up(replace(group, title="Another", version=1), ["title"])
    assert groups.get(group.id).title == "Another"
    assert not groups.set_up(replace(group, title="Read before that", version=1), ["title"])
    groups.start(group, group.created_at)
    assert not groups.set_up(replace(group, title="Too late", version=2), ["title"])
    assert groups.get(group.id).title == "Another"


def test_deleting_a_session_takes_its_messages_along(groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running)
    groups.commit(mine, turn(mine), mine.course)
    groups.delete(running.id, running.created_at)
    assert groups.messages(running.id) == []
    with pytest.raises(NotFound):
        groups.get(running.id)
    assert groups.commit(mine, turn(mine), mine.course) is None


def test_messages_are_read_by_their_numbers(groups: FocusGroups, running: FocusGroup) -> None:
    mine = claimed(groups, running)
    for number in range(1, 8):
        after = groups.commit(mine, turn(mine, f"{number}"), mine.course)
        assert after
        mine = after
    assert [message.text for message in groups.messages(mine.id, first=3, last=5)] == ["3", "4", "5"]
    assert [message.text for message in groups.messages(mine.id, first=6)] == ["6", "7"]
    assert groups.message(mine.id, 4).text == "4"
    with pytest.raises(NotFound, match="no message 9"):
        groups.message(mine.id, 9)


def test_a_late_heartbeat_does_not_take_a_lease_again_that_was_given_back(
    groups: FocusGroups, running: FocusGroup
) -> None:
    mine = groups.claim(running.id, 60)
    assert mine
    groups.claims.release(mine.id, mine.epoch)
    assert not groups.claims.renew(mine.id, mine.epoch, 60)
    assert list(groups.claims.left()) == [running.id]


def test_a_baton_claims_at_once_and_only_once(groups: FocusGroups, running: FocusGroup) -> None:
    first = groups.claim(running.id, 60)
    assert first
    assert groups.claim(running.id, 60) is None
    second = groups.claim(running.id, 60, first.epoch)
    assert second
    assert second.epoch == first.epoch + 1
    assert groups.claim(running.id, 60, first.epoch) is None, "the message came twice"
    assert groups.claims.reserve(running.id, 60) is None, "somebody has it"
    groups.claims.release(second.id, second.epoch)
    assert groups.claims.reserve(running.id, 60) == second.epoch
    assert groups.claims.reserve(running.id, 60) is None, "another sweeper rang"
    assert groups.claim(running.id, 60, second.epoch)
