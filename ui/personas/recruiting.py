"""Recruiting a panel: the dialog that begins it, and what came of the newest one."""

import streamlit as st

from semblance_core.analysis.panel import Margin
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.recruit import Request, Result
from semblance_core.engine.tasks.stored import request_of, result_of
from semblance_core.flows.contradictions import contradictions
from semblance_core.flows.requests.recruiting import BRIEF_CHARS, MAX_SIZE
from semblance_core.reports.panel import recruited_words
from semblance_core.workspace import Workspace
from ui.app.runtime import calls_are_near
from ui.parts.estimates import FirstPaidRun, compare, estimate_line
from ui.parts.long_text import keep_on_escape, long_text, text_saved
from ui.parts.model_field import model_field, say_of_model
from ui.parts.task_progress import task_progress
from ui.parts.words import errors_inline, md, safe_markdown, shortened, when
from ui.personas.how_many import size_help
from ui.personas.shares import Shares, share_editor
from ui.personas.view_switch import GALLERY, REPORT, to_run

LATELY = "recruited_lately"
"""Key of the session's state for a request that was recruited already, and the task that did."""


@st.dialog("Recruit personas", width="large", icon=":material/person_search:")
def recruit(ws: Workspace, project_id: str) -> None:
    calls_are_near()
    keep_on_escape()
    brief = long_text(
        md("Brief: who are you looking for?"),
        most=BRIEF_CHARS,
        keeps=_brief_of(project_id),
        placeholder="UK shoppers aged 25–45 who buy oat milk, some of them only now and then",
        height=110,
        key=f"recruit_brief_{project_id}",
        persist_state="session",
    )
    size = int(st.slider("How many", 1, MAX_SIZE, 6, key=f"recruit_size_{project_id}", persist_state="session"))
    size_help(size, f"recruit_how_many_{project_id}")
    with st.expander("Target shares (optional): the panel meets them exactly", icon=":material/balance:"):
        shares = share_editor(f"recruit_shares_{project_id}", size)
    for contradiction in contradictions(brief, shares.margins):
        st.warning(safe_markdown(contradiction), icon=":material/rule:")
    with st.expander("Model and seed", icon=":material/tune:"):
        left, right = st.columns([2, 1])
        default, key = ws.models.defaults().talk, f"recruit_model_{project_id}"
        model = model_field(ws, md("Model"), key, first=[default], value=default, where=left)
        seed = right.number_input(
            "Seed",
            min_value=0,
            value=0,
            key=f"recruit_seed_{project_id}",
            persist_state="session",
            help="The same brief, shares and seed give the same sample frame.",
        )
    say_of_model(ws, model)
    estimate: Estimate | None = None  # of what cannot be recruited
    with errors_inline():
        estimate = ws.personas.estimate_recruiting(project_id, brief, size, shares.margins, model)
        estimate_line(estimate, ws.projects.quota(project_id))
    asked = (project_id, brief, size, shares.margins, model, int(seed or 0))
    first = FirstPaidRun(ws, f"recruit_{project_id}")
    begins = st.button("Recruit", type="primary")
    if begins and estimate and not shares.problem and first.waits(model):
        begins = False
    if estimate and first.confirmed(md("Recruiting {}", number(size, "persona")), lambda: estimate):
        begins = True
    if begins:
        with errors_inline():
            _begin(ws, shares, *asked)
    known, task = st.session_state.get(LATELY, (None, None))
    if known == asked and isinstance(task, Task):
        words = f"This panel was already recruited on {when(task.finished_at)}; its personas are in this project."
        st.info(f"{words} Recruiting it again costs the same again.", icon=":material/groups:")
        if st.button("Recruit again"):
            with errors_inline():
                _begin(ws, shares, *asked, again=True)


def _begin(
    ws: Workspace,
    shares: Shares,
    project_id: str,
    brief: str,
    size: int,
    margins: tuple[Margin, ...],
    model: str,
    seed: int,
    *,
    again: bool = False,
) -> None:
    if shares.problem:
        raise InvalidInput(shares.problem)
    task = ws.personas.recruit(project_id, brief, size, margins, model=model, seed=seed, again=again)
    text_saved(_brief_of(project_id), brief)
    if task.state.is_over:  # recruited by another click or window
        st.session_state[LATELY] = (project_id, brief, size, margins, model, seed), task
    else:
        st.session_state.pop(LATELY, None)
        st.rerun()


def _brief_of(project_id: str) -> str:
    """The name that an unsaved brief is kept by."""
    return f"brief:{project_id}"


def newest_run(ws: Workspace, tasks: list[Task], runs: dict[str, str]) -> bool:
    """Progress of the newest recruiting while it runs; once it is done, what came of it. runs: names of runs by id.

    Whether one is under way.
    """
    task = next((task for task in tasks if task.kind == "recruit"), None)
    if task is None:
        return False
    task_progress(ws, task, md("Recruiting"))
    if task.state is not TaskState.DONE:
        if task.state.is_over:
            compare(task.estimate, ws.tasks.spent(task.id), "Last recruiting: ")
        return not task.state.is_over
    result = result_of(Result, task)
    for note in result.notes:
        st.info(safe_markdown(note), icon=":material/info:")
    brief = safe_markdown(shortened(request_of(Request, task).text, 60))
    with st.expander(f"Last recruiting: {brief}", icon=":material/history:"):
        st.caption(when(task.finished_at))
        outcome = recruited_words(len(result.persona_ids), result.fit, result.redrawn, has_notes=bool(result.notes))
        for words in outcome:
            st.markdown(f"- {safe_markdown(words)}")
        compare(task.estimate, ws.tasks.spent(task.id))
        if task.id in runs:
            with st.container(horizontal=True):
                icon = {GALLERY: ":material/groups:", REPORT: ":material/monitoring:"}
                for view, words in ((GALLERY, md("Show personas")), (REPORT, md("Show panel report"))):
                    st.button(words, type="tertiary", icon=icon[view], on_click=to_run, args=(view, task.id))
    return False
