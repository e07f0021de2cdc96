"""Users: accounts, their roles and quotas."""

import streamlit as st

from semblance_core.domain.people import Role, User
from semblance_core.domain.usage import QuotaStatus, parse_quota
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.audit_view import audit_view
from ui.words import safe_markdown, say_here

ACCOUNTS, LOG = "Accounts", "Audit log"


@st.dialog("Quota")
def change_quota(ws: Workspace, user: User) -> None:
    st.markdown(f"What **{safe_markdown(user.name)}** may use in a calendar month. Empty means no limit.")
    with st.form("quota", border=False):
        usd = st.text_input(
            "US dollars", "" if user.quota.usd is None else f"{user.quota.usd:f}", placeholder="No limit"
        )
        tokens = st.text_input(
            "Tokens", "" if user.quota.tokens is None else str(user.quota.tokens), placeholder="No limit"
        )
        if st.form_submit_button("Save", type="primary"):
            with say_here():
                ws.set_quota(user.id, parse_quota(usd, tokens))
                st.rerun()


@st.dialog("Add user")
def add(ws: Workspace) -> None:
    with st.form("add_user", border=False):
        user_id = st.text_input("User name", max_chars=64)
        name = st.text_input("Full name", max_chars=80)
        role = st.selectbox("Role", list(Role), format_func=lambda role: role.value.capitalize())
        password = st.text_input("Password", type="password", max_chars=72)
        if st.form_submit_button("Add", type="primary"):
            with say_here():
                ws.add_user(user_id, name, role, password)
                st.rerun()


def row(ws: Workspace, user: User, status: QuotaStatus) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{safe_markdown(user.name)}** · {safe_markdown(user.id)}")
            st.caption(shell.quota_share(status)[1])
        st.badge(user.role.value, color="violet" if user.role is Role.ADMIN else "gray")
        if user.disabled:
            st.badge("disabled", color="red")
        if st.button("Quota", key=f"quota_{user.id}"):
            change_quota(ws, user)
        if st.button("Enable" if user.disabled else "Disable", key=f"disable_{user.id}", type="tertiary"):
            with say_here():
                ws.set_disabled(user.id, not user.disabled)
                st.rerun()


ws = gate.workspace()
users = ws.users()

st.title("Users")
views = (ACCOUNTS, LOG)
if (
    st.segmented_control(
        "View", views, default=ACCOUNTS, key="view", bind="query-params", required=True, label_visibility="collapsed"
    )
    == LOG
):
    audit_view(ws, [user.id for user, _ in users])
else:
    if st.button("Add user", type="primary", icon=":material/person_add:"):
        add(ws)
    for user, status in users:
        row(ws, user, status)
