"""A session's stimuli beside its transcript: what was shown, what comes with the next question, and how to add more."""

import streamlit as st

from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.flows.attach import still_read_words, still_to_read
from semblance_core.workspace import Workspace
from ui.parts.words import errors_inline, md, safe_markdown, shortened, warn_unread
from ui.stimuli.adding import add_stimuli, preview, reading, stimulus_card


def session_stimuli(ws: Workspace, group: FocusGroup) -> None:
    """Draws the list, which is left out where there is nothing in it and nothing can be added."""
    takes_more = group.state in (FocusGroupState.DRAFT, FocusGroupState.MODERATED)
    if not group.stimuli and not takes_more:
        return
    there = ws.stimuli.of_session(group.id)
    plan = ws.stimuli.plan(group.id)[0] if group.guide.shows_stimuli else StimulusPlan()
    at = {each.asset_id: each.question + 1 for each in plan.placed}
    st.markdown("**Stimuli**")
    with st.container(gap=None):
        shown = group.stimuli[: group.course.stimuli_shown]
        for asset in sorted(there, key=lambda each: (each.id not in shown, at.get(each.id, 0))):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if st.button(safe_markdown(asset.name), key=f"stimulus_{asset.id}", type="tertiary"):
                    preview(ws, asset.id)
                if asset.id not in shown:
                    is_free = asset.id not in at
                    st.badge(
                        md("with the next question") if is_free else md("at question {}", at[asset.id]), color="blue"
                    )
    warn_unread(there, "stimulus")
    reading(ws, group, f"session_{group.id}")
    if takes_more and st.button("Show a stimulus" if not there else "Manage stimuli", icon=":material/attach_file:"):
        change(ws, group.id)
    wanted = st.query_params.get("stimulus")
    if wanted and wanted in group.stimuli:
        preview(ws, wanted)


@st.dialog("Stimuli", width="large")
def change(ws: Workspace, group_id: str) -> None:
    """Adds stimuli, which are shown with the next question, and takes away or brings forward what was not shown yet."""
    group = ws.sessions.get(group_id)
    st.caption("Stimuli added now are shown to everybody with your next question. Those already shown stay.")
    there = ws.stimuli.of_session(group_id)
    under_way = [task for task in ws.stimuli.tasks(group_id) if not task.state.is_over]
    add_stimuli(ws, lambda: group, f"session_{group_id}", len(there) + still_to_read(under_way))
    if words := still_read_words(under_way):
        st.caption(safe_markdown(words))
    at = {each.asset_id: each.question + 1 for each in group.stimulus_plan.placed} if group.stimulus_plan else {}
    for asset in there[group.course.stimuli_shown :]:
        stimulus_card(ws, group, asset, f"session_{group_id}", in_dialog=True)
        if asset.id in at:
            _bring_forward(ws, asset, at[asset.id])


def _bring_forward(ws: Workspace, asset: Asset, question: int) -> None:
    """A button that shows a stimulus with the next message, such as a question in other words or after one was skipped."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(md("“{}” is shown with question {} of the guide.", asset.name, question), width="stretch")
        if st.button(md("Show “{}” with the next question", shortened(asset.name, 40)), key=f"forward_{asset.id}"):
            with errors_inline():
                ws.stimuli.show_next(asset.id)
                st.rerun()
