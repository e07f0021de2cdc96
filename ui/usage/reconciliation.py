"""Keeps usage right: checks the books, and reconstructs what was lost."""

import streamlit as st

from semblance_core.domain.plurals import number
from semblance_core.domain.task import TaskState
from semblance_core.store.usage.reconciliation import Report
from semblance_core.workspace import Workspace
from ui.parts.task_progress import task_progress
from ui.parts.words import Markdown, md, safe_markdown, show_done, when
from ui.usage.reading import forget

REPAIR = "repair_usage"


def lost_usage(ws: Workspace) -> None:
    """Usage of messages that no record tells of, reconstructed in the background."""
    task = ws.usage.newest_backfill()
    if task:
        task_progress(ws, task, md("Reconstructing usage"))
    if task and task.state is TaskState.DONE:
        count = number(task.result["messages"], "message")
        st.caption(md("Estimated usage was recorded for {} on {}.", count, when(task.finished_at)))
    told = "Writes an estimated record for each model message that has none."
    if (not task or task.state.is_over) and st.button("Reconstruct usage", icon=":material/history:", help=told):
        ws.usage.backfill()
        st.rerun()


def books(ws: Workspace) -> None:
    """Checks whether charts and budgets are what the calls add up to, and offers to repair them."""
    if st.session_state.get(REPAIR):
        _repaired(ws)
    if not st.button(
        "Check usage", icon=":material/fact_check:", help="Recomputes the totals from all calls and compares them."
    ):
        return
    audit = ws.usage.reconcile(_bar(md("Adding up")))
    if not audit.wrong:
        words = md("Charts and budgets match {} to the nano-dollar.", number(audit.events, "call"))
        st.success(words, icon=":material/check:")
        return
    st.error(
        f"{audit.wrong:,} figures in charts or budgets do not match the calls.",
        icon=":material/error:",
    )
    for difference in audit.differences[:20]:
        st.caption(safe_markdown(difference))
    st.button("Repair", key=REPAIR)


def _repaired(ws: Workspace) -> None:
    audit = ws.usage.repair(_bar(md("Repairing")))
    forget()
    figures = "1 figure was" if audit.wrong == 1 else f"{audit.wrong:,} figures were"
    show_done(md("{} repaired.", figures) if audit.wrong else md("Nothing left to repair."))
    st.rerun()


def _bar(doing: Markdown) -> Report:
    """A bar that shows how far it is; it goes once what follows it is drawn."""
    place = st.empty()

    def report(done: int, total: int, what: str) -> None:
        place.progress(min(1.0, done / total) if total else 0.0, text=f"{doing}: {safe_markdown(what)}")
        if done + 1 >= total:
            place.empty()

    return report
