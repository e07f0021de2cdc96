"""The server's open connections and sessions: which connections are strangers', and which sign-in each Streamlit session has."""

import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

HEADER = "X-Semblance-Connection"
"""Set by the server on each WebSocket (api/feed/connections.py) and never taken from a visitor: the connection's own name."""
KEPT_S = 120.0
"""Seconds for which Streamlit keeps a session whose connection is over (`server.disconnectedSessionTTL`)."""
MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most connections of strangers that the server holds at once, from one address and in all.

    One that is over counts until Streamlit lets its session go.
    """

    an_address: int = 100
    in_all: int = 1_000


@dataclass(slots=True)
class _Stranger:
    address: str
    over_at: float | None = None
    """The moment at which the session is let go; None while the connection is open."""


class Connections:
    """Safe to call from any thread. clock: seconds that only go forward."""

    def __init__(self, clock: Callable[[], float], bounds: Bounds | None = None):
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._strangers: OrderedDict[str, _Stranger] = OrderedDict()
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, address: str, *, known: bool) -> str | None:
        """The name of a new connection; None where the server holds as many of strangers as it may.

        known: it carries the cookie of a sign-in that is open, so it is no stranger's.
        """
        name = secrets.token_urlsafe(16)
        if known:
            return name
        with self._lock:
            now = self._clock()
            for each in [each for each, held in self._strangers.items() if (held.over_at or now + 1) <= now]:
                del self._strangers[each]
            held = Counter(each.address for each in self._strangers.values())
            if held[address] >= self._bounds.an_address or held.total() >= self._bounds.in_all:
                return None
            self._strangers[name] = _Stranger(address)
        return name

    def close(self, name: str) -> None:
        with self._lock:
            if stranger := self._strangers.get(name):
                stranger.over_at = self._clock() + KEPT_S

    def is_stranger(self, name: str) -> bool:
        """True where nobody signed in over this connection."""
        return name in self._strangers

    def belongs(self, session_id: str, sign_in: str, connection: str) -> None:
        """From now on this Streamlit session is this sign-in's (its fingerprint), and its connection no stranger's."""
        with self._lock:
            self._strangers.pop(connection, None)
            self._owners[session_id] = sign_in
            self._owners.move_to_end(session_id)
            while len(self._owners) > MOST_SESSIONS:
                self._owners.popitem(last=False)  # it can be signed in to again, but not gone on with

    def owner(self, session_id: str) -> str | None:
        """The fingerprint of the sign-in that the session is; None for a stranger's and for one that is not known."""
        return self._owners.get(session_id)

    def forget(self, session_id: str) -> None:
        with self._lock:
            self._owners.pop(session_id, None)


@st.cache_resource(show_spinner=False)
def connections() -> Connections:
    """Those of this server."""
    import time

    return Connections(time.monotonic)
