"""Helps to choose a panel's size: how surely it hears a view, and the size that a researcher's own wish takes."""

import streamlit as st

from semblance_core.analysis.surveys.how_many import hearing_power, panel_size
from semblance_core.domain.plurals import number
from ui.parts.words import md

RARE = 0.2
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
POWERS = (0.8, 0.9, 0.95)
MOST_HEARD = 5
ABOUT = (
    "Of people drawn at random from a population (Fugard & Potts 2015). Personas of one model are less independent than people, so take "
    "at least as many."
)


def size_help(size: int, key: str) -> None:
    """Says what a panel of this size hears, with a small calculator below. key: of the dialog that it stands in."""
    with st.expander("How many do I need?", icon=":material/calculate:"):
        words = md(
            "{}: a view that {:.0%} of people hold comes up at least once with {:.0%} probability.",
            number(size, "persona"),
            RARE,
            hearing_power(size, RARE, 1),
        )
        st.caption(words)
        first, second, third = st.columns(3)
        share = first.selectbox(
            "A view that so many hold", SHARES, index=1, format_func="{:.0%}".format, key=f"{key}_share"
        )
        heard = second.number_input("Heard from at least", 1, MOST_HEARD, 1, key=f"{key}_heard")
        power = third.selectbox("With a probability of", POWERS, format_func="{:.0%}".format, key=f"{key}_power")
        st.markdown(md("Recruit **{}** or more.", number(panel_size(share, int(heard), power), "persona")), help=ABOUT)
