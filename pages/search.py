"""Search: words in all transcripts, quotes of themes and notes of one's own projects."""

import streamlit as st

from ui.across.search import search_form
from ui.app import gate

ws = gate.workspace()
st.title("Search")
search_form(ws)
