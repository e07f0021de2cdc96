"""The sign-in screen, over streamlit-authenticator."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController, CookieController

from semblance_core import accounts
from semblance_core.store.accounts.sign_ins import LASTS
from semblance_core.store.store import Store
from ui.app import gate, microsoft
from ui.app.gate import COOKIE, SIGN_IN, cookie_key, visitor
from ui.app.runtime import running_semblance
from ui.parts.words import ROLES, safe_markdown, shows_errors

COOKIE_SETTER = "set"
"""Key of the session's state under which streamlit-authenticator's component says that the cookie is set."""
COOKIE_KEPT = "sign_in_cookie_kept"


@shows_errors
def show() -> None:
    """The form; once the password fits, the app runs again for who signed in."""
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        st.title("Semblance")
        st.markdown(
            "Synthetic focus groups: recruit personas from a brief, let them talk, and read themes you can trace."
        )
        with st.form("sign_in"):
            name = st.text_input("User name", max_chars=64, autocomplete="username")
            password = st.text_input("Password", type="password", max_chars=200, autocomplete="current-password")
            submitted = st.form_submit_button("Sign in", type="primary")
        microsoft.offer()
        if running_semblance().settings.env == "development" and (
            known := accounts.public_accounts(running_semblance().store)
        ):
            told = " or ".join(
                f"{user.id} / {accounts.DEVELOPMENT_PASSWORD} ({ROLES[user.role].lower()})" for user in known
            )
            st.caption(safe_markdown(f"On this development machine: {told}."))
        if submitted:
            _check(name, password)


def _check(name: str, password: str) -> None:
    authentication = AuthenticationController({"usernames": {}}, auto_hash=False)
    # Its constructor would copy all users; this one reads the one who signs in.
    authentication.authentication_model.credentials["usernames"] = _Accounts(running_semblance().store)
    if not name or not authentication.login(name, password, callback=_opened):
        accounts.note_refused(
            running_semblance().store, name.strip().casefold(), visitor(), "name and password do not fit"
        )
        st.error(safe_markdown(accounts.REFUSED))
    else:
        st.rerun()


def _opened(signed_in: dict[str, Any]) -> None:
    """Opens a revocable sign-in; its token stands for the person from here on, in the session and in the cookie."""
    name = signed_in["username"]
    gate.sign_in(accounts.open_sign_in(running_semblance().store, name, visitor(), accounts.BY_PASSWORD))


def keep_cookie() -> None:
    """Gives the browser its cookie after a sign-in, so that a reload and other tabs are signed in too.

    The component that sets it has to stay on the page until it has done so, and then makes the page run again: drawn
    beside the sign-in form it would interrupt the password's check.
    """
    token = st.session_state.get(SIGN_IN)
    if token is None or token != gate.token_in_use() or st.session_state.get(COOKIE_KEPT) == token:
        return
    if st.session_state.get(COOKIE_SETTER):
        st.session_state[COOKIE_KEPT] = token
        return
    for name, value in {"username": token, "logout": None}.items():
        st.session_state[name] = value
    with st.container(height=1, border=False):
        controller = CookieController(COOKIE, cookie_key(), LASTS.days)
        manager = controller.cookie_model.cookie_manager
        base = str(st.get_option("server.baseUrlPath") or "").strip("/")
        secure = str(st.context.url or "").startswith("https:")
        # Scripts set it, so it cannot be HttpOnly; it is sent to this app alone, and by its own pages alone.
        manager.set = partial(manager.set, path=f"/{base}", secure=secure, same_site="strict")
        controller.set_cookie()


class _Accounts(Mapping[str, dict[str, Any]]):
    """Accounts by name as streamlit-authenticator reads them, one at a time, each try counted.

    An unknown name has an account too, with a hash that nothing fits: so it takes as long as a known one.
    """

    def __init__(self, store: Store):
        self._store = store
        self._read: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in self._read:
            accounts.check_tries(self._store, name, visitor().source, visitor().device)
            user = self._store.users.find(name)
            known = self._store.users.password_hash(name) if user else None
            self._read[name] = {"name": user.name if user else name, "password": known or accounts.NOBODY_HASH}
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)
