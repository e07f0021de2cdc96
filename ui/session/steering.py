"""The controls with which a moderator steers between questions: how they answer, discussions, the guide, suggested follow-ups."""

from functools import partial

import streamlit as st

from semblance_core.conversation.hybrid import MOST_TURNS
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import QUESTION_CHARS
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task, TaskState
from semblance_core.reports.costs import estimate_words
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun
from ui.parts.long_text import short_text
from ui.parts.routes import repeating
from ui.parts.words import errors_inline, md, safe_markdown, shortened, shows_errors

AT_ONCE, IN_TURN = "At once", "In turn"
USUAL_TURNS, SHOWN_CHARS = 6, 90


def in_turn(group: FocusGroup) -> bool:
    """Returns whether the next question is answered in turn, as chosen in this window."""
    return bool(st.session_state.get(_key("answers_kept", group)) == IN_TURN)


def may_steer(group: FocusGroup) -> bool:
    """Returns whether a person moderates here: not before the first question, and not while a moderator runs the guide."""
    runs_guide = group.state is FocusGroupState.AUTONOMOUS and not group.is_discussing
    return group.next_seq > 1 and group.takes_questions and not runs_guide and bool(group.participants)


def steering(ws: Workspace, group: FocusGroup) -> None:
    """Draws the button that opens the controls; nothing where nobody moderates."""
    if not group.takes_questions or not group.participants:
        return
    if group.state is FocusGroupState.AUTONOMOUS and not group.is_discussing:
        return
    box = st.popover("Steer", icon=":material/tune:", key="steer", on_change="rerun")
    if not box.open:
        return
    with box:
        if not group.is_interview:
            _answers(group)
        if may_steer(group):
            _discuss(ws, group)
            _suggest(ws, group)
            _guide(ws, group)


def _answers(group: FocusGroup) -> None:
    kept = _key("answers_kept", group)

    def keep() -> None:
        st.session_state[kept] = st.session_state[_key("answers", group)]

    st.segmented_control(
        "Answers",
        (AT_ONCE, IN_TURN),
        default=st.session_state.get(kept, AT_ONCE),
        key=_key("answers", group),
        required=True,
        on_change=keep,
        help="At once: nobody hears the others. In turn: each hears the answers before theirs.",
    )


def _discuss(ws: Workspace, group: FocusGroup) -> None:
    if len(group.participants) < 2:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        turns = int(st.number_input("Turns", 1, MOST_TURNS, USUAL_TURNS, key=_key("discuss_turns", group), width=110))
        begins = st.button("Let them discuss this", key="let_discuss", icon=":material/forum:")
    _costs(estimate_words(ws.moderation.estimate_discussing(group.id, turns)))
    if begins and not _first(ws, group, "discuss").waits(group.model):
        _let_discuss(ws, group, turns)


def _let_discuss(ws: Workspace, group: FocusGroup, turns: int) -> None:
    with errors_inline():
        ws.moderation.let_discuss(group.id, turns)
        st.rerun()


def _suggest(ws: Workspace, group: FocusGroup) -> None:
    if st.button("Suggest follow-ups", key="suggest", icon=":material/lightbulb:") and not _first(
        ws, group, "suggest"
    ).waits(group.model):
        _begin_suggesting(ws, group)
    _costs(estimate_words(ws.moderation.estimate_suggesting(group.id)))


def _begin_suggesting(ws: Workspace, group: FocusGroup) -> None:
    with errors_inline():
        ws.moderation.suggest(group.id, again=bool(ws.moderation.suggestions(group.id)))
        st.rerun()


def _costs(words: str) -> None:
    st.caption(safe_markdown(f"About {words}"))


def _guide(ws: Workspace, group: FocusGroup) -> None:
    questions, following = group.guide.questions, group.next_question
    st.markdown("**Guide**")
    if following < len(questions):
        st.caption(md("Next: {}", shortened(questions[following], SHOWN_CHARS)))
        if st.button("Skip this question", key="skip_question", icon=":material/skip_next:"):
            with errors_inline():
                ws.moderation.skip(group.id, questions[following])
                st.rerun()
    _insert(ws, group)
    asked = list(range(min(following, len(questions))))
    if asked:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                "Go back to",
                asked[::-1],
                format_func=lambda at: f"{at + 1}. {shortened(questions[at], SHOWN_CHARS)}",
                key=_key("go_back_to", group),
                width=300,
            )
            if st.button("Ask it again", key="go_back", icon=":material/undo:"):
                with errors_inline():
                    ws.moderation.go_back(group.id, chosen, in_turn=in_turn(group))
                    st.rerun()


def _insert(ws: Workspace, group: FocusGroup) -> None:
    key, refused = _key("insert", group), _key("insert_refused", group)

    def insert() -> None:
        # In a callback, because only there the field can be emptied.
        try:
            ws.moderation.insert(group.id, st.session_state[key])
            st.session_state[key] = ""
        except SemblanceError as why:
            st.session_state[refused] = str(why)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        short_text(md("Insert a question as the next one"), most=QUESTION_CHARS, key=key, width=300)
        st.button("Insert", key="insert_question", icon=":material/add:", on_click=insert)
    if why := st.session_state.pop(refused, ""):
        st.error(safe_markdown(why), icon=":material/info:")


def confirmations(ws: Workspace, group: FocusGroup) -> None:
    """Draws the question before an account's first run that costs money, where one of these controls was used for it."""
    if not may_steer(group):
        return
    turns = int(st.session_state.get(_key("discuss_turns", group)) or USUAL_TURNS)
    discusses = _first(ws, group, "discuss").confirmed(
        md("A discussion of {}", number(turns, "turn")), partial(ws.moderation.estimate_discussing, group.id, turns)
    )
    suggests = _first(ws, group, "suggest").confirmed(
        md("Three follow-ups"), partial(ws.moderation.estimate_suggesting, group.id)
    )
    if discusses:
        _let_discuss(ws, group, turns)
    if suggests:
        _begin_suggesting(ws, group)


def suggestions(ws: Workspace, group: FocusGroup) -> None:
    """Draws the follow-ups that were suggested for what was said; one that is chosen goes into the field to ask in."""
    if not may_steer(group):
        return
    task = ws.moderation.newest_suggestions(group.id)
    if task is None or task.request.get("through_seq") != group.next_seq - 1:
        return
    if task.state is TaskState.FAILED:
        st.caption(md(":material/error: No follow-ups were suggested: {}", task.error))
    elif not task.state.is_over:
        repeating(_thinking, every="1s")(ws, task)
    else:
        _offered(ws.moderation.suggestions(group.id), group)


def _offered(questions: tuple[str, ...], group: FocusGroup) -> None:
    def take(text: str) -> None:
        st.session_state[f"say_{group.id}"] = text

    with st.container(horizontal=True, gap="small", key="suggestions"):
        for place, question in enumerate(questions):
            st.button(
                md("{}", shortened(question, SHOWN_CHARS)),
                key=f"suggestion_{place}",
                icon=":material/lightbulb:",
                on_click=take,
                args=(question,),
            )


@shows_errors
def _thinking(ws: Workspace, task: Task) -> None:
    if ws.tasks.get(task.id).state.is_over:
        st.rerun()
    st.caption("Thinking of follow-ups …")


def _first(ws: Workspace, group: FocusGroup, what: str) -> FirstPaidRun:
    return FirstPaidRun(ws, f"{what}_{group.id}")


def _key(what: str, group: FocusGroup) -> str:
    return f"{what}_{group.id}"
