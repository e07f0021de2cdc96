"""The state of an analysis: not begun, under way, failed, done, or behind what was said since."""

from functools import partial

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun, compare, estimate_line
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import page_at
from ui.parts.task_progress import task_progress
from ui.parts.words import errors_inline, md, safe_markdown, show_done, told_apart, when

DOING = md("Finding themes")


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
        words = "Themes are found in the transcript, and every quote is checked against its message."
        st.markdown(words, width=520, text_alignment="center")
        begin = partial(_clicked, ws, group.id, "")
        st.button("Find themes", type="primary", icon=":material/lightbulb:", on_click=begin)
        with st.container(width="content"):
            estimate_line(ws.findings.estimate(group.id), ws.sessions.quota(group.id))
        _ask_first(ws, group, "")
        st.space("small")


def _again(ws: Workspace, group: FocusGroup, task: Task | None, newest: Findings) -> None:
    missed = group.next_seq - 1 - newest.through_seq
    if missed > 0:
        words = md("{} since this analysis. Find themes again to include them.", number(missed, "new message"))
        st.info(words, icon=":material/update:")
    with st.container(horizontal=True, vertical_alignment="center"):
        # A click is answered by what its window showed, not by what there is by then.
        begin = None if newest.is_edited else partial(_clicked, ws, group.id, newest.analysis_id)
        if st.button("Find themes again", icon=":material/lightbulb:", on_click=begin) and newest.is_edited:
            begin_anew(ws, group, newest)
        with st.container(gap=None):
            estimate_line(ws.findings.estimate(group.id), ws.sessions.quota(group.id))
            if task and task.estimate:
                compare(task.estimate, ws.tasks.spent(task.id), "Last time: ")
    _ask_first(ws, group, newest.analysis_id)


def _ask_first(ws: Workspace, group: FocusGroup, seen: str) -> None:
    """Draws the confirmation of a first run that may cost something, where one waits, and begins it once it is given."""
    what = md("Finding themes in {}", number(group.next_seq - 1, "message"))
    if _first(ws, group.id).confirmed(what, partial(ws.findings.estimate, group.id)) and _begin(ws, group.id, seen):
        st.rerun()


def _first(ws: Workspace, group_id: str) -> FirstPaidRun:
    return FirstPaidRun(ws, f"themes_{group_id}")


@st.dialog("Find themes again", icon=":material/lightbulb:")
def begin_anew(ws: Workspace, group: FocusGroup, edited: Findings) -> None:
    """Asks first, because a new analysis knows nothing of what people changed in the last one."""
    st.markdown(
        f"These themes were edited by people, last by **{safe_markdown(edited.editor)}** on {when(edited.edited_at)}. "
        "A new analysis begins from the transcript, without them."
    )
    st.caption("Nothing is lost: the edited themes stay, under *Analyses*.")
    if st.button("Find themes again", type="primary"):
        with errors_inline():
            # Where a first run has to be confirmed, the page asks; the dialog closes.
            if _first(ws, group.id).waits(ws.findings.estimate(group.id).model) or _begin(
                ws, group.id, edited.analysis_id
            ):
                st.rerun()


def choice_of_analysis(analyses: list[Findings]) -> Findings:
    """The analysis that the address names, else the newest; draws a choice where there are several."""
    by_id = {each.analysis_id: each for each in analyses}
    if len(analyses) == 1:
        return analyses[0]
    titles = told_apart({name: _title(each) for name, each in by_id.items()})
    newest = analyses[0].analysis_id
    analysis = Choice("analysis", analyses[0].focus_group_id, among=by_text(by_id), default=newest)
    chosen = analysis.show()
    st.selectbox(
        "Analyses",
        list(by_id),
        format_func=titles.__getitem__,
        key=analysis.key,
        on_change=analysis.keep,
    )
    if chosen != analyses[0].analysis_id:
        st.caption("This is an earlier analysis; exports and edits are of this one.")
    return by_id[chosen]


def _title(findings: Findings) -> str:
    edited = f", edited by {findings.editor}" if findings.is_edited else ""
    return f"{when(findings.created_at)}: {number(len(findings.themes), 'theme')} by {findings.model}{edited}"


def _clicked(ws: Workspace, group_id: str, seen: str) -> None:
    """`_begin` for a button's `on_click`, once a first run that may cost something is confirmed."""
    with errors_inline():
        if not _first(ws, group_id).waits(ws.findings.estimate(group_id).model):
            _begin(ws, group_id, seen)


def _begin(ws: Workspace, group_id: str, seen: str) -> bool:
    """seen: the newest analysis that the window showed; where somebody made one since, that is said instead of paid for again."""
    with errors_inline():
        task = ws.findings.analyse(group_id, seen=seen)
        if task.state.is_over:
            show_done(md("Themes are up to date: they were found on {}.", when(task.finished_at)))
        st.query_params.pop("analysis", None)
        return True
    return False
