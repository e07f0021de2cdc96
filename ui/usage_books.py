"""What keeps usage right: checking the books, and reconstructing what was lost."""

import streamlit as st

from semblance_core.domain.plurals import number
from semblance_core.domain.task import TaskState
from semblance_core.store.audit import Report
from semblance_core.workspace import Workspace
from ui.task_progress import task_progress
from ui.usage_reading import forget
from ui.words import safe_markdown, say_done, when

REPAIR = "repair_books"


def lost_usage(ws: Workspace) -> None:
    """Usage of messages that no record tells of, reconstructed in the background."""
    task = ws.newest_backfill()
    if task:
        task_progress(ws, task, "Reconstructing usage")
    if task and task.state is TaskState.DONE:
        st.caption(f"{number(task.result['messages'], 'message')} got an estimated record on {when(task.finished_at)}.")
    told = "Writes an estimated record for each message that a model said and no record tells of."
    if (not task or task.state.is_over) and st.button("Reconstruct usage", icon=":material/history:", help=told):
        ws.backfill_usage()
        st.rerun()


def books(ws: Workspace) -> None:
    """Whether charts and budgets are what the calls add up to."""
    if st.session_state.get(REPAIR):
        _repaired(ws)
    if not st.button("Check the books", icon=":material/fact_check:", help="Adds all calls up again and compares."):
        return
    audit = ws.check_books(_bar("Adding up"))
    if not audit.wrong:
        words = f"{number(audit.events, 'call')} {'adds' if audit.events == 1 else 'add'} up to what charts and budgets say, to the nano-dollar."
        st.success(words, icon=":material/check:")
        return
    st.error(
        f"{audit.wrong:,} figures in charts or budgets are not what the calls add up to.",
        icon=":material/error:",
    )
    for difference in audit.differences[:20]:
        st.caption(safe_markdown(difference))
    st.button("Set them right", key=REPAIR)


def _repaired(ws: Workspace) -> None:
    audit = ws.repair_books(_bar("Setting right"))
    forget()
    figures = "1 figure was" if audit.wrong == 1 else f"{audit.wrong:,} figures were"
    say_done(f"{figures} set right." if audit.wrong else "Nothing was left to set right.")
    st.rerun()


def _bar(doing: str) -> Report:
    """A bar that shows how far it is; it goes once what follows it is drawn."""
    place = st.empty()

    def report(done: int, total: int, what: str) -> None:
        place.progress(min(1.0, done / total) if total else 0.0, text=f"{doing}: {safe_markdown(what)}")
        if done + 1 >= total:
            place.empty()

    return report
