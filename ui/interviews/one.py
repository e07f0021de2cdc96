"""One interview round: how far each interview is, the answers side by side, themes across all, files."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from semblance_core.domain.discussion.interviews import InterviewRound
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.money import money
from semblance_core.reports.escape import safe_file_name
from semblance_core.reports.interview_files import answers_csv, method_rows, round_markdown
from semblance_core.reports.interviews import HeldRound
from semblance_core.reports.report import LIMITS
from semblance_core.workspace import Workspace
from ui.interviews.progress import people_now
from ui.interviews.side_by_side import Shown, chosen_people, table
from ui.interviews.themes import themes_view
from ui.parts.deletion import is_sure
from ui.parts.estimates import compare
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import open_page, repeating
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, show_done, shows_errors, when

ANSWERS, THEMES, FILES, GUIDE = "Side by side", "Themes", "Files and method", "Guide"
BUSY_S = 2.0


def round_view(ws: Workspace, held: InterviewRound) -> None:
    """The round by one of its views, which stands in the address."""
    now = ws.interviews.held(held.id)
    _head(ws, held)
    views = Choice("view", f"round/{held.id}", among=by_text((ANSWERS, THEMES, FILES, GUIDE)), default=ANSWERS)
    every = BUSY_S if now.is_busy else None
    repeating(_state, every=every)(ws, held.id, now.is_busy)
    view = views.show()
    st.segmented_control(
        "View",
        (ANSWERS, THEMES, FILES, GUIDE),
        key=views.key,
        on_change=views.keep,
        required=True,
        label_visibility="collapsed",
    )
    if view == GUIDE:
        _guide(held)
    elif view == FILES:
        _files(now, ws.interviews.themes(held.id))
    elif view == THEMES:
        themes_view(ws, now)
    else:
        shown = chosen_people(now)
        repeating(_answers, every=every)(ws, held.id, shown)


@shows_errors
def _state(ws: Workspace, round_id: str, was_busy: bool) -> None:
    """Each person's progress, and the buttons that stop or continue all; once nothing runs any more, the page is drawn anew."""
    now = ws.interviews.held(round_id)
    if now.is_busy != was_busy:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.is_busy:
            if st.button("Stop all", type="primary", icon=":material/stop_circle:", key="stop_all"):
                ws.interviews.stop_all(round_id)
                st.rerun()
        elif now.may_go_on:
            label = md("Let the model ask all") if now.round.by_person else md("Continue all")
            if st.button(label, icon=":material/play_circle:", key="continue_all"):
                with errors_inline():
                    ws.interviews.continue_all(round_id)
                    st.rerun()
        spent = ws.interviews.spent(round_id)
        cost = f"{money(spent.cost_usd)} · {number(spent.calls, 'call')} · {number(spent.tokens.total, 'token')}"
        st.caption(safe_markdown(cost), width="content")
    if not now.is_busy:
        compare(now.round.estimate, spent)
    people_now(now)


@shows_errors
def _answers(ws: Workspace, round_id: str, shown: Shown) -> None:
    table(ws.interviews.held(round_id), shown)


def _head(ws: Workspace, held: InterviewRound) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(md("{}", held.title), width="stretch")
        if st.button("Delete", icon=":material/delete:", type="tertiary"):
            _delete(ws, held)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("synthetic", color="violet", help="A model answers in the place of each persona.")
        if held.simulated:
            st.badge("simulated", color="gray", help="The built-in simulator answers, not a language model.")
        asker = "a person asks" if held.by_person else f"the model asks, {held.probing.value} follow-ups"
        people = number(len(held.people), "interview")
        st.caption(md("{} · {} · {} · {}", people, asker, held.model, when(held.created_at)), width="content")


@st.dialog("Delete these interviews?", icon=":material/delete:")
def _delete(ws: Workspace, held: InterviewRound) -> None:
    words = "**{}** goes with all its interviews and themes. Its cost stays on record. This cannot be undone."
    st.markdown(md(words, held.title))
    with errors_inline():
        if is_sure():
            ws.interviews.delete(held.id)
            show_done(md("Deleted {}", held.title))
            open_page("interviews")


def _guide(held: InterviewRound) -> None:
    at = 0
    for section in held.guide.sections:
        st.markdown(md("**{}**", section.heading))
        for question in section.asked:
            at += 1
            probes = joined("", (md("\n    - probe: {}", probe) for probe in question.probes))
            st.markdown(md("{}. {}{}", at, question.text, probes))


def _files(held: HeldRound, findings: Findings | None) -> None:
    name = safe_file_name(held.round.title)
    written: list[tuple[Markdown, str, Callable[[], str]]] = [
        (md("Answers (CSV)"), "answers.csv", partial(answers_csv, held)),
        (md("Report (Markdown)"), "interviews.md", partial(round_markdown, held, findings)),
    ]
    with st.container(horizontal=True):
        for label, ending, write in written:
            st.download_button(label, write, f"{name}-{ending}", on_click="ignore", icon=":material/download:")
    with st.container(border=True):
        rows = method_rows(held, findings)
        listed = joined("\n", (md("| {} | {} |", each, " ".join(value.split())) for each, value in rows))
        st.markdown(md("## Method card\n\n| Item | Details |\n|---|---|\n{}\n\n{}", listed, LIMITS))
