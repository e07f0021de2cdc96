"""Says that a thing named in an address is not there, and shows a way on."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from semblance_core.domain.errors import NotFound
from ui.parts.routes import page_at
from ui.parts.words import Markdown, md, safe_markdown

LISTS: dict[str, Markdown] = {
    "focus_groups": md("Focus groups"),
    "personas": md("Personas"),
    "projects": md("All projects"),
    "interviews": md("All interviews"),
    "synthesis": md("All syntheses"),
}


@contextmanager
def or_not_found(page: str) -> Iterator[None]:
    """Ends the page with a message where the block finds that something is not there.

    page: the list that the message links to.
    """
    try:
        yield
    except NotFound as gone:
        st.page_link(page_at(page), label=LISTS[page], icon=":material/arrow_back:")
        st.info(safe_markdown(f"{gone} It may have been deleted."), icon=":material/delete:")
        st.stop()
