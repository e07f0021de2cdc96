"""Progress of a task, wherever it was started: alive as long as it runs, in words when it failed."""

import streamlit as st

from semblance_core.domain.task import Task, TaskState
from semblance_core.workspace import Workspace
from ui.parts.routes import repeating
from ui.parts.words import Markdown, errors_inline, safe_markdown, shows_errors, when


def task_progress(workspace: Workspace, task: Task, doing: Markdown) -> None:
    """Draws a task that is under way, or that failed or was cancelled half-way; nothing for one that is done."""
    if task.state is TaskState.FAILED:
        st.error(f"{doing} failed on {when(task.finished_at)}: {safe_markdown(task.error)}", icon=":material/error:")
        _go_on(workspace, task)
    elif task.state is TaskState.CANCELLED and task.done:
        st.info(f"{doing} was cancelled on {when(task.finished_at)}.", icon=":material/cancel:")
        _go_on(workspace, task)
    elif not task.state.is_over:
        repeating(_running, every="1s")(workspace, task.id, doing)


def _go_on(workspace: Workspace, task: Task) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Resume", key=f"rerun_{task.id}", icon=":material/restart_alt:"):
            with errors_inline():
                workspace.tasks.rerun(task.id)
                st.rerun()
        if task.total:
            st.caption(f"{task.done} of {task.total} done; these are not charged again.")


@shows_errors
def _running(workspace: Workspace, task_id: str, doing: Markdown) -> None:
    task = workspace.tasks.get(task_id)
    if task.state.is_over:
        st.rerun()
    with st.container(border=True):
        share = task.done / task.total if task.total else 0.0
        st.progress(min(share, 1.0), text=f"{doing}: {safe_markdown(task.now or 'waiting to start')}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{task.done} of {task.total} done" if task.total else "Just begun")
            if st.button("Cancel", key=f"cancel_{task_id}", type="tertiary", icon=":material/close:"):
                workspace.tasks.cancel(task_id)
                st.rerun()
