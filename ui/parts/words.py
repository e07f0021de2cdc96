"""Words on the screen: the one safe renderer, errors, times, states."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

import streamlit as st

from semblance_core.domain.accounts.account import Role
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.reasons import RECORDING_WORDS
from semblance_core.domain.discussion.session_list import SessionRow, SessionStatus, status_of
from semblance_core.domain.errors import SemblanceError, SignedOut
from semblance_core.domain.readable import unread_words
from semblance_core.reports.escape import escaped_markdown

Given = ParamSpec("Given")
Result = TypeVar("Result")
Id = TypeVar("Id")
DONE = "done_words"
WORD_JOINER = "\u2060"
_PLUGIN_MARKS = re.compile(r"\\:|@|(?i:\bwww)(?=\.)|-(?=-|\\>)|\\<(?=[-=])|\\>(?==)|\\~(?==)")

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "primary"]
STATE_COLOURS: dict[SessionStatus, Colour] = {
    SessionStatus.RUNNING: "green",
    SessionStatus.WAITING: "orange",
    SessionStatus.MODERATED: "blue",
}
"""Those that are not here are gray."""


class Markdown(str):
    """Markdown that is safe to draw: made by `safe_markdown`, `md` and `joined` alone.

    Streamlit's functions take any text; tests/test_markdown_sources.py holds every call of them to a literal or to this type.
    """

    __slots__ = ()


def md(template: str, *pieces: object) -> Markdown:
    """The template with its `{}` filled in: Markdown as it is, anything else as `safe_markdown` shows it.

    Args:
        template: A literal, with format specs where pieces are numbers or times.
        pieces: What fills it, in order.

    >>> print(md("**{}** said {:,} words in {}", "a*b", 1200, md("*total*")))
    **a\\*b** said 1,200 words in *total*
    """
    return Markdown(template.format(*(safe_markdown(piece) if isinstance(piece, str) else piece for piece in pieces)))


def joined(separator: str, pieces: Iterable[Markdown]) -> Markdown:
    """The pieces as one, with a literal between them."""
    return Markdown(separator.join(pieces))


def safe_markdown(text: object) -> Markdown:
    """Any text, as Markdown that shows just that text: it makes the browser fetch nothing and imitates no part of the app.

    What is Markdown already stays as it is.

    Streamlit also turns addresses into links, names between colons into icons, and arrows and dashes into single signs,
    and does so after the backslashes are gone. A word joiner, which nobody sees, keeps those apart.
    """
    if isinstance(text, Markdown):
        return text
    escaped = escaped_markdown(str(text))
    return Markdown(_PLUGIN_MARKS.sub(lambda mark: f"{mark[0]}{WORD_JOINER}", escaped))


ROLES: dict[Role, Markdown] = {Role.RESEARCHER: md("Researcher"), Role.ADMIN: md("Administrator")}


def warn_unread(found: object, what: str) -> None:
    """Says under a list how many of it could not be read, where there are any. what: one of them."""
    if words := unread_words(found, what):
        st.warning(safe_markdown(words), icon=":material/warning:")


def shortened(text: str, most: int) -> str:
    """The text, cut to so many characters with an ellipsis where it is longer.

    >>> shortened("a long line", 6)
    'a lon…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def show_error(failed: Exception) -> bool:
    """Shows what went wrong: our own errors in their words; any other one, which the server has logged, as a sentence.

    Who was signed out meanwhile is shown the sign-in instead.
    """
    if isinstance(failed, SignedOut):
        st.rerun()
    if isinstance(failed, SemblanceError):
        st.error(safe_markdown(failed), icon=":material/info:")
    else:
        st.error(
            "Something went wrong on our side. Reload the page; details are in the server log.", icon=":material/error:"
        )
    return True


def show_done(words: Markdown) -> None:
    """Says at the next run that something was done, for what ends in `st.rerun()`: a toast of the run that is cut off by that
    may never be shown.
    """
    st.session_state.setdefault(DONE, []).append(words)


def show_what_was_done() -> None:
    """Shows what `show_done` was told."""
    told: list[Markdown] = st.session_state.pop(DONE, [])
    for words in told:
        st.toast(words, icon=":material/check:")


@contextmanager
def errors_inline() -> Iterator[None]:
    """Turns a `SemblanceError` inside the block into words where the block draws; for forms and dialogs."""
    try:
        yield
    except SemblanceError as failed:
        show_error(failed)


def shows_errors(draw: Callable[Given, Result]) -> Callable[Given, Result | None]:
    """The same function, whose `SemblanceError` becomes words on the screen; for fragments, which run by themselves."""

    @wraps(draw)
    def drawn(*args: Given.args, **kwargs: Given.kwargs) -> Result | None:
        try:
            return draw(*args, **kwargs)
        except SemblanceError as failed:
            show_error(failed)
            return None

    return drawn


def when(moment: datetime | None) -> Markdown:
    """A moment in UTC, to the minute."""
    return Markdown(f"{moment:%d %b %Y, %H:%M} UTC" if moment else "")


def ago(moment: datetime, now: datetime) -> str:
    """Returns in words roughly how long ago a moment was.

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


def state_badge(group: FocusGroup | SessionRow, *, marks_simulated: bool = True) -> None:
    """marks_simulated: False where the page says once that all of its sessions are simulated."""
    status = status_of(group.state, group.reason, group.is_recording) if isinstance(group, FocusGroup) else group.status
    colour: Colour = "green" if group.pending else STATE_COLOURS.get(status, "gray")
    if status is not SessionStatus.RECORDED:  # the badge below says it
        st.badge(md("Answering") if group.pending else md("{}", status.value), color=colour)
    if group.recorded_through:
        st.badge("recorded", color="violet", help=safe_markdown(RECORDING_WORDS))
    elif group.simulated and marks_simulated:
        st.badge("simulated", color="gray", help="The built-in simulator made every answer, not a language model.")


def marks_simulated(simulated: Sequence[bool], words: Markdown) -> bool:
    """Says once, above a list, that everything in it is simulated; True where only some of it is, so that each has to say so.

    Args:
        simulated: Of each in the list, whether it is.
        words: On all of them.
    """
    is_all = bool(simulated) and all(simulated)
    if is_all:
        st.caption(md(":gray-badge[simulated] {}", words))
    return not is_all


def told_apart(names: Mapping[Id, str]) -> dict[Id, str]:
    """The same names by the same ids; the second of equal ones ends in (2), and so on.

    A select box knows its options by their words, so of two that read alike it could only ever choose the first.

    >>> told_apart({"a": "Maya", "b": "Ben", "c": "Maya"})
    {'a': 'Maya', 'b': 'Ben', 'c': 'Maya (2)'}
    """
    taken: set[str] = set()
    apart: dict[Id, str] = {}
    for name_id, name in names.items():
        shown, number = name, 1
        while shown in taken:
            number += 1
            shown = f"{name} ({number})"
        taken.add(shown)
        apart[name_id] = shown
    return apart
