"""Branches of a session from one message on, side by side."""

import re

import streamlit as st

from ui.app import gate, shell
from ui.forks.branches import branches_view
from ui.parts.gone import or_not_found
from ui.parts.routes import open_page, page_at
from ui.parts.words import md

ws = gate.workspace()
at = st.query_params.get("seq", "")
if not st.query_params.get("id") or not re.fullmatch(r"[1-9][0-9]{0,5}", at):
    open_page("focus_groups")
with or_not_found("focus_groups"):
    group = ws.sessions.get(st.query_params["id"])
shell.show_project(ws, group.project_id)
back = {"id": group.id}
st.page_link(page_at("session"), label="Back to the session", icon=":material/arrow_back:", query_params=back)
st.title(md("Branches from message {} of {}", at, group.title))
branches_view(ws, group, int(at))
