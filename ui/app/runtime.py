"""The one running Semblance of this server."""

import threading

import streamlit as st

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.errors import SetupError
from semblance_core.settings import load_settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@st.cache_resource(show_spinner=False)
def running_semblance() -> Semblance:
    """Opened once a process, with its engine at work; raises `SetupError` in words."""
    semblance = open_semblance(calls_in_subprocess=True)
    semblance.engine.start()
    return semblance


@st.cache_resource(show_spinner=False)
def seed_prices_later() -> None:
    """Seeds prices, once a process, in a thread: to be called when the first page is drawn."""
    threading.Thread(target=lambda: running_semblance().seed_prices_later(), name="prices", daemon=True).start()


@st.cache_resource(show_spinner=False)
def calls_are_near() -> None:
    """Starts the process for model calls, once, in a thread: for pages on which the next click may ask a model.

    It loads what the first call would wait for; a server on which nobody gets that far does without its memory.
    """
    running_semblance().warm_up_later()


def check_address(address: str | None) -> None:
    """Refuses to serve the development accounts to a network; raises `SetupError`."""
    if load_settings().env == "development" and address not in LOOPBACK:
        raise SetupError(
            f"SEMBLANCE_ENV is development, whose accounts anybody can guess, but the server listens on {address or 'every address'}. "
            "Listen on 127.0.0.1 (--server.address 127.0.0.1), or set SEMBLANCE_ENV=production and add accounts with "
            "python -m semblance_core add-user."
        )
