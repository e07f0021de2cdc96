"""Where an analysis stands: not begun, under way, failed, done, or behind what was said since."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task
from semblance_core.domain.theme import Findings
from semblance_core.workspace import Workspace
from ui.estimates import compare, foretell
from ui.routes import page_at
from ui.task_progress import task_progress
from ui.words import safe_markdown, say_done, say_here, when

DOING = "Finding themes"


def where_it_stands(ws: Workspace, group: FocusGroup, task: Task | None, newest: Findings | None) -> None:
    """Says it, with what can be done now."""
    if task and not (newest and newest.created_at > task.created_at):
        task_progress(ws, task, DOING)
    if task and not task.state.is_over:
        return
    if group.next_seq < 2:
        _nothing_said(group)
    elif newest is None:
        _not_yet(ws, group)
    else:
        _again(ws, group, task, newest)


def _nothing_said(group: FocusGroup) -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown("### :material/forum: Nothing has been said yet", width="content", text_alignment="center")
        words = "Themes are found in what participants say. Ask them something, or let the discussion run."
        st.markdown(words, width=520, text_alignment="center")
        st.page_link(
            page_at("session"), label="Open the session", icon=":material/forum:", query_params={"id": group.id}
        )
        st.space("small")


def _not_yet(ws: Workspace, group: FocusGroup) -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.space("small")
        st.markdown("### :material/lightbulb: No themes yet", width="content", text_alignment="center")
        words = "They are found in what was said, and every quote is checked against its message before it is kept."
        st.markdown(words, width=520, text_alignment="center")
        begin = {"on_click": _begin, "args": (ws, group.id, "")}
        st.button("Find themes", type="primary", icon=":material/lightbulb:", **begin)
        with st.container(width="content"):
            foretell(ws.estimate_analysis(group.id), ws.session_quota(group.id))
        st.space("small")


def _again(ws: Workspace, group: FocusGroup, task: Task | None, newest: Findings) -> None:
    missed = group.next_seq - 1 - newest.through_seq
    if missed > 0:
        words = "1 message was added" if missed == 1 else f"{missed} messages were added"
        st.info(f"{words} since; find themes again to include what was said.", icon=":material/update:")
    with st.container(horizontal=True, vertical_alignment="center"):
        # A click is answered by what its window showed, not by what there is by then.
        begin = {} if newest.is_edited else {"on_click": _begin, "args": (ws, group.id, newest.analysis_id)}
        if st.button("Find themes again", icon=":material/lightbulb:", **begin) and newest.is_edited:
            begin_anew(ws, group, newest)
        with st.container(gap=None):
            foretell(ws.estimate_analysis(group.id), ws.session_quota(group.id))
            if task and task.estimate:
                compare(task.estimate, ws.task_spent(task.id), "Last time: ")


@st.dialog("Find themes again", icon=":material/lightbulb:")
def begin_anew(ws: Workspace, group: FocusGroup, edited: Findings) -> None:
    """Asks first, because a new analysis knows nothing of what people changed in the last one."""
    st.markdown(
        f"These themes were edited by people, last by **{safe_markdown(edited.editor)}** on {when(edited.edited_at)}. "
        "A new analysis begins from the transcript, without them."
    )
    st.caption("Nothing is lost: the edited themes stay, under *Analyses*.")
    if st.button("Find themes again", type="primary") and _begin(ws, group.id, edited.analysis_id):
        st.rerun()


def choice_of_analysis(analyses: list[Findings]) -> Findings:
    """The analysis that the address names, else the newest; draws a choice where there are several."""
    by_id = {each.analysis_id: each for each in analyses}
    if len(analyses) == 1:
        return analyses[0]
    named = st.query_params.get("analysis", "")
    now = named if named in by_id else analyses[0].analysis_id
    # A new key for each address, so that the address decides and not what was chosen before.
    chosen = st.selectbox(
        "Analyses",
        list(by_id),
        index=list(by_id).index(now),
        format_func=lambda name: _title(by_id[name]),
        key=f"analysis_{now}",
    )
    if chosen != now:
        st.query_params["analysis"] = chosen
    if chosen != analyses[0].analysis_id:
        st.caption("This is an earlier analysis; exports and edits are of this one.")
    return by_id[chosen]


def _title(findings: Findings) -> str:
    edited = f", edited by {findings.editor}" if findings.is_edited else ""
    return f"{when(findings.created_at)}: {number(len(findings.themes), 'theme')} by {findings.model}{edited}"


def _begin(ws: Workspace, group_id: str, seen: str) -> bool:
    """seen: the newest analysis that the window showed; where somebody made one since, that is said instead of paid for again."""
    with say_here():
        task = ws.analyse(group_id, seen=seen)
        if task.state.is_over:
            say_done(f"Themes of all that was said were found on {when(task.finished_at)}, so nothing was asked again.")
        st.query_params.pop("analysis", None)
        return True
    return False
