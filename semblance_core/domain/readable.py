"""Lists of what is stored, of which something may not be readable."""

from collections.abc import Iterable
from typing import TypeVar

PLURALS = {"analysis": "analyses", "stimulus": "stimuli", "entry": "entries", "synthesis": "syntheses"}
Value = TypeVar("Value")
Other = TypeVar("Other")


class Readable(list[Value]):
    """A list without its unreadable documents. unread: their number; the log says which."""

    def __init__(self, values: Iterable[Value] = (), unread: int = 0):
        super().__init__(values)
        self.unread = unread

    def instead(self, values: "Iterable[Other]") -> "Readable[Other]":
        """Returns other values made of these, with the same number of unreadable documents."""
        return Readable(values, self.unread)


def unread_words(values: object, what: str) -> str:
    """Returns the number of unreadable documents as a sentence; empty where all could be read. what: one of them.

    >>> unread_words(Readable([1], unread=1), "session")
    '1 session could not be read; the log of the server says which.'
    >>> unread_words([1, 2], "session")
    ''
    """
    unread: int = getattr(values, "unread", 0)
    if not unread:
        return ""
    several = PLURALS.get(what, f"{what}s")
    return f"{unread:,} {what if unread == 1 else several} could not be read; the log of the server says which."
