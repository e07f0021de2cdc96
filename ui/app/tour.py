"""The tour of a recorded study: a bar above four pages that says what there is to see, kept in the address."""

from dataclasses import dataclass

import streamlit as st

from semblance_core.domain.discussion.session_list import SessionRow
from semblance_core.workspace import Workspace
from ui.app import shell
from ui.parts.routes import open_page
from ui.parts.words import Markdown, md

PLACE, OF = "tour", "tour_of"


@dataclass(frozen=True, slots=True)
class Stop:
    """page: the file's name under pages/. has_session: whether its address names the session."""

    page: str
    title: Markdown
    words: Markdown
    has_session: bool = False


STOPS = (
    Stop(
        "session",
        md("The discussion"),
        md(
            "Synthetic people discussed the guide on their own; a language model answered for them when this was recorded. "
            "Press Replay to watch it. You can also ask everyone below, or one person with @name: your own model answers then."
        ),
        has_session=True,
    ),
    Stop(
        "findings",
        md("Themes and report"),
        md(
            "Each theme shows how many people it was heard from. Follow a quote to the message it comes from. "
            "You can edit themes and export them as a report."
        ),
        has_session=True,
    ),
    Stop(
        "personas",
        md("Participants"),
        md(
            "These people were recruited from a one-line brief. The panel report measures how much they differ and how well "
            "they meet shares that you set."
        ),
    ),
    Stop(
        "usage",
        md("Cost"),
        md(
            "Every model call is counted and priced. A recording makes no calls, so it costs nothing here. With a model of your "
            "own, calls stop when your quota is reached."
        ),
    ),
)


def begin(session: SessionRow) -> None:
    """Goes to the first stop of the tour of this session."""
    _go(session, 1)


def bar(ws: Workspace, page: str) -> None:
    """Draws the stop that the address names; nothing on pages that it is not for. page: the title's address."""
    stop = _stop_in_address()
    if stop is None or STOPS[stop - 1].page != page:
        return
    named = st.query_params.get("id", st.query_params.get(OF, ""))
    row = next((row for row in ws.examples.opened_recordings() if row.id == named), None)
    if row is None:
        return
    shown = STOPS[stop - 1]
    with st.container(border=True, key="tour"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":primary-badge[Tour {stop} of {len(STOPS)}] &nbsp;**{shown.title}**", width="stretch")
            if stop > 1 and st.button("Back", type="tertiary", icon=":material/arrow_back:", key="tour_back"):
                _go(row, stop - 1)
            last = stop == len(STOPS)
            if st.button("Finish" if last else "Next", type="primary", key="tour_next"):
                if last:
                    open_page("home")
                _go(row, stop + 1)
            if not last and st.button("End tour", type="tertiary", key="tour_end"):
                open_page("home")
        st.markdown(shown.words)


def _stop_in_address() -> int | None:
    asked = st.query_params.get(PLACE, "")
    return int(asked) if asked in [str(number) for number in range(1, len(STOPS) + 1)] else None


def _go(session: SessionRow, stop: int) -> None:
    there = STOPS[stop - 1]
    about = {"id": session.id} if there.has_session else {OF: session.id, shell.IN_ADDRESS: session.project_id}
    open_page(there.page, {**about, PLACE: str(stop)})
