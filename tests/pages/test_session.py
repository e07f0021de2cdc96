"""A session's page as Streamlit runs it."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.usage.events import UsageQuota
from semblance_core.reports.beside_people import TalkProfile
from tests.pages.conftest import Visit
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import asked_round, discussed, session


@pytest.fixture(autouse=True)
def confirmed(semblance: Semblance) -> None:
    """The researcher had a paid run before, so that no question waits for a confirmation."""
    semblance.workspace("user").me.confirm_costs()


@pytest.fixture
def told(model_server: ScriptedServer) -> Iterator[Event]:
    """Until it is set, nobody answers."""
    event = Event()

    def answered(asked: Asked) -> Reply:
        event.wait(60)
        return Reply("Sure.")

    model_server.script = answered
    yield event
    event.set()


def test_the_line_to_ask_in_outlives_the_end_where_it_was_watched_and_is_not_there_for_who_comes_later(
    visit: Visit, semblance: Semblance
) -> None:
    """With it gone, Streamlit puts up the whole page anew; with it there, a page opens at its end."""
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    watched = visit("user", "session", id=group.id)
    assert [line.disabled for line in watched.chat_input] == [False]
    workspace.sessions.end(group.id)
    assert [(line.disabled, line.placeholder) for line in watched.run().chat_input] == [
        (True, "This session has ended")
    ]
    later = visit("user", "session", id=group.id)
    assert not later.exception
    assert list(later.chat_input) == []


def words(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*page.markdown, *page.caption, *page.error))


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_a_question_that_is_sent_while_they_answer_waits_in_sight_and_can_be_taken_back(
    visit: Visit, semblance: Semblance, told: Event
) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    workspace.sessions.post(group.id, "First?")
    page = visit("user", "session", id=group.id)
    assert page.chat_input[0].placeholder == "Ask the next question while they answer"
    page.chat_input[0].set_value("Second?").run()
    assert "Will be asked next: “Second?”" in words(page)
    assert [question.text for question in workspace.sessions.get(group.id).queued] == ["Second?"]
    press(page, "Take it back")
    assert "Second?" not in words(page)
    assert workspace.sessions.get(group.id).queued == ()


def test_a_question_that_could_not_be_asked_says_why_and_can_be_asked_after_all(
    visit: Visit, semblance: Semblance, told: Event
) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    workspace.sessions.post(group.id, "First?")
    workspace.sessions.post(group.id, "Second?", queues=True)
    workspace.sessions.stop(group.id)
    page = visit("user", "session", id=group.id)
    assert "Not asked: “Second?”" in words(page)
    assert "stopped before it was asked" in words(page)
    press(page, "Ask now")
    assert "Not asked" not in words(page)
    told.set()
    semblance.engine.wait("focus_group", group.id)
    asked = [message.text for message in workspace.sessions.messages(group.id) if message.role == "moderator"]
    assert asked == ["First?", "Second?"]


def test_a_message_that_is_refused_stays_until_it_is_sent(visit: Visit, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    page = visit("user", "session", id=group.id)
    long = "why? " * 1_000
    page.chat_input[0].set_value(long).run()
    assert "4,999 of 4,000 characters: shorten it by 999." in words(page)
    page = visit_again(page)
    (kept,) = page.text_area
    assert kept.value.strip() == long.strip()
    kept.set_value("Why?").run()
    press(page, "Send again")
    assert list(page.text_area) == []
    assert [message.text for message in workspace.sessions.messages(group.id, 1, 1)] == ["Why?"]


def test_while_the_discussion_runs_a_message_is_refused_and_kept(
    visit: Visit, semblance: Semblance, told: Event
) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    workspace.sessions.start(group.id)
    page = visit("user", "session", id=group.id)
    page.chat_input[0].set_value("Now?").run()
    assert "Not sent: The discussion is running by itself" in words(page)
    assert [area.value for area in page.text_area] == ["Now?"]
    press(page, "Discard")
    assert list(page.text_area) == []


def test_a_session_whose_guide_is_covered_takes_another_question(visit: Visit, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    workspace.sessions.finish_guide(group.id)
    page = visit("user", "session", id=group.id)
    (line,) = page.chat_input
    assert (line.disabled, line.placeholder) == (False, "Ask more: this reopens the session")
    line.set_value("One thing more?").run()
    assert workspace.sessions.get(group.id).state == "moderated"


def test_a_session_that_a_person_ended_is_reopened_by_a_button(visit: Visit, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    workspace.sessions.end(group.id)
    page = press(visit("user", "session", id=group.id), "Reopen")
    assert workspace.sessions.get(group.id).state == "moderated"
    assert [line.disabled for line in page.chat_input] == [False]


def test_nothing_is_let_run_where_nothing_is_left_to_run(visit: Visit, semblance: Semblance) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2, turn_limit=3, guide="- Why?", model="simulator/instant")
    discussed(semblance, workspace, group.id)
    workspace.sessions.reopen(group.id)
    page = visit("user", "session", id=group.id)
    assert not [button.label for button in page.button if button.label in ("Continue", "Run automatically")]
    assert "0–0" not in words(page)


def test_all_that_failed_is_asked_for_again_by_one_button(
    visit: Visit, semblance: Semblance, model_server: ScriptedServer
) -> None:
    workspace = semblance.workspace("user")
    model_server.script = lambda asked: Reply("overloaded", status=400)
    group = session(workspace, 4, model="openai/gpt-4o-mini")
    asked_round(semblance, workspace, group.id, "Why?")
    page = visit("user", "session", id=group.id)
    model_server.script = lambda asked: Reply("Sure.")
    press(page, "Ask all four again")
    semblance.engine.wait("focus_group", group.id)
    assert {message.status for message in workspace.sessions.messages(group.id)} == {MessageStatus.SAID}
    assert not [button for button in page.run().button if "again" in button.label]


def visit_again(page: AppTest) -> AppTest:
    """The same window, after it was on another page."""
    page.switch_page("../../pages/personas.py").run()
    page.switch_page("../../pages/session.py")
    return page.run()


def place(page: AppTest) -> tuple[int, ...]:
    """Where the line to ask in stands: its number in the block around it, that block's in its own, and so on up to the page."""

    def within(block: Any, path: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for number, child in block.children.items():
            if child.type == "chat_input":
                yield (*path, number)
            elif hasattr(child, "children"):
                yield from within(child, (*path, number))

    (found,) = within(page.main, ())
    return found


def test_the_line_to_ask_in_stays_in_its_place_whatever_comes_above_it(
    visit: Visit, semblance: Semblance, told: Event
) -> None:
    """Streamlit draws anew what moved: the caret would be lost, and the next letters would count as keys of the page."""
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    page = visit("user", "session", id=group.id)
    at = place(page)
    workspace.sessions.post(group.id, "First?")
    workspace.sessions.post(group.id, "Second?", queues=True)
    assert "Will be asked next: “Second?”" in words(page.run())
    assert place(page) == at
    told.set()
    semblance.engine.wait("focus_group", group.id)
    page.session_state[f"quote_{group.id}"] = 2
    page.session_state[f"fork_at_{group.id}"] = 2
    semblance.workspace("admin").accounts.set_quota("user", UsageQuota(usd=None, tokens=1))
    page.run()
    assert {"Don't quote", "Don't fork"} <= {button.label for button in page.button}
    assert any("used up" in warning.value for warning in page.warning)
    assert place(page) == at


def test_the_talk_beside_people_is_told_while_a_session_goes_on_and_reads_new_messages_only(
    visit: Visit, semblance: Semblance
) -> None:
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    page = visit("user", "session", id=group.id)
    assert "Median words a turn" not in words(page)
    page.session_state[f"talk_{group.id}"] = True  # the fold is open
    assert "Median words a turn" in words(page.run())
    assert page.session_state[f"talk_read_{group.id}"].through == 3
    asked_round(semblance, workspace, group.id, "And why?")
    told = words(page.run())
    assert page.session_state[f"talk_read_{group.id}"].through == 6
    assert "above" in told or "below" in told
    choice = next(each for each in page.selectbox if each.label == "Beside which people")
    assert choice.value == TalkProfile.INTERVIEW_LIKE, "all were asked at once"
    choice.set_value(TalkProfile.REMOTE_GROUP).run()
    assert "remote_group" in page.query_params["people"]
    assert not page.exception
