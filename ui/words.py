"""Words on the screen: the one safe renderer, errors, times, states."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from semblance_core.domain.errors import SemblanceError, SignedOut
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.readable import unread_words
from semblance_core.domain.session_list import SessionRow, SessionStatus, status_of
from semblance_core.reports.escape import escaped_markdown

Given = ParamSpec("Given")
Result = TypeVar("Result")
DONE = "done_words"
WORD_JOINER = "\u2060"
_PLUGIN_MARKS = re.compile(r"\\:|@|(?i:\bwww)(?=\.)|-(?=-|\\>)|\\<(?=[-=])|\\>(?==)|\\~(?==)")

STATE_COLOURS = {
    SessionStatus.RUNNING: "green",
    SessionStatus.WAITING: "orange",
    SessionStatus.MODERATED: "blue",
}
"""Those that are not here are gray."""


def safe_markdown(text: object) -> str:
    """Any text, as Markdown that shows just that text: it makes the browser fetch nothing and imitates no part of the app.

    Streamlit also turns addresses into links, names between colons into icons, and arrows and dashes into single signs,
    and does so after the backslashes are gone. A word joiner, which nobody sees, keeps those apart.
    """
    escaped = escaped_markdown(str(text))
    return _PLUGIN_MARKS.sub(lambda mark: f"{mark[0]}{WORD_JOINER}", escaped)


def say_unread(found: object, what: str) -> None:
    """Says under a list how many of it could not be read, where there are any. what: one of them."""
    if words := unread_words(found, what):
        st.warning(words, icon=":material/warning:")


def shortened(text: str, most: int) -> str:
    """The text, cut to so many characters with an ellipsis where it is longer.

    >>> shortened("a long line", 6)
    'a lon…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def say(failed: Exception) -> bool:
    """Shows what went wrong: our own errors in their words; any other one, which the server has logged, as a sentence.

    Who was signed out meanwhile is shown the sign-in instead.
    """
    if isinstance(failed, SignedOut):
        st.rerun()
    if isinstance(failed, SemblanceError):
        st.error(safe_markdown(failed), icon=":material/info:")
    else:
        st.error("Something went wrong on our side. Reload the page; the log says more.", icon=":material/error:")
    return True


def say_done(words: str) -> None:
    """Says at the next run that something was done, for what ends in `st.rerun()`: a toast of the run that is cut off by that
    may never be shown. words: Markdown.
    """
    st.session_state.setdefault(DONE, []).append(words)


def say_what_was_done() -> None:
    """Shows what `say_done` was told."""
    for words in st.session_state.pop(DONE, []):
        st.toast(words, icon=":material/check:")


@contextmanager
def say_here() -> Iterator[None]:
    """Turns a `SemblanceError` inside the block into words where the block draws; for forms and dialogs."""
    try:
        yield
    except SemblanceError as failed:
        say(failed)


def spoken(draw: Callable[Given, Result]) -> Callable[Given, Result | None]:
    """The same function, whose `SemblanceError` becomes words on the screen; for fragments, which run by themselves."""

    @wraps(draw)
    def drawn(*args: Given.args, **kwargs: Given.kwargs) -> Result | None:
        try:
            return draw(*args, **kwargs)
        except SemblanceError as failed:
            say(failed)
            return None

    return drawn


def when(moment: datetime | None) -> str:
    """A moment in UTC, to the minute."""
    return f"{moment:%d %b %Y, %H:%M} UTC" if moment else ""


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, roughly.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    >>> ago(noon - timedelta(minutes=5), noon), ago(noon - timedelta(hours=30), noon), ago(noon, noon)
    ('5 min ago', 'yesterday', 'just now')
    """
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min ago" if minutes > 0 else "just now"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    return "yesterday" if hours < 48 else f"{hours // 24} days ago" if hours < 24 * 30 else f"{moment:%d %b %Y}"


def state_badge(group: FocusGroup | SessionRow) -> None:
    status = status_of(group.state, group.reason)  # the reason is said beside it
    colour = "green" if group.pending else STATE_COLOURS.get(status, "gray")
    st.badge("Answering" if group.pending else status.value, color=colour)
    if group.simulated:
        st.badge("simulated", color="orange", help="The built-in simulator made every answer, not a language model.")
