"""Each person of a round: how far their interview is, and the way into it."""

import streamlit as st

from semblance_core.domain.discussion.session_list import SessionStatus
from semblance_core.reports.interviews import HeldRound, Interview, progress
from ui.parts.routes import page_at
from ui.parts.words import md, safe_markdown, shortened

COLUMNS, LEAST_PX, REASON_CHARS = 4, 200, 120
TROUBLE = (SessionStatus.PAUSED, SessionStatus.WAITING)


def people_now(held: HeldRound) -> None:
    """A card a person; folded away once all are over."""
    total = len(held.round.guide.questions)
    over = sum(each.status is SessionStatus.ENDED for each in held.there)
    label = md("Each interview: {} of {} over", over, len(held.there))
    with st.expander(label, expanded=over < len(held.there)), st.grid(COLUMNS, min_column_width=LEAST_PX) as grid:
        for interview, share in progress(held):
            key = f"person_{interview.person.session_id}"
            with grid.cell(), st.container(border=True, gap="small", height="stretch", key=key):
                _card(interview, share, total)


def _card(interview: Interview, share: float, total: int) -> None:
    words = md("{} of {} answered", interview.answered, total)
    if interview.group is None:
        st.markdown(md("**{}**", interview.person.name))
        st.caption("This interview was deleted.")
        return
    st.page_link(
        page_at("session"),
        label=md("**{}**", interview.person.name),
        icon=":material/chat:",
        query_params={"id": interview.person.session_id},
    )
    st.progress(share, text=md("{} · {}", words, interview.status.value.lower() if interview.status else ""))
    if interview.status in TROUBLE:
        st.caption(safe_markdown(shortened(interview.group.reason_in_words, REASON_CHARS)))
