"""Users: accounts, what each may do and use, where each is signed in; and what administrators changed."""

import streamlit as st

from semblance_core.workspace import Workspace
from ui.accounts.audit_view import audit_view
from ui.accounts.card import account
from ui.accounts.dialogs import add
from ui.accounts.listing import user_list
from ui.app import gate
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import page_at
from ui.parts.words import warn_unread

ACCOUNTS, LOG = "Accounts", "Audit log"
USER = "user"


def everybody(ws: Workspace) -> None:
    views = (ACCOUNTS, LOG)
    choice = Choice("view", "admin", among=by_text(views), default=ACCOUNTS)
    view = choice.show()
    st.segmented_control(
        "View", views, key=choice.key, on_change=choice.keep, required=True, label_visibility="collapsed"
    )
    if view == LOG:
        audit_view(ws, sorted({user.id for user, _ in ws.accounts.all()}.union(ws.audit.owners())))
        return
    if st.button("Add user", type="primary", icon=":material/person_add:"):
        add(ws)
    users = ws.accounts.all()
    warn_unread(users, "account")
    if chosen := user_list(users):
        st.query_params[USER] = chosen
        st.rerun()


ws = gate.workspace()
ws.me.check_admin()
if chosen := st.query_params.get(USER):
    st.page_link(page_at("admin"), label="All users", icon=":material/arrow_back:")
    account(ws, chosen)
else:
    st.title("Users")
    everybody(ws)
