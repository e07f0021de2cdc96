"""Ways around the page of personas, from one view to another; its address follows.

Not links: what the page's own boxes keep in its address, a link to the same page would not change.
"""

import streamlit as st

from ui.persona_filters import clear

GALLERY, REPORT, COMPARE = "Gallery", "Panel report", "Compare"
VIEWS = (GALLERY, REPORT, COMPARE)
VIEW = "view"


def view_switch() -> str:
    """Draws the switch between the views, and returns the one that the address names."""
    named = st.query_params.get(VIEW)
    now = named if named in VIEWS else GALLERY
    # A new key for each address, so that the address decides and not what was clicked before.
    key = f"{VIEW}_{now}"
    chosen = st.segmented_control("View", VIEWS, default=now, key=key, required=True, label_visibility="collapsed")
    if chosen and chosen != now:
        to_view(chosen)
    return chosen or now


def to_view(view: str) -> None:
    """Shows a view; from the next run on the switch shows it too."""
    if view == GALLERY:
        st.query_params.pop(VIEW, None)
    else:
        st.query_params[VIEW] = view


def to_compare(one: str, other: str) -> None:
    """For a button's `on_click`: shows these two side by side."""
    to_view(COMPARE)
    st.query_params["a"], st.query_params["b"] = one, other


def to_run(view: str, run: str) -> None:
    """For a button's `on_click`: shows who was recruited in this run, by its name, and nobody else."""
    clear()
    to_view(view)
    st.session_state["run"] = run
