"""Answers side by side: a row a question, a column a person. A narrow screen shows one person at a time (ui/assets/app.css)."""

from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.reports.interviews import HeldRound, Interview, PersonCell, QuestionRow, side_by_side
from ui.parts.in_address import Choice, page_of
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import md

SHOWN = 4
WAITING = "Not answered yet."


@dataclass(frozen=True, slots=True)
class Shown:
    """Places of the people who are drawn: those of a page of columns, and the one that a narrow screen shows."""

    wide: tuple[int, ...]
    narrow: int


def chosen_people(held: HeldRound) -> Shown:
    """The choice of people: pages of columns, and on a narrow screen a field. Both stand in the address."""
    count, scope = len(held.interviews), f"round/{held.round.id}"
    names = {str(place): place for place in range(count)}
    with st.container(key="interview_person"):
        choice = Choice("person", scope, among=names, default=0)
        picked = choice.show()
        st.selectbox(
            "Person",
            list(range(count)),
            format_func=lambda place: held.interviews[place].person.name,
            key=choice.key,
            on_change=choice.keep,
        )
    with st.container(key="interview_pages"):
        page = page_of(count, SHOWN, scope, "people")
    return Shown(tuple(range(count))[(page - 1) * SHOWN : page * SHOWN], picked)


def table(held: HeldRound, shown: Shown) -> None:
    """All questions, each with the answers of the people who are shown."""
    section = ""
    for row in side_by_side(held):
        if row.section and row.section != section:
            section = row.section
            st.subheader(md("{}", section), anchor=False)
        _row(held, row, shown)


def _row(held: HeldRound, row: QuestionRow, shown: Shown) -> None:
    at = "outside" if row.question is None else str(row.question)
    st.markdown(md("**{}**", row.text) if row.question is None else md("**{}. {}**", row.question + 1, row.text))
    for column, place in zip(st.columns(len(shown.wide)), shown.wide, strict=True):
        kind = "both" if place == shown.narrow else "wide"
        with column, st.container(border=True, height="stretch", gap="small", key=f"iv{kind}_{at}_{place}"):
            _cell(held.interviews[place], row.cells[place])
    if shown.narrow not in shown.wide:
        with st.container(border=True, gap="small", key=f"ivnarrow_{at}_{shown.narrow}"):
            _cell(held.interviews[shown.narrow], row.cells[shown.narrow])


def _cell(interview: Interview, cell: PersonCell) -> None:
    st.markdown(md(":small[**{}**]", interview.person.name))
    if not cell.shown:
        st.caption(WAITING)
        return
    for message in cell.shown:
        _message(message, is_follow_up=message.seq in cell.follow_ups)
    where = {"id": interview.person.session_id, "message": str(cell.shown[0].seq)}
    label = named_for(md("message {}", cell.shown[0].seq), f"of {interview.person.name}")
    st.page_link(page_at("session"), label=label, query_params=where)


def _message(message: Message, *, is_follow_up: bool) -> None:
    if is_follow_up:
        st.caption(md(":material/subdirectory_arrow_right: {}", message.text))
    elif message.status is MessageStatus.SAID:
        st.markdown(md("{}", message.text))
    elif message.status is MessageStatus.PENDING:
        st.caption("Answering …")
    else:
        st.caption(md(":material/error: {}", message.error or "This answer was discarded."))
