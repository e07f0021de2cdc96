"""A session in a list: its title, who takes part, how far it is, its state, and the way into it."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.domain.discussion.session_list import SessionRow, SessionStatus
from semblance_core.domain.times import utc_now
from semblance_core.domain.usage.money import money
from ui.faces.avatar import avatar
from ui.parts.routes import open_page
from ui.parts.widgets import named_for
from ui.parts.words import ago, marks_simulated, md, safe_markdown, shortened, state_badge

TITLE_SHOWN, TOPIC_SHOWN = 90, 130
FACE_PX = 26


def session_row(row: SessionRow, project: str = "", *, with_faces: bool = True, marks: bool = True) -> None:
    """Draws into a horizontal container, so that further buttons can follow.

    Args:
        row: The session.
        project: Its project's name, where a list is of several.
        with_faces: Whether to draw its participants.
        marks: Whether to say of a simulated one that it is.
    """
    with st.container(gap=None, width="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{safe_markdown(shortened(row.title, TITLE_SHOWN))}**", width="content")
            state_badge(row, marks_simulated=marks)
        if row.topic:
            st.caption(safe_markdown(shortened(" ".join(row.topic.split()), TOPIC_SHOWN)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if with_faces and row.faces:
                _faces(row)
            st.caption(safe_markdown(" · ".join(filter(None, (project, _facts(row))))), width="content")
        if row.status in (SessionStatus.WAITING, SessionStatus.PAUSED):
            st.caption(safe_markdown(shortened(row.reason_in_words, TOPIC_SHOWN)))
    is_draft = row.status is SessionStatus.DRAFT
    label = named_for(md("Set up") if is_draft else md("Open"), shortened(row.title, TITLE_SHOWN))
    if st.button(label, key=f"open_{row.id}"):
        open_page("focus_group" if is_draft else "session", {"id": row.id})


def marks_of(rows: Sequence[SessionRow]) -> bool:
    """Says above a list that all of its sessions are simulated, where they are; else returns True, and each says so itself."""
    made = [row.simulated and not row.recorded_through for row in rows]
    return marks_simulated(made, md("The built-in simulator answers in these sessions."))


def _facts(row: SessionRow) -> str:
    people = f"{row.participants} {'participant' if row.participants == 1 else 'participants'}"
    said = f"{row.messages} {'message' if row.messages == 1 else 'messages'}" if row.messages else ""
    if not row.messages:
        said = f"{row.questions} {'question' if row.questions == 1 else 'questions'}"
    turns = f"turn {row.turns} of at most {row.turn_limit}" if row.turns else ""
    cost = f"cost {money(row.cost_usd)}" if row.messages else ""
    return " · ".join(fact for fact in (people, said, turns, cost, ago(row.active_at, utc_now())) if fact)


def _faces(row: SessionRow) -> None:
    images = [avatar(person.name, person) for person in row.faces]
    with st.container(width=FACE_PX * len(images) + 2):
        st.image(images, width=FACE_PX, alt=[f"Portrait of {person.name}" for person in row.faces])
