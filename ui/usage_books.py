"""What keeps usage right: checking the books, and reconstructing what was lost."""

import streamlit as st

from semblance_core.domain.task import TaskState
from semblance_core.workspace import Workspace
from ui.task_progress import task_progress
from ui.usage_reading import forget
from ui.words import safe_markdown, when


def lost_usage(ws: Workspace) -> None:
    """Usage of messages that no record tells of, reconstructed in the background."""
    task = ws.newest_backfill()
    if task:
        task_progress(ws, task, "Reconstructing usage")
    if task and task.state is TaskState.DONE:
        st.caption(f"{task.result['messages']:,} messages got an estimated record on {when(task.finished_at)}.")
    told = "Writes an estimated record for each message that a model said and no record tells of."
    if (not task or task.state.is_over) and st.button("Reconstruct usage", icon=":material/history:", help=told):
        ws.backfill_usage()
        st.rerun()


def books(ws: Workspace) -> None:
    """Whether charts and budgets are what the calls add up to."""
    if not st.button("Check the books", icon=":material/fact_check:", help="Adds all calls up again and compares."):
        return
    with st.spinner("Adding up"):
        audit = ws.check_books()
    if not audit.differences:
        words = f"{audit.events:,} calls add up to what charts and budgets say, to the nano-dollar."
        st.success(words, icon=":material/check:")
        return
    st.error(
        f"{len(audit.differences)} figures in charts or budgets are not what the calls add up to.",
        icon=":material/error:",
    )
    for difference in audit.differences[:20]:
        st.caption(safe_markdown(difference))
    st.button("Set them right", on_click=_repair, args=(ws,))


def _repair(ws: Workspace) -> None:
    ws.repair_books()
    forget()
