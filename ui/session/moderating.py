"""The parts of the page with which a person moderates: what to ask, and whom."""

from dataclasses import dataclass, replace
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
from ui.parts.long_text import keep_unsaved, long_text
from ui.parts.outbox import Fate, Outbox, SentText
from ui.parts.words import errors_inline, md, safe_markdown, shortened
from ui.session.quoting import quote_line, quote_nothing, quoted_message
from ui.session.steering import in_turn

NOT_SENT, FAILED, UNCONFIRMED, FATES = "not_sent", "failed_lately", "question_to_confirm", "fates_of_questions"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was sent.

    to: ids of those chosen, none for everyone. question: index in the guide; quote: number of a message that it quotes. key: that
    the browser gave it, empty where it keeps nothing of it.
    """

    text: str
    to: list[str]
    question: int | None = None
    quote: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A question that was refused, and why."""

    group_id: str
    asked: Asked
    why: str


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
                _ask(ws, group, Asked(questions[asked], chosen, question=asked))
                st.rerun()
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
    with st.container(gap="small"):  # so that the field stays where it is
        _unsent(ws, group)
        _ask_first(ws, group)
        quote_line(ws, group)
    if is_closed and not st.session_state.get(watched):
        return
    st.session_state[watched] = True
    text = st.chat_input(_asking(group), key=f"say_{group.id}", disabled=is_closed)
    takes = Outbox(_fates_of(group), partial(_receive, ws, group.id))
    keep_unsaved({f"say_{group.id}": (f"ask:{group.id}", "")}, commits=False, outbox=takes)
    if text:  # where the browser sent it before it knew of the outbox
        _ask(ws, group, Asked(text, chosen, quote=_taken_quote(group.id)))
        st.rerun()


def _receive(ws: Workspace, group_id: str, sent: list[SentText]) -> None:
    """Asks what the browser sent, each question once and in its order; those behind one that waits for a confirmation come again."""
    chosen: list[str] = st.session_state.get(f"to_{group_id}", [])
    with errors_inline():  # a callback has not the page's own handling around it
        for each in sent:
            group = ws.sessions.get(group_id)
            if _first(ws, group).is_asked:
                return
            if each.key not in _fates_of(group):
                _ask(ws, group, Asked(each.text, chosen, quote=_taken_quote(group_id), key=each.key))


def _taken_quote(group_id: str) -> int | None:
    quote = quoted_message(group_id)
    quote_nothing(group_id)
    return quote


def _fates_of(group: FocusGroup) -> dict[str, Fate]:
    """Returns the fates of questions, by key: of those that the session has, and of those that only this window knows of."""
    return {**_fates(group.id), **dict.fromkeys(group.received, Fate.OVER)}


def _fates(group_id: str) -> dict[str, Fate]:
    fates: dict[str, Fate] = st.session_state.setdefault(f"{FATES}_{group_id}", {})
    return fates


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


def _ask(ws: Workspace, group: FocusGroup, asked: Asked) -> None:
    """Puts the question; where its cost has to be confirmed first or it is refused, it is kept for the page to show."""
    unconfirmed = f"{UNCONFIRMED}_{group.id}"
    if _first(ws, group).waits(group.model):
        if former := st.session_state.get(unconfirmed):
            _kept()[token_hex(4)] = Unsent(
                group.id, former, "Another question was asked before its cost was confirmed."
            )
        st.session_state[unconfirmed] = asked
        _note(group.id, asked, Fate.HELD)
        return
    try:
        asks = partial(ws.sessions.post, group.id, asked.text, asked.to or None, question=asked.question)
        asks(quote=asked.quote, queues=True, unless_named=True, in_turn=in_turn(group), key=asked.key)
        _note(group.id, asked, Fate.OVER)
    except SemblanceError as refused:
        _kept()[token_hex(4)] = Unsent(group.id, asked, str(refused))
        _note(group.id, asked, Fate.HELD)


def _note(group_id: str, asked: Asked, fate: Fate) -> None:
    if asked.key:
        _fates(group_id)[asked.key] = fate


def _first(ws: Workspace, group: FocusGroup) -> FirstPaidRun:
    return FirstPaidRun(ws, f"ask_{group.id}")


def _ask_first(ws: Workspace, group: FocusGroup) -> None:
    """Draws the confirmation of a first question that may cost something, where one waits, and asks it once it is given.

    *Not now* puts the question back into the field.
    """
    unconfirmed = f"{UNCONFIRMED}_{group.id}"
    asked = st.session_state.get(unconfirmed, Asked("", []))

    def put_back() -> None:
        st.session_state.pop(unconfirmed, None)
        st.session_state[f"say_{group.id}"] = asked.text
        _note(group.id, asked, Fate.BACK)

    people = len(asked.to)
    what = md("“{}” to {}", shortened(asked.text, 120), number(people or len(group.participants), "participant"))
    estimate = partial(ws.sessions.estimate_round, group.id, people or None, in_turn=in_turn(group))
    if _first(ws, group).confirmed(what, estimate, on_cancel=put_back) and asked.text:
        del st.session_state[unconfirmed]
        _ask(ws, group, asked)
        st.rerun()


def _unsent(ws: Workspace, group: FocusGroup) -> None:
    """Draws what was refused, to be changed and sent again; it stays until it is sent or discarded."""
    mine = [(key, message) for key, message in _kept().items() if message.group_id == group.id]
    for key, message in mine:
        with st.container(border=True, gap="small"):
            st.error(safe_markdown(f"Not sent: {message.why}"), icon=":material/info:")
            text = long_text(
                md("Your message"),
                most=MESSAGE_CHARS,
                value=message.asked.text,
                key=f"unsent_{key}",
                persist_state="session",
            )
            with st.container(horizontal=True):
                sends = st.button("Send again", key=f"send_{key}", type="primary", icon=":material/send:")
                discards = st.button("Discard", key=f"discard_{key}", type="tertiary", icon=":material/delete:")
        if sends or discards:
            del _kept()[key]
            _note(group.id, message.asked, Fate.OVER)
            if sends:
                same = text == message.asked.text
                _ask(ws, group, replace(message.asked, text=text, question=message.asked.question if same else None))
            st.rerun()


def _kept() -> dict[str, Unsent]:
    kept: dict[str, Unsent] = st.session_state.setdefault(NOT_SENT, {})
    return kept
