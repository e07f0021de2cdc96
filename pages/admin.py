"""Users: accounts, what each may do and use, where each is signed in; and what administrators changed."""

import streamlit as st

from semblance_core.workspace import Workspace
from ui import gate
from ui.audit_view import audit_view
from ui.routes import page_at
from ui.user_card import account
from ui.user_dialogs import add
from ui.user_list import user_list
from ui.words import say_unread

ACCOUNTS, LOG = "Accounts", "Audit log"
USER = "user"


def everybody(ws: Workspace) -> None:
    views = (ACCOUNTS, LOG)
    view = st.segmented_control(
        "View", views, default=ACCOUNTS, key="view", bind="query-params", required=True, label_visibility="collapsed"
    )
    if view == LOG:
        audit_view(ws, sorted({user.id for user, _ in ws.users()}.union(ws.audit_owners())))
        return
    if st.button("Add user", type="primary", icon=":material/person_add:"):
        add(ws)
    users = ws.users()
    say_unread(users, "account")
    if chosen := user_list(users):
        st.query_params[USER] = chosen
        st.rerun()


ws = gate.workspace()
ws.check_admin()
if chosen := st.query_params.get(USER):
    st.page_link(page_at("admin"), label="All users", icon=":material/arrow_back:")
    account(ws, chosen)
else:
    st.title("Users")
    everybody(ws)
