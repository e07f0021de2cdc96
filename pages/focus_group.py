"""Setting up a focus group, step by step; each change is saved into its draft at once."""

import streamlit as st

from ui.app import gate, shell
from ui.app.runtime import calls_are_near
from ui.parts.gone import or_not_found
from ui.parts.routes import page_at
from ui.parts.words import Markdown, md, safe_markdown, shortened
from ui.setup.check import check_step
from ui.setup.draft import UNTITLED, draft_of_address
from ui.setup.lost_draft import lost_draft, not_saved
from ui.setup.steps import CHECK, STEPS

TITLES: dict[str, Markdown] = {**{name: title for name, (title, _) in STEPS.items()}, CHECK: md("Check and start")}
ORDER = list(TITLES)
CHOSEN = "set_up_step"


def go_to(step: str) -> None:
    st.query_params["step"] = step


def step_of_address() -> str:
    """Draws the steps and returns the one to show, which the address names."""
    named = st.query_params.get("step", ORDER[0])
    step = named if named in TITLES else ORDER[0]
    st.session_state[CHOSEN] = step
    st.segmented_control(
        "Step",
        ORDER,
        key=CHOSEN,
        required=True,
        format_func=_numbered,
        label_visibility="collapsed",
        on_change=lambda: go_to(st.session_state[CHOSEN] or step),
    )
    return step


def _numbered(step: str) -> Markdown:
    return md("{}. {}", ORDER.index(step) + 1, TITLES[step])


def back_and_on(step: str) -> None:
    at = ORDER.index(step)
    with st.container(horizontal=True):
        if at:
            st.button("Back", icon=":material/arrow_back:", on_click=go_to, args=(ORDER[at - 1],))
        if step != CHECK:
            following = ORDER[at + 1]
            label = md("Next: {}", TITLES[following])
            icon = ":material/arrow_forward:"
            st.button(label, type="primary", icon=icon, icon_position="right", on_click=go_to, args=(following,))


ws = gate.workspace()
calls_are_near()
with or_not_found("focus_groups"):
    draft = draft_of_address(ws, shell.project(ws).id, lost_draft)
shell.show_project(ws, draft.project_id)

st.page_link(page_at("focus_groups"), label="Focus groups", icon=":material/arrow_back:")
if draft.has_begun and draft.group:
    st.title(safe_markdown(draft.group.title))
    st.info("This session has started, so its set-up can no longer be changed.", icon=":material/lock:")
    st.page_link(page_at("session"), label="Open the session", query_params={"id": draft.group.id})
    not_saved(draft)
else:
    is_named = draft.group is not None and draft.set_up.title != UNTITLED
    st.title(safe_markdown(shortened(draft.set_up.title, 90)) if is_named else "New focus group")
    draft.tell()
    step = step_of_address()
    if step == CHECK:
        check_step(draft, go_to)
    else:
        STEPS[step][1](draft)
    back_and_on(step)
    st.caption("Saved as a draft." if draft.group else "A draft is saved when you make the first change.")
