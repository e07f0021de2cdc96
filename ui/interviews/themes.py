"""Themes across all interviews of a round: begun here, with each quote's way to its interview."""

from collections.abc import Mapping

import streamlit as st

from semblance_core.analysis.agreement.analyses import NOT_OF_A_ROUND
from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task
from semblance_core.reports.interviews import HeldRound
from semblance_core.workspace import Workspace
from ui.findings.cards import dropped
from ui.findings.claims import sources, summary_text
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.routes import page_at
from ui.parts.task_progress import task_progress
from ui.parts.words import errors_inline, joined, md, safe_markdown, when

FIRST_QUOTES = 4


def themes_view(ws: Workspace, held: HeldRound) -> None:
    """The newest themes, the task that finds them, and the button that begins it."""
    round_id = held.round.id
    task, findings = ws.interviews.newest_task(round_id), ws.interviews.themes(round_id)
    if task:
        task_progress(ws, task, md("Finding themes"))
    if not held.has_answers:
        st.info("Nobody has answered yet.", icon=":material/hourglass_empty:")
        return
    _find(ws, held, task, findings)
    if findings:
        _found(held, findings)


def _find(ws: Workspace, held: HeldRound, task: Task | None, findings: Findings | None) -> None:
    if task and not task.state.is_over:
        return
    first = FirstPaidRun(ws, f"round_themes_{held.round.id}")
    label = "Find themes again" if findings else "Find themes in all interviews"
    begins = st.button(
        label, type="secondary" if findings else "primary", icon=":material/lightbulb:", key="find_themes"
    )
    with errors_inline():
        estimate = ws.interviews.estimate_themes(held.round.id)
        estimate_line(estimate, ws.projects.quota(held.round.project_id))
        if begins and first.waits(estimate.model):
            begins = False
        if first.confirmed(md("Finding themes in all interviews"), lambda: estimate):
            begins = True
        if begins:
            ws.interviews.find_themes(held.round.id, again=findings is not None)
            st.rerun()


def _found(held: HeldRound, findings: Findings) -> None:
    st.subheader("Summary", anchor=False)
    people, names = len(findings.sessions), {each.person.session_id: each.person.name for each in held.interviews}
    told = told_of_session(findings, people)
    summary_text(told)
    sources(held.round.id, told, "summary", names=names)
    read = number(len(findings.sessions), "interview")
    st.caption(md("Based on {}, analysed {} with {}", read, when(findings.created_at), findings.model))
    if findings.simulated and not held.round.simulated:
        st.badge("simulated", color="gray", help="The built-in simulator found these, not a language model.")
    st.subheader(md("{}", number(len(findings.themes), "theme")), anchor=False)
    if not findings.themes:
        st.info("No theme could be traced to what was said.", icon=":material/search_off:")
    for theme in findings.themes:
        _theme(theme, people, names)
    claims = safe_markdown(tally(findings, people).in_words)
    if words := joined(" ", (part for part in (dropped(findings), claims) if part)):
        st.caption(words)
    st.caption(safe_markdown(NOT_OF_A_ROUND))


def _theme(theme: Theme, heard: int, names: Mapping[str, str]) -> None:
    with st.container(border=True):
        st.markdown(md("#### {}", theme.name))
        if theme.summary:
            told = told_of_theme(theme, heard)
            summary_text(told)
            sources("", told, theme.name, names=names)
        people = max(heard, len(theme.speakers))
        verb = "is" if len(theme.speakers) == 1 else "are"
        quoted = md("{} of {} people {} quoted", len(theme.speakers), people, verb)
        st.progress(len(theme.speakers) / people, text=quoted)
        _quotes(theme.verbatims[:FIRST_QUOTES])
        if more := theme.verbatims[FIRST_QUOTES:]:
            with st.expander(md("{} more", number(len(more), "quote"))):
                _quotes(more)


def _quotes(verbatims: tuple[Verbatim, ...]) -> None:
    for said in verbatims:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(md("“{}”  \n:small[{}]", said.quote, said.speaker), width="stretch")
            where = {"id": said.session_id, "message": str(said.seq)}
            st.page_link(page_at("session"), label=md("message {}", said.seq), query_params=where)
