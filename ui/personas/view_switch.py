"""Ways around the page of personas, from one view to another; its address follows."""

import streamlit as st

from ui.parts.in_address import Choice, by_text
from ui.personas.filters import clear

GALLERY, REPORT, COMPARE = "Gallery", "Panel report", "Compare"
VIEWS = (GALLERY, REPORT, COMPARE)
VIEW = "view"


def view_switch() -> str:
    """Draws the switch between the views, and returns the one that the address names."""
    view = Choice(VIEW, "personas", among=by_text(VIEWS), default=GALLERY)
    now = view.show()
    st.segmented_control("View", VIEWS, key=view.key, on_change=view.keep, required=True, label_visibility="collapsed")
    return now


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
    """For a button's `on_click`: shows who was recruited in this run and nobody else."""
    clear()
    to_view(view)
    st.query_params["run"] = run
