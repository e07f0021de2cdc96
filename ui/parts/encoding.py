"""Asks which encoding a text file is in, where its bytes do not say so, and shows its first lines as each would make them."""

import streamlit as st

from semblance_core.documents import DocumentRefused
from semblance_core.documents.kinds import family_of
from semblance_core.documents.text.encoding_names import ENCODINGS, label
from semblance_core.documents.text.encodings import beginning
from semblance_core.domain.errors import InvalidInput
from ui.parts.words import md, safe_markdown, shortened

LINES, LINE_CHARS = 3, 120


def is_guessed(name: str, content: bytes) -> bool:
    """True where a file is a text whose encoding can only be guessed; a file that is no text is refused when it is read."""
    try:
        return bool(content) and family_of(content, name) == "text" and not beginning(content).is_sure
    except (DocumentRefused, InvalidInput):
        return False


def encoding_of(name: str, content: bytes, key: str) -> str:
    """Draws the question and the first lines; the encoding that is chosen, empty where the file is no text in it."""
    found = beginning(content)
    likely = list(
        dict.fromkeys(each for each in (found.encoding, *found.alternatives, *ENCODINGS) if each in ENCODINGS)
    )
    words = md(
        "“{}” does not state its character encoding. Choose the one in which it reads correctly:", shortened(name, 60)
    )
    chosen = st.selectbox(words, likely, format_func=label, key=f"{key}_encoding")
    try:
        text = beginning(content, chosen).text
    except InvalidInput as wrong:
        st.caption(safe_markdown(str(wrong)))
        return ""
    lines = [shortened(line, LINE_CHARS) for line in text.splitlines() if line.strip()][:LINES]
    st.code("\n".join(lines), language=None, wrap_lines=True)
    return str(chosen)
