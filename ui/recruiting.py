"""Recruiting a panel: the dialog that begins it, and what came of the newest one."""

import streamlit as st

from semblance_core.analysis.panel import Margin
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.task import Task, TaskState
from semblance_core.flows.recruiting import MAX_SIZE
from semblance_core.reports.panel import recruited_words
from semblance_core.workspace import Workspace
from ui.estimates import compare, foretell
from ui.persona_ways import GALLERY, REPORT, to_run
from ui.shares import Shares, share_editor
from ui.task_progress import task_progress
from ui.words import safe_markdown, say_here, shortened, when

LATELY = "recruited_lately"
"""What was asked for that was recruited already, and the task that did."""


@st.dialog("Recruit personas", width="large", icon=":material/person_search:")
def recruit(ws: Workspace, project_id: str) -> None:
    brief = st.text_area(
        "Brief: who are you looking for?",
        placeholder="UK shoppers aged 25–45 who buy oat milk, some of them only now and then",
        height=110,
        max_chars=4_000,
        key="recruit_brief",
    )
    size = int(st.slider("How many", 1, MAX_SIZE, 6, key="recruit_size"))
    with st.expander("Target shares (optional): the panel meets them exactly", icon=":material/balance:"):
        shares = share_editor("recruit_shares", size)
    with st.expander("Model and seed", icon=":material/tune:"):
        left, right = st.columns([2, 1])
        model = left.text_input(
            "Model", value=ws.settings.default_model, key="recruit_model", help="Any litellm name, provider/model"
        )
        seed = right.number_input(
            "Seed",
            min_value=0,
            value=0,
            key="recruit_seed",
            help="The same brief, shares and seed draw the same frame.",
        )
    with say_here():
        foretell(ws.estimate_recruiting(project_id, brief, size, shares.margins, model), ws.project_quota(project_id))
    asked = (project_id, brief, size, shares.margins, model, int(seed or 0))
    if st.button("Recruit", type="primary"):
        with say_here():
            _begin(ws, shares, *asked)
    known, task = st.session_state.get(LATELY, (None, None))
    if known == asked and isinstance(task, Task):
        words = f"This very panel was recruited on {when(task.finished_at)} and is among your personas."
        st.info(f"{words} Another one like it is paid for again.", icon=":material/groups:")
        if st.button("Recruit another one like it"):
            with say_here():
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
    task = ws.recruit(project_id, brief, size, margins, model=model, seed=seed, again=again)
    if task.state.is_over:  # recruited by another click or window
        st.session_state[LATELY] = (project_id, brief, size, margins, model, seed), task
    else:
        st.session_state.pop(LATELY, None)
        st.rerun()


def newest_run(ws: Workspace, tasks: list[Task], runs: dict[str, str]) -> bool:
    """Progress of the newest recruiting while it runs; once it is done, what came of it. runs: names of runs by id.

    Whether one is under way.
    """
    task = next((task for task in tasks if task.kind == "recruit"), None)
    if task is None:
        return False
    task_progress(ws, task, "Recruiting")
    if task.state is not TaskState.DONE:
        if task.state.is_over:
            compare(task.estimate, ws.task_spent(task.id), "Last recruiting: ")
        return not task.state.is_over
    for note in task.result.get("notes", []):
        st.info(safe_markdown(note), icon=":material/info:")
    brief = safe_markdown(shortened(str(task.request["text"]), 60))
    with st.expander(f"Last recruiting: {brief}", icon=":material/history:"):
        st.caption(when(task.finished_at))
        for words in recruited_words(task):
            st.markdown(f"- {safe_markdown(words)}")
        compare(task.estimate, ws.task_spent(task.id))
        if task.id in runs:
            with st.container(horizontal=True):
                icon = {GALLERY: ":material/groups:", REPORT: ":material/monitoring:"}
                for view, words in ((GALLERY, "Show them"), (REPORT, "Report on them")):
                    st.button(words, type="tertiary", icon=icon[view], on_click=to_run, args=(view, runs[task.id]))
    return False
