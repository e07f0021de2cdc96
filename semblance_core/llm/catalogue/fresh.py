"""A value that is read from the database and used for some seconds."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """Reads a value once in so many seconds, so that another process's change counts after that at the latest.

    Args:
        read: Reads the value. It may raise; `keep` then goes on with what there is.
        seconds: How long a value is used.
        now_s: A clock that only goes forward.
    """

    def __init__(self, read: Callable[[], Value], seconds: float, now_s: Callable[[], float] = time.monotonic):
        self._read_now, self._seconds, self._now_s = read, seconds, now_s
        self._kept: tuple[float, Value] | None = None
        self._changes = 0

    def get(self) -> Value:
        """Returns the value, read now or within the last seconds."""
        if self._kept and self._now_s() - self._kept[0] < self._seconds:
            return self._kept[1]
        began, changes = self._now_s(), self._changes
        value = self._read_now()
        if changes == self._changes:  # else it was changed here while it was read
            self._kept = began, value
        return value

    def keep(self, otherwise: Value) -> Value:
        """Returns the value that was read last, however long ago, and uses it for as long again: it cannot be read now.

        Args:
            otherwise: Used where none was read, or it was changed here since.
        """
        value = self._kept[1] if self._kept else otherwise
        self._kept = self._now_s(), value
        return value

    def forget(self) -> None:
        """Reads the value again the next time, because it was changed here."""
        self._changes += 1
        self._kept = None
