"""Signing in with Microsoft, over Streamlit's own OpenID Connect."""

from typing import Any

import streamlit as st

from semblance_core.domain.errors import SignInFailed
from semblance_core.microsoft import admit, is_fresh
from semblance_core.settings import MicrosoftApp, microsoft_app
from semblance_core.workspace import Workspace
from ui.app import gate
from ui.app.runtime import running_semblance
from ui.parts.words import show_error

PROVIDER = "microsoft"
REFUSED = "microsoft_refused"


def sign_in_secrets() -> dict[str, Any]:
    """Returns the secrets that Streamlit's sign-in needs, as `st.App` takes them; empty where Microsoft is not set up."""
    app = microsoft_app(running_semblance().settings)
    if app is None:
        return {}
    client = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "server_metadata_url": app.metadata_url,
        "client_kwargs": {"scope": "openid profile email", "prompt": "select_account"},
    }
    return {"auth": {"redirect_uri": app.redirect_uri, "cookie_secret": gate.cookie_key(), PROVIDER: client}}


def arrived() -> Workspace | None:
    """The workspace of who just came back from Microsoft and may come in; None for everybody else."""
    app = _app()
    if app is None or not st.user.get("is_logged_in"):
        return None
    store, claims = running_semblance().store, st.user.to_dict()
    if not is_fresh(store, claims):
        return None  # a cookie that was left; it opens nothing any more
    try:
        gate.sign_in(admit(store, app.tenant_id, claims, gate.visitor()))
    except SignInFailed as refused:
        st.session_state[REFUSED] = refused
        return None
    return gate.current()


def offer() -> None:
    """The button, where Microsoft is set up, and why who came from there was not let in."""
    if _app() is None:
        return
    if refused := st.session_state.pop(REFUSED, None):
        show_error(refused)
    if st.button("Sign in with Microsoft", icon=":material/login:", width="stretch"):
        st.login(PROVIDER)


def _app() -> MicrosoftApp | None:
    return microsoft_app(running_semblance().settings)
