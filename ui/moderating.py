"""Where a person moderates: what to ask, and whom."""

import streamlit as st

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.flows.moderate import MESSAGE_CHARS
from semblance_core.workspace import Workspace
from ui.words import safe_markdown, say


def whom_to_ask(ws: Workspace, group: FocusGroup) -> list[str]:
    """Draws who is asked and the guide's next question; returns the ids of the participants chosen, none for everyone."""
    names = {person.id: person.name for person in group.participants}
    questions = group.guide.questions
    asked = group.course.question + 1
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.multiselect(
            "Who is asked",
            list(names),
            format_func=names.__getitem__,
            placeholder="Ask everyone",
            key=f"to_{group.id}",
            label_visibility="collapsed",
            disabled=not names,
            width=300,
        )
        if asked < len(questions) and not group.is_busy and names:
            st.caption(f"Next in the guide: {safe_markdown(questions[asked])}", width="stretch")
            if st.button("Ask it", icon=":material/arrow_forward:"):
                _post(ws, group, questions[asked], chosen)
    return chosen


def moderator_input(ws: Workspace, group: FocusGroup, chosen: list[str]) -> None:
    # The same widget whatever happens: another one would drop what is being typed when the other window posts, and with it gone
    # Streamlit puts up the whole page anew, the transcript's feed too. Who opens a session that has ended does without it.
    has_ended, watched = group.state is FocusGroupState.ENDED, f"watched_{group.id}"
    if has_ended and not st.session_state.get(watched):
        return
    st.session_state[watched] = True
    asking = "This session has ended" if has_ended else "Ask everyone, or @name to ask one"
    if text := st.chat_input(asking, key=f"say_{group.id}", max_chars=MESSAGE_CHARS, disabled=has_ended):
        _post(ws, group, text, chosen)


def _post(ws: Workspace, group: FocusGroup, text: str, to: list[str]) -> None:
    try:
        ws.post_message(group.id, text, to or None)
    except SemblanceError as refused:
        say(refused)
        st.caption("This was not sent; copy it to send it again:")
        st.code(text, language=None, wrap_lines=True)
    else:
        st.rerun()
