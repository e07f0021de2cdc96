"""The parts of the page with which a person moderates: what to ask, and whom."""

from dataclasses import dataclass
from functools import partial
from secrets import token_hex

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import counted, number
from semblance_core.flows.discussion.moderate import MESSAGE_CHARS
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun
from ui.parts.long_text import keep_unsaved, long_text, text_saved
from ui.parts.words import errors_inline, md, safe_markdown, shortened
from ui.session.quoting import quote_line, quote_nothing, quoted_message
from ui.session.steering import in_turn

NOT_SENT, FAILED, UNCONFIRMED = "not_sent", "failed_lately", "question_to_confirm"


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that was refused. to: ids of those chosen, none for everyone. quote: number of the message that it quotes."""

    group_id: str
    text: str
    to: list[str]
    why: str
    quote: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that is asked once its cost is confirmed. question: index in the guide; quote: number of a message, or None."""

    text: str
    to: list[str]
    question: int | None
    quote: int | None


def whom_to_ask(ws: Workspace, group: FocusGroup) -> list[str]:
    """Draws who is asked and the guide's next question; returns the ids of the participants chosen, none for everyone."""
    names = {person.id: person.name for person in group.participants}
    questions = group.guide.questions
    asked = group.next_question
    with st.container(horizontal=True, vertical_alignment="center", key="whom_to_ask"):
        chosen = [] if group.is_interview else _people_asked(group, names)
        if asked < len(questions) and not group.is_busy and names:
            plan = ws.stimuli.plan(group.id)[0] if group.guide.shows_stimuli else StimulusPlan()
            shown = ", ".join(each.name for each in plan.at(asked))
            brings = md(" :gray[(shows {})]", shown) if shown else md("")
            st.caption(md("Next in the guide: {}{}", questions[asked], brings), width="stretch")
            if st.button("Ask this question", icon=":material/arrow_forward:", key="ask_next", help="Key: n"):
                _post(ws, group, questions[asked], chosen, question=asked)
    return chosen


def _people_asked(group: FocusGroup, names: dict[str, str]) -> list[str]:
    return st.multiselect(
        "Who is asked",
        list(names),
        format_func=names.__getitem__,
        placeholder="Ask everyone",
        key=f"to_{group.id}",
        label_visibility="collapsed",
        disabled=not names,
        width=300,
    )


def ask_failed_again(ws: Workspace, group: FocusGroup) -> None:
    """A button for all replies to the last question that failed, where several did."""
    if group.is_busy or group.state is not FocusGroupState.MODERATED:
        return
    # Read once for each state of the session: the page runs again at every click.
    state = (group.id, group.epoch, group.next_seq, group.updated_at)
    kept = st.session_state.get(FAILED)
    if not kept or kept[0] != state:
        kept = st.session_state[FAILED] = (state, len(ws.sessions.failed_lately(group.id)))
    failed: int = kept[1]
    if failed > 1 and st.button(md("Ask all {} again", counted(failed)), icon=":material/refresh:"):
        with errors_inline():
            ws.sessions.retry(group.id)
            st.rerun()


def moderator_input(ws: Workspace, group: FocusGroup, chosen: list[str]) -> None:
    """Draws the line to ask in, and above it what was refused, to be sent again."""
    # The same widget whatever happens: another one would drop what is being typed when the other window posts, and with it gone
    # Streamlit puts up the whole page anew, the transcript's feed too. Who opens a session that was ended does without it.
    is_closed, watched = not group.takes_questions, f"watched_{group.id}"
    _unsent(ws, group)
    _ask_first(ws, group)
    if is_closed and not st.session_state.get(watched):
        return
    st.session_state[watched] = True
    quote_line(ws, group)
    text = st.chat_input(_asking(group), key=f"say_{group.id}", disabled=is_closed)
    keep_unsaved({f"say_{group.id}": (_question_of(group.id), "")}, commits=False)
    if text:
        quote = quoted_message(group.id)
        quote_nothing(group.id)
        _post(ws, group, text, chosen, quote=quote)


def _asking(group: FocusGroup) -> str:
    if not group.takes_questions:
        return "This session has ended"
    if group.state is FocusGroupState.ENDED:
        return "Ask more: this reopens the session"
    if group.pending or group.is_discussing:
        return f"Ask the next question while they {'answer' if group.pending else 'discuss'}"
    if group.is_interview:
        return f"Ask {group.participants[0].name}"
    everyone = "Ask everyone in turn" if in_turn(group) else "Ask everyone"
    return f"{everyone}, or type @ to name who is asked"


def _post(
    ws: Workspace, group: FocusGroup, text: str, to: list[str], *, question: int | None = None, quote: int | None = None
) -> None:
    if _first(ws, group).waits(group.model):
        st.session_state[f"{UNCONFIRMED}_{group.id}"] = Waiting(text, to, question, quote)
        st.rerun()
    try:
        asks = partial(ws.sessions.post, group.id, text, to or None, question=question, quote=quote)
        asks(queues=True, unless_named=True, in_turn=in_turn(group))
        text_saved(_question_of(group.id), text)
    except SemblanceError as refused:
        _kept()[token_hex(4)] = Unsent(group.id, text, to, str(refused), quote)
    st.rerun()


def _first(ws: Workspace, group: FocusGroup) -> FirstPaidRun:
    return FirstPaidRun(ws, f"ask_{group.id}")


def _ask_first(ws: Workspace, group: FocusGroup) -> None:
    """Draws the confirmation of a first question that may cost something, where one waits, and asks it once it is given.

    *Not now* puts the question back into the field.
    """
    asked = st.session_state.get(f"{UNCONFIRMED}_{group.id}", Waiting("", [], None, None))

    def put_back() -> None:
        st.session_state[f"say_{group.id}"] = asked.text

    people = len(asked.to)
    what = md("“{}” to {}", shortened(asked.text, 120), number(people or len(group.participants), "participant"))
    estimate = partial(ws.sessions.estimate_round, group.id, people or None, in_turn=in_turn(group))
    if _first(ws, group).confirmed(what, estimate, on_cancel=put_back) and asked.text:
        _post(ws, group, asked.text, asked.to, question=asked.question, quote=asked.quote)


def _unsent(ws: Workspace, group: FocusGroup) -> None:
    """Draws what was refused, to be changed and sent again; it stays until it is sent or discarded."""
    mine = [(key, message) for key, message in _kept().items() if message.group_id == group.id]
    for key, message in mine:
        with st.container(border=True, gap="small"):
            st.error(safe_markdown(f"Not sent: {message.why}"), icon=":material/info:")
            text = long_text(
                md("Your message"), most=MESSAGE_CHARS, value=message.text, key=f"unsent_{key}", persist_state="session"
            )
            with st.container(horizontal=True):
                sends = st.button("Send again", key=f"send_{key}", type="primary", icon=":material/send:")
                discards = st.button("Discard", key=f"discard_{key}", type="tertiary", icon=":material/delete:")
        if sends or discards:
            del _kept()[key]
            text_saved(_question_of(group.id), message.text)
            if sends:
                _post(ws, group, text, message.to, quote=message.quote)
            st.rerun()


def _question_of(group_id: str) -> str:
    """The name that a question is kept by until it is sent."""
    return f"ask:{group_id}"


def _kept() -> dict[str, Unsent]:
    kept: dict[str, Unsent] = st.session_state.setdefault(NOT_SENT, {})
    return kept
