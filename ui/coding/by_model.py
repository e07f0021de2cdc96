"""Having a model code the session: what it may cost, how far it is, what came of it."""

from functools import partial

import streamlit as st

from semblance_core.domain.coding.codebook import PlacedCode
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.plurals import number
from semblance_core.domain.task import TaskState
from semblance_core.engine.tasks.code_session import Result
from semblance_core.engine.tasks.stored import result_of
from semblance_core.workspace import Workspace
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.task_progress import task_progress
from ui.parts.words import errors_inline, md

DOING = md("Coding the session")
APPLY, PROPOSE = "Apply the codebook", "Propose codes, then apply all"


def by_model(ws: Workspace, group: FocusGroup, codes: list[PlacedCode]) -> None:
    """The box. A model's codes and codings stay marked as its own until somebody confirms them."""
    task = ws.coding.newest_task(group.id)
    if task and not task.state.is_over:
        task_progress(ws, task, DOING)
        return
    with st.expander("Have a model code", icon=":material/smart_toy:"):
        if task and task.state is TaskState.FAILED:
            task_progress(ws, task, DOING)
        elif task and task.state is TaskState.DONE:
            found = result_of(Result, task)
            words = md(
                "Last time: {} proposed, {} made, {} dropped because nobody said their words.",
                number(found.codes, "code"),
                number(found.codings, "coding"),
                number(found.dropped_quotes, "coding"),
            )
            st.caption(words)
        ways = [APPLY, PROPOSE] if codes else [PROPOSE]
        way = st.radio("Way", ways, key=f"way_{group.id}", horizontal=True, label_visibility="collapsed")
        propose = way == PROPOSE
        st.caption("It quotes word for word; what does not stand in its message is dropped. You confirm what it made.")
        first = FirstPaidRun(ws, f"code_{group.id}")
        estimate = partial(ws.coding.estimate, group.id, propose=propose)

        def begin() -> bool:
            with errors_inline():
                ws.coding.by_model(group.id, propose=propose)
                return True
            return False

        if st.button("Have it coded", icon=":material/smart_toy:") and not first.waits(estimate().model) and begin():
            st.rerun()
        estimate_line(estimate(), ws.sessions.quota(group.id))
        if first.confirmed(md("Coding {}", number(group.next_seq - 1, "message")), estimate) and begin():
            st.rerun()
