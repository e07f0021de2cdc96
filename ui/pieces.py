"""Pieces that several lists draw alike: the field one searches in, and what stands where there is nothing yet."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

WORDS_PX = 520


def search_box(placeholder: str, key: str = "find") -> str:
    """What is looked for, as it is typed; kept in the address under the key."""
    text = st.text_input(
        "Find",
        key=key,
        bind="query-params",
        type="search",
        live=True,
        placeholder=placeholder,
        label_visibility="collapsed",
        icon=":material/search:",
    )
    return text or ""


def nothing_yet(icon: str, title: str, words: str) -> DeltaGenerator:
    """Says that there is nothing yet and what to do; returns the place for further ways to begin. words: the app's own."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f"### :material/{icon}: {title}", width="content", text_alignment="center")
        st.markdown(words, width=WORDS_PX, text_alignment="center")
        further = st.container(horizontal_alignment="center")
        st.space("small")
    return further
