"""The sign-in screen, over streamlit-authenticator."""

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st
import streamlit_authenticator as stauth

from semblance_core import accounts
from semblance_core.store.sign_ins import LASTS
from semblance_core.store.store import Store
from ui.gate import COOKIE, SIGN_IN, cookie_key
from ui.platform import platform
from ui.words import spoken

FIELDS = {"Form name": "Sign in", "Username": "User name", "Password": "Password", "Login": "Sign in"}


@spoken
def show() -> None:
    """The form; once the password fits, the browser gets its cookie and the app runs again by itself."""
    semblance = platform()
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        st.title("Semblance")
        st.markdown(
            "Synthetic focus groups: recruit personas from a brief, let them talk, and read themes you can trace."
        )
        authenticator = _authenticator(semblance.store)
        # A cookie whose sign-in was revoked must not pass for one: only the database says who is signed in.
        st.session_state["logout"] = True
        st.session_state["authentication_status"] = None
        authenticator.login(fields=FIELDS, callback=_opened, key="sign_in_form")
        if st.session_state.get(SIGN_IN):
            st.info("Signing you in …")
        elif st.session_state.get("authentication_status") is False:
            st.error(accounts.REFUSED)
        if semblance.settings.env == "development":
            st.caption(
                "On this development machine: **user** / **pass** for a researcher, **admin** / **pass** for an administrator."
            )


def _authenticator(store: Store) -> stauth.Authenticate:
    authenticator = stauth.Authenticate(
        {"usernames": {}}, COOKIE, cookie_key(), LASTS.days, auto_hash=False, login_sleep_time=0
    )
    # Its constructor would copy all users; this one reads the one who signs in.
    authenticator.authentication_controller.authentication_model.credentials["usernames"] = _Accounts(store)
    return authenticator


def _opened(signed_in: dict[str, Any]) -> None:
    """Opens a revocable sign-in, whose token then stands in the cookie in place of the name."""
    token = accounts.open_sign_in(platform().store, signed_in["username"], _source())
    st.session_state[SIGN_IN] = token
    st.session_state["username"] = token


class _Accounts(Mapping[str, dict[str, Any]]):
    """Accounts by name as streamlit-authenticator reads them, one at a time, each try counted.

    An unknown name has an account too, with a hash that nothing fits: so it takes as long as a known one.
    """

    def __init__(self, store: Store):
        self._store = store
        self._read: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in self._read:
            accounts.check_tries(self._store, name, _source())
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


def _source() -> str:
    return st.context.ip_address or "local"
