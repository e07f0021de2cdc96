"""What an address names and what is not there: said in words, with a way on."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from semblance_core.domain.errors import NotFound
from ui.routes import page_at
from ui.words import safe_markdown

LISTS = {"focus_groups": "Focus groups", "personas": "Personas"}


@contextmanager
def or_gone(page: str) -> Iterator[None]:
    """Where the block finds that something is not there, the page says so and ends. page: the list that it leads to."""
    try:
        yield
    except NotFound as gone:
        st.page_link(page_at(page), label=LISTS[page], icon=":material/arrow_back:")
        st.info(safe_markdown(f"{gone} It may have been deleted."), icon=":material/delete:")
        st.stop()
