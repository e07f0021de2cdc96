"""Who has much under way keeps nobody else waiting: in what order things are done, not how fast."""

from collections import Counter

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.task import TaskState
from semblance_core.engine.local import LocalEngine
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.engine.test_workers import NobodyHere, assert_whole
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, sensible
from tests.studies import eventually, finished, panel, session, with_engine


def with_turns(semblance: Semblance, at_once: int, sweep_s: float = 60.0) -> tuple[LocalEngine, Workspace, Workspace]:
    """An engine with so many turns at once, and two researchers over it."""
    engine = LocalEngine(semblance.engine.worker, sweep_s, at_once)
    one, other = (with_engine(semblance.workspace(name), engine) for name in ("user", "other"))
    return engine, one, other


def test_more_sessions_than_threads_all_go_on_and_a_question_is_answered_meanwhile(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    engine, one, other = with_turns(semblance, at_once=2)
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.1)
    groups = [session(one, turn_limit=12, seed=number).id for number in range(5)]
    for group_id in groups:
        one.sessions.start(group_id)
    eventually(lambda: len(model_server.asked) > 3, within_s=40)
    asked = session(other)
    other.sessions.post(asked.id, "Is anybody there?")
    engine.wait("focus_group", asked.id)
    assert all(one.sessions.get(group_id).is_busy for group_id in groups), "it did not wait for a discussion's end"
    eventually(lambda: not all(one.sessions.get(group_id).is_busy for group_id in groups), within_s=40)
    said = [one.sessions.get(group_id).next_seq for group_id in groups]
    assert max(said) - min(said) <= 3, "turn by turn, all of them"
    for group_id in groups:
        engine.wait("focus_group", group_id)
        assert_whole(one.sessions.get(group_id), one.sessions.messages(group_id))
        assert one.sessions.get(group_id).epoch == 1, "each kept its lease between two turns"
    assert engine.is_idle()


def test_another_researchers_panel_has_the_next_free_slots(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=3)
    one, other = semblance.workspace("user"), semblance.workspace("other")

    def slowly(asked: Asked) -> Reply:
        return Reply(sensible(asked).text, delay_s=0.1 if asked.feature == "recruit_persona" else 0.0)

    model_server.script = slowly
    first = one.personas.recruit(one.projects.create("First").id, "People who drink ALPHA", 30)
    eventually(lambda: sum(asked.feature == "recruit_persona" for asked in model_server.asked) > 3, 40)
    second = other.personas.recruit(other.projects.create("Second").id, "People who drink BETA", 14)
    for workspace, task in ((one, first), (other, second)):
        assert finished(semblance, workspace, task).state is TaskState.DONE
    order = ["BETA" in asked.prompt for asked in model_server.asked if asked.feature == "recruit_persona"]
    begun = order.index(True)
    assert begun < 20, "it did not wait for the first panel's end"
    between = Counter(order[begun : begun + 20])
    assert between[True] >= 8, f"about as many of both: {between}"
    assert model_server.most_at_once <= 4  # three and the second one's sketch


def test_a_question_does_not_wait_for_the_slots_of_a_panel(
    open_platform: OpenPlatform, model_server: ScriptedServer
) -> None:
    semblance = open_platform(SEMBLANCE_CONCURRENCY=3, SEMBLANCE_CALL_TIMEOUT_S=600)
    one, other = semblance.workspace("user"), semblance.workspace("other")

    def some_never(asked: Asked) -> Reply:
        return Reply(sensible(asked).text, delay_s=600.0 if asked.feature == "recruit_persona" else 0.0)

    model_server.script = some_never
    task = one.personas.recruit(one.projects.create("Panel").id, "Anybody", 20)
    eventually(lambda: model_server.in_flight == 3, within_s=40)
    group = session(other)
    other.sessions.post(group.id, "Is anybody there?")
    eventually(lambda: {message.status for message in other.sessions.messages(group.id)} == {"said"}, within_s=30)
    assert not one.tasks.get(task.id).state.is_over
    one.tasks.cancel(task.id)
    semblance.gateway.call_off()


def test_whatever_is_handed_in_again_and_again_is_queued_once(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    engine, one, _ = with_turns(semblance, at_once=1, sweep_s=0.05)
    model_server.script = lambda asked: Reply(chatter(asked.number, 30), delay_s=0.3)
    idle = with_engine(one, NobodyHere())
    groups = [session(one, turn_limit=9, seed=number).id for number in range(3)]
    for group_id in groups:
        idle.sessions.start(group_id)
    task = idle.personas.recruit(one.projects.create("Panel").id, "Anybody", 14)
    engine.start()
    most = 0
    for _ in range(50):
        for group_id in groups:
            engine.submit("focus_group", group_id)
        engine.submit("task", task.id)
        most = max(most, engine.under_way())
    assert most == 4
    one.tasks.cancel(task.id)
    for group_id in groups:
        one.sessions.stop(group_id)
    eventually(engine.is_idle)


def test_what_is_asked_while_the_discussion_is_stopped_in_the_queue_is_answered_and_no_turn_taken_for_nothing(
    semblance: Semblance, model_server: ScriptedServer
) -> None:
    engine, one, _ = with_turns(semblance, at_once=1)
    model_server.script = lambda asked: Reply(
        chatter(asked.number, 30), delay_s=0.0 if "What now?" in asked.prompt else 0.2
    )
    groups = [session(one, turn_limit=40, seed=number).id for number in range(4)]
    for group_id in groups:
        one.sessions.start(group_id)
    eventually(lambda: all(one.sessions.get(group_id).next_seq > 2 for group_id in groups), within_s=40)
    one.sessions.stop(groups[0])
    in_flight = 1
    made = len(semblance_calls(semblance, groups[0]))
    one.sessions.post(groups[0], "What now?", [panel()[0].id])
    engine.wait("focus_group", groups[0])
    assert one.sessions.messages(groups[0])[-1].status == "said"
    assert one.sessions.get(groups[0]).state is FocusGroupState.MODERATED
    assert len(semblance_calls(semblance, groups[0])) <= made + 1 + in_flight
    for group_id in groups[1:]:
        one.sessions.pause(group_id)
    for group_id in groups[1:]:
        engine.wait("focus_group", group_id)
        assert one.sessions.get(group_id).reason == "paused"
    eventually(engine.is_idle)


def semblance_calls(semblance: Semblance, group_id: str) -> list[str]:
    semblance.gateway.batcher.flush()
    return [event.id for event in semblance.store.usage.events(focus_group_id=group_id)]
