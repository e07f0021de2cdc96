"""Dialogs that add an account and change one; what cannot be taken back asks first."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.accounts import generated_password
from semblance_core.domain.accounts.account import LONGEST_NAME, Role, User
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.events import parse_quota
from semblance_core.workspace import Workspace
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.deletion import is_sure
from ui.parts.words import ROLES, Markdown, errors_inline, md, safe_markdown, show_done

DONE = "password_passed_on"
OWN_WORDS = "Leave empty to generate one; it is shown once."


@st.dialog("Add user", icon=":material/person_add:", on_dismiss="rerun")
def add(ws: Workspace) -> None:
    _close_when_done()
    form = st.empty()
    with form.form("add_user", border=False):
        user_id = st.text_input("User name", max_chars=64, placeholder="dana.doe")
        name = st.text_input("Full name", max_chars=LONGEST_NAME, placeholder="Dana Doe")
        role = st.selectbox("Role", list(Role), format_func=ROLES.__getitem__)
        typed = st.text_input(
            "First password", type="password", max_chars=72, help=OWN_WORDS, autocomplete="new-password"
        )
        submitted = st.form_submit_button("Add", type="primary")
    if submitted:
        with errors_inline():
            password = typed or generated_password()
            user = ws.accounts.add(user_id, name, role or Role.RESEARCHER, password)
            form.empty()
            _once(user, password, md("has been added"))


@st.dialog("Name and role", icon=":material/edit:")
def edit(ws: Workspace, user: User) -> None:
    with st.form("edit_user", border=False), errors_inline():
        name = st.text_input("Full name", user.name, max_chars=LONGEST_NAME)
        role = st.selectbox(
            "Role",
            list(Role),
            index=list(Role).index(user.role),
            format_func=ROLES.__getitem__,
            disabled=bool(user.microsoft_id),
            help="Set by the app roles at Microsoft" if user.microsoft_id else None,
        )
        if user.id == ws.actor_id:
            st.caption("This is your own account: as a researcher you would lose access to this page.")
        key = edit_key("account", user)
        typed = {"name": name, "role": role}
        if saved_in_form(
            key, typed, user, lambda wanted, base: ws.accounts.change(user.id, wanted["name"], wanted["role"], base)
        ):
            st.rerun()


@st.dialog("Quota", icon=":material/speed:")
def change_quota(ws: Workspace, user: User) -> None:
    st.markdown(
        f"How much **{safe_markdown(user.name)}** may spend on language models per calendar month. Leave empty for no limit."
    )
    with st.form("quota", border=False), errors_inline():
        usd, tokens = user.quota.usd, user.quota.tokens
        dollars = st.text_input("US dollars", "" if usd is None else f"{usd:f}", placeholder="No limit")
        count = st.text_input("Tokens", "" if tokens is None else f"{tokens:,}", placeholder="No limit")
        if saved_in_form(
            edit_key("quota", user),
            lambda: {"quota": parse_quota(dollars, count)},
            user,
            lambda wanted, base: ws.accounts.set_quota(user.id, wanted["quota"], base),
        ):
            st.rerun()


@st.dialog("Reset password", icon=":material/lock_reset:", on_dismiss="rerun")
def reset(ws: Workspace, user: User) -> None:
    _close_when_done()
    form = st.empty()
    with form.form("reset_password", border=False):
        st.markdown(f"**{safe_markdown(user.name)}** gets a new password and is signed out everywhere.")
        typed = st.text_input(
            "New password", type="password", max_chars=72, help=OWN_WORDS, autocomplete="new-password"
        )
        submitted = st.form_submit_button("Reset", type="primary")
    if submitted:
        with errors_inline():
            password = typed or generated_password()
            ws.accounts.reset_password(user.id, password)
            form.empty()
            _once(user, password, md("has a new password"))


@st.dialog("Disable account", icon=":material/block:")
def disable(ws: Workspace, user: User) -> None:
    st.markdown(
        f"**{safe_markdown(user.name)}** is signed out everywhere and loses access. Their work is kept, and the account "
        "can be enabled again."
    )
    if st.button("Disable", type="primary"):
        with errors_inline():
            ws.accounts.set_disabled(user.id, True, user)
            st.rerun()


@st.dialog("Delete account", icon=":material/delete:")
def delete(ws: Workspace, user: User, others: Sequence[User]) -> None:
    """others: who may get the account's projects."""
    st.markdown(
        f"Delete the account of **{safe_markdown(user.name)}**? Running work is stopped, and the account is signed out everywhere."
    )
    has = ws.accounts.belongings(user.id)
    inside = f"{number(has.sessions, 'focus group')} and {number(has.personas, 'persona')}"
    st.markdown(
        md("It has {} with {}.", number(has.projects, "project"), inside) if has.projects else "It has no projects."
    )
    names = {other.id: f"{other.name} ({other.id})" for other in others}
    to = st.selectbox(
        "Its projects",
        ["", *names],
        format_func=lambda name: f"go to {names[name]}" if name else "are deleted with everything in them",
    )
    anonymise = st.checkbox(
        "Replace the user name with a pseudonym", help="Such as deleted-user-1, in usage and in the audit log"
    )
    st.caption(
        "Its costs stay on record, without texts, under "
        + ("the pseudonym. " if anonymise else "its user name, which then cannot be reused. ")
        + "This cannot be undone."
    )
    if is_sure():
        with errors_inline():
            with st.spinner("Deleting the account"):
                name = ws.accounts.delete(user.id, hand_over_to=to, anonymise=anonymise)
            show_done(md("Account deleted. Its costs are on record as {}", name))
            st.query_params.pop("user", None)
            st.rerun()


def enable(ws: Workspace, user: User) -> None:
    with errors_inline():
        ws.accounts.set_disabled(user.id, False, user)
        st.rerun()


@st.dialog("Sign out everywhere", icon=":material/logout:")
def sign_out_everywhere(ws: Workspace, user: User) -> None:
    own = " This includes your own session here." if user.id == ws.actor_id else ""
    st.markdown(f"**{safe_markdown(user.name)}** has to sign in again in every browser and program.{own}")
    if st.button("Sign out", type="primary"):
        with errors_inline():
            ws.accounts.revoke_sign_ins(user.id)
            st.rerun()


def _once(user: User, password: str, what: Markdown) -> None:
    """The password, to be copied now: only its hash is kept."""
    st.success(safe_markdown(f"{user.name} {what}."), icon=":material/check:")
    st.markdown("Pass this on securely. It is not shown again; the user can change it on the page My account.")
    st.code(f"{user.id}\n{password}", language=None)
    st.button("Done", type="primary", key=DONE)


def _close_when_done() -> None:
    """Pressing Done runs the dialog once more, in which nobody submitted anything."""
    if st.session_state.get(DONE):
        st.rerun()
