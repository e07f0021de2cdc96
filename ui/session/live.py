"""The live session: its transcript, which the feed fills, and figures beside it, redrawn every other second."""

import streamlit as st

from semblance_core.conversation.coverage import Coverage, coverage
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import NotFound
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.money import money
from semblance_core.workspace import Workspace
from ui.parts.estimates import compare
from ui.parts.routes import repeating
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, shortened, shows_errors
from ui.session.chat import CHUNK, transcript, window_start
from ui.session.feed_state import feed_state
from ui.session.live_chat import is_refused, live_chat
from ui.session.whispers import steered_so_far
from ui.talk.so_far import talk_so_far

BUSY_S, IDLE_S, FIGURES_S = 1.0, 3.0, 2.0


def live_transcript(ws: Workspace, group: FocusGroup, marked: int = 0) -> None:
    """The transcript, which follows the session. When another window starts or stops it, the page runs again.

    marked: seq of the message that the page was opened for, 0 for none.
    """
    if is_refused():
        every = None if group.state is FocusGroupState.ENDED else BUSY_S if group.is_busy else IDLE_S
        repeating(_window, every=every)(ws, group.id, feed_state(group), marked)
    else:
        live_chat(ws, group, marked)


def live_figures(ws: Workspace, group: FocusGroup) -> None:
    """Draws how far the guide is covered, who spoke how much, and what it costs, anew while the session goes on."""
    repeating(_figures, every=None if group.state is FocusGroupState.ENDED else FIGURES_S)(ws, group.id)


def _now(ws: Workspace, group_id: str) -> FocusGroup:
    """The session as it is; where it was deleted meanwhile, the page runs again and says so."""
    try:
        return ws.sessions.get(group_id)
    except NotFound:
        st.rerun()


@shows_errors
def _window(ws: Workspace, group_id: str, drawn: str, marked: int) -> None:
    """The transcript for browsers that cannot open the live feed: a window of it, drawn anew every second or so."""
    group = _now(ws, group_id)
    if feed_state(group) != drawn:
        st.rerun()
    total = group.next_seq - 1
    last: int | None
    if 1 <= marked <= total:
        first, last = max(1, marked - 1), marked + CHUNK
    else:
        pages = max(1, -(-total // CHUNK) - 1)
        page = st.pagination(pages, key="older") if pages > 1 else 1
        first = window_start(total, page)
        last = None if page == 1 else first + 2 * CHUNK - 1

    def retry(seq: int) -> None:
        with errors_inline():
            ws.sessions.retry(group_id, seq)
            st.rerun()

    transcript(ws, group, first, last, retry, marked)


@shows_errors
def _figures(ws: Workspace, group_id: str) -> None:
    group = _now(ws, group_id)
    _progress(group)
    steered_so_far(group)
    _people(group)
    talk_so_far(ws, group)
    _cost(ws, group)


def _progress(group: FocusGroup) -> None:
    questions = group.guide.questions
    st.markdown("**Guide**")
    if not questions:
        st.caption("This session has no guide.")
        return
    now = group.course.question
    covered = len(questions) if group.reason == "guide_covered" else max(now, group.course.reached) + 1
    st.progress(
        min(1.0, covered / len(questions)), text=md("{} of {} asked", covered, number(len(questions), "question"))
    )
    if now >= 0 and group.state is not FocusGroupState.ENDED:
        st.caption(safe_markdown(shortened(questions[now], 160)))
        if covers := coverage(group):
            st.caption(_covered(covers))
            if covers.planned:
                st.caption(_planned(covers))
    if group.course.turns:
        st.progress(
            min(1.0, group.course.turns / group.turn_limit),
            text=md("{} of {}", group.course.turns, number(group.turn_limit, "turn")),
        )


def _covered(covers: Coverage) -> Markdown:
    """Says how far the question under discussion is covered."""
    follow_ups = md(", {}", number(covers.follow_ups, "follow-up")) if covers.follow_ups else md("")
    answers = md("{}{}.", number(covers.answers, "answer"), follow_ups)
    return md("{} Not heard on it: {}.", answers, ", ".join(covers.unheard)) if covers.unheard else answers


def _planned(covers: Coverage) -> Markdown:
    """Lists the planned probes of the question under discussion, and which of them were put."""
    lines = [md("- {} ({})", shortened(probe, 120), "put" if put else "not yet") for probe, put in covers.planned]
    return md("Planned probes:\n\n{}", joined("\n", lines))


def _people(group: FocusGroup) -> None:
    st.markdown("**Words spoken**")
    words = {person.name: group.course.floors.get(person.id) for person in group.participants}
    most = max([floor.words for floor in words.values() if floor] or [1]) or 1
    for name, floor in words.items():
        count = floor.words if floor else 0
        st.progress(count / most, text=f"{safe_markdown(name)} · {count}")


def _cost(ws: Workspace, group: FocusGroup) -> None:
    spent = ws.sessions.spent(group.id)
    st.markdown("**Cost so far**")
    st.caption(
        safe_markdown(
            f"{money(spent.cost_usd)} · {number(spent.calls, 'call')} · {number(spent.tokens.total, 'token')}"
        )
    )
    if group.estimate:
        st.markdown("**This run**")
        compare(group.estimate, ws.sessions.discussion_spent(group.id))
