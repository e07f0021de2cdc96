"""The tour of a finished study: a bar above four pages that says what there is to see, kept in the address."""

from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.task import Task, TaskState
from semblance_core.workspace import Workspace
from ui import shell
from ui.routes import page_at

PLACE = "tour"


@dataclass(frozen=True, slots=True)
class Stop:
    """page: the file's name under pages/. has_session: whether its address names the session."""

    page: str
    title: str
    words: str
    has_session: bool = False


STOPS = (
    Stop(
        "session",
        "The discussion",
        "Six people talked the guide through by themselves. Every message has a number and an address of its own; in a "
        "session that goes on you ask everybody below, or one person with @name.",
        has_session=True,
    ),
    Stop(
        "findings",
        "Themes and report",
        "Each theme says how many people it was heard from. Follow a quote: it leads to the message it stands in. "
        "Themes can be edited, and taken along as a report.",
        has_session=True,
    ),
    Stop(
        "personas",
        "Who took part",
        "These people were recruited from two lines of brief, half women and half men as asked. The panel report weighs "
        "how well they fit and how much they differ.",
    ),
    Stop(
        "usage",
        "What it cost",
        "Every model call is counted and priced. These were the built-in simulator's, so they cost nothing; with a model of "
        "your own the meter in the sidebar stops before your quota does.",
    ),
)


def begin(example: Task) -> None:
    """Goes to the first stop."""
    _go(example, 1)


def bar(ws: Workspace, page: str) -> None:
    """Draws the stop that the address names; nothing on pages that it is not for. page: the title's address."""
    stop = _stop_in_address()
    if stop is None or STOPS[stop - 1].page != page:
        return
    example = ws.example()
    if example is None or example.state is not TaskState.DONE:
        return
    shell.show_project(ws, example.project_id)
    shown = STOPS[stop - 1]
    with st.container(border=True, key="tour"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":primary-badge[Tour {stop} of {len(STOPS)}] &nbsp;**{shown.title}**", width="stretch")
            if stop > 1 and st.button("Back", type="tertiary", icon=":material/arrow_back:", key="tour_back"):
                _go(example, stop - 1)
            last = stop == len(STOPS)
            if st.button("Finish" if last else "Next", type="primary", key="tour_next"):
                if last:
                    st.switch_page(page_at("home"))
                _go(example, stop + 1)
            if not last and st.button("End tour", type="tertiary", key="tour_end"):
                st.switch_page(page_at("home"))
        st.markdown(shown.words)


def _stop_in_address() -> int | None:
    asked = st.query_params.get(PLACE, "")
    return int(asked) if asked in [str(number) for number in range(1, len(STOPS) + 1)] else None


def _go(example: Task, stop: int) -> None:
    there = STOPS[stop - 1]
    session = {"id": str(example.result["focus_group_id"])} if there.has_session else {}
    st.switch_page(page_at(there.page), query_params={**session, PLACE: str(stop)})
