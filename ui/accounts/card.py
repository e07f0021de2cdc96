"""One account as an administrator sees it: what it is, what it used, where it is signed in, what can be done with it."""

import streamlit as st

from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.usage.events import QuotaStatus
from semblance_core.workspace import Workspace
from ui.accounts.dialogs import change_quota, delete, disable, edit, enable, reset, sign_out_everywhere
from ui.accounts.sign_ins import sign_in_list
from ui.app.shell import quota_share
from ui.parts.routes import page_at
from ui.parts.words import ROLES, safe_markdown, when


def account(ws: Workspace, user_id: str) -> None:
    user, status = ws.accounts.get(user_id)
    _head(user, is_own=user.id == ws.actor_id)
    _actions(ws, user)
    _quota(ws, user, status)
    open_now = ws.accounts.sign_ins(user.id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Signed in", width="stretch")
        if open_now and st.button("Sign out everywhere", icon=":material/logout:"):
            sign_out_everywhere(ws, user)
    sign_in_list(open_now, lambda sign_in_id: ws.accounts.revoke_sign_in(user.id, sign_in_id))


def _head(user: User, *, is_own: bool) -> None:
    st.title(safe_markdown(user.name))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(ROLES[user.role], color="violet" if user.role is Role.ADMIN else "gray")
        st.badge("Disabled" if user.disabled else "Active", color="red" if user.disabled else "green")
        st.badge("Microsoft" if user.microsoft_id else "Password", color="gray", help="How this account signs in")
        if is_own:
            st.badge("You", color="blue")
        if user.development:
            st.badge("Public password", color="orange", help="One of the two development accounts")
    last = f"last signed in {when(user.signed_in_at)}" if user.signed_in_at else "never signed in"
    st.caption(safe_markdown(f"{user.id} · added {when(user.created_at)} · {last}"))


def _actions(ws: Workspace, user: User) -> None:
    is_own = user.id == ws.actor_id
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Name and role", icon=":material/edit:"):
            edit(ws, user)
        if not is_own and not user.microsoft_id and st.button("Reset password", icon=":material/lock_reset:"):
            reset(ws, user)
        if user.disabled and st.button("Enable", icon=":material/check_circle:"):
            enable(ws, user)
        if not user.disabled and not is_own and st.button("Disable", icon=":material/block:"):
            disable(ws, user)
        if not is_own and st.button("Delete account", icon=":material/delete:"):
            delete(ws, user, [other for other, _ in ws.accounts.all() if not other.disabled and other.id != user.id])
        st.page_link(
            page_at("admin"),
            label="Account history",
            icon=":material/history:",
            query_params={"view": "Audit log", "to_account": user.id},
        )
    if is_own:
        st.caption(
            "Change your password on the page My account. Only another administrator can disable or delete this account."
        )


def _quota(ws: Workspace, user: User, status: QuotaStatus) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("This month", width="stretch")
        if st.button("Quota", icon=":material/speed:"):
            change_quota(ws, user)
    share, words = quota_share(status)
    if share is None:
        st.markdown(f"{words}; no quota is set")
    else:
        st.progress(share, text=words)
