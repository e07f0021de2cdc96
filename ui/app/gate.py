"""The gate: who is signed in, and the only source of a Workspace."""

from pathlib import Path

import jwt
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from semblance_core.domain.accounts.account import Visitor, agent_family
from semblance_core.store.accounts.sign_ins import fingerprint
from semblance_core.store.secret_file import secret_in
from semblance_core.workspace import Workspace
from ui.app.connections import HEADER, connections
from ui.app.runtime import running_semblance

COOKIE = "semblance"
SIGN_IN = "sign_in_token"
SIGNED_IN_OVER = "sign_in_connection"
"""The connection that the session signed in over; until the browser has its cookie, that connection alone counts."""


def workspace() -> Workspace:
    """Everything the signed-in person can do; who is not signed in gets no further."""
    found = current()
    if found is None:
        st.stop()
    return found


def current() -> Workspace | None:
    """The signed-in person's workspace; None for nobody.

    The sign-in is checked against the database at every run, and by each operation: what is open in another tab, a part that
    looks again by itself or a dialog, runs without the page around it.
    """
    running_semblance().store.check_version()
    token = token_in_use()
    user_id = running_semblance().store.sign_ins.user_of(token, running_semblance().clock()) if token else None
    if not token or not user_id:
        return None
    if (running := get_script_run_ctx()) and (connection := _connection()):
        connections().belongs(running.session_id, fingerprint(token), connection)
    return running_semblance().workspace(user_id, fingerprint(token))


def token_in_use() -> str | None:
    """The opaque sign-in of this connection: the one that was opened over it, else that of its own cookie.

    What the session remembers of another connection counts only if this one's cookie says the same: a session's id, with
    which Streamlit lets anybody go on, opens nothing.
    """
    remembered = st.session_state.get(SIGN_IN)
    if remembered and st.session_state.get(SIGNED_IN_OVER) == _connection():
        return str(remembered)
    return token_of_cookie(st.context.cookies.get(COOKIE))


def token_of_cookie(cookie: str | None) -> str | None:
    """The sign-in that a cookie of ours holds; None for any other one."""
    if not cookie:
        return None
    try:
        return str(jwt.decode(cookie, cookie_key(), algorithms=["HS256"])["username"])
    except (jwt.PyJWTError, KeyError):
        return None


def sign_in(token: str) -> None:
    """From here on this session is this sign-in's, over the connection that it was opened over."""
    st.session_state[SIGN_IN] = token
    st.session_state[SIGNED_IN_OVER] = _connection()


def sign_out() -> None:
    """Revokes the sign-in in the database: the cookie that may stay behind opens nothing. Does not return.

    Who came from Microsoft is signed out there too, in this browser; the account itself stays as it is.
    """
    if token := token_in_use():
        running_semblance().store.sign_ins.revoke(token)
    if running := get_script_run_ctx():
        connections().forget(running.session_id)
    for key in list(st.session_state):
        del st.session_state[key]
    if st.user.get("is_logged_in"):
        st.logout()
        st.stop()
    st.rerun()


def this_sign_in() -> str:
    """The fingerprint of the sign-in of this run."""
    return fingerprint(token_in_use() or "")


def _connection() -> str | None:
    """The name of the connection that this run answers; None where there is no server, as in a test of a page."""
    return st.context.headers.get(HEADER)


def visitor() -> Visitor:
    """Returns the origin of this run's visitor: address, browser's family, and the last sign-in that the browser kept."""
    agent = agent_family(st.context.headers.get("User-Agent") or "")
    last = token_of_cookie(st.context.cookies.get(COOKIE))
    return Visitor(str(st.context.ip_address or "local"), agent, fingerprint(last) if last else "")


@st.cache_resource(show_spinner=False)
def cookie_key() -> str:
    """Returns the key that cookies are signed with: the setting, else a key of this machine, made once."""
    settings = running_semblance().settings
    if given := settings.cookie_key.get_secret_value():
        return given
    return secret_in(Path(settings.data_dir) / "cookie.key")
