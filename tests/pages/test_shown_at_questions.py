"""Stimuli at questions on the screen: chosen in the guide, checked before the start, and said where they are shown."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Toggle

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import Workspace, config_of
from tests.pages.conftest import Opened, Visit
from tests.pages.test_stimuli import HOSTILE, press, texts
from tests.studies import asked_round, session

GUIDE = "## Habits\n- When?\n\n## Concepts\n- First thought?\n- And this one?\n"
A, B = "Concept A.txt", "Concept B.txt"


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def group(ws: Workspace) -> FocusGroup:
    group = session(ws, model="simulator/instant", guide=GUIDE)
    for name in (A, B, HOSTILE):
        ws.stimuli.attach(group.id, name, f"About {name}.".encode())
    return ws.sessions.get(group.id)


def shows(ws: Workspace, group: FocusGroup) -> list[tuple[str, ...]]:
    return [question.shows for question in ws.sessions.get(group.id).guide.asked]


def pickers(page: AppTest) -> list[list[str]]:
    """The stimuli that each question's picker offers."""
    return [list(each.options) for each in page.multiselect if each.label.startswith("Stimuli of question")]


def choose(page: AppTest, question: int, names: list[str]) -> AppTest:
    picker = next(each for each in page.multiselect if each.label == f"Stimuli of question {question}")
    return picker.set_value(names).run()


def test_a_question_is_given_its_stimuli_and_no_other_one_offers_them_then(
    visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    third = ws.stimuli.of_session(group.id)[2].name
    page = visit("user", "focus_group", id=group.id, step="guide")
    assert pickers(page) == [[A, B, third]] * 3
    page = choose(page, 2, [A])
    assert not page.exception
    assert shows(ws, group) == [(), (A,), ()]
    assert pickers(page) == [[B, third], [A, B, third], [B, third]]
    page = choose(page, 3, [B])
    assert shows(ws, group) == [(), (A,), (B,)]
    page = press(page, "Undo")
    assert shows(ws, group) == [(), (A,), ()]
    page = press(page, "Redo")
    page = next(each for each in page.button if each.help == "Move question 3 up").click().run()
    assert shows(ws, group) == [(), (B,), (A,)]
    page = choose(page, 2, [])
    assert shows(ws, group) == [(), (), (A,)]
    again = visit("user", "focus_group", id=group.id, step="guide")
    assert [each.value for each in again.multiselect][-3:] == [[], [], [A]]


def test_words_typed_right_before_a_choice_are_kept(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    page = visit("user", "focus_group", id=group.id, step="guide")
    next(each for each in page.text_area if each.label == "Question 3").set_value("And that one?")
    page = choose(page, 3, [B])
    assert ws.sessions.get(group.id).guide.questions[2] == "And that one?"
    assert shows(ws, group)[2] == (B,)


def rotation(page: AppTest) -> list[Toggle]:
    return [each for each in page.toggle if each.label.startswith("Rotate")]


def test_the_order_is_rotated_where_one_asks_for_it(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    page = visit("user", "focus_group", id=group.id, step="guide")
    assert not rotation(page)
    page = choose(choose(page, 2, [A]), 3, [B])
    rotation(page)[0].set_value(True).run()
    assert ws.sessions.get(group.id).rotate_stimuli
    second = ws.sessions.duplicate(group.id)
    check = texts(visit("user", "focus_group", id=second.id, step="check"))
    assert f"{B} (question 2), {A} (question 3)" in check
    assert "Order rotated, as for group 2 of this project" in check
    assert rotation(visit("user", "focus_group", id=second.id, step="guide"))[0].value


def test_a_name_that_means_nothing_is_said_in_the_guide_and_before_the_start(
    visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    guide = parse_guide("- First thought?\n  show: Concept C\n- And?\n  show: concept b\n")
    ws.sessions.change(group.id, replace(config_of(group), guide=guide))
    page = visit("user", "focus_group", id=group.id, step="guide")
    assert "Concept C (not among the stimuli)" in pickers(page)[0]
    assert pickers(page)[1][0] == B
    page = visit("user", "focus_group", id=group.id, step="check")
    assert "Question 1 shows “Concept C”, but no stimulus has this name." in texts(page)
    page = press(page, "Run automatically")
    assert "no stimulus has this name" in "".join(str(error.value) for error in page.error)
    assert ws.sessions.get(group.id).next_seq == 1
    page = choose(visit("user", "focus_group", id=group.id, step="guide"), 1, [])
    assert "no stimulus has this name" not in texts(visit("user", "focus_group", id=group.id, step="check"))


def test_the_session_says_at_which_question_each_comes_and_asks_it_with_the_button(
    semblance: Semblance, visit: Visit, ws: Workspace, group: FocusGroup
) -> None:
    third = ws.stimuli.of_session(group.id)[2].name
    guide = parse_guide(f"- When?\n- Well?\n  show: Concept A\n- Well?\n  show: Concept B\n  show: {third}\n")
    ws.sessions.change(group.id, replace(config_of(group), guide=guide))
    asked_round(semblance, ws, group.id, "When?")
    page = visit("user", "session", id=group.id)
    assert not page.exception
    assert [texts(page).count(f"at question {number}") for number in (2, 3)] == [1, 2]
    assert f"Next in the guide: Well? :gray[(shows {A})]" in texts(page)
    for number, names in ((1, (A,)), (2, (B, third))):
        page = press(page, "Ask this question")
        assert not page.exception
        semblance.engine.wait("focus_group", group.id)
        asked = [message for message in ws.sessions.messages(group.id) if message.role == "moderator"][-1]
        assert (asked.question, asked.stimuli) == (number, names)
        page = visit("user", "session", id=group.id)
    assert "at question" not in texts(page)


def test_a_guide_that_is_pasted_says_what_it_shows(visit: Visit, ws: Workspace, group: FocusGroup) -> None:
    page = visit("user", "focus_group", id=group.id, step="guide")
    box = next(each for each in page.text_area if each.label.startswith("A guide in Markdown"))
    box.set_value("- Well?\nshow: Concept A\n- Not?\n").run()
    assert "1. Well? (shows Concept A)" in texts(page)
    press(page, "Replace all 3 questions")
    assert shows(ws, group) == [("Concept A",), ()]


def test_one_is_brought_forward_in_the_dialog(
    opened: Opened, semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    guide = parse_guide("- When?\n- Well?\n  show: Concept A\n")
    ws.sessions.change(group.id, replace(config_of(group), guide=guide))
    asked_round(semblance, ws, group.id, "When?")
    dialog = opened("ui.stimuli.beside_transcript.change", group.id)
    assert f"“{A}” is shown with question 2 of the guide." in texts(dialog)
    press(dialog, f"Show “{A}” with the next question")
    assert asked_round(semblance, ws, group.id, "What of this?")[0].stimuli == (A,)
