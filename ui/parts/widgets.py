"""Pieces that several pages draw alike: the field one searches in, what stands where there is nothing yet, icons with names."""

from base64 import b64encode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.parts.in_address import Text
from ui.parts.words import Markdown, md

WORDS_PX = 520
LINES = {
    "arrow_upward": "M12 20V4M5 11l7-7 7 7",
    "arrow_downward": "M12 4v16M5 13l7 7 7-7",
    "close": "M5 5l14 14M19 5L5 19",
    "tune": "M4 7h9M19 7h1M4 17h1M11 17h9M16 4v6M8 14v6",
    "delete": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v6M14 11v6",
}
NOTHING = md("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A picture of one transparent pixel."""
LINE_COLOUR = "#6B7974"
"""Four times and more as light or dark as either theme's background."""


def named_icon(name: str, icon: str, *, is_off: bool = False) -> Markdown:
    """The label of a button that shows an icon alone: a picture with the name as its alternative text.

    Of a button with no label a screen reader says what its icon is called, such as “close icon”. name: any text.
    """
    look = f'fill="none" stroke="{LINE_COLOUR}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"'
    faded = ' opacity="0.35"' if is_off else ""
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="20" height="20" {look}{faded}><path d="{LINES[icon]}"/></svg>'
    return md("![{}](data:image/svg+xml;base64,{})", name, b64encode(drawn.encode()).decode())


def named_for(label: Markdown, name: str) -> Markdown:
    """The label of a button that stands beside several alike: a screen reader says what it is for, which the screen shows anyway.

    label: the words on the button. name: of what it is for, any text.
    """
    return md("{} ![{}]({})", label, name, NOTHING)


def search_box(placeholder: str, scope: str, name: str = "find", resets: tuple[str, ...] = ("page",)) -> str:
    """Draws a search field and returns its words as they are typed; the address keeps them.

    Args:
        placeholder: What can be looked for.
        scope: Page and project that the list belongs to.
        name: The parameter's name in the address.
        resets: Parameters of the address that other words end.
    """
    words = Text(name, scope, resets)
    text = words.show()
    st.text_input(
        "Find",
        key=words.key,
        on_change=words.keep,
        type="search",
        live=True,
        placeholder=placeholder,
        label_visibility="collapsed",
        icon=":material/search:",
    )
    return text


def empty_state(title: Markdown, words: Markdown) -> DeltaGenerator:
    """Says that there is nothing yet and what to do; returns the place for further ways to begin. title: with its icon."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f"### {title}", width="content", text_alignment="center")
        st.markdown(words, width=WORDS_PX, text_alignment="center")
        further = st.container(horizontal_alignment="center")
        st.space("small")
    return further
