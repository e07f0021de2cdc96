"""Every visitor's run begins here: the frame of the app, and one page in it."""

from typing import Literal

import streamlit as st

from semblance_core.domain.accounts.account import Role
from semblance_core.domain.errors import SemblanceError
from semblance_core.workspace import Workspace
from ui.app import gate, microsoft, shell, sign_in, tour
from ui.app.runtime import seed_prices_later
from ui.parts.long_text import keep_texts_of
from ui.parts.routes import ASSETS, MARK, WORDMARK, page_at
from ui.parts.words import show_error, show_what_was_done


def _pages(workspace: Workspace | None) -> dict[str, list[st.Page]]:
    """All pages, each by its address; what is not for this role is not offered, and refuses by itself."""
    is_admin = workspace is not None and workspace.me.account().role is Role.ADMIN
    offered: Literal["visible", "hidden"] = "visible" if is_admin else "hidden"
    return {
        "": [st.Page(page_at("home"), title="Home", icon=":material/home:", default=True)],
        "Research": [
            st.Page(page_at("projects"), title="Projects", icon=":material/folder:", visibility="hidden"),
            st.Page(page_at("personas"), title="Personas", icon=":material/groups:"),
            st.Page(page_at("persona"), title="Persona", icon=":material/person:", visibility="hidden"),
            st.Page(page_at("focus_groups"), title="Focus groups", icon=":material/forum:"),
            st.Page(page_at("interviews"), title="Interviews", icon=":material/record_voice_over:"),
            st.Page(page_at("surveys"), title="Surveys", icon=":material/ballot:"),
            st.Page(page_at("synthesis"), title="Synthesis", icon=":material/hub:"),
            st.Page(page_at("search"), title="Search", icon=":material/search:"),
            st.Page(page_at("focus_group"), title="Set up a focus group", icon=":material/tune:", visibility="hidden"),
            st.Page(page_at("session"), title="Session", icon=":material/chat:", visibility="hidden"),
            st.Page(page_at("branches"), title="Branches", icon=":material/call_split:", visibility="hidden"),
            st.Page(page_at("findings"), title="Findings", icon=":material/lightbulb:", visibility="hidden"),
        ],
        "Account": [
            st.Page(page_at("usage"), title="My usage", icon=":material/monitoring:"),
            st.Page(page_at("account"), title="My account", icon=":material/account_circle:"),
        ],
        "Administration": [
            st.Page(page_at("admin_usage"), title="Usage and costs", icon=":material/query_stats:", visibility=offered),
            st.Page(page_at("admin"), title="Users", icon=":material/admin_panel_settings:", visibility=offered),
            st.Page(page_at("models"), title="Models", icon=":material/key:", visibility=offered),
            st.Page(page_at("prices"), title="Prices", icon=":material/sell:", visibility=offered),
        ],
    }


st.set_page_config(page_title="Semblance", page_icon=str(MARK), layout="wide")
st.html(ASSETS / "app.css")
st.logo(str(WORDMARK), size="large", icon_image=str(MARK))
try:
    signed_in = gate.current() or microsoft.arrived()
    # Expanded: with more than a dozen pages Streamlit would fold the last ones, those of administrators.
    current = st.navigation(_pages(signed_in), position="sidebar" if signed_in else "hidden", expanded=True)
    if signed_in:
        # In a box of its own: what comes and goes here would move the page, and Streamlit draws anew what moved.
        with st.container():
            sign_in.keep_cookie()
            keep_texts_of(signed_in.actor_id)
            shell.quota_warning(signed_in)
            tour.bar(signed_in, current.url_path)
            show_what_was_done()
        shell.sidebar(signed_in)
        current.run()
    else:
        keep_texts_of("")
        sign_in.show()
except SemblanceError as failed:
    show_error(failed)
seed_prices_later()
