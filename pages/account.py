"""My account: name, password, quota, and where one is signed in."""

import streamlit as st

from semblance_core.domain.accounts.account import LONGEST_NAME, User
from semblance_core.workspace import Workspace
from ui.accounts.sign_ins import sign_in_list
from ui.app import gate, shell
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.words import ROLES, errors_inline, safe_markdown

READ = "my_name_read"


def name(ws: Workspace, me: User) -> None:
    base: User = st.session_state.get(READ, me)
    if f"my_name_{base.version}" not in st.session_state:  # the page was opened just now, or the name saved
        base = st.session_state[READ] = me
    with st.form("name", border=True), errors_inline():
        typed = st.text_input("Full name", base.name, max_chars=LONGEST_NAME, key=f"my_name_{base.version}")
        if saved_in_form(
            edit_key("my_name", base), {"name": typed}, base, lambda wanted, base: ws.me.rename(wanted["name"], base)
        ):
            del st.session_state[READ]
            st.rerun()


def password(ws: Workspace, me: User) -> None:
    if me.microsoft_id:
        st.info("You sign in with Microsoft, so change your password there.", icon=":material/key:")
        return
    with st.form("password", border=True, clear_on_submit=True):
        current = st.text_input("Current password", type="password", max_chars=200, autocomplete="current-password")
        new = st.text_input("New password", type="password", max_chars=72, autocomplete="new-password")
        again = st.text_input("Repeat new password", type="password", max_chars=72, autocomplete="new-password")
        if st.form_submit_button("Change password"):
            with errors_inline():
                if new != again:
                    st.error("The two new passwords do not match.", icon=":material/info:")
                else:
                    ws.me.change_password(current, new, gate.visitor().source, gate.this_sign_in())
                    st.success(
                        "Password changed. Every other browser and program has been signed out.",
                        icon=":material/check:",
                    )


@st.dialog("Sign out everywhere", icon=":material/logout:")
def sign_out_everywhere(ws: Workspace) -> None:
    st.markdown("You will have to sign in again in every browser and program, including this one.")
    if st.button("Sign out", type="primary"):
        ws.me.revoke_sign_ins()
        gate.sign_out()


ws = gate.workspace()
me = ws.me.account()

st.title("My account")
st.caption(safe_markdown(f"{me.id} · {ROLES[me.role]}"))
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Name")
    name(ws, me)
    st.subheader("This month")
    share, words = shell.quota_share(ws.me.quota())
    if share is None:
        st.markdown(f"{words}; no quota is set")
    else:
        st.progress(share, text=words)
        st.caption("An administrator sets how much you may use per calendar month.")
with right:
    st.subheader("Password")
    password(ws, me)
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.subheader("Signed in", width="stretch")
    if st.button("Sign out everywhere", icon=":material/logout:"):
        sign_out_everywhere(ws)
sign_in_list(ws.me.sign_ins(), ws.me.revoke_sign_in, gate.this_sign_in())
