"""Times, planned probes and private answers in the guide's editor, and beside a running session."""

from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.guide import Question
from tests.pages.conftest import Visit
from tests.pages.test_stimuli import press, texts
from tests.studies import session

GUIDE = "## Habits (10 minutes)\n- When?\n  private:\n  probe: where?\n- Why?\n"


def test_a_guide_is_given_times_probes_and_private_answers(visit: Visit, semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    group = session(ws, model="simulator/instant", guide=GUIDE)
    page = visit("user", "focus_group", id=group.id, step="guide")
    assert not page.exception
    assert "1 planned probe · each answers it alone first" in texts(page)
    title = next(field for field in page.text_input if field.label == "Section 1")
    assert title.value == "Habits (10 minutes)"
    title.set_value("Habits (12 turns)")
    next(field for field in page.text_area if field.label == "Planned probes of question 2").set_value(
        "since when?\n\nwho?"
    )
    page = (
        next(field for field in page.toggle if field.label == "Each answers question 2 alone first")
        .set_value(True)
        .run()
    )
    guide = ws.sessions.get(group.id).guide
    assert (guide.sections[0].title, guide.sections[0].turns, guide.sections[0].minutes) == ("Habits", 12, 0)
    assert guide.asked == (
        Question("When?", (), ("where?",), True),
        Question("Why?", (), ("since when?", "who?"), True),
    )
    page = (
        next(field for field in page.toggle if field.label == "Each answers question 1 alone first")
        .set_value(False)
        .run()
    )
    page = press(page, "Undo")
    assert ws.sessions.get(group.id).guide.asked[0].private
    again = visit("user", "focus_group", id=group.id, step="guide")
    assert "2 planned probes · each answers it alone first" in texts(again)


def test_the_live_page_tells_which_planned_probes_were_put(visit: Visit, semblance: Semblance) -> None:
    ws = semblance.workspace("user")
    group = session(ws, model="simulator/instant", guide="- When?\n  probe: where?\n  probe: **who**?\n")
    course = DiscussionState(question=0, question_turns=1, planned_put=(0,), speakers=(group.participants[0].id,))
    semblance.store.focus_groups.start(replace(group, course=course), group.created_at)
    semblance.store.focus_groups._groups.update_one(  # a running session that no worker takes a turn of
        {"_id": group.id}, {"$set": {"course.question": 0, "course.planned_put": [0], "pausing": True}}
    )
    page = visit("user", "session", id=group.id)
    assert "where? (put)" in texts(page)
    assert "(not yet)" in texts(page)
